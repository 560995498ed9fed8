// The planner as one traveller needs it at one moment: walks of a wheelchair are other walks, those of who is slow take longer, and an elevator
// out of order closes ways. Made when first asked for and kept while the same holds; with everything working and on foot it is the planner itself.

import { rentedProfiles } from '../access/courses.ts'
import { isOfUse } from '../access/elevator-use.ts'
import {
  type Elevator,
  type ElevatorState,
  elevatorStates,
  listElevators,
  type Outages,
  outagesWithin,
} from '../access/elevators.ts'
import type { Ground } from '../access/ground.ts'
import { createKnownOutages, type KnownOutages } from '../access/known-outages.ts'
import { footpathsWithout, groundWithout } from '../access/outages.ts'
import { allNeeded, atPace, goesOwnWays, ownWalker, ownWalks } from '../access/own-walks.ts'
import { noConditions } from '../conditions/conditions.ts'
import { stopCopies } from '../footpaths/copies.ts'
import { addWalks, type Footpaths, withWalks } from '../footpaths/footpaths.ts'
import { stopsBeside } from '../footpaths/needed.ts'
import type { Horizon } from '../horizon/horizon.ts'
import type { AddedStops } from '../live/realtime-stops.ts'
import { Mode } from '../street/graph.ts'
import { Profile } from '../street/profile.ts'
import { release } from '../street/start.ts'
import type { KeptCourses } from './kept-courses.ts'
import type { Planner } from './plan.ts'
import type { Query } from './query.ts'
import { spanAround } from './window.ts'

/** Who has a table of walks; everybody else begins with that of one of these (own-walks.ts). */
type Known = 'foot' | 'wheelchair' | 'walker' | 'pram'

export interface Moments {
  /** Without what is out of order, by that; the oldest first. */
  readonly grounds: Map<string, Ground>
  readonly footpaths: Readonly<Record<Known, Footpaths>>
  readonly known: KnownOutages
  readonly planners: Map<string, Planner>
  courses: KeptCourses | undefined
  elevators: readonly Elevator[] | undefined
  /** Whose way an elevator is of use to, by who it is and its id. */
  readonly uses: Map<string, Map<string, boolean>>
  /** Of the alerts and reports seen last. */
  states: { readonly alerts: unknown; readonly reports: unknown; readonly all: readonly ElevatorState[] } | undefined
}

export const createMoments = (footpaths: Moments['footpaths']): Moments => ({
  grounds: new Map(),
  footpaths,
  known: createKnownOutages(),
  planners: new Map(),
  courses: undefined,
  elevators: undefined,
  uses: new Map(),
  states: undefined,
})

/** Outages of different times are kept side by side, no more than these; one query asks for no more than MOST_SETS (outlook.ts) and three. */
const MOST_PLANNERS = 10

/** Between two tasks: what a hard search of the streets took does not wait for the next one. */
export function releaseStreets({ streets, moments }: Planner): void {
  const others = [...moments.planners.values(), ...moments.grounds.values()]
  for (const search of new Set([streets, ...others.map(other => other.streets)])) if (search) release(search)
}

/** Every elevator with what is known of it now. */
export function elevatorsNow(
  { timetable, ground, streets, moments }: Planner,
  horizon: Horizon,
): readonly ElevatorState[] {
  const { alerts, conditions = noConditions } = horizon
  if (moments.states?.alerts !== alerts || moments.states.reports !== conditions.elevators) {
    moments.elevators ??= listElevators(timetable, streets?.graph)
    const all = elevatorStates(timetable, ground.insides, moments.elevators, alerts, conditions.elevators)
    moments.states = { alerts, reports: conditions.elevators, all }
  }
  return moments.states.all
}

export type Asked = Pick<Query, 'walker' | 'realtime'> & Partial<Pick<Query, 'rider' | 'approaches'>>

/** Who goes nowhere else meanwhile: as elevators are at one moment. */
export const plannerAt = (planner: Planner, horizon: Horizon, q: Asked & Pick<Query, 'time'>): Planner =>
  plannerWithout(planner, horizon, q, outagesWithin(statesFor(planner, horizon, q), q.time, q.time))

/** What is known of elevators that are out of order at some time, as far as it makes a difference to who asks. */
export function statesFor(planner: Planner, horizon: Horizon, asked: Asked): ElevatorState[] {
  if (!asked.realtime) return []
  const out = elevatorsNow(planner, horizon).filter(({ state }) => state === 'out')
  if (out.length === 0) return out
  const isUsed = [asked.walker, ...ridersOf(asked)].map(who => usesOf(planner, who))
  return out.filter(({ elevator }) => isUsed.some(isOfUse => isOfUse(elevator)))
}

/** Who comes with a vehicle that goes by elevators: cars do not. */
function ridersOf({ rider, approaches }: Asked): Profile[] {
  if (!approaches) return []
  const modes = new Set([...approaches.access, ...approaches.egress, ...approaches.direct])
  const own = modes.has('BIKE') || modes.has('RENTAL') ? [rider ?? Profile.bike] : []
  return modes.has('RENTAL') ? [...own, ...rentedProfiles] : own
}

/** Travellers that are remembered. */
const MOST_WALKERS = 24

/** His own ways, and on foot those of whose table of walks he is given. */
function usesOf(
  { ground, moments: { uses } }: Planner,
  { battery, ...walker }: Profile,
): (elevator: Elevator) => boolean {
  const usual = walker.mode === Mode.foot || walker.mode === Mode.wheelchair ? Profile[goesAs(walker)] : walker
  const key = JSON.stringify([walker.name, walker.speed, walker.limits, walker.weights])
  if (uses.size >= MOST_WALKERS && !uses.has(key)) uses.delete(uses.keys().next().value!)
  const known = uses.getOrInsertComputed(key, () => new Map())
  return elevator =>
    known.getOrInsertComputed(elevator.id, () => isOfUse(ground, elevator, usual) || isOfUse(ground, elevator, walker))
}

export const plannerWithout = (planner: Planner, horizon: Horizon, q: Asked, outages: Outages): Planner =>
  plannerFor(planner, q.walker, outages, q.realtime ? horizon.added : undefined)

/**
 * Where people walk from one moment to another, whoever they are: over no elevator that is out of order at some time between.
 * @param mayUse where only some elevators matter: with all of those working it is as if all did, else one ground serves whoever walks then
 */
export function groundDuring(
  planner: Planner,
  horizon: Horizon,
  begin: number,
  end: number,
  mayUse: (elevator: Elevator) => boolean = () => true,
): Ground {
  const outages = outagesWithin(elevatorsNow(planner, horizon), begin, end)
  return outages.out.some(mayUse) ? groundFor(planner, outages) : planner.ground
}

function groundFor({ ground, moments: { grounds } }: Planner, outages: Outages): Ground {
  if (!outages.key) return ground
  const found = grounds.get(outages.key) ?? groundWithout(ground, outages)
  keep(grounds, outages.key, found)
  return found
}

/** On foot without stairs one goes as with a pram: the fewest limits beside that. */
function goesAs({ name, limits }: Profile): Known {
  if (name === 'walker' || name === 'pram') return name
  if (limits.stairs !== false) return 'foot'
  return name === 'foot' ? 'pram' : 'wheelchair'
}

/** Walkers are as slow as the next of so many steps for each m/s, so that there are few tables. */
const PACES = 20

function plannerFor(base: Planner, asked: Profile, outages: Outages, added: AddedStops | undefined): Planner {
  const walker = { ...asked, speed: Math.max(1, Math.floor(asked.speed * PACES + 1e-6)) / PACES }
  const { planners, footpaths: tables, known } = base.moments
  const who = goesAs(walker)
  const usual = Profile[who]
  // without a map or pathways there is one table for all, on foot
  const isShared = base.streets === undefined && tables[who] === tables.foot
  const pace = (isShared ? Profile.foot : usual).speed / walker.speed
  const isOwn = base.streets !== undefined && goesOwnWays(walker, usual)
  if (who === 'foot' && !outages.key && !added && !isOwn && pace === 1) return base
  const own = isOwn ? JSON.stringify([walker.limits, walker.weights]) : ''
  const key = `${who} ${walker.speed.toFixed(2)} ${own} ${added?.version ?? ''} ${outages.key}`
  let found = planners.get(key)
  if (!found) {
    const ground = groundFor(base, outages)
    const working = outages.key
      ? footpathsWithout(base.ground, ground, tables[who], usual, outages, known)
      : tables[who]
    // what is on the way to an added stop nobody knows
    const tries = who === 'foot' && walker.limits.unknown !== 'refuse'
    const all = added ? addWalks(working, added.stops, tries ? added.walks : []) : working
    const paced = atPace(base.timetable, all, pace)
    // rules for single lines are all that is told by them
    const onFoot = stopCopies(base.timetable).of.size > 0 ? atPace(base.timetable, tables.foot, pace) : tables.foot
    const common = { ...base, onFoot, ground, streets: ground.streets, directions: new Map() }
    found = isOwn
      ? { ...common, footpaths: allNeeded(paced), own: ownWalker(base.timetable, walker, usual) }
      : { ...common, footpaths: paced }
  }
  keep(planners, key, found)
  return found
}

function keep<T>(kept: Map<string, T>, key: string, value: T): void {
  kept.delete(key)
  kept.set(key, value)
  if (kept.size > MOST_PLANNERS) kept.delete(kept.keys().next().value!)
}

/**
 * The same planner with the walker's own walks from these stops as well; undefined when they are all there, or he goes as everybody does.
 */
export function lookAt(planner: Planner, stops: Iterable<number>): Planner | undefined {
  const { own, looked = new Set(), ground, footpaths, timetable } = planner
  if (!own) return undefined
  const asked = new Set(stops).difference(looked)
  if (asked.size === 0) return undefined
  // from there a walk may be needed whose place one from these stops had taken
  const fresh = asked.union(stopsBeside(timetable, asked)).difference(looked)
  const walks = ownWalks(ground, footpaths, own, fresh, false)
  return {
    ...planner,
    footpaths: withWalks(footpaths, walks, true),
    looked: looked.union(fresh),
    directions: new Map(),
  }
}

/**
 * The quickest way from a moment on (arrive by: until then), over elevators that work for as long as it takes; undefined if there is none.
 * @returns with the ground on which it was looked for last
 */
export function wayAt<W extends { readonly seconds: number }>(
  groundDuring: (begin: number, end: number) => Ground,
  time: number,
  arriveBy: boolean,
  find: (ground: Ground) => W | undefined,
): { readonly way: W | undefined; readonly ground: Ground } {
  // who has to be there in time does not care what breaks just then
  const during = (seconds: number): Ground => groundDuring(...spanAround({ time, arriveBy }, Math.max(1, seconds)))
  // whoever has wishes may be quicker the more is closed
  let longest = 0
  for (let ground = during(0); ; ) {
    const way = find(ground)
    longest = Math.max(longest, way?.seconds ?? 0)
    const meanwhile = way ? during(longest) : ground
    if (meanwhile === ground) return { way, ground }
    ground = meanwhile
  }
}
