// What riders are shown of a live state, wherever it is shown: stoptimes, plan and trip over HTTP, the rows of the live channels stop: and trip:.

import type { StopTime, StoptimesResponse } from '#api/contract/board.ts'
import type { Itinerary, Leg, PlanResponse } from '#api/contract/itinerary.ts'
import type { TripSegment } from '#api/contract/map.ts'
import { readBoard } from '#api/live/board.ts'
import type { Row } from '#api/live/rows/board.ts'
import type { CallRow, RunHead } from '#api/live/rows/run.ts'
import { tripTopic } from '#api/live/topics/trip.ts'
import { boardStops } from '#api/motis/stops.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import type { Horizon } from '#engine/horizon/horizon.ts'
import type { LiveState } from '#engine/live/state.ts'
import { appFor, get } from './api.ts'
import { testService } from './service.ts'
import type { Drawn } from './timetable.ts'

export interface Rider {
  /** Departures at the stop from now on, unless the query says another time. */
  stoptimes(stop: string, query?: string): Promise<readonly StopTime[]>
  readonly horizon: Horizon
  /** The whole run as one leg. */
  trip(tripId: string): Promise<Leg>
  plan(from: string, to: string, query?: string): Promise<readonly Itinerary[]>
  /** What moves anywhere between two moments, as maps draw it. */
  moving(from: number, to: number): Promise<readonly TripSegment[]>
  /** Rows of the channel stop: */
  board(stop: string): readonly Row[]
  /** Rows and head of the channel trip: */
  calls(tripId: string): { readonly rows: readonly CallRow[]; readonly run: RunHead }
}

/** @param now unix seconds; stops are named as they are drawn, trips by their public ids. @param tag of the stops' feed */
export function riderOf(
  world: Pick<Drawn, 'tt' | 'footpaths' | 'stop'>,
  state: LiveState,
  now: number,
  tag = 'test',
): Rider {
  const service = testService(world, now as UnixSeconds, state)
  const at = (query: string) =>
    /(^|&)time=/.test(query) ? query : `time=${new Date(1000 * now).toISOString()}&${query}`
  const ask = <T>(url: string) => get<T>(appFor(service), `/api/v6/${url}`)
  return {
    async stoptimes(stop, query = 'n=20') {
      return (await ask<StoptimesResponse>(`stoptimes?stopId=${tag}_${stop}&${at(query)}`)).stopTimes
    },
    horizon: service.horizon,
    trip: async tripId => (await ask<Itinerary>(`trip?tripId=${tripId}`)).legs[0]!,
    async plan(from, to, query = '') {
      const { itineraries } = await ask<PlanResponse>(`plan?fromPlace=${tag}_${from}&toPlace=${tag}_${to}&${at(query)}`)
      return itineraries
    },
    moving: (from, to) => {
      const [start, end] = [from, to].map(t => new Date(1000 * t).toISOString())
      return ask(`map/trips?zoom=15&min=-89,-179&max=89,179&startTime=${start}&endTime=${end}`)
    },
    board: stop => readBoard(service.horizon, boardStops(service, world.stop(stop), false), service.time, []).rows,
    calls(tripId) {
      const { rows, members } = tripTopic(service, tripId, []).read(service)
      return { rows: rows as readonly CallRow[], run: (members as { run: RunHead }).run }
    },
  }
}
