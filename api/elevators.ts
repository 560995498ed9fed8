// Elevators as they are now: every one of the network with what alerts and reports say, the same for boards, watched journeys and `elevators`.

import { text as textOf } from '#api/render/texts.ts'
import { type ElevatorState, elevatorStates, isDuring, listElevators } from '#engine/access/elevators.ts'
import { noConditions } from '#engine/conditions/conditions.ts'
import { buildInsides } from '#engine/station/insides.ts'
import type { TransitService } from '#workers/service.ts'
import { perNetwork } from './network.ts'

const known = perNetwork(({ timetable: tt, streets }) => ({
  insides: buildInsides(tt),
  elevators: listElevators(tt, streets),
  alerts: undefined as unknown,
  reports: undefined as unknown,
  states: [] as readonly ElevatorState[],
}))

/** Every elevator of the network, as alerts and reports have it in the generation of now; kept until either is another. */
export function elevatorsNow(service: TransitService): readonly ElevatorState[] {
  const kept = known(service)
  const { alerts, conditions = noConditions } = service.horizon
  const { elevators: reports } = conditions
  if (kept.alerts !== alerts || kept.reports !== reports) {
    kept.states = elevatorStates(service.timetable, kept.insides, kept.elevators, alerts, reports)
    kept.alerts = alerts
    kept.reports = reports
  }
  return kept.states
}

/** What is out of order at a station at `time` (Unix seconds). */
export const outOfOrder = (service: TransitService, station: number, time: number): ElevatorState[] =>
  elevatorsNow(service).filter(
    ({ elevator, state, out }) => elevator.station === station && state === 'out' && isDuring(out, time),
  )

/** What the source or the station calls it; may be empty. */
export const elevatorName = ({ timetable: tt }: TransitService, { elevator, name }: ElevatorState): string =>
  name ?? ('pathway' in elevator ? textOf(tt, tt.pathwaySign[elevator.pathway]!) : '')
