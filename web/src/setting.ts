// What every part of the page needs: the words, the server, the clock and the city's time zone.

import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Api } from '../shared/api.ts'
import type { LiveClient } from '../shared/live.ts'
import type { Texts } from './texts/de.ts'
import type { Times } from './times.ts'

export interface Setting {
  readonly t: Texts
  /** ISO 639-1. */
  readonly language: string
  readonly api: Api
  readonly live: LiveClient
  readonly times: Times
  /** A stop's name as it is said in this city. */
  readonly short: (name: string) => string
}

export const SettingContext = createContext<Setting | undefined>(undefined)

export function useSetting(): Setting {
  const setting = useContext(SettingContext)
  if (!setting) throw new Error('no setting around this component')
  return setting
}
