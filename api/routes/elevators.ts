// Own: GET elevators, for displays and for who plans ahead: every elevator of a stop's station or in a box, and whether it works.

import { Type } from 'typebox'
import type { App } from '#api/app.ts'
import { stopOf } from '#api/motis/stops.ts'
import { perNetwork } from '#api/network.ts'
import { boxOf, optional, point, text } from '#api/plugins/parameters.ts'
import { publicStopId, text as textOf, utc } from '#api/render/texts.ts'
import { type Elevator, type ElevatorState, elevatorStates, isDuring, listElevators } from '#engine/access/elevators.ts'
import { noConditions } from '#engine/conditions/conditions.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { E7, isInside } from '#engine/core/geo.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import { buildInsides } from '#engine/station/insides.ts'
import { rootStop } from '#engine/timetable/timetable.ts'
import type { TransitService } from '#workers/service.ts'

const ElevatorsQuery = Type.Object({
  stopId: optional(text(300)),
  min: optional(point()),
  max: optional(point()),
})

export function elevatorRoutes(app: App): void {
  // the same for every generation; made when first asked for
  const known = perNetwork(({ timetable: tt, streets }) => ({
    insides: buildInsides(tt),
    elevators: listElevators(tt, streets),
  }))
  app.get('/api/freifahrt/v1/elevators', { schema: { querystring: ElevatorsQuery } }, ({ query, service }) => {
    const { timetable: tt, horizon, clock } = service
    const { stopId, min, max } = query
    if (stopId === undefined && !(min && max)) throw new FreifahrtError('BAD_REQUEST', 'stopId', 'or min and max')
    const { insides, elevators } = known(service)
    const { conditions = noConditions } = horizon
    const states = elevatorStates(tt, insides, elevators, horizon.alerts, conditions.elevators)
    const station = stopId === undefined ? undefined : rootStop(tt, stopOf(service, stopId, 'stopId'))
    const box = min && max && boxOf(min, max)
    const inBox = ({ lat, lon }: Elevator): boolean => !box || isInside(box, lat, lon)
    return states
      .filter(({ elevator }) => (station === undefined || elevator.station === station) && inBox(elevator))
      .map(state => told(service, state, clock.now()))
  })
}

function told({ timetable: tt }: TransitService, { elevator, state, out, name, source }: ElevatorState, now: number) {
  const { id, lat, lon, station } = elevator
  const pathway = 'pathway' in elevator ? elevator.pathway : undefined
  return {
    id,
    name: name ?? (pathway === undefined ? '' : textOf(tt, tt.pathwaySign[pathway]!)),
    lat: lat / E7,
    lon: lon / E7,
    stopId: station === undefined ? undefined : publicStopId(tt, station as StopIdx),
    stopName: station === undefined ? undefined : textOf(tt, tt.stopName[station]!),
    state: state === 'out' && !isDuring(out, now) ? 'working' : state,
    outOfService: out.map(({ start, end }) => ({
      from: start === undefined ? undefined : utc(start),
      to: end === undefined ? undefined : utc(end),
    })),
    source,
  }
}
