// GET stoptimes: the board of a stop, or of all stops around a point.

import { type Static, Type } from 'typebox'
import type { StoptimesResponse } from '#api/contract/board.ts'
import { LEGACY_MODES, type Place, STREET_MODES, TRANSIT_MODES } from '#api/contract/common.ts'
import { paths, wantedModes } from '#api/contract/versions.ts'
import type { App } from '#api/fastify.ts'
import { choice, integer, list, optional, or, point, size, text, time } from '#api/plugins/parameters.ts'
import { renderStopTime } from '#api/render/board.ts'
import { modeOfRouteType } from '#api/render/modes.ts'
import { coordinatePlace, stopPlace, type View } from '#api/render/place.ts'
import type { BoardQuery, StopEvent } from '#engine/board/departures.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { toE7 } from '#engine/core/geo.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { coversTime } from '#engine/horizon/days.ts'
import { stopsNear } from '#engine/timetable/lookup.ts'
import { rootStop, type Timetable } from '#engine/timetable/timetable.ts'
import type { TransitService } from '#workers/service.ts'
import { asItIsNow, listEvents } from './events.ts'
import { parseCursor } from './page.ts'
import { boardStops, findStopNow, stopOf, withChildren } from './stops.ts'

export const StoptimesQuery = Type.Object({
  stopId: optional(text(300)),
  center: optional(point()),
  radius: optional(integer(0, 10_000)),
  time: optional(time()),
  arriveBy: or(Type.Boolean(), false),
  both: or(Type.Boolean(), false),
  direction: optional(choice('EARLIER', 'LATER')),
  n: optional(size(0, 1024)),
  window: optional(size(0, 5760 * 60)),
  mode: or(list(choice('TRANSIT', ...TRANSIT_MODES, ...LEGACY_MODES, ...STREET_MODES)), ['TRANSIT']),
  exactRadius: or(Type.Boolean(), false),
  fetchStops: or(Type.Boolean(), false),
  pageCursor: optional(text(40)),
  withScheduledSkippedStops: or(Type.Boolean(), false),
  realtimeMode: or(choice('REALTIME', 'REALTIME_ANNOTATION_ONLY', 'OFF'), 'REALTIME'),
  withAlerts: or(Type.Boolean(), true),
  /** Own: seconds that the rider walks to the stop; what leaves before that cannot be reached and is not listed. */
  walkTime: optional(integer(0, 7200)),
  language: or(list(text(35)), []),
})
type StoptimesQuery = Static<typeof StoptimesQuery>

/** In one answer, however long the window is: a second or two in which nobody else is answered. The second when each comes with all its stops. */
const MOST_LISTED = 4096
const MOST_WITH_STOPS = 2048

export function stoptimesRoutes(app: App): void {
  for (const { url, version } of paths('stoptimes', 1, 4, 5, 6))
    app.get(url, { schema: { querystring: StoptimesQuery } }, ({ query, service }) =>
      stoptimes(service, query, version),
    )
}

async function stoptimes(service: TransitService, asked: StoptimesQuery, version: number): Promise<StoptimesResponse> {
  if (asked.n === undefined && asked.window === undefined)
    throw new FreifahrtError('BAD_REQUEST', 'n', 'either n or window is required')
  const { stops, place } = placeOf(service, asked)
  const cursor = asked.pageCursor ? parseCursor(asked.pageCursor) : undefined
  const from = (cursor?.time ?? (asked.time ?? service.clock.now()) + (asked.walkTime ?? 0)) as UnixSeconds
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
    // sorted and cut by the schedule in the other modes
    realtime: asked.realtimeMode === 'REALTIME',
    withClosedCalls: asked.withScheduledSkippedStops,
  }
  const modes = modeFilter(service.timetable, asked.mode)
  const { horizon, events } = await listEvents(service, stops, query, { both: asked.both, modes })
  const most = asked.fetchStops ? MOST_WITH_STOPS : MOST_LISTED
  if (events.length > most)
    throw new FreifahrtError(
      'TOO_LARGE',
      'window',
      `${events.length} stop times lie within it, at most ${most} are answered; ask for a shorter one, or for n and its pages`,
    )
  const view: View = {
    horizon,
    version,
    language: asked.language,
    realtime: asked.realtimeMode !== 'OFF',
    now: service.clock.now(),
  }
  return {
    stopTimes: events.map(({ event, arrivals }) =>
      renderStopTime(view, view.realtime ? asItIsNow(horizon, event) : event, {
        arrivals,
        fetchStops: asked.fetchStops,
        withAlerts: asked.withAlerts,
        walkTime: asked.walkTime,
      }),
    ),
    place: place(view),
    // seconds count here: a minute's step, as MOTIS makes, would lose what leaves within it
    previousPageCursor: events.length > 0 ? `EARLIER|${events[0]!.event.time - 1}` : '',
    nextPageCursor: events.length > 0 ? `LATER|${events.at(-1)!.event.time + 1}` : '',
  }
}

/** The stops that a board shows, by id or around a point. Throws UNKNOWN_STOP, UNKNOWN_TAG, BAD_REQUEST. */
export function placeOf(
  service: TransitService,
  asked: Pick<StoptimesQuery, 'stopId' | 'center' | 'radius' | 'exactRadius'>,
): { stops: StopIdx[]; place: (view: View) => Place } {
  const tt = service.timetable
  const { center, radius } = asked
  const around = center !== undefined && radius !== undefined
  // a stop that nobody knows is found by its place, if that was sent along
  if (asked.stopId && !(around && findStopNow(service, asked.stopId) === undefined)) {
    const stop = stopOf(service, asked.stopId)
    const stops = new Set(boardStops(service, stop, asked.exactRadius))
    if (radius) addAround(service, tt.stopLat[stop]!, tt.stopLon[stop]!, radius, asked.exactRadius, stops)
    return { stops: [...stops], place: view => stopPlace(view, stop) }
  }
  if (!around) throw new FreifahrtError('BAD_REQUEST', 'stopId', 'either stopId, or center and radius are required')
  const stops = new Set<StopIdx>()
  addAround(service, toE7(center.lat), toE7(center.lon), radius, asked.exactRadius, stops)
  return {
    stops: [...stops],
    place: view => coordinatePlace(view, 'center', center.lat, center.lon),
  }
}

/** The stops within `metres`; unless `exact`, with all of the stations that they belong to. */
function addAround(
  { lookup, timetable: tt }: TransitService,
  lat: number,
  lon: number,
  metres: number,
  exact: boolean,
  into: Set<StopIdx>,
): void {
  for (const { stop } of stopsNear(lookup, lat, lon, metres)) {
    if (exact) into.add(stop)
    else withChildren(tt, rootStop(tt, stop), into)
  }
}

function modeFilter(tt: Timetable, modes: readonly string[]): ((event: StopEvent) => boolean) | undefined {
  const wanted = wantedModes(modes)
  return wanted && (({ trip }) => wanted(modeOfRouteType(tt.routeType[tt.patternRoute[tt.tripPattern[trip]]]!)))
}
