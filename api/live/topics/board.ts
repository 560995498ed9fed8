// stop: and station:, the departure board.

import { elevatorName, outOfOrder } from '#api/elevators.ts'
import { boardStops, stopOf } from '#api/motis/stops.ts'
import { stopPlace } from '#api/render/place.ts'
import { isDuring } from '#engine/access/elevators.ts'
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
  const named = stopOf(service, id, 'ch')
  const at = station ? rootStop(service.timetable, named) : named
  const stops = boardStops(service, at, exact)
  const stations = new Set(stops.map(s => rootStop(service.timetable, s)))
  const view = { horizon: service.horizon, version: 6, language, realtime: true, now: service.clock.now() }
  const place = stopPlace(view, at)
  const stop = { id: place.stopId!, name: place.name, lat: place.lat, lon: place.lon, tz: place.tz }
  return {
    kind: 'board',
    stops,
    alerts: true,
    vehicles: false,
    sources: false,
    pace: 'slow',
    read(current) {
      const { horizon, clock } = current
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
      const period = state.out.find(one => isDuring([one], now))
      return { id: state.elevator.id, name: elevatorName(service, state), start: period?.start, end: period?.end }
    }),
  )
}
