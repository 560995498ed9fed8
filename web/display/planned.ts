import type { StopTime } from '../shared/api.ts'
import { seconds } from '../shared/times.ts'
import type { Planned } from './rows.ts'

/** The part of a MOTIS stop time that a display keeps for days. */
export const plannedOf = ({
  place,
  tripId,
  displayName,
  headsign,
  mode,
  routeColor,
  routeTextColor,
}: StopTime): Planned => ({
  trip: tripId,
  line: displayName,
  headsign,
  mode,
  color: routeColor,
  textColor: routeTextColor,
  platform: place.scheduledTrack ?? place.track,
  ...(place.pickupArrangement && { pickupArrangement: place.pickupArrangement }),
  sched: seconds(place.scheduledDeparture ?? place.departure ?? ''),
})
