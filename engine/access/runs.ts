// The stops that a course reaches: by the ways that its traveller would rather go, and, where none of these is in time, by the quickest
// (engine/street/hurry.ts).

import { hurried } from '../street/hurry.ts'
import { type Course, type CourseQuery, type CourseRun, type CourseSearches, courseStops, runCourse } from './course.ts'

/** A run, and the stops that it is the one to come to, each with its seconds. */
export interface CourseReach {
  readonly run: CourseRun
  readonly stops: readonly (readonly [stop: number, seconds: number])[]
}

/** Of each course one or two; the labels of a run are gone when the next one is asked for. */
export function* runsOf(course: Course, searches: CourseSearches, query: CourseQuery): Generator<CourseReach> {
  const run = runCourse(course, searches, query)
  const stops = run ? stopsOf(run) : []
  if (run) yield { run, stops }
  const quick = hurriedRun(run, course, searches, query)
  if (!quick) return
  const known = new Set(stops.map(([stop]) => stop))
  yield { run: quick, stops: stopsOf(quick).filter(([stop]) => !known.has(stop)) }
}

/** The arrays are the search's own, and whoever is told of them may search again. */
function stopsOf(run: CourseRun): CourseReach['stops'] {
  const { stops, seconds, count } = courseStops(run)
  return Array.from({ length: count }, (_, i) => [stops[i]!, seconds[i]!] as const)
}

/**
 * The same again by who thinks of time alone; undefined where nobody has wishes, or the time has ended no way of the run.
 * @param run once it has been asked what it reaches; undefined: it has not what is wanted
 */
export function hurriedRun(
  run: CourseRun | undefined,
  course: Course,
  searches: CourseSearches,
  query: CourseQuery,
): CourseRun | undefined {
  const [ride, walker] = [hurried(course.ride), hurried(query.walker)]
  if (!(ride || walker) || (run && !run.stages.some(({ cutOff }) => cutOff))) return undefined
  return runCourse({ ...course, ride: ride ?? course.ride }, searches, { ...query, walker: walker ?? query.walker })
}
