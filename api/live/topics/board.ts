// stop: and station:, the departure board.

import { elevatorName, outOfOrder } from '#api/elevators.ts'
import { boardStops, stopOf } from '#api/motis/stops.ts'
import { stopPlace } from '#api/render/place.ts'
import { periodWithin } from '#engine/access/elevators.ts'
import { rootStop } from '#engine/timetable/timetable.ts'
import type { TransitService } from '#workers/service.ts'
import { readBoard } from '../board.ts'
import type { ElevatorOut } from '../rows/board.ts'
import { nextDue, type Topic } from '../topic.ts'

export interface BoardOptions {
  /** Of the station that the stop belongs to. */
  readonly station: boolean
  readonly exact: boolean
  readonly language: readonly string[]
}

/** Throws UNKNOWN_STOP, UNKNOWN_TAG. */
export function boardTopic(service: TransitService, id: string, { station, exact, language }: BoardOptions): Topic {
  let place = lookAt(service)
  let version = service.horizon.added?.version

  function lookAt(current: TransitService) {
    const { timetable: tt, horizon, clock } = current
    const named = stopOf(current, id, 'ch')
    const at = station ? rootStop(tt, named) : named
    const stops = boardStops(current, at, exact)
    const stations = new Set(stops.map(s => rootStop(tt, s)))
    const { stopId, name, lat, lon, tz } = stopPlace(
      { horizon, version: 6, language, realtime: true, now: clock.now() },
      at,
    )
    return { stops, stations, stop: { id: stopId!, name, lat, lon, tz } }
  }

  return {
    kind: 'board',
    get stops() {
      return place.stops
    },
    alerts: true,
    vehicles: false,
    sources: false,
    pace: 'slow',
    read(current) {
      const { horizon, clock } = current
      // stops that only realtime knows come and go
      if (horizon.added?.version !== version) place = lookAt(current)
      version = horizon.added?.version
      const { stops, stations, stop } = place
      const now = clock.now()
      const { rows, alerts, stopAlerts } = readBoard(horizon, stops, now, language)
      return {
        rows,
        members: { stop, alerts, stopAlerts, elevators: elevatorsOut(current, stations, now) },
        due: nextDue(rows, now),
      }
    },
  }
}

function elevatorsOut(service: TransitService, stations: ReadonlySet<number>, now: number): ElevatorOut[] {
  return [...stations].flatMap(station =>
    outOfOrder(service, station, now).map(state => {
      const period = periodWithin(state.out, now)
      const { start, end } = period ?? {}
      return { id: state.elevator.id, name: elevatorName(service, state), start, end, source: state.source }
    }),
  )
}
