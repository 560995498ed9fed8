// From one place to another along the streets: the line to draw, its length, and the steps to tell.

import type { EdgeIdx, StopIdx } from '../core/ids.ts'
import { mayUse } from './graph.ts'
import { stopPlace } from './links.ts'
import { type PointTravel, type StreetSearch, travelAs } from './search.ts'
import { type Arrival, aim, FIRST } from './shortest.ts'
import { type Place, snap } from './snap.ts'
import { type StreetStep, tellSteps } from './steps.ts'
import { pushPoint, pushStretch, type Stretch, wholeEdge } from './stretch.ts'

/** A coordinate in 1e-7 degrees, or a stop. */
export type StreetEnd = { readonly lat: number; readonly lon: number } | { readonly stop: StopIdx }

export interface StreetPath {
  /** Rounded up. */
  readonly seconds: number
  readonly metres: number
  /** lat, lon, … in 1e-7 degrees, from the very start to the very end, off the streets as well. */
  readonly points: number[]
  readonly steps: readonly StreetStep[]
}

/**
 * The quickest way; undefined if an end touches no usable street or the way takes longer than `maxSeconds`.
 * A stop is where its link says, whatever `maxMatchingDistance`.
 */
export function streetPath(
  search: StreetSearch,
  from: StreetEnd,
  to: StreetEnd,
  options: PointTravel,
): StreetPath | undefined {
  travelAs(search, options.profile, options.speed)
  const [start, goal] = [placeOf(search, from, options), placeOf(search, to, options)]
  const found = start && goal && aim(search, start, goal, options.maxSeconds * 1000)
  if (!found) return undefined
  const stretches = stretchesOf(search, start, goal, found.entry)
  const points: number[] = []
  pushPoint(...positionOf(search, from), points)
  for (const stretch of stretches) pushStretch(search.graph, stretch, points)
  pushPoint(...positionOf(search, to), points)
  const millimetres = stretches.reduce((sum, { fromMm, toMm }) => sum + Math.abs(toMm - fromMm), 0)
  return {
    seconds: Math.ceil(found.ms / 1000),
    metres: (start.offsetMm + millimetres + goal.offsetMm) / 1000,
    points,
    steps: tellSteps(search.graph, stretches),
  }
}

const placeOf = (search: StreetSearch, end: StreetEnd, options: PointTravel): Place | undefined =>
  'stop' in end
    ? stopPlace(search.links, end.stop)
    : snap(search.graph, end.lat, end.lon, options.maxMatchingDistance, traits => mayUse(traits, options.profile.mode))

const positionOf = ({ links }: StreetSearch, end: StreetEnd): [number, number] =>
  'stop' in end ? [links.stopLat[end.stop]!, links.stopLon[end.stop]!] : [end.lat, end.lon]

/** Back along the labels, from the node at which the goal's edge is entered to the edge of the start. */
function stretchesOf({ graph, nodeArc }: StreetSearch, start: Place, goal: Place, entry: Arrival['entry']): Stretch[] {
  if (!entry) return [{ edge: start.edge, fromMm: start.alongMm, toMm: goal.alongMm }]
  const back: Stretch[] = []
  let node = entry === 'first node' ? graph.edgeFrom[goal.edge] : graph.edgeTo[goal.edge]
  for (;;) {
    const arc = nodeArc[node]!
    const edge = ((arc & ~FIRST) >>> 1) as EdgeIdx
    const backward = (arc & 1) === 1
    const whole = wholeEdge(graph, edge, backward)
    if (arc >= FIRST) {
      back.push({ ...whole, fromMm: start.alongMm })
      break
    }
    back.push(whole)
    node = backward ? graph.edgeTo[edge] : graph.edgeFrom[edge]
  }
  return [...back.reverse(), { ...wholeEdge(graph, goal.edge, entry === 'last node'), toMm: goal.alongMm }]
}
