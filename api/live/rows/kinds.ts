// What the channels of the live protocol hold: per kind of channel its rows (keyed by `id`, whole each time they are sent, over at `exp`) and
// the members that stand beside them. The types of clients and the AsyncAPI document follow from these schemas.
//
//   board     stop:, station:     departures           journey   journey:    legs of a watched itinerary, what is wrong with it
//   trip      trip:               calls of one run      alerts    alerts:     a feed's alerts
//   route     route:              runs under way        feed      feed:       a feed's realtime sources
//   vehicles  vehicle:, fleet:    vehicles

import { Type } from 'typebox'
import { Itinerary } from '../../contract/itinerary.ts'
import { BoardAlert, ElevatorOut, Row, StopHead } from './board.ts'
import { AlertRow, SourceRow } from './feed.ts'
import { JourneyHead, JourneyNotice, LegRow } from './journey.ts'
import { RouteHead, RouteRow, RouteSummary } from './route.ts'
import { CallRow, RunHead } from './run.ts'
import { orNull } from './values.ts'
import { VehicleRow } from './vehicle.ts'

/** Kind of channel → its rows and the members beside them. */
export const kinds = {
  board: {
    row: Row,
    members: {
      stop: StopHead,
      alerts: Type.Array(BoardAlert),
      stopAlerts: Type.Array(Type.String()),
      elevators: Type.Array(ElevatorOut),
    },
  },
  trip: { row: CallRow, members: { run: RunHead, alerts: Type.Array(BoardAlert) } },
  route: { row: RouteRow, members: { route: RouteHead, summary: RouteSummary } },
  vehicles: { row: VehicleRow, members: {} },
  alerts: { row: AlertRow, members: {} },
  feed: { row: SourceRow, members: {} },
  journey: {
    row: LegRow,
    members: {
      journey: JourneyHead,
      notices: Type.Array(JourneyNotice),
      /** The way on from where the rider can no longer go on as planned; null while there is no need or none is known. */
      alternative: orNull(Itinerary),
    },
  },
} as const
export type Kind = keyof typeof kinds
