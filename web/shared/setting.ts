// What every part of a page needs: the words, the server, the clock and the city's time zone.

import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Shell } from './start.tsx'
import type { Times } from './times.ts'

export interface Setting extends Shell {
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
