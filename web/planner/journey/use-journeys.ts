// The journeys found for a question, and the pages before and after them.

import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { ApiError, type Itinerary, type PlanQuery, type Reason } from '../../shared/api.ts'
import { useConnection } from '../../shared/connection.ts'
import { useSetting } from '../../shared/setting.ts'
import { seconds } from '../../shared/times.ts'
import type { Texts } from '../../texts/de.ts'

const STALE_AFTER = 120 // seconds after which "now" is another now

export interface Journeys {
  readonly state: 'idle' | 'searching' | 'found' | 'failed'
  readonly list: readonly Itinerary[]
  /** Why the list is empty, where the server knows. */
  readonly reasons: readonly Reason[]
  readonly problem: string
  readonly retry: () => void
  readonly earlier: () => void
  readonly later: () => void
  /** Which end is being extended. */
  readonly extending: 'earlier' | 'later' | undefined
}

interface Found {
  readonly list: readonly Itinerary[]
  readonly reasons: readonly Reason[]
  readonly previous: string
  readonly next: string
}

export function useJourneys(query: PlanQuery | undefined): Journeys {
  const { api, t } = useSetting()
  const [state, setState] = useState<Journeys['state']>('idle')
  const [found, setFound] = useState<Found>()
  const [problem, setProblem] = useState('')
  const [extending, setExtending] = useState<'earlier' | 'later'>()
  const current = useRef<AbortController>(undefined)
  const again = useReturns(query !== undefined && query.time === undefined)
  const [tries, setTries] = useState(0)
  const retry = useCallback(() => setTries(n => n + 1), [])
  const key = JSON.stringify(query)

  const explain = useCallback((error: unknown) => setProblem(problemText(t, error)), [t])
  const connected = useConnection().state === 'open'
  useEffect(() => {
    if (connected && state === 'failed') retry()
  }, [connected])

  // `key` is the query by value
  useEffect(() => {
    current.current?.abort()
    setFound(undefined)
    setExtending(undefined)
    if (!query) return setState('idle')
    const ask = new AbortController()
    current.current = ask
    setState('searching')
    setProblem('')
    api.plan(query, ask.signal).then(
      answer => {
        const list = merge([...answer.direct, ...answer.itineraries])
        setFound({
          list,
          reasons: answer.reasons ?? [],
          previous: answer.previousPageCursor,
          next: answer.nextPageCursor,
        })
        setState('found')
      },
      error => {
        if (ask.signal.aborted) return
        explain(error)
        setState('failed')
      },
    )
    return () => ask.abort()
  }, [api, key, again, tries, explain])

  const extend = async (direction: 'earlier' | 'later') => {
    const pageCursor = direction === 'earlier' ? found?.previous : found?.next
    const ask = current.current
    if (!query || !found || !pageCursor || !ask || extending) return
    setExtending(direction)
    setProblem('')
    try {
      const answer = await api.plan({ ...query, pageCursor }, ask.signal)
      setFound({
        list: merge([...found.list, ...answer.itineraries]),
        reasons: answer.reasons ?? [],
        previous: direction === 'earlier' ? answer.previousPageCursor : found.previous,
        next: direction === 'later' ? answer.nextPageCursor : found.next,
      })
    } catch (error) {
      if (ask.signal.aborted) return
      explain(error)
    }
    setExtending(undefined)
  }

  return {
    state,
    list: found?.list ?? [],
    reasons: found?.reasons ?? [],
    problem,
    retry,
    extending,
    earlier: () => extend('earlier'),
    later: () => extend('later'),
  }
}

const BUSY = [429, 503, 504]

/** What a rider can make of it; the server's own sentence only where there is nothing better. */
function problemText(t: Texts, error: unknown): string {
  if (!(error instanceof ApiError) || error.status === 0) return t.noConnection
  if (BUSY.includes(error.status)) return t.busy
  if (error.message.startsWith('TIME_OUTSIDE_TIMETABLE')) return t.reasons.OUTSIDE_TIMETABLE
  if (/^UNKNOWN_(STOP|TAG)/.test(error.message)) return t.unknownStop
  return `${t.failed} ${error.message}`
}

/** Counts how often somebody came back to the page after so long that what was found for "now" is of no use any more. */
function useReturns(counting: boolean): number {
  const [returns, setReturns] = useState(0)
  useEffect(() => {
    if (!counting) return
    let left = Number.POSITIVE_INFINITY
    const changed = () => {
      if (document.hidden) left = performance.now()
      else if (performance.now() - left > STALE_AFTER * 1000) setReturns(n => n + 1)
    }
    document.addEventListener('visibilitychange', changed)
    return () => document.removeEventListener('visibilitychange', changed)
  }, [counting])
  return returns
}

/** By departure; what two pages both have is there once. */
function merge(list: readonly Itinerary[]): Itinerary[] {
  const unique = new Map(list.map(itinerary => [sameness(itinerary), itinerary]))
  return [...unique.values()].sort(
    (a, b) => seconds(a.startTime) - seconds(b.startTime) || seconds(a.endTime) - seconds(b.endTime),
  )
}

const sameness = ({ legs, startTime }: Itinerary): string =>
  legs.some(leg => leg.tripId)
    ? legs.map(leg => `${leg.tripId ?? leg.mode} ${leg.from.stopId ?? ''} ${leg.to.stopId ?? ''}`).join(' | ')
    : `${startTime} ${legs.map(leg => leg.mode)}`
