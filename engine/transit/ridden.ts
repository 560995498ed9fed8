// Which runs were ridden: a lane and a run of the search → trips, days, stops and times.

import { NO_LIVE_RUN, type StopIdx, type TripIdx } from '../core/ids.ts'
import type { ServiceDay, UnixSeconds } from '../core/time.ts'
import type { LiveBlock } from '../horizon/horizon.ts'
import { findLiveRun, readCall } from '../horizon/runs.ts'
import type { RideLeg } from './journey.ts'
import { blockOfLane, type SearchBlock, type SearchNetwork } from './network.ts'

/**
 * The ride on a lane of the search from one of its positions to another one, and, on a through lane, the legs of its trips in travel order.
 * @param byRun of the search's lane, as are the positions: in a mirrored network all run backwards
 */
export function legsOn(
  network: SearchNetwork,
  ridden: number,
  byRun: number,
  from: number,
  to: number,
): RideLeg | RideLeg[] {
  const { block, real, firstLane, day } = blockOfLane(network, ridden)
  const lane = ridden - firstLane
  const stops = block.laneStops[lane]!
  const runs = block.laneRunBegin[lane + 1]! - block.laneRunBegin[lane]!
  const { mirrored } = network
  const run = mirrored ? runs - 1 - byRun : byRun
  const board = mirrored ? stops - 1 - to : from
  const alight = mirrored ? stops - 1 - from : to

  // from here on the real block: its clock counts from the forward base
  const { block: b } = real
  const row = b.laneRunBegin[lane]! + run
  const laneDay = day < 0 ? (b as LiveBlock).laneDay[row]! : day
  const through = lane - b.counts.firstThrough
  if (through < 0) return rideLeg(network, real, lane, run, b.laneTrip[row]!, laneDay, board, alight, 0)

  // a through lane: boarded in its first trip, left in a later one; a part begins with the stop after the one where the trip begins
  const legs: RideLeg[] = []
  const parts = b.partBegin[through + 1]! - b.partBegin[through]!
  const trips = b.throughTripBegin[through]! + run * parts
  for (let p = 0; p < parts; p++) {
    const first = b.partPosition[b.partBegin[through]! + p]!
    const last = p + 1 < parts ? b.partPosition[b.partBegin[through]! + p + 1]! - 1 : stops - 1
    if (first > alight) break
    const trip = b.throughTrip[trips + p]!
    const leave = Math.min(alight, last)
    if (p === 0) legs.push(rideLeg(network, real, lane, run, trip, laneDay, board, leave, 0))
    else {
      const days = laneDay + b.partDays[b.partBegin[through]! + p]!
      const ride = rideLeg(network, real, lane, run, trip, days, first - 1, leave, first - 1)
      legs.push({ ...ride, ...startOf(network, ride, legs.at(-1)!), stayed: true })
    }
  }
  return legs
}

/** From one position of a lane to another, on the trip whose stops begin at position `first`. */
function rideLeg(
  network: SearchNetwork,
  { block: b, offset }: SearchBlock['real'],
  lane: number,
  run: number,
  trip: number,
  day: number,
  from: number,
  to: number,
  first: number,
): RideLeg {
  const begin = (network.mirrored ? network.end : network.base) + offset
  const event = b.laneEvent[lane]!
  const slot = b.laneSlot[lane]!
  const stops = b.laneStops[lane]!
  const row = b.laneRunBegin[lane]! + run
  const runs = b.laneRunBegin[lane + 1]! - b.laneRunBegin[lane]!
  return {
    kind: 'ride',
    trip: trip as TripIdx,
    day: day as ServiceDay,
    shift: b.laneShift[row]!,
    board: from - first,
    alight: to - first,
    from: (b.slots[slot + from]! >>> 2) as StopIdx,
    to: (b.slots[slot + to]! >>> 2) as StopIdx,
    departure: (begin + b.dep[event + from * runs + run]!) as UnixSeconds,
    arrival: (begin + b.arr[event + run * stops + to]!) as UnixSeconds,
  }
}

/** Where and when a trip that the rider stays on begins: its first stop, which its lane leaves out. */
function startOf(network: SearchNetwork, ride: RideLeg, before: RideLeg): Pick<RideLeg, 'from' | 'departure'> {
  const row = network.realtime ? findLiveRun(network.horizon.live, ride.trip, ride.day, ride.shift) : NO_LIVE_RUN
  const call = readCall(network.horizon, ride, row, 0)
  return { from: call.stop, departure: Math.max(call.departure, before.arrival) as UnixSeconds }
}
