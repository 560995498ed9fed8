// The planner as one traveller needs it at one moment: walks of a wheelchair are other walks, and an elevator out of order closes ways. Made
// when first asked for and kept while the same holds; with everything working and on foot it is the planner itself.

import {
  type Elevator,
  type ElevatorState,
  elevatorStates,
  listElevators,
  type Outages,
  outagesAt,
} from '../access/elevators.ts'
import { footpathsWithin, footpathsWithout, groundWithout } from '../access/outages.ts'
import { noConditions } from '../conditions/conditions.ts'
import type { UnixSeconds } from '../core/time.ts'
import { addWalks, type Footpaths } from '../footpaths/footpaths.ts'
import type { Horizon } from '../horizon/horizon.ts'
import type { AddedStops } from '../live/realtime-stops.ts'
import { Profile } from '../street/profile.ts'
import type { StreetSearch } from '../street/search.ts'
import { release } from '../street/start.ts'
import type { KeptCourses } from './approaches.ts'
import type { Planner } from './plan.ts'
import type { Query } from './query.ts'

/** Who has walks of his own; everybody else goes as one of these does. */
type Known = 'foot' | 'wheelchair' | 'walker' | 'pram'

export interface Moments {
  readonly footpaths: Readonly<Record<Known, Footpaths>>
  readonly planners: Map<string, Planner>
  courses: KeptCourses | undefined
  elevators: readonly Elevator[] | undefined
  /** Of the alerts and reports seen last. */
  states: { readonly alerts: unknown; readonly reports: unknown; readonly all: readonly ElevatorState[] } | undefined
}

export const createMoments = (footpaths: Moments['footpaths']): Moments => ({
  footpaths,
  planners: new Map(),
  courses: undefined,
  elevators: undefined,
  states: undefined,
})

/** Outages of different times are kept side by side, no more than these. */
const MOST_PLANNERS = 6

/** Between two tasks: what a hard search of the streets took does not wait for the next one. */
export function releaseStreets({ streets, moments }: Planner): void {
  for (const search of new Set([streets, ...Array.from(moments.planners.values(), p => p.streets)]))
    if (search) release(search)
}

/** Every elevator with what is known of it now. */
function elevatorsNow({ timetable, ground, streets, moments }: Planner, horizon: Horizon): readonly ElevatorState[] {
  const { alerts, conditions = noConditions } = horizon
  if (moments.states?.alerts !== alerts || moments.states.reports !== conditions.elevators) {
    moments.elevators ??= listElevators(timetable, streets?.graph)
    const all = elevatorStates(timetable, ground.insides, moments.elevators, alerts, conditions.elevators)
    moments.states = { alerts, reports: conditions.elevators, all }
  }
  return moments.states.all
}

export function plannerAt(
  planner: Planner,
  horizon: Horizon,
  { walker, time, realtime }: Pick<Query, 'walker' | 'time' | 'realtime'>,
): Planner {
  const outages = realtime ? outagesAt(elevatorsNow(planner, horizon), time) : undefined
  const added = realtime ? horizon.added : undefined
  return plannerFor(planner, goesAs(walker), outages, added, walker.limits.maxWithoutRest)
}

/** The streets alone, whoever goes along them. */
export const streetsAt = (planner: Planner, horizon: Horizon, time: UnixSeconds): StreetSearch | undefined =>
  plannerAt(planner, horizon, { walker: Profile.foot, time, realtime: true }).streets

/** On foot without stairs one goes as with a pram: the fewest limits beside that. */
function goesAs({ name, limits }: Profile): Known {
  if (name === 'walker' || name === 'pram') return name
  if (limits.stairs !== false) return 'foot'
  return name === 'foot' ? 'pram' : 'wheelchair'
}

function plannerFor(
  base: Planner,
  who: Known,
  outages: Outages | undefined,
  added: AddedStops | undefined,
  maxMetres: number | undefined,
): Planner {
  const { planners } = base.moments
  const walker = Profile[who]
  const usual = who === 'foot' ? base.footpaths : base.moments.footpaths[who]
  if (!outages?.key && !added && usual === base.footpaths && maxMetres === undefined) return base
  const key = `${who} ${maxMetres ?? ''} ${added?.version ?? ''} ${outages?.key ?? ''}`
  let found = planners.get(key)
  if (!found) {
    const ground = outages?.key ? groundWithout(base.ground, outages) : base.ground
    const working = outages?.key ? footpathsWithout(base.ground, ground, usual, walker, outages) : usual
    // whether there are steps on the way to an added stop nobody knows
    const footpaths = added ? addWalks(working, added.stops, who === 'foot' ? added.walks : []) : working
    const within = maxMetres === undefined ? footpaths : footpathsWithin(footpaths, maxMetres / walker.speed)
    found = { ...base, footpaths: within, ground, streets: ground.streets, directions: new Map() }
  }
  planners.delete(key)
  planners.set(key, found)
  if (planners.size > MOST_PLANNERS) planners.delete(planners.keys().next().value!)
  return found
}
