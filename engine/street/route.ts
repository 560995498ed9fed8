// A way along the streets with its reasons: whether this traveller can pass for certain, what stands in the way when he cannot, which places
// of accidents the way goes round and which it does not.

import { type EdgeIdx, NONE } from '../core/ids.ts'
import { obstaclesBefore } from './ends.ts'
import { accidentsOf, Mode } from './graph.ts'
import { type StreetEnd, type StreetPath, streetPath } from './path.ts'
import { Profile, withChanges } from './profile.ts'
import { type PointTravel, type StreetSearch, travelAs } from './search.ts'
import { type HotSpot, hotSpotsOn, judgeStretches, type Obstacle } from './verdict.ts'

export interface StreetRoute {
  /** undefined: there is none within the limits. */
  readonly path: StreetPath | undefined
  /** Of the quickest way without limits (of a wheelchair's, else on foot) what breaks them; empty if there is none either, or if there is a way. */
  readonly blocking: readonly Obstacle[]
  /** On the quickest way and not on this one. */
  readonly avoided: readonly HotSpot[]
  readonly passed: readonly HotSpot[]
}

export function streetRoute(search: StreetSearch, from: StreetEnd, to: StreetEnd, options: PointTravel): StreetRoute {
  const { profile } = options
  const path = streetPath(search, from, to, options)
  const graph = search.graph
  if (!path) {
    const free = withoutLimits(profile, traveller => streetPath(search, from, to, { ...options, profile: traveller }))
    return { path, blocking: free ? blockingOn(search, from, to, options, free) : [], avoided: [], passed: [] }
  }
  return {
    path,
    blocking: [],
    avoided: avoidedHotSpots(search, from, to, options, path),
    passed: hotSpotsOn(graph, path.stretches),
  }
}

/** The quickest way without limits; where not even so wheels get through, the way of somebody on foot. */
export const withoutLimits = <Way>(profile: Profile, find: (traveller: Profile) => Way | undefined): Way | undefined =>
  find({ ...profile, limits: {} }) ?? (profile.mode === Mode.wheelchair ? find(Profile.foot) : undefined)

/** On the quickest way and not on this one. */
export function avoidedHotSpots(
  search: StreetSearch,
  from: StreetEnd,
  to: StreetEnd,
  options: PointTravel,
  { stretches }: StreetPath,
): readonly HotSpot[] {
  const { graph } = search
  if (options.profile.weights.safety === 0 || !graph.sortForm.some(form => accidentsOf(form) > 0)) return []
  const profile = withChanges(options.profile, { weights: { maxDetour: 0 } })
  const quickest = streetPath(search, from, to, { ...options, profile })
  const ridden = stretches.filter(({ fromMm, toMm }) => fromMm !== toMm)
  return quickest ? hotSpotsOn(graph, quickest.stretches, new Set(ridden.map(({ edge }) => edge))) : []
}

/** Of a way within no limits what breaks those of this traveller, before and after it as well. */
export function blockingOn(
  search: StreetSearch,
  from: StreetEnd,
  to: StreetEnd,
  { profile, maxMatchingDistance }: Pick<PointTravel, 'profile' | 'maxMatchingDistance'>,
  { stretches }: Pick<StreetPath, 'stretches'>,
): readonly Obstacle[] {
  travelAs(search, profile)
  const refused = profile.limits.unknown === 'refuse'
  const before = refused
    ? [from, to].flatMap(end =>
        obstaclesBefore(search, end, { edge: NONE as EdgeIdx, offsetMm: 1000 * maxMatchingDistance }),
      )
    : []
  const { obstacles } = judgeStretches(search.graph, profile, stretches, before)
  return obstacles.filter(({ passable }) => refused || passable === 'no')
}
