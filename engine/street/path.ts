// From one place to another along the streets: the line to draw, its length, and the steps to tell.

import type { EdgeIdx, StopIdx } from '../core/ids.ts'
import { NEVER } from '../core/time.ts'
import { obstaclesBefore, placesAt } from './ends.ts'
import { hurried } from './hurry.ts'
import { type Endured, pausesOn } from './pauses.ts'
import { costBound, type PointTravel, type StreetSearch, timeBound, travelAs } from './search.ts'
import { type Arrival, aim } from './shortest.ts'
import type { Place } from './snap.ts'
import { FIRST } from './start.ts'
import { type StreetStep, tellSteps } from './steps.ts'
import { pushPoint, pushStretch, type Stretch, wholeEdge } from './stretch.ts'
import { unlimited } from './unlimited.ts'
import { judgeStretches, type Obstacle, type Verdict } from './verdict.ts'

/** A coordinate in 1e-7 degrees, or a stop. */
export type StreetEnd = { readonly lat: number; readonly lon: number } | { readonly stop: StopIdx }

export interface StreetPath {
  /** Rounded up. */
  readonly seconds: number
  /** Where a bicycle is pushed as well, and off the streets. */
  readonly metres: number
  /** lat, lon, … in 1e-7 degrees, from the very start to the very end, off the streets as well. */
  readonly points: number[]
  readonly steps: readonly StreetStep[]
  /** The pieces of edges that it is made of. */
  readonly stretches: readonly Stretch[]
  /** Whether it is passable for this traveller for certain. */
  readonly verdict: Verdict
  /** Stops on the way of who does not go on for ever. */
  readonly endured: Endured
}

/**
 * The cheapest way, or, where that takes longer than `maxSeconds`, the quickest (hurry.ts); undefined if an end touches no usable street or the way
 * takes longer.
 * A stop is where its link says, whatever `maxMatchingDistance`.
 */
export function streetPath(
  search: StreetSearch,
  from: StreetEnd,
  to: StreetEnd,
  options: PointTravel,
): StreetPath | undefined {
  travelAs(search, options.profile)
  const [starts, goals] = [from, to].map((end, i) => placesAt(search, end, options.maxMatchingDistance, i === 1))
  const best = aimAtBest(search, starts!, goals!, costBound(search, options.maxSeconds))
  if (!best || best.found.ms > options.maxSeconds * 1000) {
    const profile = hurried(options.profile)
    return profile && streetPath(search, from, to, { ...options, profile })
  }
  const { found, start, goal } = best
  const { stretches, stops } = stretchesOf(search, start, goal, found.entry)
  const points: number[] = []
  pushPoint(...pointOf(search, from), points)
  for (const stretch of stretches) pushStretch(search.graph, stretch, points)
  pushPoint(...pointOf(search, to), points)
  const millimetres = stretches.reduce((sum, { fromMm, toMm }) => sum + Math.abs(toMm - fromMm), 0)
  return {
    seconds: Math.ceil(found.ms / 1000),
    metres: (start.offsetMm + millimetres + goal.offsetMm) / 1000,
    points,
    steps: withEnds(
      tellSteps(search.graph, stretches, options.profile.mode, pointOf(search, to)),
      start.offsetMm / 1000,
      goal.offsetMm / 1000,
    ),
    stretches,
    verdict: judgeStretches(search.graph, options.profile, stretches, [
      ...obstaclesBefore(search, from, start),
      ...obstaclesBetween(search, from, start, options, false),
      ...obstaclesBefore(search, to, goal),
      ...obstaclesBetween(search, to, goal, options, true),
    ]),
    endured: pausesOn(search.graph, search.costs, [start, goal], stretches, stops),
  }
}

type AtEnd = Pick<PointTravel, 'profile' | 'maxMatchingDistance'>

/**
 * What closes the streets nearer to an end than the places where this traveller leaves it (reverse: comes to it): whether one can pass there nobody
 * knows. Of several places any: a way is looked at no closer.
 */
export function closedBeside(
  search: StreetSearch,
  end: StreetEnd,
  options: AtEnd,
  reverse: boolean,
): readonly Obstacle[] {
  const { profile, maxMatchingDistance } = options
  if (unlimited(profile) === profile) return []
  travelAs(search, profile)
  const closed = placesAt(search, end, maxMatchingDistance, reverse).flatMap(place => [
    ...obstaclesBefore(search, end, place),
    ...obstaclesBetween(search, end, place, options, reverse),
  ])
  return judgeStretches(search.graph, profile, [], closed).obstacles
}

/** What closes the way between the end and a place to which limits lead him: nobody knows whether it can be passed. The labels are others then. */
function obstaclesBetween(
  search: StreetSearch,
  end: StreetEnd,
  place: Place,
  { profile, maxMatchingDistance }: AtEnd,
  reverse: boolean,
): Obstacle[] {
  if (place.moreMs === undefined) return []
  travelAs(search, unlimited(profile))
  const free = placesAt(search, end, maxMatchingDistance, reverse)
  const [starts, goals] = reverse ? [[place], free] : [free, [place]]
  const best = aimAtBest(search, starts, goals, NEVER - 1)
  const stretches = best ? stretchesOf(search, best.start, best.goal, best.found.entry).stretches : []
  travelAs(search, profile)
  const { obstacles } = judgeStretches(search.graph, profile, stretches)
  const refused = profile.limits.unknown === 'refuse'
  return obstacles.flatMap(obstacle =>
    obstacle.passable === 'no' || refused ? [{ ...obstacle, passable: 'unknown' }] : [],
  )
}

/** The way to the street is part of the first step, the way from it of the last: steps add up to the whole. */
const withEnds = (steps: readonly StreetStep[], before: number, after: number): StreetStep[] =>
  steps.map((step, i) => ({
    ...step,
    metres: step.metres + (i === 0 ? before : 0) + (i === steps.length - 1 ? after : 0),
  }))

interface Aimed {
  readonly start: Place
  readonly goal: Place
  readonly found: Arrival
}

/** From one of the starts to one of the goals, which are nearly always one each; the labels are those of the best. */
function aimAtBest(
  search: StreetSearch,
  starts: readonly Place[],
  goals: readonly Place[],
  maxMs: number,
): Aimed | undefined {
  const latest = timeBound(search, maxMs)
  let best: Aimed | undefined
  for (const start of starts)
    for (const goal of goals) {
      const found = aim(search, start, goal, maxMs, latest)
      if (found && found.cost < (best?.found.cost ?? NEVER)) best = { start, goal, found }
    }
  if (best && starts.length * goals.length > 1) aim(search, best.start, best.goal, maxMs, latest)
  return best
}

const pointOf = ({ links }: StreetSearch, end: StreetEnd): [number, number] =>
  'stop' in end ? [links.stopLat[end.stop]!, links.stopLon[end.stop]!] : [end.lat, end.lon]

/** Back along the labels, from the one at which the goal's edge is entered to the edge of the start. */
function stretchesOf(
  { graph, costs, endurance, nodeArc, nodeFrom }: StreetSearch,
  start: Place,
  goal: Place,
  entry: Arrival['entry'],
): { stretches: Stretch[]; stops: Set<number> } {
  if (!entry) return { stretches: [{ edge: start.edge, fromMm: start.alongMm, toMm: goal.alongMm }], stops: new Set() }
  const back: Stretch[] = []
  const stopped: number[] = []
  for (let label = entry.label; ; label = nodeFrom[label]!) {
    const arc = nodeArc[label]!
    const whole = wholeEdge(graph, ((arc & ~FIRST) >>> 1) as EdgeIdx, (arc & 1) === 1)
    if (costs.store && endurance!.stopped[label] === 1) stopped.push(back.length)
    if (arc >= FIRST) {
      back.push({ ...whole, fromMm: start.alongMm })
      break
    }
    back.push(whole)
  }
  const stops = new Set(stopped.map(i => back.length - 1 - i))
  const last = { ...wholeEdge(graph, goal.edge, entry.backward === 1), toMm: goal.alongMm }
  return { stretches: [...back.reverse(), last], stops }
}
