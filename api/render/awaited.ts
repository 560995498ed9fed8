// Elevators that say when one walks: those that one waits for to be repaired, those that one uses before they go out of order, and those because
// of which there is no way.

import { type ElevatorState, onTheWay, outagesThrough, periodWithin } from '#engine/access/elevators.ts'
import type { Ground } from '#engine/access/ground.ts'
import { leadsOver } from '#engine/access/leads-over.ts'
import type { Passage } from '#engine/access/passage.ts'
import { E7 } from '#engine/core/geo.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import type { Reason as EngineReason } from '#engine/plan/reasons.ts'
import type { StreetEnd } from '#engine/street/path.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'
import type { BrokenElevator, Leg, Obstacle, Reason } from '../contract/itinerary.ts'
import type { PlanView } from './plan-view.ts'
import { text, utc } from './texts.ts'

type Told = NonNullable<Leg['elevators']>

/** Who is sent to an elevator when it works again, or until it breaks, goes at that very moment. */
export function awaitedElevators(
  { horizon: { timetable: tt }, outages, query }: Pick<PlanView, 'horizon' | 'outages' | 'query'>,
  from: StreetEnd,
  to: StreetEnd,
  { departure, arrival }: { readonly departure: number; readonly arrival: number },
): { elevators?: Told } {
  const states = outages().filter(({ state }) => state === 'out')
  if (states.length === 0) return {}
  const mayUse = onTheWay(tt, from, to, arrival - departure, query.walker)
  const elevators = states.flatMap((state): Told => {
    const { elevator, out, source } = state
    const [before, after] = [periodWithin(out, departure - 1), periodWithin(out, arrival)]
    const outUntil = before?.end === departure ? utc(departure) : undefined
    const outFrom = after?.start === arrival ? utc(arrival) : undefined
    if ((outUntil ?? outFrom) === undefined || !mayUse(elevator)) return []
    return [{ ...called(tt, state), outUntil, outFrom, source }]
  })
  return elevators.length > 0 ? { elevators } : {}
}

/** Because of which a walk that was found before is longer, later or none now: those of these ids. */
export function elevatorsBecause(
  { horizon: { timetable: tt }, outages }: Pick<PlanView, 'horizon' | 'outages'>,
  ids: readonly string[],
  { departure, arrival }: { readonly departure: number; readonly arrival: number },
): Told {
  return outages()
    .filter(({ elevator }) => ids.includes(elevator.id))
    .map(state => {
      const { out } = state
      const met = periodWithin(out, departure, arrival) ?? out.findLast(({ end = 0 }) => end <= departure)
      return broken(tt, state, met?.end)
    })
}

/** What is in the way of who would go this way from `time` on (Unix seconds), were every elevator in order. */
export function elevatorsInTheWay(
  ground: Ground,
  way: Passage,
  states: readonly ElevatorState[],
  time: number,
): Obstacle[] {
  const { timetable: tt } = ground
  return outagesThrough(states, time, time + way.seconds)
    .filter(({ elevator }) => leadsOver(ground, way, elevator))
    .map(({ elevator }) => {
      const state = states.find(known => known.elevator === elevator)!
      const until = state.out.find(({ end }) => end === undefined || end > time)?.end
      return {
        limit: 'elevator',
        passable: 'NO',
        ...('pathway' in elevator && { pathway: text(tt, tt.pathwayId[elevator.pathway]!) }),
        lat: elevator.lat / E7,
        lon: elevator.lon / E7,
        elevator: broken(tt, state, until),
      }
    })
}

/** With the elevators that stand in the way by name. */
export const tellReason = (tt: Timetable, { elevators, ...reason }: EngineReason): Reason => ({
  ...reason,
  ...(elevators && { elevators: elevators.map(({ state, until }) => broken(tt, state, until)) }),
})

const broken = (tt: Timetable, state: ElevatorState, until: number | undefined): BrokenElevator => ({
  ...called(tt, state),
  outUntil: until === undefined ? undefined : utc(until),
  source: state.source,
})

/** By its operator, else by the feed. */
function called(tt: Timetable, { elevator, name }: ElevatorState): Pick<BrokenElevator, 'id' | 'name' | 'station'> {
  const { id, station } = elevator
  return {
    id,
    name: name ?? ('pathway' in elevator ? text(tt, tt.pathwaySign[elevator.pathway]!) : ''),
    ...(station !== undefined && { station: text(tt, tt.stopName[station as StopIdx]!) }),
  }
}
