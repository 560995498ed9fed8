import { type Api, ApiError, type StopTime } from '../shared/api.ts'
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

const SHORTEST = 60 // seconds

/** What leaves from `from` on (Unix seconds), for `window` seconds; in halves, where the server answers no more than that at once. */
export async function fetchPlanned(
  api: Pick<Api, 'timetable'>,
  stopId: string,
  from: number,
  window: number,
): Promise<readonly Planned[]> {
  try {
    return (await api.timetable(stopId, from, window)).map(plannedOf)
  } catch (error) {
    const tooLarge = error instanceof ApiError && error.message.startsWith('TOO_LARGE')
    if (!tooLarge || window <= SHORTEST) throw error
    const half = Math.ceil(window / 2)
    const first = await fetchPlanned(api, stopId, from, half)
    return [...first, ...(await fetchPlanned(api, stopId, from + half, window - half))]
  }
}
