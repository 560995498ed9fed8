// Which trips of a message are read at all: those that may be in the timetable, known by the bytes of their id.

import { type DecodedMessage, TripRelationship } from '#engine/live/message.ts'

export interface DecodeOptions {
  /**
   * Is this trip_id (a byte range) one of ours? Trips that are not are skipped before their updates are read, and counted as
   * `outsideArea`. Not asked about trips that no timetable can know (NEW, ADDED).
   */
  readonly wanted?: (bytes: Uint8Array, begin: number, end: number) => boolean
}

/** May descriptor `d` be of our timetable? What runs beside it always may, and so may what names no trip. */
export function isWanted(m: DecodedMessage, d: number, wanted: NonNullable<DecodeOptions['wanted']>): boolean {
  const c = m.descriptors.columns
  const relationship = c.relationship[d]!
  if (relationship === TripRelationship.new || relationship === TripRelationship.added) return true
  const begin = c.tripIdBegin[d]!
  const end = c.tripIdEnd[d]!
  return begin === end || wanted(m.bytes, begin, end)
}
