// Parents → legs. The chain is followed from the search's target back to its start; a mirrored search runs from the journey's end to its
// beginning, so its chain comes out in travel order already.

import { NO_LIVE_RUN, type StopIdx, type TripIdx } from '../core/ids.ts'
import type { ServiceDay, UnixSeconds } from '../core/time.ts'
import { stopCopies } from '../footpaths/copies.ts'
import type { LiveBlock } from '../horizon/horizon.ts'
import { findLiveRun, readCall } from '../horizon/runs.ts'
import type { Journey, Leg, LegEnd, RideLeg } from './journey.ts'
import { blockOfLane, type SearchNetwork } from './network.ts'
import type { SearchState } from './state.ts'

/**
 * The journey with exactly `rides` rides that the search just found for the departure `departure` (seconds of the search's clock).
 * @param isStart whether a stop is the search's start itself, so that no walk leads to it; in a mirrored search that is the journey's end
 */
export function reconstruct(
  network: SearchNetwork,
  s: SearchState,
  rides: number,
  departure: number,
  isStart: (stop: number) => boolean,
  isEnd: (stop: number) => boolean,
): Journey {
  const { base, mirrored } = network
  const at = (seconds: number): UnixSeconds => (mirrored ? base - seconds : base + seconds) as UnixSeconds
  const [START, END]: [LegEnd, LegEnd] = mirrored
    ? [{ kind: 'end' }, { kind: 'start' }]
    : [{ kind: 'start' }, { kind: 'end' }]
  const { stopOf } = stopCopies(network.horizon.timetable)
  const stopEnd = (stop: number): LegEnd => ({ kind: 'stop', stop: stopOf[stop]! as StopIdx })
  const walk = (from: LegEnd, to: LegEnd, begin: number, end: number): Leg =>
    mirrored
      ? { kind: 'walk', from: to, to: from, departure: at(end), arrival: at(begin) }
      : { kind: 'walk', from, to, departure: at(begin), arrival: at(end) }

  const legs: Leg[] = []
  let stop = s.targetStop[rides]!
  const arrival = s.target[rides]!
  const alighted = s.ride[stop * s.rounds + rides]!
  if (!isEnd(stopOf[stop]!) || arrival > alighted) legs.push(walk(stopEnd(stop), END, alighted, arrival))
  for (let k = rides; k >= 1; k--) {
    const { board, legs: ridden } = rideLegs(network, s, stop, k)
    legs.push(...(mirrored ? ridden : ridden.reverse()))
    const label = board * s.rounds + k - 1
    const ready = s.ready[label]!
    if (k === 1) {
      if (!isStart(stopOf[board]!) || ready > departure) legs.push(walk(START, stopEnd(board), departure, ready))
      break
    }
    stop = s.readyFrom[label]!
    if (stopOf[stop] !== stopOf[board])
      legs.push(walk(stopEnd(stop), stopEnd(board), s.ride[stop * s.rounds + k - 1]!, ready))
  }
  if (!mirrored) legs.reverse()
  const [first, last] = mirrored ? [arrival, departure] : [departure, arrival]
  return { departure: at(first), arrival: at(last), transfers: Math.max(0, rides - 1), legs }
}

/** The ride that ended at `alightStop` with k rides: its legs in travel order, and the stop where the search boarded. */
function rideLegs(
  network: SearchNetwork,
  s: SearchState,
  alightStop: number,
  k: number,
): { board: number; legs: RideLeg[] } {
  const label = alightStop * s.rounds + k
  const { block, real, firstLane, day } = blockOfLane(network, s.rideLane[label]!)
  const lane = s.rideLane[label]! - firstLane
  const boardStop = block.slots[block.laneSlot[lane]! + s.rideBoard[label]!]! >>> 2
  const stops = block.laneStops[lane]!
  const runs = block.laneRunBegin[lane + 1]! - block.laneRunBegin[lane]!
  let [run, board, alight] = [s.rideRun[label]!, s.rideBoard[label]!, s.rideAlight[label]!]
  if (network.mirrored) [run, board, alight] = [runs - 1 - run, stops - 1 - alight, stops - 1 - board]

  // from here on the real block: its clock counts from the forward base
  const begin = network.mirrored ? network.end : network.base
  const { block: b, offset } = real
  const event = b.laneEvent[lane]!
  const slot = b.laneSlot[lane]!
  const row = b.laneRunBegin[lane]! + run
  const leg = (trip: number, from: number, to: number, first: number): RideLeg => ({
    kind: 'ride',
    trip: trip as TripIdx,
    day: (day < 0 ? (b as LiveBlock).laneDay[row]! : day) as ServiceDay,
    shift: b.laneShift[row]!,
    board: from - first,
    alight: to - first,
    from: (b.slots[slot + from]! >>> 2) as StopIdx,
    to: (b.slots[slot + to]! >>> 2) as StopIdx,
    departure: (begin + offset + b.dep[event + from * runs + run]!) as UnixSeconds,
    arrival: (begin + offset + b.arr[event + run * stops + to]!) as UnixSeconds,
  })
  const through = lane - b.counts.firstThrough
  if (through < 0) return { board: boardStop, legs: [leg(b.laneTrip[row]!, board, alight, 0)] }

  // a through lane: boarded in its first trip, left in a later one; a part begins with the stop after the one where the trip begins
  const legs: RideLeg[] = []
  const parts = b.partBegin[through + 1]! - b.partBegin[through]!
  const trips = b.throughTripBegin[through]! + run * parts
  for (let p = 0; p < parts; p++) {
    const first = b.partPosition[b.partBegin[through]! + p]!
    const last = p + 1 < parts ? b.partPosition[b.partBegin[through]! + p + 1]! - 1 : stops - 1
    if (first > alight) break
    const trip = b.throughTrip[trips + p]!
    if (p === 0) legs.push(leg(trip, board, Math.min(alight, last), 0))
    else
      legs.push({
        ...leg(trip, first - 1, Math.min(alight, last), first - 1),
        ...startOf(network, trip, legs.at(-1)!),
        stayed: true,
      })
  }
  return { board: boardStop, legs }
}

/** Where and when a trip that the rider stays on begins: its first stop, which its lane leaves out. */
function startOf(network: SearchNetwork, trip: number, before: RideLeg): Pick<RideLeg, 'from' | 'departure'> {
  const key = { trip: trip as TripIdx, day: before.day, shift: 0 }
  const row = network.realtime ? findLiveRun(network.horizon.live, key.trip, key.day, 0) : NO_LIVE_RUN
  const call = readCall(network.horizon, key, row, 0)
  return { from: call.stop, departure: Math.max(call.departure, before.arrival) as UnixSeconds }
}
