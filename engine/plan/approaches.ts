// To the stops, from them and all the way in other ways than on foot: which stops each way reaches, and how it was made for those that a
// journey uses. Each way is searched beside walking, so that it is never hidden by a faster one, and never hides walking itself.

import { type Course, type CourseQuery, type CourseRun, type CourseSearches, traceCourse } from '../access/course.ts'
import { anyRental, type RentalFilter, rentedProfiles } from '../access/courses.ts'
import { doorsOf, type NamedDoor, namedDoor, positionOf } from '../access/doors.ts'
import { enter, insideOf } from '../access/ground.ts'
import { runsOf } from '../access/runs.ts'
import type { StopIdx } from '../core/ids.ts'
import type { Horizon } from '../horizon/horizon.ts'
import { placesOfStop } from '../street/ends.ts'
import { streetPath } from '../street/path.ts'
import { Profile } from '../street/profile.ts'
import type { Approach, ApproachMode, Journey } from '../transit/journey.ts'
import { covers } from '../transit/pareto.ts'
import type { Reach } from '../transit/range.ts'
import { stopsAround } from './access.ts'
import { streetEnd } from './direct.ts'
import { isHardlyWorse, walkInstead } from './gain.ts'
import { coursesOf, FROM_VEHICLE, maxSecondsOf, RIDING, searchFor, TO_VEHICLE } from './kept-courses.ts'
import type { Planner } from './plan.ts'
import type { Query, QueryPlace } from './query.ts'

export type StreetMode = 'WALK' | ApproachMode

/** In what ways a query may come to its stops, leave them, and go all the way. */
export interface Approaches {
  readonly access: readonly StreetMode[]
  readonly egress: readonly StreetMode[]
  readonly direct: readonly StreetMode[]
  readonly rental: { readonly access: RentalFilter; readonly egress: RentalFilter; readonly direct: RentalFilter }
}

export const onFoot: Approaches = {
  access: ['WALK'],
  egress: ['WALK'],
  direct: ['WALK'],
  rental: { access: anyRental, egress: anyRental, direct: anyRental },
}

/** Modes other than walking that either end asks for. */
export const otherModes = ({ access, egress }: Approaches): ApproachMode[] =>
  [...new Set([...access, ...egress])].filter(mode => mode !== 'WALK')

/** What is tried at an end while this mode is looked at: the mode itself, else walking (undefined), else whatever is asked for there. */
export const modeAt = (modes: readonly StreetMode[], mode: ApproachMode): ApproachMode | undefined =>
  modes.includes(mode) || modes.includes('WALK')
    ? modes.includes(mode)
      ? mode
      : undefined
    : (modes[0] as ApproachMode | undefined)

/** m/s of whoever is fastest on a way with a vehicle. */
export const fastest = ({ walker, rider }: Pick<Query, 'walker' | 'rider'>, mode: ApproachMode): number =>
  Math.max(
    walker.speed,
    ...(mode === 'BIKE' ? [rider] : mode === 'RENTAL' ? [rider, ...rentedProfiles] : [Profile.car]).map(
      who => who.speed,
    ),
  )

export type Side = 'access' | 'egress'

/** How a stop is reached: by which course (its last stage's labels may be gone), and by which entrance of its station. */
interface Arrived {
  readonly seconds: number
  readonly run: CourseRun | undefined
  readonly via: number
  /** On foot, where that is near enough as well. */
  readonly walked?: number | undefined
}

/** The stops around one end, and how those are reached that are not walked to. */
export interface Approached {
  readonly reach: Reach
  readonly side: Side
  readonly stops: ReadonlyMap<number, Arrived>
  /** By whose streets. */
  readonly planner: Planner
}

/** Both ends of a way that is not walked. */
export interface Vehicles {
  readonly start: Approached
  readonly end: Approached
}

/** The stops that this mode reaches, with those walked to, where walking is no slower. */
export function approach(
  planner: Planner,
  horizon: Horizon,
  q: Query,
  side: Side,
  mode: ApproachMode | undefined,
  walked: Reach | undefined,
): Approached {
  const stops = new Map<number, Arrived>()
  for (let i = 0; walked && i < walked.count; i++)
    stops.set(walked.stops[i]!, { seconds: walked.seconds[i]!, run: undefined, via: -1, walked: walked.seconds[i]! })
  for (const course of mode ? coursesOf(planner, horizon, q, side, mode) : []) {
    const runs: CourseRun[] = []
    for (const { run, stops: reached } of runsOf(course, ...courseAsked(planner, q, side, course))) {
      const { maxSeconds, reverse } = run.query
      for (const [via, spent] of reached)
        enter(planner.ground, insideOf(q.walker), via, spent, maxSeconds, reverse, (stop, seconds) => {
          const before = stops.get(stop)
          // inside a station by another entrance
          const isKnown = before?.run !== undefined && runs.includes(before.run)
          if (seconds <= maxSeconds && !isKnown && seconds < (before?.seconds ?? Number.POSITIVE_INFINITY))
            stops.set(stop, { seconds, run, via, walked: before?.walked })
        })
      runs.push(run)
    }
  }
  const reach = {
    count: stops.size,
    stops: Uint32Array.from(stops.keys()),
    seconds: Int32Array.from(stops.values(), s => s.seconds),
  }
  return { reach, side, stops, planner }
}

/** The stops around one end by whichever way is quickest to each: for who asks how long it takes, and not by what. */
export function approachQuickest(planner: Planner, horizon: Horizon, q: Query, side: Side): Reach {
  const { access, egress } = q.approaches ?? onFoot
  const modes = side === 'access' ? access : egress
  let reach = modes.includes('WALK') ? walkedTo(planner, q, side) : NOWHERE
  for (const mode of modes) if (mode !== 'WALK') reach = approach(planner, horizon, q, side, mode, reach).reach
  return reach
}

const NOWHERE: Reach = { count: 0, stops: [], seconds: [] }

/** The stops around one end on foot. */
const walkedTo = (planner: Planner, q: Query, side: Side): Reach =>
  stopsAround(planner, side === 'access' ? q.from : q.to, {
    maxSeconds: maxSecondsOf(q, side),
    profile: q.walker,
    maxMatchingDistance: q.maxMatchingDistance,
    reverse: side === 'egress',
  })

/** What a course is run with. */
export function courseAsked(
  planner: Planner,
  q: Query,
  side: Side | 'direct',
  course: Course,
): readonly [CourseSearches, CourseQuery] {
  const { graph } = planner.streets!
  const place = side === 'egress' ? q.to : q.from
  const { lat, lon } = positionOf(planner.timetable, place)
  return [
    {
      first: searchFor(planner, graph, TO_VEHICLE),
      last: searchFor(planner, graph, FROM_VEHICLE),
      ride: searchFor(planner, course.graph, RIDING),
    },
    {
      lat,
      lon,
      doors: courseDoors(planner, q, place, maxSecondsOf(q, side), side === 'egress'),
      walker: q.walker,
      maxSeconds: maxSecondsOf(q, side),
      maxMatchingDistance: q.maxMatchingDistance,
      reverse: side === 'egress',
    },
  ]
}

/** Where a place meets the street: itself, or what its station's pathways lead to. */
export const courseDoors = (
  { ground }: Planner,
  q: Query,
  place: QueryPlace,
  maxSeconds: number,
  reverse: boolean,
): NamedDoor[] =>
  doorsOf(ground, streetEnd(ground.timetable, place), insideOf(q.walker), maxSeconds, reverse).map(door =>
    namedDoor(ground, door),
  )

/**
 * The journeys with the way to their first stop and from their last filled in, at least one of them not walked; none is told as a walk that is
 * shorter than walking takes.
 */
export function withApproaches(q: Query, found: readonly Journey[], vehiclesOf: (j: Journey) => Vehicles): Journey[] {
  const journeys = found.map(j => {
    const by = vehiclesOf(j)
    const [to, from] = [ridden(by.start, firstStop(j)), ridden(by.end, lastStop(j))]
    const walked = walkedWhereEasy(q, j, by)
    return {
      by,
      journey: walked?.journey ?? j,
      to: walked?.at === 'access' ? undefined : to,
      from: walked?.at === 'egress' ? undefined : from,
    }
  })
  const access = tracedBy(journeys.map(({ by, to }) => [by.start, to]))
  const egress = tracedBy(journeys.map(({ by, from }) => [by.end, from]))
  return journeys.flatMap(({ by, journey, to, from }) => {
    const ends = [
      to === undefined ? undefined : access(by.start, to),
      from === undefined ? undefined : egress(by.end, from),
    ]
    const isTorn = (to !== undefined && !ends[0]) || (from !== undefined && !ends[1])
    if (isTorn || !(ends[0] || ends[1])) return []
    const legs = [...journey.legs]
    for (const [i, at] of [0, legs.length - 1].entries()) {
      const leg = legs[at]!
      if (ends[i] && leg.kind === 'walk') legs[at] = { ...leg, by: ends[i] }
    }
    return [{ ...journey, legs }]
  })
}

/** The stop, if a vehicle is what it is reached by. */
const ridden = ({ stops }: Approached, stop: StopIdx | undefined): StopIdx | undefined =>
  stop !== undefined && stops.get(stop)?.run ? stop : undefined

/** Of a journey with something rented at both ends: the end where that gains next to nothing, and the journey with it walked. */
function walkedWhereEasy(
  q: Query,
  j: Journey,
  { start, end }: Vehicles,
): { readonly at: Side; readonly journey: Journey } | undefined {
  const ends = [
    ['access', start.stops.get(firstStop(j) ?? -1)],
    ['egress', end.stops.get(lastStop(j) ?? -1)],
  ] as const
  if (!ends.every(([, arrived]) => arrived?.run?.course.mode === 'RENTAL')) return undefined
  for (const [at, arrived] of ends) {
    const seconds = arrived?.walked
    const journey = seconds === undefined ? undefined : walkInstead(q, j, at, seconds)
    if (journey) return { at, journey }
  }
  return undefined
}

/** The stop to which a journey's way from its start leads, that from which its way to the end leads; undefined without such a way. */
function firstStop({ legs }: Journey): StopIdx | undefined {
  const leg = legs[0]!
  return leg.kind === 'walk' && leg.from.kind === 'start' && leg.to.kind === 'stop' ? leg.to.stop : undefined
}
function lastStop({ legs }: Journey): StopIdx | undefined {
  const leg = legs.at(-1)!
  return leg.kind === 'walk' && leg.to.kind === 'end' && leg.from.kind === 'stop' ? leg.from.stop : undefined
}
const stopsOf = (stops: readonly (StopIdx | undefined)[]): StopIdx[] => stops.filter(stop => stop !== undefined)

/** How stops are come to, each as one or another has found it. */
function tracedBy(
  wanted: readonly (readonly [Approached, StopIdx | undefined])[],
): (by: Approached, stop: StopIdx) => Approach | undefined {
  const found = new Map<Approached, Map<number, Approach>>()
  for (const [by, these] of Map.groupBy(wanted, ([approached]) => approached))
    found.set(by, traced(by, stopsOf(these.map(([, stop]) => stop))))
  return (by, stop) => found.get(by)!.get(stop)
}

function traced({ planner, side, stops }: Approached, wanted: readonly StopIdx[]): Map<number, Approach> {
  const found = new Map<number, Approach>()
  for (const [run, these] of Map.groupBy(new Set(wanted), stop => stops.get(stop)?.run)) {
    if (!run) continue
    const arrived = these.map(stop => stops.get(stop)!)
    const goals = arrived.map(({ via }) =>
      placesOfStop(planner.streets!, run.query.walker, via as StopIdx, !run.query.reverse),
    )
    for (const [i, by] of traceCourse(run, goals).entries()) {
      if (by) found.set(these[i]!, roundedTo(measured(planner, run.course, by), arrived[i]!.seconds, side))
    }
  }
  return found
}

/** Metres from a vehicle to its street. */
const MATCHING = 100

/** With the metres that are ridden or pushed, where the vehicle would not go as far as anybody gets; without them where the way between takes longer than the ride. */
export function measured(planner: Planner, course: Course, by: Approach): Approach {
  const ride = course.ride.range && by.parts.find(part => part.mode === 'RENTAL')
  const { from, to } = ride ?? {}
  if (!ride || !from || !to) return by
  const here = course.take!.places.filter(p => p.lat === from.lat && p.lon === from.lon && p.station === from.station)
  const range = here.reduce((most, place) => Math.max(most, place.range ?? 0), 0)
  const path = streetPath(searchFor(planner, course.graph, RIDING), from, to, {
    profile: { ...course.ride, range: { weakest: range, strongest: range } },
    maxSeconds: ride.seconds,
    maxMatchingDistance: MATCHING,
  })
  return path ? { ...by, rental: { ...by.rental!, metres: path.metres } } : by
}

/** Whole seconds that add up to what the leg takes; what is walked inside a station comes to the part beside the stop. */
export function roundedTo(by: Approach, seconds: number, side: Side | 'direct'): Approach {
  let spent = 0
  let before = 0
  const parts = by.parts.map(part => {
    spent += part.seconds
    const rounded = Math.round(spent) - before
    before += rounded
    return { ...part, seconds: rounded }
  })
  const at = side === 'egress' ? 0 : parts.length - 1
  if (parts[at]) parts[at] = { ...parts[at], seconds: Math.max(0, parts[at].seconds + seconds - before) }
  return { ...by, parts }
}

/** Those of `others` that use a vehicle, and to which no walking journey is at least as good in everything; of what is rented, hardly worse. */
export function besideWalking(
  walking: readonly Journey[],
  vehiclesOf: (j: Journey) => Vehicles,
  others: readonly Journey[],
): Journey[] {
  return others.filter(j => {
    const { start, end } = vehiclesOf(j)
    const modes = [start.stops.get(firstStop(j) ?? -1), end.stops.get(lastStop(j) ?? -1)].map(
      at => at?.run?.course.mode,
    )
    const isAsGood = modes.includes('RENTAL') ? isHardlyWorse : covers
    return modes.some(mode => mode !== undefined) && !walking.some(w => isAsGood(w, j))
  })
}
