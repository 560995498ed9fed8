// Getting to the stops, or from them, with a vehicle: stages of walking and riding, each a flood of the streets that begins where the one
// before may change.
//
//   own vehicle      place ══ ride ══▶ leave it ── walk ──▶ stops               the same backwards from a destination:
//   for rent         place ── walk ──▶ take ══ ride ══▶ leave ── walk ──▶ stops the search begins there and runs against the way
//
// The stages keep their labels, each in a search state of its own, so that the way to a stop is read from them afterwards.

import { type EdgeIdx, NONE } from '../core/ids.ts'
import { NEVER } from '../core/time.ts'
import { partMs, usableSort } from '../street/costs.ts'
import { placesAt } from '../street/ends.ts'
import { drained, enduresMs, labelNode, levelOf } from '../street/endurance.ts'
import { Mode, mayUse, type StreetGraph, traitsOf } from '../street/graph.ts'
import type { Profile } from '../street/profile.ts'
import { riddenAt } from '../street/pushing.ts'
import { costBound, reachMore, type StreetSearch, travelAs } from '../street/search.ts'
import { arriveAt, floodFrom, sameEdge } from '../street/shortest.ts'
import type { Place } from '../street/snap.ts'
import { type AskedAbout, AT_NODE, FIRST, offMs, type Seed, type SeedNodes } from '../street/start.ts'
import type { Approach, ApproachMode, ApproachPart, ApproachPoint, RentalUse } from '../transit/journey.ts'
import type { NamedDoor } from './doors.ts'
import { allowedAt, placesOf, placesWithin, pointOf, type Switch } from './switches.ts'

export interface Course {
  readonly mode: ApproachMode
  /** Of what is rented: form factor and propulsion. */
  readonly kind?: string
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
  /** Where one comes out on the street (reverse: in from it): the place itself, or the doors of its station. */
  readonly doors: readonly NamedDoor[]
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

/** The same of nodes, a column each. */
interface StageNodes extends SeedNodes {
  count: number
  readonly arrived: Int32Array
  readonly before: Int32Array
}

interface Stage {
  readonly riding: boolean
  readonly search: StreetSearch
  readonly profile: Profile
  readonly seeds: readonly StageSeed[]
  /** Numbered on behind the seeds. */
  readonly nodes?: StageNodes
  /** `search.begun` when the labels became this stage's: while it is the same, they still are. */
  flooded?: number
  /** Has the time ended ways of it? */
  cutOff?: boolean
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
  const starts = startsOf(first, walkFirst, query)
  if (starts.length === 0) return undefined
  const stages: Stage[] = [{ riding: !walkFirst, search: first, profile, seeds: starts }]
  const [near, far] = reverse ? [course.leave, course.take!] : [course.take!, course.leave]
  const switches = walkFirst ? [near, far] : [course.leave]
  for (const [i, at] of switches.entries()) {
    const stage = stages.at(-1)!
    const next =
      walkFirst && i === 0
        ? { riding: true, search: searches.ride, profile: course.ride }
        : { riding: false, search: searches.last, profile: walker }
    const begins = beginningsOf(stage, next, at, query)
    if (begins.seeds.length === 0 && !begins.nodes?.count) return undefined
    stages.push({ ...next, ...begins })
  }
  return { course, query, stages }
}

/** Who rides from the door walks there first; who walks on does so in one. */
function startsOf(search: StreetSearch, walks: boolean, query: CourseQuery): StageSeed[] {
  return query.doors.flatMap(({ end, point, seconds }) => {
    const ms = Math.round(seconds * 1000)
    const began = walks || ms === 0 ? { arrived: 0, point: undefined } : { arrived: ms, point }
    const places = placesAt(search, walks ? end : point, query.maxMatchingDistance, query.reverse)
    return places.map(place => ({ place, ms, ...began, before: -1 }))
  })
}

/** Floods a stage and gives where the next may begin. */
function beginningsOf(
  stage: Stage,
  next: Omit<Stage, 'seeds'>,
  at: Switch,
  query: CourseQuery,
): Pick<Stage, 'seeds' | 'nodes'> {
  const { search, profile, seeds } = stage
  // nobody gets farther than the fastest of both
  const metres = query.maxSeconds * Math.max(profile.speed, 2)
  const goals = [...placesWithin(at, query.lat, query.lon, metres)].map(place => ({
    at: place,
    places: placesOf(search, place, profile, !query.reverse),
    ...(place.range !== undefined && { left: place.range * 1000 }),
  }))
  // what is in a vehicle counts against the way, where it is taken
  const asked = goals.flatMap(({ places, left }) =>
    places.map(place => (query.reverse && left !== undefined ? { place, left } : { place })),
  )
  // the change has to fit in as well
  floodStage(
    stage,
    Math.max(0, query.maxSeconds - at.seconds),
    query.reverse,
    at.anywhere ? (goals.length === 0 ? 'nodes' : undefined) : asked,
  )
  const limit = query.maxSeconds * 1000
  const found: StageSeed[] = []
  const onEdge = seedsByEdge(seeds)
  for (const { at: place, places, left } of goals) {
    const arrival = soonest(stage, onEdge, places, query.reverse, limit - at.seconds * 1000, left)
    if (!arrival) continue
    if (at.accepts && !at.accepts(place, arrival.ms / 1000)) continue
    for (const begin of placesOf(next.search, place, next.profile, query.reverse))
      found.push({
        place: begin,
        ms: arrival.ms + at.seconds * 1000,
        arrived: arrival.ms,
        point: pointOf(place),
        before: arrival.seed,
        ...(left !== undefined && !query.reverse && { left }),
      })
  }
  stage.cutOff = search.cutOff
  if (!at.anywhere) return { seeds: found }
  // ridden to the very door
  for (const [before, { place, ms: arrived }] of next.riding ? seeds.entries() : []) {
    const { lat, lon, edge } = place
    if (at.anywhere(lat, lon) && isRidden(next, edge))
      found.push({ place, ms: arrived + at.seconds * 1000, arrived, point: { lat, lon }, before })
  }
  return { seeds: found, nodes: anywhere(stage, next, onEdge, at, query) }
}

const isRidden = ({ search, profile }: Omit<Stage, 'seeds'>, edge: EdgeIdx): boolean =>
  usableSort(travelAs(search, profile), search.graph.edgeSort[edge]) &&
  mayUse(traitsOf(search.graph, edge), profile.mode)

function floodStage(stage: Stage, maxSeconds: number, reverse: boolean, asked?: AskedAbout): void {
  const { search, profile, seeds, nodes } = stage
  travelAs(search, profile)
  floodFrom(search, seeds, costBound(search, maxSeconds), reverse, nodes, asked)
  stage.flooded = search.begun
}

/**
 * Every node that the stage comes to is one where the next may begin, where changing is allowed anywhere. (Where the next is no quicker the
 * stage itself is sooner at all nodes around, and its flood ends there at once.)
 */
function anywhere(
  stage: Stage,
  next: Omit<Stage, 'seeds'>,
  onEdge: SeedsByEdge,
  at: Switch,
  { maxSeconds, reverse }: CourseQuery,
): StageNodes {
  const limit = maxSeconds * 1000
  const { search } = stage
  const { graph, times, touched, touchedCount } = search
  const allowed = allowedAt(at, graph)
  const { profile } = stage.riding ? stage : next
  const ridden = profile.mode === Mode.bike ? riddenAt(graph) : undefined
  const before = new Map<number, number>()
  const nodes: StageNodes = {
    count: 0,
    nodes: new Uint32Array(touchedCount),
    ms: new Int32Array(touchedCount),
    arrived: new Int32Array(touchedCount),
    before: new Int32Array(touchedCount),
  }
  for (let i = 0; i < touchedCount; i++) {
    const label = touched[i]!
    const arrived = times[label]! + enduresMs(search, label, reverse ? 1 : 0)
    const ms = arrived + at.seconds * 1000
    const node = labelNode(search, label)
    if (ms > limit || ridden?.[node] === 0 || !allowed(node)) continue
    const n = nodes.count++
    nodes.nodes[n] = node
    nodes.ms[n] = ms
    nodes.arrived[n] = arrived
    nodes.before[n] = seedOfLabel(stage, onEdge, label, reverse, before)
  }
  return nodes
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

/**
 * After a stage's flood: when a place is reached, and from which seed.
 * @param latest ms
 * @param range backwards, of the vehicle at the place: millimetres
 */
function arrive(
  stage: Stage,
  onEdge: SeedsByEdge,
  goal: Place,
  reverse: boolean,
  latest: number,
  range?: number,
): { ms: number; seed: number } | undefined {
  const { search, seeds } = stage
  const way = arriveAt(search, { ...goal, edge: NONE as Place['edge'] }, goal, reverse ? 1 : 0, latest, range)
  let cost = way?.cost ?? NEVER
  let best = way?.entry ? { ms: way.ms, seed: seedOfLabel(stage, onEdge, way.entry.label, reverse) } : undefined
  for (const i of onEdge.get(goal.edge) ?? []) {
    const along = sameEdge(search, seeds[i]!.place, goal, reverse ? 1 : 0, reverse ? range : seeds[i]!.left)
    if (!along || along.cost + seeds[i]!.ms >= cost || along.ms + seeds[i]!.ms > latest) continue
    cost = along.cost + seeds[i]!.ms
    best = { ms: along.ms + seeds[i]!.ms, seed: i }
  }
  return best
}

/** Of several places the one that is reached first. */
function soonest(
  stage: Stage,
  onEdge: SeedsByEdge,
  places: readonly Place[],
  reverse: boolean,
  latest: number,
  range?: number,
): ReturnType<typeof arrive> {
  const arrivals = places
    .map(place => arrive(stage, onEdge, place, reverse, latest, range))
    .filter(a => a !== undefined)
  return arrivals.sort((a, b) => a.ms - b.ms)[0]
}

/** Back along the labels to the edge where it began, then the seed there from which the first label is reached soonest. */
function seedOfLabel(
  { search, seeds, nodes }: Stage,
  onEdge: SeedsByEdge,
  label: number,
  reverse: boolean,
  known = new Map<number, number>(),
): number {
  if (seeds.length === 1 && !nodes) return 0
  const { nodeArc, nodeFrom, nodeMs, graph, costs } = search
  let at = label
  while (nodeArc[at]! < FIRST) at = nodeFrom[at]!
  const seed = known.get(at)
  if (seed !== undefined) return seed
  if (nodeArc[at] === AT_NODE) {
    const { count, nodes: begun, ms } = nodes!
    const node = labelNode(search, at)
    for (let i = 0; i < count; i++) if (begun[i] === node && ms[i] === nodeMs[at]) return seeds.length + i
  }
  const edge = ((nodeArc[at]! & ~FIRST) >>> 1) as EdgeIdx
  const backward = nodeArc[at]! & 1
  const direction = (graph.edgeSort[edge] << 1) | (backward ^ (reverse ? 1 : 0))
  let best = 0
  let least = Number.POSITIVE_INFINITY
  for (const i of onEdge.get(edge) ?? []) {
    const { place, ms, left } = seeds[i]!
    const mm = backward ? place.alongMm : graph.edgeMillimetres[edge] - place.alongMm
    if (left !== undefined && left - drained(costs, direction, mm, place.offsetMm) < levelOf(search, at) - 1) continue
    const cost = ms + offMs(costs, place) + partMs(costs.pace, graph.edgeSort[edge], backward ^ (reverse ? 1 : 0), mm)
    if (cost >= least) continue
    least = cost
    best = i
  }
  known.set(at, best)
  return best
}

/** Of the seed, or node, with this number. */
function beginningOf({ seeds, nodes, search: { graph } }: Stage, seed: number): Omit<StageSeed, 'place' | 'ms'> {
  const n = seed - seeds.length
  if (n < 0) return seeds[seed]!
  const { nodes: begun, arrived, before } = nodes!
  const point = { lat: graph.nodeLat[begun[n]!]!, lon: graph.nodeLon[begun[n]!]! }
  return { arrived: arrived[n]!, point, before: before[n]! }
}

/** Stops that the last stage reaches, with their seconds; the search's own arrays. */
export function courseStops({ stages, query }: CourseRun): StreetSearch['reached'] {
  const last = stages.at(-1)!
  last.search.reached.count = 0
  const reached = reachMore(
    last.search,
    last.seeds,
    { profile: last.profile, maxSeconds: query.maxSeconds },
    query.reverse,
    last.nodes,
  )
  last.flooded = last.search.begun
  last.cutOff = last.search.cutOff
  return reached
}

/**
 * The way to goals, each to the place of its own that the last stage reaches first; undefined where it reaches none. Floods the last stage again
 * if its labels are gone.
 */
export function traceCourse(
  { course, query, stages }: CourseRun,
  goals: readonly (readonly Place[])[],
): (Approach | undefined)[] {
  const last = stages.at(-1)!
  travelAs(last.search, last.profile)
  if (last.flooded !== last.search.begun) floodStage(last, query.maxSeconds, query.reverse)
  const onEdge = seedsOn(last.seeds)
  return goals.map(places => {
    const arrival = soonest(last, onEdge, places, query.reverse, query.maxSeconds * 1000)
    if (!arrival) return undefined
    const parts: ApproachPart[] = []
    let [end, seed, to] = [arrival.ms, arrival.seed, undefined as ApproachPoint | undefined]
    for (let s = stages.length - 1; s >= 0; s--) {
      const stage = stages[s]!
      const { arrived, point, before } = beginningOf(stage, seed)
      const mode = stage.riding ? ridden[course.mode] : 'WALK'
      // what the change takes belongs to the part after it
      const part: ApproachPart = { mode, seconds: (end - arrived) / 1000, from: point, to }
      if (part.seconds > 0 || stage.riding) parts.push(part)
      ;[end, seed, to] = [arrived, before, point]
    }
    // inside the station, to the door
    if (to) parts.push({ mode: 'WALK', seconds: end / 1000, from: undefined, to })
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
