// For producers that write milliseconds where the specification says seconds, and whose operator says so (A14).

import type { AlertPeriod } from './entities.ts'
import type { DecodedMessage } from './message.ts'
import { MAX_UNIX_SECONDS } from './times.ts'

const inSeconds = (time: number): number => (time >= MAX_UNIX_SECONDS ? Math.floor(time / 1000) : time)

/** Divides every time of the message that can only be milliseconds. */
export function divideMilliseconds(m: DecodedMessage): void {
  m.timestamp = inSeconds(m.timestamp)
  const { timestamp } = m.updates.columns
  for (let i = 0; i < m.updates.length; i++) timestamp[i] = inSeconds(timestamp[i]!)
  const { arrivalTime, departureTime, scheduledArrival, scheduledDeparture } = m.stops.columns
  for (const times of [arrivalTime, departureTime, scheduledArrival, scheduledDeparture])
    for (let s = 0; s < m.stops.length; s++) times[s] = inSeconds(times[s]!)
  for (const vehicle of m.vehicles)
    if (vehicle.timestamp !== undefined) vehicle.timestamp = inSeconds(vehicle.timestamp)
  for (const alert of m.alerts) {
    alert.active = alert.active.map(periodInSeconds)
    alert.communication = alert.communication.map(periodInSeconds)
    alert.impact = alert.impact.map(periodInSeconds)
  }
}

const periodInSeconds = ({ start, end }: AlertPeriod): AlertPeriod => ({
  start: start && inSeconds(start),
  end: end && inSeconds(end),
})
