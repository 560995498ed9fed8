// Ways to and from the stops that are not looked for on streets: the body of POST plan, with which a client knows better how long its own rider
// takes, and the circles of `radius`.

import { FreifahrtError } from '#engine/core/errors.ts'
import type { Offset, Query, QueryPlace } from '#engine/plan/query.ts'
import { stopsNear } from '#engine/timetable/lookup.ts'
import type { TransitService } from '#workers/service.ts'
import { stopOf } from './stops.ts'

/** Metres a second, as MOTIS has it for circles. */
const CROW_SPEED = 1.5

/** The stops in a circle around a place, within so many seconds as the crow flies. */
export function crowOffsets(
  { lookup, timetable: tt }: TransitService,
  place: QueryPlace,
  metres: number,
  maxSeconds: number,
): Offset[] {
  const [lat, lon] = place.kind === 'stop' ? [tt.stopLat[place.stop]!, tt.stopLon[place.stop]!] : [place.lat, place.lon]
  // a station is as near as its platforms are
  const around = stopsNear(lookup, lat, lon, Math.min(metres, maxSeconds * CROW_SPEED)).filter(
    ({ stop }) => tt.stopLocationType[stop] === 0,
  )
  const own = place.kind === 'stop' ? [{ stop: place.stop, metres: 0 }] : []
  return [...own, ...around].map(({ stop, metres: away }) => ({
    stop,
    seconds: Math.ceil(away / CROW_SPEED),
    mode: 'WALK',
  }))
}

const MAX_OFFSETS = 1024
const MAX_SECONDS = 6 * 3600

const MODES = ['WALK', 'BIKE', 'CAR'] as const

/** `{fromOffsets?: [{stopId, duration, mode?}], toOffsets?: …}`; an empty list is none. Throws BAD_REQUEST, TOO_LARGE, UNKNOWN_STOP, UNKNOWN_TAG. */
export function readOffsets(service: TransitService, body: unknown): Pick<Query, 'fromOffsets' | 'toOffsets'> {
  const { fromOffsets, toOffsets } = (body ?? {}) as Record<string, unknown>
  const from = readList(service, fromOffsets, 'fromOffsets')
  const to = readList(service, toOffsets, 'toOffsets')
  return { ...(from && { fromOffsets: from }), ...(to && { toOffsets: to }) }
}

function readList(service: TransitService, given: unknown, where: string): Offset[] | undefined {
  if (given === undefined || given === null || (Array.isArray(given) && given.length === 0)) return undefined
  if (!Array.isArray(given)) throw new FreifahrtError('BAD_REQUEST', where, 'is no list')
  if (given.length > MAX_OFFSETS)
    throw new FreifahrtError('TOO_LARGE', where, `${given.length} offsets, at most ${MAX_OFFSETS} are allowed`)
  return given.map((offset: unknown) => {
    const { stopId, duration, mode = 'WALK' } = (offset ?? {}) as Record<string, unknown>
    if (typeof stopId !== 'string') throw new FreifahrtError('BAD_REQUEST', where, 'has an offset without stopId')
    if (!Number.isInteger(duration) || (duration as number) < 0 || (duration as number) > MAX_SECONDS)
      throw new FreifahrtError('BAD_REQUEST', where, `a duration is not within 0 … ${MAX_SECONDS} seconds`)
    if (!MODES.includes(mode as Offset['mode']))
      throw new FreifahrtError('BAD_REQUEST', where, `a mode is none of ${MODES.join(', ')}`)
    return { stop: stopOf(service, stopId, where), seconds: duration as number, mode: mode as Offset['mode'] }
  })
}
