// Own: GET elevators, for displays and for who plans ahead: every elevator of a stop's station or in a box, and whether it works.

import { Type } from 'typebox'
import { elevatorName, elevatorsNow } from '#api/elevators.ts'
import type { App } from '#api/fastify.ts'
import { stopOf } from '#api/motis/stops.ts'
import { boxGiven, optional, point, text } from '#api/plugins/parameters.ts'
import { publicStopId, text as textOf, utc } from '#api/render/texts.ts'
import { type Elevator, type ElevatorState, isDuring } from '#engine/access/elevators.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { E7, isInside } from '#engine/core/geo.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import { rootStop } from '#engine/timetable/timetable.ts'
import type { TransitService } from '#workers/service.ts'

const ElevatorsQuery = Type.Object({
  stopId: optional(text(300)),
  min: optional(point()),
  max: optional(point()),
})

export function elevatorRoutes(app: App): void {
  app.get('/api/freifahrt/v1/elevators', { schema: { querystring: ElevatorsQuery } }, ({ query, service }) => {
    const { timetable: tt, clock } = service
    const { stopId, min, max } = query
    if (stopId === undefined && !(min && max)) throw new FreifahrtError('BAD_REQUEST', 'stopId', 'or min and max')
    const station = stopId === undefined ? undefined : rootStop(tt, stopOf(service, stopId, 'stopId'))
    const box = boxGiven({ min, max })
    const inBox = ({ lat, lon }: Elevator): boolean => !box || isInside(box, lat, lon)
    return elevatorsNow(service)
      .filter(({ elevator }) => (station === undefined || elevator.station === station) && inBox(elevator))
      .map(state => told(service, state, clock.now()))
  })
}

function told(service: TransitService, known: ElevatorState, now: number) {
  const { timetable: tt } = service
  const { elevator, state, out, source } = known
  const { id, lat, lon, station } = elevator
  return {
    id,
    name: elevatorName(service, known),
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
