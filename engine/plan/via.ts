// A query's places on the way, made ready for the search (transit/via.ts): which stops they are or are walked to from, in the search's
// direction, and a layer of labels and lower bounds for each.

import { NEVER } from '../core/time.ts'
import { stopCopies } from '../footpaths/copies.ts'
import { computeBounds, emptyBounds, type LowerBounds } from '../transit/bounds.ts'
import { boundCopies, reachCopies } from '../transit/copied.ts'
import { closeStops, usableReach } from '../transit/options.ts'
import type { Reach } from '../transit/range.ts'
import { createSearchState, type SearchState } from '../transit/state.ts'
import type { Layer, ViaPlace } from '../transit/via.ts'
import { platformsOf, stopsAround } from './access.ts'
import type { Planner } from './plan.ts'
import type { Query, QueryPlace, Via } from './query.ts'
import type { Direction } from './side.ts'

const NOWHERE: Reach = { count: 0, stops: [], seconds: [] }
const NO_PLATFORMS: ViaPlace['onFoot'] = new Map()

/** The query's places in the search's order. */
export function viaPlaces(planner: Planner, q: Query): ViaPlace[] {
  const places = q.vias.map(via => viaPlace(planner, q, via))
  return q.arriveBy ? places.reverse() : places
}

function viaPlace(planner: Planner, q: Query, { place, stay }: Via): ViaPlace {
  const { timetable: tt } = planner
  if (place.kind === 'stop') {
    const { of } = stopCopies(tt)
    const onFoot = new Map(platformsOf(tt, place.stop).map(stop => [stop, of.get(stop) ?? []]))
    const platforms = new Set([...onFoot].flatMap(([stop, copies]) => [stop, ...copies]))
    return { stay, platforms, onFoot, into: NOWHERE, outOf: NOWHERE }
  }
  const around = (isLeft: boolean): Reach =>
    reachCopies(tt, usableReach(tt, q.wheelchairStops, reachOfVia(planner, q, place, isLeft)))
  const [into, outOf] = [around(false), around(true)]
  return q.arriveBy
    ? { stay, platforms: undefined, onFoot: NO_PLATFORMS, into: outOf, outOf: into }
    : { stay, platforms: undefined, onFoot: NO_PLATFORMS, into, outOf }
}

/** The stops from which one walks to a place on the way that is no stop, or for which one leaves it. */
export const reachOfVia = (planner: Planner, q: Query, place: QueryPlace, isLeft: boolean): Reach =>
  stopsAround(planner, place, {
    profile: q.walker,
    maxMatchingDistance: q.maxMatchingDistance,
    maxSeconds: isLeft ? q.maxAccess : q.maxEgress,
    reverse: !isLeft,
  })

interface Scratch {
  readonly states: SearchState[]
  readonly bounds: LowerBounds[]
  readonly ends: Int32Array
}

const scratches = new WeakMap<SearchState, Scratch>()

/** A layer for each place, below the one that leads to the end. @param toEnd its lower bounds */
export function layersFor(
  planner: Planner,
  direction: Direction,
  toEnd: LowerBounds,
  q: Query,
  vias: readonly ViaPlace[],
): Layer[] {
  const { timetable: tt, state } = planner
  const { count } = stopCopies(tt)
  const scratch = scratches.getOrInsertComputed(state, () => ({
    states: [],
    bounds: [],
    ends: new Int32Array(new SharedArrayBuffer(4 * count)),
  }))
  while (scratch.states.length < vias.length) {
    const { target, targetStop, targetPass, limit, work } = state
    scratch.states.push({ ...createSearchState(count), target, targetStop, targetPass, limit, work })
    scratch.bounds.push(emptyBounds(count))
  }
  const layers: Layer[] = [{ state, bounds: toEnd }]
  for (let j = vias.length - 1; j >= 0; j--) {
    const bounds = scratch.bounds[j]!
    boundsTo(planner, direction, vias[j]!, layers[0]!.bounds.seconds, bounds.seconds, scratch.ends)
    boundCopies(tt, bounds.seconds)
    closeStops(tt, q.wheelchairStops, bounds.seconds)
    layers.unshift({ state: scratch.states[j]!, bounds })
  }
  return layers
}

/** Lower bounds by way of a place to where `after` leads. */
function boundsTo(
  { timetable: tt, scratch }: Planner,
  { hops, faster, footpaths }: Direction,
  { platforms, stay, into, outOf }: ViaPlace,
  after: Int32Array,
  bounds: Int32Array,
  ends: Int32Array,
): void {
  const { stopOf } = stopCopies(tt)
  const stops = new Set<number>()
  const end = (copy: number, seconds: number): void => {
    const stop = stopOf[copy]!
    if (seconds >= NEVER) return
    ends[stop] = stops.has(stop) ? Math.min(ends[stop]!, seconds) : seconds
    stops.add(stop)
  }
  for (const stop of platforms ?? []) if (after[stop]! < NEVER) end(stop, stay + after[stop]!)
  let onwards = NEVER
  for (let i = 0; i < outOf.count; i++)
    onwards = Math.min(onwards, Math.min(NEVER, after[outOf.stops[i]!]! + outOf.seconds[i]!))
  if (onwards < NEVER) for (let i = 0; i < into.count; i++) end(into.stops[i]!, into.seconds[i]! + stay + onwards)
  const { inBegin, inFrom, inSeconds } = footpaths
  const found = { hops, faster, seconds: bounds }
  computeBounds(found, { begin: inBegin, from: inFrom, seconds: inSeconds }, [...stops], ends, scratch)
}
