// A feed's stops come in any order. In a large one they are numbered along a curve instead, so that stops that are close on the ground lie
// close in every column: a search through a country reads few stops of many, and those of one town share cache lines.

import { hilbertOrder } from '#engine/core/hilbert.ts'
import { NONE } from '#engine/core/ids.ts'
import type { TimetableBuilder } from '#engine/timetable/builder.ts'

/** Stops from which on it pays; a smaller network lies in the cache as it is. */
const MANY = 30_000

/**
 * Numbers the stops from `first` on anew, those without a place last.
 * @param indexOf whatever names them so far: number → StopIdx, or NONE
 */
export function numberAlongCurve(
  { stops }: TimetableBuilder,
  first: number,
  indexOf: Uint32Array,
  many: number = MANY,
): void {
  const placed = Uint8Array.from(stops.stopHasPosition.view().subarray(first))
  if (placed.length < many) return
  const [lat, lon] = [stops.stopLat, stops.stopLon].map(column => Int32Array.from(column.view().subarray(first)))
  const nowhere = placed.keys().filter(stop => placed[stop] === 0)
  const order = Uint32Array.from([...hilbertOrder(lat!, lon!, placed), ...nowhere])
  const numberOf = new Uint32Array(order.length)
  for (let i = 0; i < order.length; i++) numberOf[order[i]!] = first + i
  for (const column of Object.values(stops)) {
    const before = column.view().slice(first)
    for (let i = 0; i < order.length; i++) column.data[first + i] = before[order[i]!]!
  }
  for (let id = 0; id < indexOf.length; id++) if (indexOf[id] !== NONE) indexOf[id] = numberOf[indexOf[id]! - first]!
}
