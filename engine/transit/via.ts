// Places that the rider wants to come by, in their order. Each of them opens a layer of labels: layer j holds who has been at the first j of
// them, and only the last layer reaches the target. All layers go through the rounds side by side, over the same lanes.
//
//   layer 0   A ──S1──▶ V ─────────────▶ …            V is the first place
//                       │ gets off (stays) or, where no stay is asked, keeps the seat
//   layer 1             V ──S1──▶ B, V ──U2──▶ C …
//
// Who gets off at a stop that is such a place, or walks there, is after the stay as one who gets off there at that moment. A place that is no
// stop is walked to and from. Two places that are no stops are not walked between without a ride.

import { NEVER } from '../core/time.ts'
import type { Footpaths } from '../footpaths/footpaths.ts'
import { CALL_LANE, CALL_WORDS } from '../horizon/horizon.ts'
import { CAN_ALIGHT, CAN_BOARD } from '../timetable/timetable.ts'
import type { LowerBounds } from './bounds.ts'
import { blockOfLane, isClosed, type SearchBlock, type SearchNetwork } from './network.ts'
import { ACCESS_LIMIT, departuresAt, type Reach, report, type TransitQuery } from './range.ts'
import {
  alight,
  arrive,
  firstAtOrAfter,
  gatherLanes,
  giveUp,
  listMarked,
  reachTarget,
  scanLanes,
  seed,
  unmark,
  walk,
} from './raptor.ts'
import {
  beginPass,
  clearLabels,
  fitLanes,
  openRound,
  PARENT_WORDS,
  RIDE_LANE,
  RIDE_RUN,
  RIDE_SPAN,
  type SearchState,
} from './state.ts'

export interface ViaPlace {
  /** Seconds. */
  readonly stay: number
  /** Its platforms and their copies, for a place that is a stop. */
  readonly platforms: ReadonlySet<number> | undefined
  /** Platform → its copies: a copy is for those who come by its trip, nobody walks there, and nobody leaves it for its own platform. */
  readonly onFoot: ReadonlyMap<number, readonly number[]>
  /** For a place that is no stop: the stops it is walked to from, and those it is left for. */
  readonly into: Reach
  readonly outOf: Reach
}

/** One layer: who has been at so many places. */
export interface Layer {
  readonly state: SearchState
  /** From each stop, by the places still ahead, to the target. */
  readonly bounds: LowerBounds
}

/** Marks in RIDE_LANE: not by vehicle, but from the layer before, where the rider got off at the stop in RIDE_RUN. */
export const CROSSED = -1
/** RIDE_RUN of who came by one or more places in the vehicle: so many layers above the run. */
export const LAYER_SHIFT = 24
/** READY_FROM of who walks from a place that is no stop: this minus the stop at which the rider got off before. */
export const FROM_PLACE = -2

export interface ViaQuery extends TransitQuery {
  readonly vias: readonly ViaPlace[]
}

/** Where the journey may begin in a layer. */
export interface ViaAccess extends Reach {
  /** Stop → the places on the way there, each with the seconds until the rider is there; the last of them may be the stop itself. */
  readonly by: ReadonlyMap<number, readonly Stay[]>
}

export interface Stay {
  readonly stop: number
  readonly seconds: number
}

/** `searchAt` by way of places. `layers` has one more than there are places; the last one's state has the target. */
export function viaAt(
  network: SearchNetwork,
  footpaths: Footpaths,
  layers: readonly Layer[],
  q: ViaQuery,
  time: number,
  found: (rides: number, departure: number) => void,
): void {
  clear(network, layers)
  accessOf(q, footpaths).forEach((access, j) => {
    for (let i = 0; i < access.count; i++) seed(layers[j]!.state, access.stops[i]!, time + access.seconds[i]!)
  })
  runLayers(network, footpaths, layers, q, time + q.maxTravelTime + 1)
  report(layers.at(-1)!.state, q.maxRides, time, found)
}

/** `searchRange` by way of places. */
export function viaRange(
  network: SearchNetwork,
  footpaths: Footpaths,
  layers: readonly Layer[],
  q: ViaQuery,
  from: number,
  to: number,
  found: (rides: number, departure: number) => void,
): void {
  clear(network, layers)
  const accesses = accessOf(q, footpaths)
  const departures = accesses.flatMap((access, j) => {
    const packed = departuresAt(network, access, layers[j]!.bounds, from, to)
    return Array.from(packed, departure => {
      const time = Math.floor(departure / ACCESS_LIMIT)
      const i = departure - time * ACCESS_LIMIT
      return { time, layer: j, stop: access.stops[i]!, seconds: access.seconds[i]! }
    })
  })
  if (departures.length === 0) return
  departures.sort((a, b) => b.time - a.time)
  accesses.forEach((access, j) => {
    for (let i = 0; i < access.count; i++) seed(layers[j]!.state, access.stops[i]!, to + access.seconds[i]!)
  })
  runLayers(network, footpaths, layers, q, to + q.maxTravelTime + 1)
  for (let i = 0; i < departures.length; ) {
    const { time } = departures[i]!
    for (; i < departures.length && departures[i]!.time === time; i++) {
      const { layer, stop, seconds } = departures[i]!
      seed(layers[layer]!.state, stop, time + seconds)
    }
    runLayers(network, footpaths, layers, q, time + q.maxTravelTime + 1)
    report(layers.at(-1)!.state, q.maxRides, time, found)
  }
}

function clear(network: SearchNetwork, layers: readonly Layer[]): void {
  for (const { state } of layers) {
    clearLabels(state)
    fitLanes(state, network.lanes)
  }
}

/**
 * Where the journey may begin in each layer: who starts at a place, or walks there first, has been there once the stay is over, and boards there or walks on,
 * as who gets off elsewhere may walk to a place and stay before the last walk.
 */
export function accessOf({ access, vias }: Pick<ViaQuery, 'access' | 'vias'>, footpaths: Footpaths): ViaAccess[] {
  const { outBegin, outTo, outSeconds } = footpaths
  const accesses: ViaAccess[] = [{ ...access, by: new Map() }]
  for (const { platforms, onFoot, stay } of vias) {
    const before = accesses.at(-1)!
    const best = new Map<number, { seconds: number; by: readonly Stay[] }>()
    const offer = (stop: number, seconds: number, by: readonly Stay[]): void => {
      if (seconds < (best.get(stop)?.seconds ?? NEVER)) best.set(stop, { seconds, by })
    }
    for (let i = 0; i < before.count; i++) {
      const stop = before.stops[i]!
      if (!platforms?.has(stop)) continue
      const by = [...(before.by.get(stop) ?? []), { stop, seconds: before.seconds[i]! }]
      const seconds = before.seconds[i]! + stay
      offer(stop, seconds, by)
      const copies = onFoot.get(stop)
      for (let e = outBegin[stop]!; copies && e < outBegin[stop + 1]!; e++)
        if (!copies.includes(outTo[e]!)) offer(outTo[e]!, seconds + outSeconds[e]!, by)
    }
    accesses.push({
      count: best.size,
      stops: [...best.keys()],
      seconds: Array.from(best.values(), ({ seconds }) => seconds),
      by: new Map(Array.from(best, ([stop, { by }]) => [stop, by])),
    })
  }
  return accesses
}

function runLayers(
  network: SearchNetwork,
  footpaths: Footpaths,
  layers: readonly Layer[],
  q: ViaQuery,
  latest: number,
): void {
  const passing = lanesPassing(network, q.vias)
  const [first, ...others] = layers.map(({ state }) => state)
  beginPass(first!, q.maxRides, latest)
  for (const state of others) state.pass++
  for (let k = 1; k <= q.maxRides && layers.some(({ state }) => state.markedCount > 0); k++) {
    const states = layers.map(({ state }) => state)
    if (states.at(-1)!.isGivenUp()) giveUp(states)
    for (const state of states) openRound(state, k)
    for (const { state, bounds } of layers) {
      listMarked(bounds, state, k)
      for (const b of network.blocks) {
        gatherLanes(b, state, k)
        scanLanes(b, bounds, state, k)
      }
    }
    for (const lane of passing) passBy(blockOfLane(network, lane), lane, layers, q.vias, k)
    q.vias.forEach((via, j) => {
      if (via.platforms) getOff(footpaths, layers[j]!.state, layers[j + 1]!, via, k)
    })
    for (const { state } of layers) unmark(state)
    q.vias.forEach((via, j) => {
      if (!via.platforms) walkBy(layers[j]!.state, layers[j + 1]!, via, k)
    })
    for (const { state, bounds } of layers) walk(footpaths, bounds, state, k)
  }
  for (const { state } of layers) unmark(state)
}

/** Lanes that call at a place where nobody has to get off. */
function lanesPassing(network: SearchNetwork, vias: readonly ViaPlace[]): Set<number> {
  const lanes = new Set<number>()
  for (const { platforms = new Set<number>(), stay } of vias)
    for (const stop of stay === 0 ? platforms : [])
      for (const { block, firstLane, closed } of network.blocks)
        for (let call = block.stopBegin[stop]!; call < block.stopBegin[stop + 1]!; call++) {
          const lane = block.stopCalls[CALL_WORDS * call + CALL_LANE]!
          if (!isClosed(closed, lane)) lanes.add(firstLane + lane)
        }
  return lanes
}

/** Rides one lane in all layers at once, for those who keep their seats at a place. */
function passBy(
  { block, offset, firstLane }: SearchBlock,
  number: number,
  layers: readonly Layer[],
  vias: readonly ViaPlace[],
  k: number,
): void {
  const lane = number - firstLane
  const stops = block.laneStops[lane]!
  const runs = block.laneRunBegin[lane + 1]! - block.laneRunBegin[lane]!
  const event = block.laneEvent[lane]!
  // layer → the run on board, and where and in which layer it was boarded
  const run = layers.map(() => runs)
  const boarded = layers.map(() => 0)
  const layer = layers.map((_, j) => j)
  for (let pos = 0; pos < stops; pos++) {
    const word = block.slots[block.laneSlot[lane]! + pos]!
    const stop = word >>> 2
    layers.forEach(({ state: s, bounds }, j) => {
      if (run[j]! === runs || layer[j] === j || (word & CAN_ALIGHT) === 0) return
      const time = block.arr[event + run[j]! * stops + pos]! + offset
      const label = k * s.stops + stop
      if (!improves(s, bounds, stop, k, time)) return
      alight(s, stop, k, time)
      const parent = PARENT_WORDS * label
      s.parents[parent + RIDE_LANE] = number
      s.parents[parent + RIDE_RUN] = run[j]! + ((j - layer[j]!) << LAYER_SHIFT)
      s.parents[parent + RIDE_SPAN] = (boarded[j]! << 16) | pos
      finish(s, stop, k, time)
    })
    vias.forEach(({ platforms, stay }, j) => {
      if (stay > 0 || run[j]! >= run[j + 1]! || !platforms?.has(stop) || (word & 3) === 0) return
      if (layers[j + 1]!.bounds.seconds[stop]! === NEVER) return
      run[j + 1] = run[j]!
      boarded[j + 1] = boarded[j]!
      layer[j + 1] = layer[j]!
    })
    layers.forEach(({ state: s }, j) => {
      if ((word & CAN_BOARD) === 0 || s.isMarked[stop] === 0 || run[j] === 0) return
      const time = s.ready[(k - 1) * s.stops + stop]! - offset
      const column = event + pos * runs
      if (block.dep[column + run[j]! - 1]! < time) return
      run[j] = firstAtOrAfter(block.dep, column, run[j]!, time)
      boarded[j] = pos
      layer[j] = j
    })
  }
}

const improves = (s: SearchState, { seconds }: LowerBounds, stop: number, k: number, time: number): boolean =>
  time < s.ride[k * s.stops + stop]! && time + seconds[stop]! < s.limit[k]!

function finish(s: SearchState, stop: number, k: number, time: number): void {
  const end = s.egress[stop]! < NEVER ? time + s.egress[stop]! : NEVER
  if (end < s.limit[k]!) reachTarget(s, stop, k, end)
}

/** From getting off at the place, or near it, into the layer after. */
function getOff(
  { inBegin, inFrom, inSeconds }: Footpaths,
  before: SearchState,
  { state: s, bounds }: Layer,
  { platforms, onFoot, stay }: ViaPlace,
  k: number,
): void {
  const cross = (from: number, seconds: number, stop: number): void => {
    if (before.isAlighted[from] === 0) return
    const time = before.ride[k * before.stops + from]! + seconds + stay
    if (!improves(s, bounds, stop, k, time)) return
    const parent = PARENT_WORDS * (k * s.stops + stop)
    alight(s, stop, k, time)
    s.parents[parent + RIDE_LANE] = CROSSED
    s.parents[parent + RIDE_RUN] = from
    finish(s, stop, k, time)
  }
  for (const stop of platforms!) cross(stop, 0, stop)
  for (const [stop, copies] of onFoot)
    for (let e = inBegin[stop]!; e < inBegin[stop + 1]!; e++)
      if (!copies.includes(inFrom[e]!)) cross(inFrom[e]!, inSeconds[e]!, stop)
}

/** To a place that is no stop, and from there into the layer after. */
function walkBy(before: SearchState, { state: s, bounds }: Layer, { into, outOf, stay }: ViaPlace, k: number): void {
  for (let i = 0; i < into.count; i++) {
    const from = into.stops[i]!
    if (before.isAlighted[from] === 0) continue
    const time = before.ride[k * before.stops + from]! + into.seconds[i]! + stay
    for (let o = 0; o < outOf.count; o++) {
      const there = time + outOf.seconds[o]!
      const stop = outOf.stops[o]!
      if (there + bounds.seconds[stop]! < s.limit[k]!) arrive(s, stop, FROM_PLACE - from, k, there)
    }
  }
}
