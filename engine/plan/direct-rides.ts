// All the way with a vehicle, without transit: from door to door where an end lies inside a station, with the walk inside as a part of its own.

import { type Course, type CourseRun, runCourse, traceCourse } from '../access/course.ts'
import { namedDoor } from '../access/doors.ts'
import { type Ground, insideOf } from '../access/ground.ts'
import { passage } from '../access/passage.ts'
import { hurriedRun } from '../access/runs.ts'
import type { StopIdx } from '../core/ids.ts'
import type { Horizon } from '../horizon/horizon.ts'
import { secondsInside } from '../station/walk.ts'
import { placesAt } from '../street/ends.ts'
import { travelAs } from '../street/search.ts'
import type { Approach, ApproachMode, ApproachPart, Journey, WalkLeg } from '../transit/journey.ts'
import { courseAsked, courseDoors, fastest, measured, roundedTo } from './approaches.ts'
import { directInTime, streetEnd } from './direct.ts'
import { isHardlyWorse, LEAST_GAIN } from './gain.ts'
import { coursesOf, RIDING, searchFor } from './kept-courses.ts'
import type { Planner } from './plan.ts'
import type { Query } from './query.ts'

/**
 * All the way with a vehicle: of each mode the quickest, of rentals the quickest of each kind of vehicle, unless walking is hardly worse, or, to who
 * does not ask for it, not worse at all.
 */
export function directApproaches(base: Planner, horizon: Horizon, q: Query, walking: readonly Journey[]): Journey[] {
  const asked = q.approaches?.direct ?? []
  const modes = asked.filter(mode => mode !== 'WALK')
  const gain = asked.includes('WALK') ? LEAST_GAIN : 1
  return modes.flatMap(mode => {
    const made = new Map<Ground, ReadonlyMap<string, Approach>>()
    const on = (ground: Ground): ReadonlyMap<string, Approach> =>
      made.getOrInsertComputed(ground, () =>
        quickestOfKinds({ ...base, ground, streets: ground.streets }, horizon, q, mode),
      )
    // with everything working there are all of them
    const found = [...on(base.ground).keys()].flatMap(kind => {
      const best = directInTime(base, horizon, q, fastest(q, mode), (ground, most) => {
        const by = on(ground).get(kind)
        return by && secondsOf(by) <= most ? { by, seconds: secondsOf(by) } : undefined
      })
      return best ? [journeyBy(best.way.by, best.times)] : []
    })
    return mode === 'RENTAL' ? found.filter(j => !walking.some(w => isHardlyWorse(w, j, gain))) : found
  })
}

/** By what kind of vehicle it is, where several are for rent. */
function quickestOfKinds(planner: Planner, horizon: Horizon, q: Query, mode: ApproachMode): Map<string, Approach> {
  const best = new Map<string, Approach>()
  for (const course of coursesOf(planner, horizon, q, 'direct', mode)) {
    const rides = mode === 'RENTAL' || mode === 'CAR_PARKING' ? undefined : directRide(planner, q, course)
    // who is dropped walks the rest, where no car may go or stop
    const by = rides ?? (mode === 'BIKE' || mode === 'CAR' ? undefined : directCourse(planner, q, course))
    const key = course.kind ?? ''
    if (by && secondsOf(by) < secondsOf(best.get(key))) best.set(key, by)
  }
  return best
}

const secondsOf = (by: Approach | undefined): number =>
  by ? by.parts.reduce((sum, part) => sum + part.seconds, 0) : Number.POSITIVE_INFINITY

function directRide(planner: Planner, q: Query, course: Course): Approach | undefined {
  const streets = searchFor(planner, course.graph, RIDING)
  const ground = { ...planner.ground, streets }
  const { timetable: tt } = ground
  const inside = insideOf(q.walker)
  const travel = { profile: course.ride, maxSeconds: q.maxDirect, maxMatchingDistance: q.maxMatchingDistance }
  const way = passage(ground, streetEnd(tt, q.from), streetEnd(tt, q.to), travel, inside)
  if (!way?.path) return undefined
  const [before, after] = [way.before, way.after].map(pieces => Math.ceil(secondsInside(tt, pieces, inside)))
  const doorAt = (stop: number | undefined) =>
    stop === undefined ? undefined : namedDoor(ground, { end: { stop: stop as StopIdx }, seconds: 0 }).point
  const [begin, end] = [doorAt(way.before.at(-1)?.to), doorAt(way.after[0]?.from)]
  const mode = course.mode === 'CAR' || course.mode === 'CAR_DROPOFF' ? 'CAR' : 'BIKE'
  const parts: ApproachPart[] = [{ mode, seconds: way.seconds - before! - after!, from: begin, to: end }]
  if (begin) parts.unshift({ mode: 'WALK', seconds: before!, from: undefined, to: begin })
  if (end) parts.push({ mode: 'WALK', seconds: after!, from: end, to: undefined })
  return { mode: course.mode, parts }
}

function directCourse(planner: Planner, q: Query, course: Course): Approach | undefined {
  const [searches, query] = courseAsked(planner, q, 'direct', course)
  const run = runCourse(course, searches, query)
  const by = run && wayOf(planner, q, run)
  if (by) return by
  const quick = hurriedRun(undefined, course, searches, query)
  return quick && wayOf(planner, q, quick)
}

function wayOf(planner: Planner, q: Query, run: CourseRun): Approach | undefined {
  const last = run.stages.at(-1)!
  travelAs(last.search, last.profile)
  const doors = courseDoors(planner, q, q.to, q.maxDirect, true)
  const goals = doors.map(({ end }) => placesAt(last.search, end, q.maxMatchingDistance, true))
  const ways = traceCourse(run, goals).flatMap((by, i) => (by ? [{ by, seconds: doors[i]!.seconds }] : []))
  const whole = ({ by, seconds }: (typeof ways)[number]): number => secondsOf(by) + seconds
  const best = ways.sort((a, b) => whole(a) - whole(b))[0]
  const made = best && whole(best) <= q.maxDirect ? measured(planner, run.course, best.by) : undefined
  return made && roundedTo(made, Math.ceil(whole(best!)), 'direct')
}

function journeyBy(by: Approach, times: Pick<Journey, 'departure' | 'arrival'>): Journey {
  const leg: WalkLeg = { kind: 'walk', by, from: { kind: 'start' }, to: { kind: 'end' }, ...times }
  return { ...times, transfers: 0, legs: [leg] }
}
