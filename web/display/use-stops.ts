// What is known of each stop of the display: its live board and the timetable ahead.

import { useEffect, useMemo, useState } from 'preact/hooks'
import type { Api } from '../shared/api.ts'
import type { LiveClient } from '../shared/live.ts'
import type { Board } from '../shared/live-channel.ts'
import { storage } from '../shared/storage.ts'
import { type Ahead, newAhead, PIECE } from './ahead.ts'
import type { Options } from './options.ts'
import { fetchPlanned } from './planned.ts'
import { openShelf, type Shelf } from './shelf.ts'
import type { StopInput } from './view.ts'

const AHEAD = 6 * 3600 // seconds of the timetable that a view is made from
const LEAST = 60 // rows, where little goes

export interface KnownStop {
  readonly id: string
  readonly walkSeconds: number
  readonly board: Board | undefined
  readonly ahead: Ahead
  readonly rememberedName: string | undefined
}

export interface Servers {
  readonly api: Api
  readonly live: LiveClient
  readonly language: string
}

/** A new list whenever anything about a stop has become known. */
export function useStops(options: Options, { api, live, language }: Servers): readonly KnownStop[] {
  const shelf = useMemo(() => openShelf('freifahrt-display'), [])
  const [stops, setStops] = useState<readonly KnownStop[]>(() =>
    options.stops.map(({ id, walkSeconds }) => ({
      id,
      walkSeconds,
      board: undefined,
      ahead: newAhead(id, from => fetchPlanned(api, id, from, PIECE), later(shelf)),
      rememberedName: storage.getItem(nameKey(id)) ?? undefined,
    })),
  )
  useEffect(() => {
    const change = (id: string, news: Partial<KnownStop>) =>
      setStops(last => last.map(stop => (stop.id === id ? { ...stop, ...news } : stop)))
    const ends = stops.map(({ id, ahead }) => {
      const unwatch = live.watch(`stop:${id};lang=${language}`, board => {
        if (board.stop) storage.setItem(nameKey(id), board.stop.name)
        change(id, { board })
      })
      const stopAhead = keepGoing(
        async () => ahead.step(live.now()),
        ahead.restore().then(() => change(id, {})),
        () => change(id, {}),
      )
      return () => {
        unwatch()
        stopAhead()
      }
    })
    return () => {
      for (const end of ends) end()
    }
  }, [live, api, language])
  return stops
}

export const inputAt = (stop: KnownStop, now: number): StopInput => ({
  ...stop,
  planned: stop.ahead.upcoming(now, AHEAD, LEAST),
  plannedTo: Math.min(stop.ahead.knownUntil(now), now + AHEAD),
  plannedUntil: stop.ahead.knownUntil(now),
})

const nameKey = (stopId: string): string => `freifahrt.name ${stopId}`

/** Runs `step` after `first`, and again after as many seconds as it says, until the result is called. */
function keepGoing(step: () => Promise<number>, first: Promise<void>, done: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>
  let over = false
  const go = async (): Promise<void> => {
    const wait = await step()
    if (over) return
    done()
    timer = setTimeout(go, wait * 1000)
  }
  first.catch(() => {}).then(() => (over ? undefined : go()))
  return () => {
    over = true
    clearTimeout(timer)
  }
}

/** A shelf that may be used before it is open. */
const later = (opening: Promise<Shelf>): Shelf => ({
  keys: async () => (await opening).keys(),
  get: async key => (await opening).get(key),
  set: async (key, value) => (await opening).set(key, value),
  remove: async key => (await opening).remove(key),
})
