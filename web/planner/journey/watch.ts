// One journey that the server keeps an eye on for this device: kept over a reload, told of each change, with a word from the system when
// the page lies in the background.

import { useEffect, useRef, useState } from 'preact/hooks'
import type { StateOf } from '../../shared/live-channel.ts'
import { notify } from '../../shared/notify.ts'
import { useSetting } from '../../shared/setting.ts'
import { storage } from '../../shared/storage.ts'

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
    if (next) storage.setItem(KEPT, JSON.stringify(next))
    else storage.removeItem(KEPT)
    setWatched(next)
    if (next && 'Notification' in globalThis && Notification.permission === 'default')
      void Notification.requestPermission()
  }
  return [watched, change]
}

function readWatched(): Watched | undefined {
  try {
    const { id, name } = (JSON.parse(storage.getItem(KEPT) ?? 'null') ?? {}) as Partial<Watched>
    return typeof id === 'string' && typeof name === 'string' ? { id, name } : undefined
  } catch {
    return undefined
  }
}

/** What the server says of it; undefined until it has said something. */
export function useWatchedState(id: string | undefined): WatchedState | undefined {
  const { live, language } = useSetting()
  const [state, setState] = useState<WatchedState>()
  useEffect(() => {
    setState(undefined)
    return id === undefined ? undefined : live.watch(`journey:${id};lang=${language}`, setState)
  }, [live, id, language])
  return state
}

/** Tells the system each new sentence once, while nobody looks at the page. */
export function useNotification(title: string, text: string): void {
  const last = useRef('')
  useEffect(() => {
    if (text === last.current) return
    last.current = text
    if (text && document.hidden) void notify(title, { body: text, tag: KEPT })
  }, [title, text])
}
