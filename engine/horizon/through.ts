// Through lanes: the ways to stay seated when a vehicle goes on as another trip. A through run is a chain of trips laid end to end; one
// boards it in its first trip and leaves it in a later one (everything else the trips' own lanes say), so to the search it is a ride like
// any other, and only the reconstruction takes it apart again.
//
//   trip 1   A ─── B ─── C            boards at A, B
//   trip 2               C ─── D ─── E        alights at D, E
//   lane     A ─── B ─── C ─── D ─── E        parts at positions 0 and 3

import type { TripIdx } from '../core/ids.ts'
import { Access, CAN_ALIGHT, CAN_BOARD, type Timetable } from '../timetable/timetable.ts'
import type { LaneBuilder, LanePart } from './lanes.ts'

/** A trip of a chain as it runs: slot words, and arrival and departure at each, in the clock of the block. */
export interface ThroughPart {
  readonly trip: number
  readonly words: ArrayLike<number>
  readonly times: ArrayLike<number>
}

export interface ThroughRun {
  readonly parts: readonly ThroughPart[]
  readonly tag: number
  readonly day: number
}

/** The trip as planned, in seconds of its service day plus `offset`. */
export function plannedPart(tt: Timetable, trip: number, offset = 0): ThroughPart {
  const pattern = tt.tripPattern[trip as TripIdx]
  const words = tt.slots.subarray(tt.slotBegin[pattern]!, tt.slotBegin[pattern + 1]!)
  const at = tt.tripProfile[trip]!
  const start = tt.tripStart[trip]! + offset
  return { trip, words, times: tt.profileTimes.subarray(at, at + 2 * words.length).map(time => time + start) }
}

/** Adds all of a block's through runs; no other lanes may be added after them. */
export function addThroughRuns(tt: Timetable, lanes: LaneBuilder, runs: readonly ThroughRun[]): void {
  lanes.beginThrough()
  const bySlot = new Map<number, ThroughRun[]>()
  for (const run of runs) bySlot.getOrInsertComputed(slotsOf(tt, lanes, run.parts), () => []).push(run)
  for (const [slot, group] of bySlot) {
    const parts = lanes.partsOfSlot.get(slot)!
    group.sort((a, b) => a.parts[0]!.times[1]! - b.parts[0]!.times[1]!)
    lanes.beginGroup()
    for (const { parts: trips, tag, day } of group) {
      const stops = parts.at(-1)!.position + trips.at(-1)!.words.length - 1
      const times = lanes.own.reserve(2 * stops)
      let at = times
      let latest = Number.NEGATIVE_INFINITY
      trips.forEach((part, p) => {
        // a vehicle that comes in late leaves late: time never runs back
        for (let i = p === 0 ? 0 : 2; i < part.times.length; i++) {
          latest = Math.max(latest, part.times[i]!)
          lanes.own.data[at++] = latest
        }
      })
      lanes.tripsOfRun[lanes.runTrip.length] = trips.map(part => part.trip)
      const access = trips.map(part => tt.tripAccess[part.trip]!).reduce(together)
      const trip = trips[0]!.trip
      const pattern = tt.tripPattern[trip as TripIdx]
      lanes.add({ trip, shift: 0, tag, day, slot, stops, pattern, access, times, own: true, offset: 0 })
    }
  }
}

/** The slot list of a chain: boarding in its first trip only, alighting in the later ones only. */
function slotsOf(tt: Timetable, lanes: LaneBuilder, parts: readonly ThroughPart[]): number {
  const words: number[] = []
  const laneParts: LanePart[] = []
  parts.forEach((part, p) => {
    laneParts.push({ pattern: tt.tripPattern[part.trip as TripIdx], position: words.length })
    for (let i = p === 0 ? 0 : 1; i < part.words.length; i++)
      words.push((part.words[i]! & ~(p === 0 ? CAN_ALIGHT : CAN_BOARD)) >>> 0)
  })
  const slot = lanes.slots.of(words, laneParts.map(part => part.pattern).join('+'))
  lanes.partsOfSlot.set(slot, laneParts)
  return slot
}

/** Wheelchair, bikes and cars on a chain of trips: no if one says no, yes if all say yes. */
function together(a: number, b: number): number {
  let both = 0
  for (let shift = 0; shift < 6; shift += 2) {
    const [x, y] = [(a >> shift) & 3, (b >> shift) & 3]
    const value =
      x === Access.no || y === Access.no
        ? Access.no
        : x === Access.yes && y === Access.yes
          ? Access.yes
          : Access.unknown
    both |= value << shift
  }
  return both
}
