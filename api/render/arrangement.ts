// Boarding and alighting that riders have to arrange: pickup_type and drop_off_type 2 and 3 (S24, H4), for which MOTIS has no word.

import type { Arrangement } from '#api/contract/common.ts'

/** @param open is it possible at all? @param type as GTFS numbers it */
export function arrangement(open: boolean, type: number): Arrangement | undefined {
  if (!open) return undefined
  return type === 2 ? 'PHONE_AGENCY' : type === 3 ? 'COORDINATE_WITH_DRIVER' : undefined
}
