// Elevators that say when one walks: those that one waits for to be repaired, and those that one uses before they go out of order.

import { onTheWay, periodWithin } from '#engine/access/elevators.ts'
import type { StreetEnd } from '#engine/street/path.ts'
import type { Leg } from '../contract/itinerary.ts'
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
  const elevators = states.flatMap(({ elevator, name, out, source }): Told => {
    const [before, after] = [periodWithin(out, departure - 1), periodWithin(out, arrival)]
    const outUntil = before?.end === departure ? utc(departure) : undefined
    const outFrom = after?.start === arrival ? utc(arrival) : undefined
    if ((outUntil ?? outFrom) === undefined || !mayUse(elevator)) return []
    const called = name ?? ('pathway' in elevator ? text(tt, tt.pathwaySign[elevator.pathway]!) : '')
    return [{ id: elevator.id, name: called, outUntil, outFrom, source }]
  })
  return elevators.length > 0 ? { elevators } : {}
}
