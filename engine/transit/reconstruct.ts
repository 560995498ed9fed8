// Parents → legs. The chain is followed from the search's target back to its start; a mirrored search runs from the journey's end to its
// beginning, so its chain comes out in travel order already.

import { NO_LIVE_RUN, type StopIdx, type TripIdx } from '../core/ids.ts'
import type { ServiceDay, UnixSeconds } from '../core/time.ts'
import { stopCopies } from '../footpaths/copies.ts'
import type { LiveBlock } from '../horizon/horizon.ts'
import { findLiveRun, readCall } from '../horizon/runs.ts'
import type { Journey, Leg, LegEnd, RideLeg } from './journey.ts'
import { blockOfLane, type SearchNetwork } from './network.ts'
import type { Reach } from './range.ts'
import { PARENT_WORDS, READY_FROM, RIDE_LANE, RIDE_RUN, RIDE_SPAN, type SearchState } from './state.ts'
import { CROSSED, FROM_PLACE, LAYER_SHIFT, type ViaAccess, type ViaPlace } from './via.ts'

/** What the search found is told from: its labels, and what surrounds them. */
export interface Found {
  readonly network: SearchNetwork
  /** One, or as many as there are layers (via.ts), first to last in the search's direction. */
  readonly layers: readonly SearchState[]
  readonly vias: readonly ViaPlace[]
  /** Where it may begin in each layer; needed where there are places. */
  readonly accesses?: readonly ViaAccess[]
  /** Whether a stop is the search's start itself, so that no walk leads to it; in a mirrored search that is the journey's end. */
  readonly isStart: (stop: number) => boolean
  readonly isEnd: (stop: number) => boolean
}

/** The journey with exactly `rides` rides that the search just found for the departure `departure` (seconds of the search's clock). */
export function reconstruct(found: Found, rides: number, departure: number): Journey {
  const { network, layers, vias, accesses = [], isStart, isEnd } = found
  const { base, mirrored } = network
  const { stops, target, targetStop } = layers[0]!
  const at = (seconds: number): UnixSeconds => (mirrored ? base - seconds : base + seconds) as UnixSeconds
  const [START, END]: [LegEnd, LegEnd] = mirrored
    ? [{ kind: 'end' }, { kind: 'start' }]
    : [{ kind: 'start' }, { kind: 'end' }]
  const { stopOf } = stopCopies(network.horizon.timetable)
  const stopEnd = (stop: number): LegEnd => ({ kind: 'stop', stop: stopOf[stop]! as StopIdx })
  const inTravelOrder = (via: number): number => (mirrored ? vias.length - 1 - via : via)
  const placeEnd = (via: number): LegEnd => ({ kind: 'via', via: inTravelOrder(via) })
  const legs: Leg[] = []
  /** In travel order a stay is known before the leg after it is told. */
  let staying = 0
  const stays = (seconds: number): void => {
    if (mirrored) staying += seconds
    else if (seconds > 0) legs.push(withStay(legs.pop()!, seconds))
  }
  const tellLeg = (leg: Leg): void => {
    legs.push(withStay(leg, staying))
    staying = 0
  }
  /** A walk, or standing still: nothing to tell where it neither leads anywhere nor is before or after a stay. */
  const walk = (from: LegEnd, to: LegEnd, begin: number, end: number): void =>
    tellLeg(
      mirrored
        ? { kind: 'walk', from: to, to: from, departure: at(end), arrival: at(begin) }
        : { kind: 'walk', from, to, departure: at(begin), arrival: at(end) },
    )

  let layer = layers.length - 1
  let k = rides
  let stop = targetStop[rides]!
  const rideAt = (): number => layers[layer]!.ride[k * stops + stop]!
  // places between the ride that was told last and the one that is told next: those where the next one ends without a stay, and is there any other?
  let crossed: number[] = []
  let isPlaceBetween = false
  /** From a label that was made without a vehicle to the one it came from; the walk there, where there was one. */
  const crossBack = (): void => {
    while (parentOf(layers[layer]!, k, stop, RIDE_LANE) === CROSSED) {
      const { stay } = vias[layer - 1]!
      const [to, arrival] = [stop, rideAt() - stay]
      stays(stay)
      stop = parentOf(layers[layer]!, k, stop, RIDE_RUN)
      layer--
      const walked = stopOf[stop] !== stopOf[to]
      if (walked) {
        walk(stopEnd(stop), stopEnd(to), rideAt(), arrival)
        crossed = []
      }
      if (walked || stay > 0) isPlaceBetween = true
      else crossed.push(layer)
    }
  }
  /** The ride's legs, in the search's order, with the places of the query that it passes. */
  const tell = (ridden: RideLeg[], from: number, to: number): void => {
    const passes = [...crossed, ...Array.from({ length: to - from }, (_, i) => from + i)]
      .map(inTravelOrder)
      .sort((a, b) => a - b)
    if (passes.length > 0) ridden[0] = { ...ridden[0]!, passes }
    const before = mirrored ? legs.findLastIndex(leg => leg.kind === 'ride') : -1
    if (isPlaceBetween && before >= 0) legs[before] = { ...(legs[before] as RideLeg), placeAfter: true }
    if (isPlaceBetween && !mirrored) ridden.push({ ...ridden.pop()!, placeAfter: true })
    for (const leg of mirrored ? ridden : ridden.reverse()) tellLeg(leg)
    crossed = []
    isPlaceBetween = false
  }
  /** When the rider came to the last stop: before any stay there. */
  const cameAt = (): number => {
    let time = rideAt()
    for (let [l, at] = [layer, stop]; parentOf(layers[l]!, k, at, RIDE_LANE) === CROSSED; l--) {
      time -= vias[l - 1]!.stay
      const from = parentOf(layers[l]!, k, at, RIDE_RUN)
      if (stopOf[from] !== stopOf[at]) break
      at = from
    }
    return time
  }
  /** The walk to the first vehicle, by way of places where the rider stays. */
  const begin = (board: number, ready: number): void => {
    const by = accesses[layer]?.by.get(board) ?? []
    let [to, there] = [board, ready]
    for (const [i, { stop, seconds }] of [...by.entries()].reverse()) {
      const { stay } = vias[i]!
      if (stopOf[stop] !== stopOf[to]) walk(stopEnd(stop), stopEnd(to), departure + seconds + stay, there)
      stays(stay)
      ;[to, there] = [stop, departure + seconds]
    }
    const isStay = (mirrored ? staying : (legs.at(-1)!.stay ?? 0)) > 0
    if (!isStart(stopOf[to]!) || there > departure || isStay) walk(START, stopEnd(to), departure, there)
  }
  const arrival = target[rides]!
  if (!isEnd(stopOf[stop]!) || arrival > cameAt()) walk(stopEnd(stop), END, rideAt(), arrival)
  for (;;) {
    crossBack()
    const { board, layer: boardedIn, legs: ridden } = rideLegs(network, layers, layer, stop, k)
    tell(ridden, boardedIn, layer)
    layer = boardedIn
    k--
    const ready = layers[layer]!.ready[k * stops + board]!
    if (k === 0) {
      begin(board, ready)
      break
    }
    stop = parentOf(layers[layer]!, k, board, READY_FROM)
    if (stop <= FROM_PLACE) {
      const via = vias[--layer]!
      isPlaceBetween = true
      stop = FROM_PLACE - stop
      walk(placeEnd(layer), stopEnd(board), ready - secondsAt(via.outOf, board), ready)
      stays(via.stay)
      walk(stopEnd(stop), placeEnd(layer), rideAt(), rideAt() + secondsAt(via.into, stop))
    } else if (stopOf[stop] !== stopOf[board]) walk(stopEnd(stop), stopEnd(board), rideAt(), ready)
  }
  if (!mirrored) legs.reverse()
  const [first, last] = mirrored ? [arrival, departure] : [departure, arrival]
  return { departure: at(first), arrival: at(last), transfers: Math.max(0, rides - 1), legs }
}

const withStay = <Told extends Leg>(leg: Told, seconds: number): Told =>
  seconds > 0 ? { ...leg, stay: (leg.stay ?? 0) + seconds } : leg

const parentOf = ({ parents, stops }: SearchState, k: number, stop: number, word: number): number =>
  parents[PARENT_WORDS * (k * stops + stop) + word]!

const secondsAt = ({ count, stops, seconds }: Reach, stop: number): number => {
  for (let i = 0; i < count; i++) if (stops[i] === stop) return seconds[i]!
  return 0
}

/** The ride that ended at `alightStop` with k rides: its legs in travel order, and the stop and layer in which the search boarded. */
function rideLegs(
  network: SearchNetwork,
  layers: readonly SearchState[],
  alightedIn: number,
  alightStop: number,
  k: number,
): { board: number; layer: number; legs: RideLeg[] } {
  const s = layers[alightedIn]!
  const [ridden, by, span] = [RIDE_LANE, RIDE_RUN, RIDE_SPAN].map(word => parentOf(s, k, alightStop, word)) as [
    number,
    number,
    number,
  ]
  const { block, real, firstLane, day } = blockOfLane(network, ridden)
  const lane = ridden - firstLane
  const boardStop = block.slots[block.laneSlot[lane]! + (span >>> 16)]! >>> 2
  const stops = block.laneStops[lane]!
  const runs = block.laneRunBegin[lane + 1]! - block.laneRunBegin[lane]!
  const layer = alightedIn - (by >>> LAYER_SHIFT)
  let [run, board, alight] = [by & ((1 << LAYER_SHIFT) - 1), span >>> 16, span & 0xffff]
  if (network.mirrored) [run, board, alight] = [runs - 1 - run, stops - 1 - alight, stops - 1 - board]

  // from here on the real block: its clock counts from the forward base
  const begin = network.mirrored ? network.end : network.base
  const { block: b, offset } = real
  const event = b.laneEvent[lane]!
  const slot = b.laneSlot[lane]!
  const row = b.laneRunBegin[lane]! + run
  const laneDay = day < 0 ? (b as LiveBlock).laneDay[row]! : day
  const leg = (trip: number, days: number, from: number, to: number, first: number): RideLeg => ({
    kind: 'ride',
    trip: trip as TripIdx,
    day: (laneDay + days) as ServiceDay,
    shift: b.laneShift[row]!,
    board: from - first,
    alight: to - first,
    from: (b.slots[slot + from]! >>> 2) as StopIdx,
    to: (b.slots[slot + to]! >>> 2) as StopIdx,
    departure: (begin + offset + b.dep[event + from * runs + run]!) as UnixSeconds,
    arrival: (begin + offset + b.arr[event + run * stops + to]!) as UnixSeconds,
  })
  const through = lane - b.counts.firstThrough
  if (through < 0) return { board: boardStop, layer, legs: [leg(b.laneTrip[row]!, 0, board, alight, 0)] }

  // a through lane: boarded in its first trip, left in a later one; a part begins with the stop after the one where the trip begins
  const legs: RideLeg[] = []
  const parts = b.partBegin[through + 1]! - b.partBegin[through]!
  const trips = b.throughTripBegin[through]! + run * parts
  for (let p = 0; p < parts; p++) {
    const first = b.partPosition[b.partBegin[through]! + p]!
    const last = p + 1 < parts ? b.partPosition[b.partBegin[through]! + p + 1]! - 1 : stops - 1
    if (first > alight) break
    const trip = b.throughTrip[trips + p]!
    if (p === 0) legs.push(leg(trip, 0, board, Math.min(alight, last), 0))
    else {
      const ride = leg(trip, b.partDays[b.partBegin[through]! + p]!, first - 1, Math.min(alight, last), first - 1)
      legs.push({ ...ride, ...startOf(network, ride, legs.at(-1)!), stayed: true })
    }
  }
  return { board: boardStop, layer, legs }
}

/** Where and when a trip that the rider stays on begins: its first stop, which its lane leaves out. */
function startOf(network: SearchNetwork, ride: RideLeg, before: RideLeg): Pick<RideLeg, 'from' | 'departure'> {
  const row = network.realtime ? findLiveRun(network.horizon.live, ride.trip, ride.day, ride.shift) : NO_LIVE_RUN
  const call = readCall(network.horizon, ride, row, 0)
  return { from: call.stop, departure: Math.max(call.departure, before.arrival) as UnixSeconds }
}
