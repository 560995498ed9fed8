// An itinerary as lines to read:
//
//   08:02 → 08:31   29 min, 1 change
//     08:02  08:07  walk 380 m                      Start → Stadtgarten
//     08:07  08:12  U41 towards Clarenberg          Stadtgarten (Gleis 2) → Hörde   +2 min

import type { Itinerary, Leg, Place } from '../contract.ts'
import { table } from './output.ts'

export function itineraryText(itinerary: Itinerary, zone: string): string {
  const time = clockIn(zone)
  const { startTime, endTime, duration, transfers, legs } = itinerary
  const changes = legs.every(leg => leg.tripId === undefined)
    ? 'on foot'
    : transfers === 0
      ? 'direct'
      : `${transfers} change${transfers === 1 ? '' : 's'}`
  const head = `${time(startTime)} → ${time(endTime)}   ${minutes(duration)}, ${changes}`
  const rows = legs.map(leg => [
    time(leg.startTime),
    time(leg.endTime),
    what(leg),
    `${placeText(leg.from, leg.from.track)} → ${placeText(leg.to, leg.to.track)}`,
    lateness(leg),
  ])
  return `${head}\n${table(rows)}`
}

function clockIn(zone: string): (iso: string) => string {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' })
  return iso => format.format(new Date(iso))
}

const minutes = (seconds: number): string => `${Math.round(seconds / 60)} min`

function what(leg: Leg): string {
  if (leg.tripId === undefined) return leg.distance === undefined ? 'walk' : `walk ${Math.round(leg.distance)} m`
  const line = leg.displayName || leg.routeShortName || leg.mode
  return leg.headsign ? `${line} towards ${leg.headsign}` : line
}

const placeText = (place: Place, track: string | undefined): string => (track ? `${place.name} (${track})` : place.name)

function lateness(leg: Leg): string {
  if (leg.cancelled) return 'cancelled'
  if (!leg.realTime) return ''
  const late = Math.round((Date.parse(leg.startTime) - Date.parse(leg.scheduledStartTime)) / 60_000)
  return late === 0 ? 'on time' : `${late > 0 ? '+' : '−'}${Math.abs(late)} min`
}
