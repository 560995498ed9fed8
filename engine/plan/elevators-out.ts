// Which elevators out of order keep somebody from a journey that there would be, were every one in order.

import { type ElevatorState, isWithin, onTheWay, periodWithin } from '../access/elevators.ts'
import { leadsOver } from '../access/leads-over.ts'
import { passage } from '../access/passage.ts'
import type { Journey, WalkLeg } from '../transit/journey.ts'
import { streetEnd } from './direct.ts'
import type { Planner } from './plan.ts'
import { placeOf, type Query } from './query.ts'

/** One that is out of order at the time of a walk. */
export interface ElevatorInTheWay {
  readonly state: ElevatorState
  /** When it is said to work again, Unix seconds; undefined: nobody says. */
  readonly until: number | undefined
}

/**
 * Those that its walks lead over and that are out while they are made; where a walk is not found again along the map, those that are near it.
 * @param planner with everything working
 */
export function elevatorsOn(
  planner: Planner,
  q: Query,
  states: readonly ElevatorState[],
  { legs }: Pick<Journey, 'legs'>,
): readonly ElevatorInTheWay[] {
  const met = legs.flatMap(leg => (leg.kind === 'walk' ? elevatorsOnWalk(planner, q, states, leg) : []))
  return met.filter(({ state }, i) => met.findIndex(other => other.state === state) === i)
}

function elevatorsOnWalk(
  { ground, timetable: tt }: Planner,
  q: Query,
  states: readonly ElevatorState[],
  { from, to, departure, arrival }: WalkLeg,
): readonly ElevatorInTheWay[] {
  const { walker, rider, maxMatchingDistance } = q
  const [start, end] = [streetEnd(tt, placeOf(q, from)), streetEnd(tt, placeOf(q, to))]
  const seconds = arrival - departure
  const speed = q.approaches ? Math.max(walker.speed, rider.speed) : walker.speed
  const mayUse = onTheWay(tt, start, end, seconds, { speed })
  const near = states.flatMap((state): ElevatorInTheWay[] => {
    if (!mayUse(state.elevator) || !isWithin(state.out, departure, arrival)) return []
    return [{ state, until: periodWithin(state.out, departure, arrival)?.end }]
  })
  if (near.length === 0) return near
  const way = passage(ground, start, end, { profile: walker, maxSeconds: seconds + SLOWER, maxMatchingDistance })
  const over = way ? near.filter(({ state: { elevator } }) => leadsOver(ground, way, elevator)) : []
  return over.length > 0 ? over : near
}

/** A walk was timed at a rounded pace, from a rounded place. Seconds. */
const SLOWER = 120
