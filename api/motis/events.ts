// Which events a `stoptimes` request lists: departures, arrivals or both, of some modes, with the days they are on compiled first.

import { type BoardQuery, MAX_SPAN, type StopEvent, stopEvents } from '#engine/board/departures.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import { DAY, type UnixSeconds } from '#engine/core/time.ts'
import type { Horizon } from '#engine/horizon/horizon.ts'
import { findLiveRun, readCall } from '#engine/horizon/runs.ts'
import { RunState } from '#engine/live/state.ts'
import type { TransitService } from '#workers/service.ts'

export interface Listed {
  readonly event: StopEvent
  readonly arrivals: boolean
}

export interface ListOptions {
  /** Arrivals and departures in one list. */
  readonly both: boolean
  /** Undefined: all. */
  readonly modes: ((event: StopEvent) => boolean) | undefined
}

/** The events in order of time, and the generation they were read from. Days are waited for, as many as it takes to find `limit` events. */
export async function listEvents(
  service: TransitService,
  stops: readonly StopIdx[],
  q: BoardQuery,
  options: ListOptions,
): Promise<{ horizon: Horizon; events: Listed[] }> {
  if (q.limit === 0 && q.window === 0) return { horizon: service.horizon, events: [] }
  const within = async (span: number) => {
    const [begin, end] = q.direction === 'later' ? [q.from, q.from + span] : [q.from - span, q.from]
    await service.ensureDays(begin as UnixSeconds, end as UnixSeconds)
    const { horizon } = service
    return { horizon, events: find(horizon, stops, q, options) }
  }
  let listed = await within(Math.max(q.window, DAY))
  if (listed.events.length < q.limit) listed = await within(Math.max(q.window, MAX_SPAN))
  if (q.direction === 'earlier') listed.events.reverse()
  return listed
}

/** In the order of the query's direction. */
function find(horizon: Horizon, stops: readonly StopIdx[], q: BoardQuery, { both, modes }: ListOptions): Listed[] {
  if (!both) return wantedEvents(horizon, stops, q, modes).map(event => ({ event, arrivals: q.arrivals }))
  // the same call is listed once: as a departure, should it be both
  const calls = new Map<string, Listed>()
  for (const arrivals of [true, false])
    for (const event of wantedEvents(horizon, stops, { ...q, arrivals }, modes))
      calls.set(`${event.trip} ${event.day} ${event.shift} ${event.position}`, { event, arrivals })
  const sign = q.direction === 'later' ? 1 : -1
  const listed = [...calls.values()].sort((a, b) => sign * (a.event.time - b.event.time))
  return cut(listed, q, one => one.event.time)
}

/** Asks for more until enough of the wanted modes are there. */
function wantedEvents(
  horizon: Horizon,
  stops: readonly StopIdx[],
  q: BoardQuery,
  wanted: ListOptions['modes'],
): StopEvent[] {
  if (!wanted) return stopEvents(horizon, stops, q)
  for (let limit = q.limit; ; limit *= 4) {
    const all = stopEvents(horizon, stops, { ...q, limit })
    const found = all.filter(wanted)
    if (found.length >= q.limit || all.length < limit) return cut(found, q, event => event.time)
  }
}

/** The first `limit`, all within the window, and those at the time of the last one. */
function cut<T>(sorted: readonly T[], q: BoardQuery, timeOf: (one: T) => number): T[] {
  let n = Math.min(q.limit, sorted.length)
  for (; n < sorted.length; n++) {
    const time = timeOf(sorted[n]!)
    const tied = n > 0 && time === timeOf(sorted[n - 1]!)
    if (!tied && Math.abs(time - q.from) >= q.window) break
  }
  return sorted.slice(0, n)
}

/** An event found by the schedule, with what the feeds say of its run. */
export function asItIsNow(horizon: Horizon, event: StopEvent): StopEvent {
  const live = findLiveRun(horizon.live, event.trip, event.day, event.shift)
  if (live === event.live) return event
  const call = readCall(horizon, event, live, event.position)
  const state = horizon.live.runState[live]! as RunState
  const open = (call.canBoard || !call.couldBoard) && (call.canAlight || !call.couldAlight)
  return { ...event, live, call, state, cancelled: state === RunState.cancelled || !open }
}
