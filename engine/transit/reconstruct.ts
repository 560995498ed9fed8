// Parents → legs. The chain is followed from the search's target back to its start; a mirrored search runs from the journey's end to its
// beginning, so its chain comes out in travel order already.

import type { StopIdx } from '../core/ids.ts'
import type { UnixSeconds } from '../core/time.ts'
import { stopCopies } from '../footpaths/copies.ts'
import type { Journey, Leg, LegEnd, RideLeg } from './journey.ts'
import { blockOfLane, type SearchNetwork } from './network.ts'
import type { Reach } from './range.ts'
import { legsOn } from './ridden.ts'
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

/** Where the telling of one journey has come to, in the search's direction. One at a time: it is written over by the next. */
interface Telling {
  /** The legs that are told, in the search's direction, so that the journey's own array is as long as it has to be. */
  readonly legs: Leg[]
  count: number
  rides: number
  layer: number
  stop: number
  /** In travel order a stay is known before the leg after it is told. */
  staying: number
  // places between the ride that was told last and the one that is told next: those where the next one ends without a stay, and is there any other?
  readonly crossed: number[]
  isPlaceBetween: boolean
}

const telling: Telling = {
  legs: [],
  count: 0,
  rides: 0,
  layer: 0,
  stop: 0,
  staying: 0,
  crossed: [],
  isPlaceBetween: false,
}

/**
 * The journey with exactly `rides` rides that the search just found for the departure `departure` (seconds of the search's clock).
 * @param late told to who leaves just in time for the first ride (in the mirror: is there right after the last one), stays kept
 */
export function reconstruct(found: Found, rides: number, departure: number, late: boolean): Journey {
  const { network, layers, isEnd } = found
  const { target, targetStop } = layers[0]!
  const { stopOf } = stopCopies(network.horizon.timetable)
  const t = telling
  t.count = 0
  t.crossed.length = 0
  t.rides = rides
  t.layer = layers.length - 1
  t.stop = targetStop[rides]!
  t.staying = 0
  t.isPlaceBetween = false
  const arrival = target[rides]!
  if (!isEnd(stopOf[t.stop]!) || arrival > cameAt(found, t, stopOf))
    walk(found, t, stopEnd(stopOf, t.stop), network.mirrored ? START : END, rideAt(found, t), arrival)
  for (;;) {
    crossBack(found, t, stopOf)
    const board = tellRide(found, t)
    const ready = found.layers[t.layer]!.ready[t.rides * layers[0]!.stops + board]!
    if (t.rides === 0) {
      begin(found, t, stopOf, board, ready, departure)
      break
    }
    changeBack(found, t, stopOf, board, ready)
  }
  const legs = t.legs.slice(0, t.count)
  if (!network.mirrored) legs.reverse()
  if (late) leaveLate(legs, network.mirrored)
  const transfers = Math.max(0, rides - 1)
  if (late) return { departure: legs[0]!.departure, arrival: legs[legs.length - 1]!.arrival, transfers, legs }
  return network.mirrored
    ? { departure: clockAt(network, arrival), arrival: clockAt(network, departure), transfers, legs }
    : { departure: clockAt(network, departure), arrival: clockAt(network, arrival), transfers, legs }
}

const START: LegEnd = { kind: 'start' }
const END: LegEnd = { kind: 'end' }

const clockAt = ({ base, mirrored }: SearchNetwork, seconds: number): UnixSeconds =>
  (mirrored ? base - seconds : base + seconds) as UnixSeconds

const stopEnd = (stopOf: Uint32Array, stop: number): LegEnd => ({ kind: 'stop', stop: stopOf[stop]! as StopIdx })

const inTravelOrder = ({ network, vias }: Found, via: number): number =>
  network.mirrored ? vias.length - 1 - via : via

const placeEnd = (found: Found, via: number): LegEnd => ({ kind: 'via', via: inTravelOrder(found, via) })

const rideAt = ({ layers }: Found, { layer, rides, stop }: Telling): number => {
  const { ride, stops } = layers[layer]!
  return ride[rides * stops + stop]!
}

function tellLeg(t: Telling, leg: Leg): void {
  t.legs[t.count++] = withStay(leg, t.staying)
  t.staying = 0
}

function tellStay({ network }: Found, t: Telling, seconds: number): void {
  if (seconds === 0) return
  if (network.mirrored) t.staying += seconds
  else t.legs[t.count - 1] = withStay(t.legs[t.count - 1]!, seconds)
}

/** A walk, or standing still: nothing to tell where it neither leads anywhere nor is before or after a stay. */
function walk({ network }: Found, t: Telling, from: LegEnd, to: LegEnd, begin: number, end: number): void {
  const [first, last] = [clockAt(network, begin), clockAt(network, end)]
  tellLeg(
    t,
    network.mirrored
      ? { kind: 'walk', from: to, to: from, departure: last, arrival: first }
      : { kind: 'walk', from, to, departure: first, arrival: last },
  )
}

/** From a label that was made without a vehicle to the one it came from; the walk there, where there was one. */
function crossBack(found: Found, t: Telling, stopOf: Uint32Array): void {
  const { layers, vias } = found
  while (parentOf(layers[t.layer]!, t.rides, t.stop, RIDE_LANE) === CROSSED) {
    const { stay } = vias[t.layer - 1]!
    const to = t.stop
    const arrival = rideAt(found, t) - stay
    tellStay(found, t, stay)
    t.stop = parentOf(layers[t.layer]!, t.rides, to, RIDE_RUN)
    t.layer--
    const walked = stopOf[t.stop] !== stopOf[to]
    if (walked) {
      walk(found, t, stopEnd(stopOf, t.stop), stopEnd(stopOf, to), rideAt(found, t), arrival)
      t.crossed.length = 0
    }
    if (walked || stay > 0) t.isPlaceBetween = true
    else t.crossed.push(t.layer)
  }
}

/** From a stop where the rider boarded to where he got off before. @param ready when he was there */
function changeBack(found: Found, t: Telling, stopOf: Uint32Array, board: number, ready: number): void {
  t.stop = parentOf(found.layers[t.layer]!, t.rides, board, READY_FROM)
  if (t.stop <= FROM_PLACE) {
    const via = found.vias[--t.layer]!
    t.isPlaceBetween = true
    t.stop = FROM_PLACE - t.stop
    const place = placeEnd(found, t.layer)
    walk(found, t, place, stopEnd(stopOf, board), ready - secondsAt(via.outOf, board), ready)
    tellStay(found, t, via.stay)
    const left = rideAt(found, t)
    walk(found, t, stopEnd(stopOf, t.stop), place, left, left + secondsAt(via.into, t.stop))
  } else if (stopOf[t.stop] !== stopOf[board])
    walk(found, t, stopEnd(stopOf, t.stop), stopEnd(stopOf, board), rideAt(found, t), ready)
}

/** When the rider came to the last stop: before any stay there. */
function cameAt(found: Found, t: Telling, stopOf: Uint32Array): number {
  const { layers, vias } = found
  let { layer, stop } = t
  let time = rideAt(found, t)
  while (parentOf(layers[layer]!, t.rides, stop, RIDE_LANE) === CROSSED) {
    time -= vias[layer - 1]!.stay
    const from = parentOf(layers[layer]!, t.rides, stop, RIDE_RUN)
    if (stopOf[from] !== stopOf[stop]) break
    stop = from
    layer--
  }
  return time
}

/** The walk to the first vehicle, by way of places where the rider stays. */
function begin(found: Found, t: Telling, stopOf: Uint32Array, board: number, ready: number, departure: number): void {
  const { network, vias, accesses, isStart } = found
  let [to, there] = [board, ready]
  const by = accesses?.[t.layer]?.by.get(board)
  for (let i = by ? by.length - 1 : -1; i >= 0; i--) {
    const { stop, seconds } = by![i]!
    const { stay } = vias[i]!
    if (stopOf[stop] !== stopOf[to])
      walk(found, t, stopEnd(stopOf, stop), stopEnd(stopOf, to), departure + seconds + stay, there)
    tellStay(found, t, stay)
    to = stop
    there = departure + seconds
  }
  const isStay = (network.mirrored ? t.staying : (t.legs[t.count - 1]!.stay ?? 0)) > 0
  if (!isStart(stopOf[to]!) || there > departure || isStay)
    walk(found, t, network.mirrored ? END : START, stopEnd(stopOf, to), departure, there)
}

const took = ({ departure, arrival }: Leg): number => arrival - departure

/** Time before the first ride (mirrored: after the last) belongs to the rider. */
function leaveLate(legs: Leg[], mirrored: boolean): void {
  const ride = mirrored ? legs.findLastIndex(isRide) : legs.findIndex(isRide)
  if (ride < 0) return
  if (mirrored)
    for (let i = ride + 1; i < legs.length; i++) moveTo(legs, i, legs[i - 1]!.arrival + (legs[i]!.stay ?? 0))
  else
    for (let i = ride - 1; i >= 0; i--)
      moveTo(legs, i, legs[i + 1]!.departure - (legs[i + 1]!.stay ?? 0) - took(legs[i]!))
}

const isRide = ({ kind }: Leg): boolean => kind === 'ride'

function moveTo(legs: Leg[], i: number, departure: number): void {
  const leg = legs[i]!
  if (leg.departure !== departure)
    legs[i] = { ...leg, departure: departure as UnixSeconds, arrival: (departure + took(leg)) as UnixSeconds }
}

const withStay = <Told extends Leg>(leg: Told, seconds: number): Told =>
  seconds > 0 ? { ...leg, stay: (leg.stay ?? 0) + seconds } : leg

const parentOf = ({ parents, stops }: SearchState, k: number, stop: number, word: number): number =>
  parents[PARENT_WORDS * (k * stops + stop) + word]!

const secondsAt = ({ count, stops, seconds }: Reach, stop: number): number => {
  for (let i = 0; i < count; i++) if (stops[i] === stop) return seconds[i]!
  return 0
}

/**
 * The ride that ended at the stop and with the rides that the telling has come to, with the places of the query that it passes: goes on to where the
 * search boarded, with one ride less. @returns that stop
 */
function tellRide(found: Found, t: Telling): number {
  const { network, layers } = found
  const s = layers[t.layer]!
  const ridden = parentOf(s, t.rides, t.stop, RIDE_LANE)
  const by = parentOf(s, t.rides, t.stop, RIDE_RUN)
  const span = parentOf(s, t.rides, t.stop, RIDE_SPAN)
  const { block, firstLane } = blockOfLane(network, ridden)
  const lane = ridden - firstLane
  const layer = t.layer - (by >>> LAYER_SHIFT)
  const passed = passesOf(found, t, layer)
  const first = t.count
  const legs = legsOn(network, ridden, by & ((1 << LAYER_SHIFT) - 1), span >>> 16, span & 0xffff)
  if (!Array.isArray(legs)) tellLeg(t, legs)
  else for (const leg of network.mirrored ? legs : legs.reverse()) tellLeg(t, leg)
  // of its legs, in travel order
  const [begin, end] = network.mirrored ? [first, t.count - 1] : [t.count - 1, first]
  if (passed) t.legs[begin] = { ...(t.legs[begin] as RideLeg), passes: passed }
  const before = network.mirrored ? lastRide(t.legs, first) : end
  if (t.isPlaceBetween && before >= 0) t.legs[before] = { ...(t.legs[before] as RideLeg), placeAfter: true }
  t.crossed.length = 0
  t.isPlaceBetween = false
  t.layer = layer
  t.rides--
  return block.slots[block.laneSlot[lane]! + (span >>> 16)]! >>> 2
}

function lastRide(legs: readonly Leg[], end: number): number {
  for (let i = end - 1; i >= 0; i--) if (isRide(legs[i]!)) return i
  return -1
}

/** Places that a ride passes which was boarded in a layer, in travel order. */
function passesOf(found: Found, { crossed, layer }: Telling, boardedIn: number): number[] | undefined {
  if (crossed.length === 0 && boardedIn === layer) return undefined
  const ridden = Array.from({ length: layer - boardedIn }, (_, i) => boardedIn + i)
  return [...crossed, ...ridden].map(via => inTravelOrder(found, via)).sort((a, b) => a - b)
}
