// The body of POST plan: how long the client's own rider takes to some stops, when the client knows better than our streets.

import { FreifahrtError } from '#engine/core/errors.ts'
import type { Offset, Query } from '#engine/plan/query.ts'
import type { TransitService } from '#workers/service.ts'
import { stopOf } from './stops.ts'

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
