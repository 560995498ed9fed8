// One journey that the server keeps an eye on for this device: kept over a reload, told of each change, with a word from the system when
// the page lies in the background.

import { useEffect, useRef, useState } from 'preact/hooks'
import type { StateOf } from '../../shared/live-channel.ts'
import { useSetting } from '../../shared/setting.ts'

export interface Watched {
  /** Of the itinerary. */
  readonly id: string
  /** What the rider calls it. */
  readonly name: string
}

export type WatchedState = StateOf<`journey:${string}`>

const KEPT = 'freifahrt.watched'

export function useWatched(): readonly [Watched | undefined, (watched: Watched | undefined) => void] {
  const [watched, setWatched] = useState(readWatched)
  const change = (next: Watched | undefined): void => {
    if (next) localStorage.setItem(KEPT, JSON.stringify(next))
    else localStorage.removeItem(KEPT)
    setWatched(next)
    if (next && 'Notification' in globalThis && Notification.permission === 'default')
      void Notification.requestPermission()
  }
  return [watched, change]
}

function readWatched(): Watched | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? 'null') as Partial<Watched> | null
    return typeof kept?.id === 'string' && typeof kept.name === 'string' ? { id: kept.id, name: kept.name } : undefined
  } catch {
    return undefined
  }
}

/** What the server says of it; undefined until it has said something. */
export function useWatchedState(id: string | undefined): WatchedState | undefined {
  const { live } = useSetting()
  const [state, setState] = useState<WatchedState>()
  useEffect(() => {
    setState(undefined)
    return id === undefined ? undefined : live.watch(`journey:${id}`, setState)
  }, [live, id])
  return state
}

/** Tells the system each new sentence once, while nobody looks at the page. */
export function useNotification(title: string, text: string): void {
  const last = useRef('')
  useEffect(() => {
    if (text === last.current) return
    last.current = text
    if (text && document.hidden && 'Notification' in globalThis && Notification.permission === 'granted')
      new Notification(title, { body: text, tag: KEPT })
  }, [title, text])
}
