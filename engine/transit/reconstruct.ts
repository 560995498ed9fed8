// Parents → legs, from the target back to the start. Times of the search become UnixSeconds; in a mirrored network (mirror.ts) the chain
// runs from the end of the journey to its start, so legs and ends are turned round at the end.

import type { StopIdx, TripIdx } from '../core/ids.ts'
import type { ServiceDay, UnixSeconds } from '../core/time.ts'
import type { LiveBlock } from '../horizon/horizon.ts'
import type { Journey, Leg, RideLeg } from './journey.ts'
import { blockOfLane, type SearchNetwork } from './network.ts'
import type { SearchState } from './state.ts'

/**
 * The journey with exactly `rides` rides that the search just found for the departure `departure` (seconds after base).
 * @param walkFrom whether leaving the query's start is a walk to show: not when the start is the very stop
 */
export function reconstruct(
  network: SearchNetwork,
  s: SearchState,
  rides: number,
  departure: number,
  isStart: (stop: number) => boolean,
  isEnd: (stop: number) => boolean,
): Journey {
  const { base } = network
  const legs: Leg[] = []
  const at = (seconds: number): UnixSeconds => (base + seconds) as UnixSeconds
  let stop = s.targetStop[rides]!
  const arrival = s.target[rides]!
  const alighted = s.ride[stop * s.rounds + rides]!
  if (!isEnd(stop) || arrival > alighted)
    legs.push({
      kind: 'walk',
      from: { kind: 'stop', stop: stop as StopIdx },
      to: { kind: 'end' },
      departure: at(alighted),
      arrival: at(arrival),
    })
  for (let k = rides; k >= 1; k--) {
    const ride = rideLeg(network, s, stop, k)
    legs.push(ride)
    const board = ride.from as number
    const label = board * s.rounds + k - 1
    const ready = s.ready[label]!
    if (k === 1) {
      if (!isStart(board) || ready > departure)
        legs.push({
          kind: 'walk',
          from: { kind: 'start' },
          to: { kind: 'stop', stop: board as StopIdx },
          departure: at(departure),
          arrival: at(ready),
        })
      break
    }
    stop = s.readyFrom[label]!
    if (stop !== board)
      legs.push({
        kind: 'walk',
        from: { kind: 'stop', stop: stop as StopIdx },
        to: { kind: 'stop', stop: board as StopIdx },
        departure: at(s.ride[stop * s.rounds + k - 1]!),
        arrival: at(ready),
      })
  }
  legs.reverse()
  return { departure: at(departure), arrival: at(arrival), transfers: Math.max(0, rides - 1), legs }
}

function rideLeg(network: SearchNetwork, s: SearchState, alightStop: number, k: number): RideLeg {
  const label = alightStop * s.rounds + k
  const { block, slots, offset, firstLane, day } = blockOfLane(network, s.rideLane[label]!)
  const lane = s.rideLane[label]! - firstLane
  const run = s.rideRun[label]!
  const board = s.rideBoard[label]!
  const alight = s.rideAlight[label]!
  const row = block.laneRunBegin[lane]! + run
  const runs = block.laneRunBegin[lane + 1]! - block.laneRunBegin[lane]!
  const slot = block.laneSlot[lane]!
  return {
    kind: 'ride',
    trip: block.laneTrip[row]! as TripIdx,
    day: (day < 0 ? (block as LiveBlock).laneDay[row]! : day) as ServiceDay,
    shift: block.laneShift[row]!,
    board,
    alight,
    from: (slots[slot + board]! >>> 2) as StopIdx,
    to: (slots[slot + alight]! >>> 2) as StopIdx,
    departure: (network.base + offset + block.dep[block.laneEvent[lane]! + board * runs + run]!) as UnixSeconds,
    arrival: (network.base +
      offset +
      block.arr[block.laneEvent[lane]! + run * block.laneStops[lane]! + alight]!) as UnixSeconds,
  }
}
