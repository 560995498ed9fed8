// What every page begins with: the server, the live connection, and the words of the reader's language.

import { type ComponentType, render } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Texts } from '../texts/de.ts'
import { type Api, connectApi } from './api.ts'
import { learnClock, wallClock } from './kept-clock.ts'
import { firstTexts, keepLanguage, loadTexts, preferredLanguage } from './languages.ts'
import { browserWorld, connectLive, type LiveClient } from './live.ts'
import { renewIfOther } from './renew.ts'

const LEARN_EVERY = 60 // seconds

/** Where the server's paths begin. */
export const base = new URL('.', location.href).href

export interface Shell {
  readonly t: Texts
  /** ISO 639-1. */
  readonly language: string
  /** Rejects when its words cannot be fetched; the language then stays as it was. */
  readonly chooseLanguage: (language: string) => Promise<void>
  readonly api: Api
  readonly live: LiveClient
}

/** Draws `App` as soon as its words are there. @param wish the language to speak, if there is such a one, whatever the reader prefers */
export async function startPage(App: ComponentType<Shell>, wish?: string): Promise<void> {
  // a part that is not there any more: of an older build
  addEventListener('vite:preloadError', () => renewIfOther())
  const live = connect()
  const language = preferredLanguage(wish)
  const t = await firstTexts(language)
  render(<Page App={App} live={live} first={{ language, t }} />, document.getElementById('app')!)
}

function connect(): LiveClient {
  const live = connectLive({ url: `${base.replace(/^http/, 'ws')}live`, world: { ...browserWorld(), wall: wallClock } })
  addEventListener('online', live.wake)
  document.addEventListener('visibilitychange', () => document.hidden || live.wake())
  let connected = false
  live.onConnection(({ state }) => {
    connected = state === 'open'
    if (connected) learnClock(live)
  })
  setInterval(() => connected && learnClock(live), LEARN_EVERY * 1000)
  return live
}

interface PageProps {
  readonly App: ComponentType<Shell>
  readonly live: LiveClient
  readonly first: { readonly language: string; readonly t: Texts }
}

function Page({ App, live, first }: PageProps) {
  const [{ language, t }, setWords] = useState(first)
  const api = useMemo(() => connectApi(base, language), [language])
  const wanted = useRef(language)
  const chooseLanguage = async (next: string) => {
    wanted.current = next
    const t = await loadTexts(next)
    if (wanted.current !== next) return
    keepLanguage(next)
    setWords({ language: next, t })
  }
  useEffect(() => {
    document.documentElement.lang = language
    document.documentElement.dir = t.direction
  }, [language, t])
  return <App t={t} language={language} chooseLanguage={chooseLanguage} api={api} live={live} />
}
