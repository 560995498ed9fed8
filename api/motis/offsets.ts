// The body of POST plan: how long the client's own rider takes to some stops, when the client knows better than our streets.

import { FreifahrtError } from '#engine/core/errors.ts'
import type { Offset, Query } from '#engine/plan/query.ts'
import type { TransitService } from '#workers/service.ts'
import { stopOf } from './stops.ts'

const MAX_OFFSETS = 1024
const MAX_SECONDS = 6 * 3600

/** `{fromOffsets?: [{stopId, duration}], toOffsets?: …}`. Throws BAD_REQUEST, TOO_LARGE, UNKNOWN_STOP, UNKNOWN_TAG. */
export function readOffsets(service: TransitService, body: unknown): Pick<Query, 'fromOffsets' | 'toOffsets'> {
  const { fromOffsets, toOffsets } = (body ?? {}) as Record<string, unknown>
  const from = readList(service, fromOffsets, 'fromOffsets')
  const to = readList(service, toOffsets, 'toOffsets')
  return { ...(from && { fromOffsets: from }), ...(to && { toOffsets: to }) }
}

function readList(service: TransitService, given: unknown, where: string): Offset[] | undefined {
  if (given === undefined || given === null) return undefined
  if (!Array.isArray(given)) throw new FreifahrtError('BAD_REQUEST', where, 'is no list')
  if (given.length > MAX_OFFSETS)
    throw new FreifahrtError('TOO_LARGE', where, `${given.length} offsets, at most ${MAX_OFFSETS} are allowed`)
  return given.map((offset: unknown) => {
    const { stopId, duration } = (offset ?? {}) as Record<string, unknown>
    if (typeof stopId !== 'string') throw new FreifahrtError('BAD_REQUEST', where, 'has an offset without stopId')
    if (!Number.isInteger(duration) || (duration as number) < 0 || (duration as number) > MAX_SECONDS)
      throw new FreifahrtError('BAD_REQUEST', where, `a duration is not within 0 … ${MAX_SECONDS} seconds`)
    return { stop: stopOf(service, stopId, where), seconds: duration as number }
  })
}
