// GET stoptimes: the board of a stop, or of all stops around a point.

import { type Static, Type } from 'typebox'
import type { App } from '#api/app.ts'
import { LEGACY_MODES, type Place, STREET_MODES, type StoptimesResponse, TRANSIT_MODES } from '#api/contract.ts'
import { choice, integer, list, optional, or, point, text, time } from '#api/plugins/parameters.ts'
import { renderStopTime } from '#api/render/board.ts'
import { modeOfRouteType } from '#api/render/modes.ts'
import { coordinatePlace, stopPlace, type View } from '#api/render/place.ts'
import { type BoardQuery, MAX_SPAN, type StopEvent, stopEvents } from '#engine/board/departures.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { toE7 } from '#engine/core/geo.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import { DAY, type UnixSeconds } from '#engine/core/time.ts'
import { coversTime } from '#engine/horizon/days.ts'
import type { Horizon } from '#engine/horizon/horizon.ts'
import { stopsNear } from '#engine/timetable/lookup.ts'
import type { TransitService } from '#workers/service.ts'
import { parseCursor } from './page.ts'
import { boardStops, stopOf, withChildren } from './stops.ts'
import { canonicalMode, paths } from './versions.ts'

const StoptimesQuery = Type.Object({
  stopId: optional(text(300)),
  center: optional(point()),
  radius: optional(integer(0, 10_000)),
  time: optional(time()),
  arriveBy: or(Type.Boolean(), false),
  both: or(Type.Boolean(), false),
  direction: optional(choice('EARLIER', 'LATER')),
  n: optional(integer(0, 1024)),
  window: optional(integer(0, 5760 * 60)),
  mode: or(list(choice('TRANSIT', ...TRANSIT_MODES, ...LEGACY_MODES, ...STREET_MODES)), ['TRANSIT']),
  exactRadius: or(Type.Boolean(), false),
  fetchStops: or(Type.Boolean(), false),
  pageCursor: optional(text(40)),
  withScheduledSkippedStops: or(Type.Boolean(), false),
  realtimeMode: or(choice('REALTIME', 'REALTIME_ANNOTATION_ONLY', 'OFF'), 'REALTIME'),
  withAlerts: or(Type.Boolean(), true),
  language: or(list(text(35)), []),
})
type StoptimesQuery = Static<typeof StoptimesQuery>

export function stoptimesRoutes(app: App, service: TransitService): void {
  for (const { url, version } of paths('stoptimes', 1, 4, 5, 6))
    app.get(url, { schema: { querystring: StoptimesQuery } }, request => stoptimes(service, request.query, version))
}

async function stoptimes(service: TransitService, asked: StoptimesQuery, version: number): Promise<StoptimesResponse> {
  if (asked.n === undefined && asked.window === undefined)
    throw new FreifahrtError('BAD_REQUEST', 'n', 'either n or window is required')
  const { stops, place } = placeOf(service, asked)
  const cursor = asked.pageCursor ? parseCursor(asked.pageCursor) : undefined
  const from = cursor?.time ?? asked.time ?? service.clock.now()
  if (!cursor && !coversTime(service.timetable, from))
    throw new FreifahrtError(
      'TIME_OUTSIDE_TIMETABLE',
      'time',
      `${new Date(from * 1000).toISOString()} is on no service day`,
    )
  const earlier = (cursor?.direction ?? asked.direction ?? (asked.arriveBy ? 'EARLIER' : 'LATER')) === 'EARLIER'
  const query: BoardQuery = {
    arrivals: asked.arriveBy,
    from,
    direction: earlier ? 'earlier' : 'later',
    limit: asked.n ?? 0,
    window: asked.window ?? 0,
    realtime: asked.realtimeMode !== 'OFF',
    withClosedCalls: asked.withScheduledSkippedStops,
  }
  const events = await eventsOf(service, stops, query, asked)
  // from here on nothing waits: the horizon stays one generation
  const view: View = {
    horizon: service.horizon,
    version,
    language: asked.language,
    realtime: query.realtime,
    now: service.clock.now(),
  }
  return {
    stopTimes: events.map(({ event, arrivals }) =>
      renderStopTime(view, event, { arrivals, fetchStops: asked.fetchStops, withAlerts: asked.withAlerts }),
    ),
    place: place(view),
    // seconds count here: a minute's step, as MOTIS makes, would lose what leaves within it
    previousPageCursor: events.length > 0 ? `EARLIER|${events[0]!.event.time - 1}` : '',
    nextPageCursor: events.length > 0 ? `LATER|${events.at(-1)!.event.time + 1}` : '',
  }
}

function placeOf(service: TransitService, asked: StoptimesQuery): { stops: StopIdx[]; place: (view: View) => Place } {
  const tt = service.timetable
  const { center, radius } = asked
  if (asked.stopId) {
    const stop = stopOf(service, asked.stopId)
    const stops =
      radius !== undefined && !asked.exactRadius
        ? around(service, tt.stopLat[stop]!, tt.stopLon[stop]!, radius, boardStops(service, stop, false))
        : boardStops(service, stop, asked.exactRadius)
    return { stops, place: view => stopPlace(view, stop) }
  }
  if (!center || radius === undefined)
    throw new FreifahrtError('BAD_REQUEST', 'stopId', 'either stopId, or center and radius are required')
  return {
    stops: around(service, toE7(center.lat), toE7(center.lon), radius, []),
    place: view => coordinatePlace(view, 'center', center.lat, center.lon),
  }
}

/** The stops within `metres`, with their platforms, and those that are there anyway. */
function around(
  service: TransitService,
  lat: number,
  lon: number,
  metres: number,
  anyway: Iterable<StopIdx>,
): StopIdx[] {
  const found = new Set(anyway)
  for (const { stop } of stopsNear(service.lookup, lat, lon, metres)) withChildren(service.timetable, stop, found)
  return [...found]
}

interface Listed {
  readonly event: StopEvent
  readonly arrivals: boolean
}

/** The events asked for, in order of time. Days that are not compiled yet are waited for, as many as it takes to find `limit` events. */
async function eventsOf(
  service: TransitService,
  stops: StopIdx[],
  q: BoardQuery,
  asked: StoptimesQuery,
): Promise<Listed[]> {
  if (q.limit === 0 && q.window === 0) return []
  const kinds = asked.both ? [true, false] : [asked.arriveBy]
  const wanted = modeFilter(service, asked.mode)
  const find = (): Listed[] => {
    const found = kinds.flatMap(arrivals =>
      wantedEvents(service.horizon, stops, { ...q, arrivals }, wanted).map(event => ({ event, arrivals })),
    )
    return kinds.length > 1 ? merge(found, q) : found
  }
  for (const span of [Math.max(q.window, DAY), MAX_SPAN]) {
    const [begin, end] = q.direction === 'later' ? [q.from, q.from + span] : [q.from - span, q.from]
    await service.ensureDays(begin as UnixSeconds, end as UnixSeconds)
    const found = find()
    if (found.length >= q.limit || span === MAX_SPAN) return q.direction === 'later' ? found : found.toReversed()
  }
  return []
}

/** Asks for more until enough of the wanted modes are there. */
function wantedEvents(
  horizon: Horizon,
  stops: readonly StopIdx[],
  q: BoardQuery,
  wanted: (event: StopEvent) => boolean,
): StopEvent[] {
  for (let limit = q.limit; ; limit *= 4) {
    const all = stopEvents(horizon, stops, { ...q, limit })
    const found = all.filter(wanted)
    if (found.length >= q.limit || all.length < limit) return found
  }
}

/** Arrivals and departures as one list; the same call is listed once, as a departure. */
function merge(listed: Listed[], q: BoardQuery): Listed[] {
  const sign = q.direction === 'later' ? 1 : -1
  const calls = new Map<string, Listed>()
  for (const one of listed)
    calls.set(`${one.event.trip} ${one.event.day} ${one.event.shift} ${one.event.position}`, one)
  const sorted = [...calls.values()].sort((a, b) => sign * (a.event.time - b.event.time))
  let n = Math.min(q.limit, sorted.length)
  while (
    n < sorted.length &&
    (sorted[n]!.event.time === sorted[n - 1]?.event.time || Math.abs(sorted[n]!.event.time - q.from) < q.window)
  )
    n++
  return sorted.slice(0, n)
}

function modeFilter({ timetable: tt }: TransitService, modes: readonly string[]): (event: StopEvent) => boolean {
  if (modes.includes('TRANSIT')) return () => true
  const wanted = new Set(modes.map(canonicalMode))
  if (wanted.has('RAIL'))
    for (const rail of ['HIGHSPEED_RAIL', 'LONG_DISTANCE', 'NIGHT_RAIL', 'REGIONAL_RAIL']) wanted.add(rail)
  return ({ trip }) => wanted.has(modeOfRouteType(tt.routeType[tt.patternRoute[tt.tripPattern[trip]]]!))
}
