// Getting to the stops, or from them, with a vehicle: stages of walking and riding, each a flood of the streets that begins where the one
// before may change.
//
//   own vehicle      place ══ ride ══▶ leave it ── walk ──▶ stops               the same backwards from a destination:
//   for rent         place ── walk ──▶ take ══ ride ══▶ leave ── walk ──▶ stops the search begins there and runs against the way
//
// The stages keep their labels, each in a search state of its own, so that the way to a stop is read from them afterwards.

import { type EdgeIdx, NONE } from '../core/ids.ts'
import { NEVER } from '../core/time.ts'
import { partMs } from '../street/costs.ts'
import { enduresMs, labelNode } from '../street/endurance.ts'
import type { StreetGraph } from '../street/graph.ts'
import type { Profile } from '../street/profile.ts'
import { costBound, placeNear, reachFromMany, type StreetSearch, travelAs } from '../street/search.ts'
import { arriveAt, floodFrom, sameEdge } from '../street/shortest.ts'
import type { Place } from '../street/snap.ts'
import { FIRST, offMs, type Seed } from '../street/start.ts'
import type { Approach, ApproachMode, ApproachPart, ApproachPoint, RentalUse } from '../transit/journey.ts'
import { placeAtNode, placeOf, placesWithin, type Switch, type SwitchPlace } from './switches.ts'

export interface Course {
  readonly mode: ApproachMode
  readonly ride: Profile
  /** Where the vehicle is taken; undefined: the traveller has it. */
  readonly take: Switch | undefined
  readonly leave: Switch
  readonly rental?: RentalUse
  /** The streets for riding: without those where this vehicle must not go. */
  readonly graph: StreetGraph
}

/** Search states, kept by whoever asks again. */
export interface CourseSearches {
  readonly first: StreetSearch
  readonly last: StreetSearch
  /** For riding, on the course's graph. */
  readonly ride: StreetSearch
}

export interface CourseQuery {
  readonly lat: number
  readonly lon: number
  readonly walker: Profile
  readonly maxSeconds: number
  readonly maxMatchingDistance: number
  /** From the stops to the place. */
  readonly reverse: boolean
}

interface StageSeed extends Seed {
  /** When the stage before arrived here, without what the change takes. */
  readonly arrived: number
  readonly point: ApproachPoint | undefined
  /** The seed of the stage before; −1 at the beginning. */
  readonly before: number
}

interface Stage {
  readonly riding: boolean
  readonly search: StreetSearch
  readonly profile: Profile
  readonly seeds: readonly StageSeed[]
  /** `search.begun` when the labels became this stage's: while it is the same, they still are. */
  flooded?: number
}

export interface CourseRun {
  readonly course: Course
  readonly query: CourseQuery
  readonly stages: readonly Stage[]
}

/** All stages but the last flood; that one is flooded by whoever asks what it reaches. Undefined where a stage has nowhere to begin. */
export function runCourse(course: Course, searches: CourseSearches, query: CourseQuery): CourseRun | undefined {
  const { walker, reverse } = query
  const walkFirst = course.take !== undefined
  const first = walkFirst ? searches.first : searches.ride
  const profile = walkFirst ? walker : course.ride
  travelAs(first, profile)
  const place = placeNear(first, query, query.maxMatchingDistance)
  if (!place) return undefined
  const start: StageSeed = { place, ms: 0, arrived: 0, point: undefined, before: -1 }
  const stages: Stage[] = [{ riding: !walkFirst, search: first, profile, seeds: [start] }]
  const [near, far] = reverse ? [course.leave, course.take!] : [course.take!, course.leave]
  const switches = walkFirst ? [near, far] : [course.leave]
  for (const [i, at] of switches.entries()) {
    const stage = stages.at(-1)!
    const next =
      walkFirst && i === 0
        ? { riding: true, search: searches.ride, profile: course.ride }
        : { riding: false, search: searches.last, profile: walker }
    const seeds = seedsOf(stage, next, at, query)
    if (seeds.length === 0) return undefined
    stages.push({ ...next, seeds })
  }
  return { course, query, stages }
}

/** Floods a stage and gives where the next may begin. */
function seedsOf(stage: Stage, next: Omit<Stage, 'seeds'>, at: Switch, query: CourseQuery): StageSeed[] {
  const { search, profile, seeds } = stage
  // the change has to fit in as well
  floodStage(stage, Math.max(0, query.maxSeconds - at.seconds), query.reverse)
  const limit = query.maxSeconds * 1000
  const found: StageSeed[] = []
  const onEdge = seedsByEdge(seeds)
  // nobody gets farther than the fastest of both
  const metres = query.maxSeconds * Math.max(profile.speed, 2)
  for (const place of placesWithin(at, query.lat, query.lon, metres)) {
    const goal = placeOf(search, place, profile)
    const arrival = goal && arrive(stage, onEdge, goal, query.reverse)
    if (!arrival || arrival.ms + at.seconds * 1000 > limit) continue
    if (at.accepts && !at.accepts(place, arrival.ms / 1000)) continue
    const begin = placeOf(next.search, place, next.profile)
    if (begin)
      found.push({
        place: begin,
        ms: arrival.ms + at.seconds * 1000,
        arrived: arrival.ms,
        point: pointOf(place),
        before: arrival.seed,
      })
  }
  return at.anywhere ? found.concat(anywhere(stage, onEdge, next, at, query)) : found
}

function floodStage(stage: Stage, maxSeconds: number, reverse: boolean): void {
  const { search, profile, seeds } = stage
  travelAs(search, profile)
  floodFrom(search, seeds, costBound(search, maxSeconds), reverse)
  stage.flooded = search.begun
}

const pointOf = ({ lat, lon, name, station }: SwitchPlace): ApproachPoint => ({
  lat,
  lon,
  ...(name !== undefined && { name }),
  ...(station !== undefined && { station }),
})

/**
 * Nodes at which to change where that is allowed anywhere: those with a stop beside them, and those from which only the other way of
 * moving goes on. Elsewhere it is no worse to go on a bit.
 */
function anywhere(
  stage: Stage,
  onEdge: SeedsByEdge,
  next: Omit<Stage, 'seeds'>,
  at: Switch,
  query: CourseQuery,
): StageSeed[] {
  const limit = query.maxSeconds * 1000
  const { search } = stage
  const { graph, links, times, touched, touchedCount } = search
  travelAs(next.search, next.profile)
  const [here, there] = [search.costs.time, next.search.costs.time]
  const sortThere = next.search.graph.edgeSort
  const found: StageSeed[] = []
  for (let i = 0; i < touchedCount; i++) {
    const label = touched[i]!
    const arrived = times[label]! + enduresMs(search, label, query.reverse ? 1 : 0)
    const ms = arrived + at.seconds * 1000
    if (ms > limit) continue
    const node = labelNode(search, label)
    let worth = links.entriesBegin[node]! < links.entriesBegin[node + 1]!
    for (let a = graph.arcsBegin[node]!; !worth && a < graph.arcsBegin[node + 1]!; a++) {
      const [edge, backward] = [graph.arcEdge[a]! >>> 1, graph.arcEdge[a]! & 1]
      worth =
        here[(graph.edgeSort[edge as never] << 1) | backward] === Number.POSITIVE_INFINITY &&
        there[(sortThere[edge as never] << 1) | backward]! < Number.POSITIVE_INFINITY
    }
    const [lat, lon] = [graph.nodeLat[node]!, graph.nodeLon[node]!]
    const place = worth && at.anywhere!(lat, lon) ? placeAtNode(next.search.graph, node) : undefined
    if (place)
      found.push({
        place,
        ms,
        arrived,
        point: { lat, lon },
        before: seedOfLabel(stage, onEdge, label, query.reverse),
      })
  }
  return found
}

type SeedsByEdge = Pick<ReadonlyMap<number, readonly number[]>, 'get'>

function seedsByEdge(seeds: readonly StageSeed[]): SeedsByEdge {
  const byEdge = new Map<number, number[]>()
  for (const [i, { place }] of seeds.entries()) byEdge.getOrInsertComputed(place.edge, () => []).push(i)
  return byEdge
}

/** The same without a map, for who asks for a few edges of thousands. */
const seedsOn = (seeds: readonly StageSeed[]): SeedsByEdge => ({
  get: edge => {
    const found: number[] = []
    for (let i = 0; i < seeds.length; i++) if (seeds[i]!.place.edge === edge) found.push(i)
    return found
  },
})

/** After a stage's flood: when a place is reached, and from which seed. */
function arrive(
  stage: Stage,
  onEdge: SeedsByEdge,
  goal: Place,
  reverse: boolean,
): { ms: number; seed: number } | undefined {
  const { search, seeds } = stage
  const way = arriveAt(search, { ...goal, edge: NONE as Place['edge'] }, goal, reverse ? 1 : 0)
  let cost = way?.cost ?? NEVER
  let best = way?.entry ? { ms: way.ms, seed: seedOfLabel(stage, onEdge, way.entry.label, reverse) } : undefined
  for (const i of onEdge.get(goal.edge) ?? []) {
    const along = sameEdge(search, seeds[i]!.place, goal, reverse ? 1 : 0)
    if (!along || along.cost + seeds[i]!.ms >= cost) continue
    cost = along.cost + seeds[i]!.ms
    best = { ms: along.ms + seeds[i]!.ms, seed: i }
  }
  return best
}

/** Back along the labels to the edge where it began, then the seed there from which the first label is reached soonest. */
function seedOfLabel({ search, seeds }: Stage, onEdge: SeedsByEdge, label: number, reverse: boolean): number {
  if (seeds.length === 1) return 0
  const { nodeArc, nodeFrom, graph, costs } = search
  let at = label
  while (nodeArc[at]! < FIRST) at = nodeFrom[at]!
  const edge = ((nodeArc[at]! & ~FIRST) >>> 1) as EdgeIdx
  const backward = nodeArc[at]! & 1
  let best = 0
  let least = Number.POSITIVE_INFINITY
  for (const i of onEdge.get(edge) ?? []) {
    const { place, ms } = seeds[i]!
    const mm = backward ? place.alongMm : graph.edgeMillimetres[edge] - place.alongMm
    const cost = ms + offMs(costs, place) + partMs(costs.pace, graph.edgeSort[edge], backward ^ (reverse ? 1 : 0), mm)
    if (cost >= least) continue
    least = cost
    best = i
  }
  return best
}

/** Stops that the last stage reaches, with their seconds; the search's own arrays. */
export function courseStops({ stages, query }: CourseRun): StreetSearch['reached'] {
  const last = stages.at(-1)!
  const reached = reachFromMany(
    last.search,
    last.seeds,
    { profile: last.profile, maxSeconds: query.maxSeconds },
    query.reverse,
  )
  last.flooded = last.search.begun
  return reached
}

/** The way to places that the last stage reaches; undefined for those that it does not. Floods the last stage again if its labels are gone. */
export function traceCourse(
  { course, query, stages }: CourseRun,
  goals: readonly (Place | undefined)[],
): (Approach | undefined)[] {
  const last = stages.at(-1)!
  travelAs(last.search, last.profile)
  if (last.flooded !== last.search.begun) floodStage(last, query.maxSeconds, query.reverse)
  const onEdge = seedsOn(last.seeds)
  return goals.map(goal => {
    const arrival = goal && arrive(last, onEdge, goal, query.reverse)
    if (!arrival || arrival.ms > query.maxSeconds * 1000) return undefined
    const parts: ApproachPart[] = []
    let [end, seed, to] = [arrival.ms, arrival.seed, undefined as ApproachPoint | undefined]
    for (let s = stages.length - 1; s >= 0; s--) {
      const stage = stages[s]!
      const { arrived, point, before } = stage.seeds[seed]!
      const mode = stage.riding ? ridden[course.mode] : 'WALK'
      // what the change takes belongs to the part after it
      const part: ApproachPart = { mode, seconds: (end - arrived) / 1000, from: point, to }
      if (part.seconds > 0 || stage.riding) parts.push(part)
      ;[end, seed, to] = [arrived, before, point]
    }
    if (!query.reverse) parts.reverse()
    const turned = query.reverse ? parts.map(part => ({ ...part, from: part.to, to: part.from })) : parts
    return { mode: course.mode, parts: turned, ...(course.rental && { rental: course.rental }) }
  })
}

const ridden = {
  RENTAL: 'RENTAL',
  BIKE: 'BIKE',

  CAR: 'CAR',
  CAR_DROPOFF: 'CAR',
  CAR_PARKING: 'CAR',
} as const
