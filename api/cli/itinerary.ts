// An itinerary as lines to read:
//
//   08:02 → 08:31   29 min, 1 change
//     08:02  08:07  walk 380 m                      Start → Stadtgarten
//     08:07  08:12  U41 towards Clarenberg          Stadtgarten (Gleis 2, not 3) → Hörde   +2 min   few seats

import type { Occupancy, Place } from '../contract/common.ts'
import type { Itinerary, Leg, Reason } from '../contract/itinerary.ts'
import { table } from './output.ts'

export function itineraryText(itinerary: Itinerary, zone: string): string {
  const time = clockIn(zone)
  const { startTime, endTime, duration, transfers, legs } = itinerary
  const changes = legs.every(leg => leg.tripId === undefined)
    ? byWhat(legs)
    : transfers === 0
      ? 'direct'
      : `${transfers} change${transfers === 1 ? '' : 's'}`
  const head = `${time(startTime)} → ${time(endTime)}   ${minutes(duration)}, ${changes}`
  const rows = legs.map(leg => [
    time(leg.startTime),
    time(leg.endTime),
    what(leg),
    `${placeText(leg.from)} → ${placeText(leg.to)}`,
    lateness(leg),
    leg.occupancy ? fullness(leg.occupancy) : '',
  ])
  return `${head}\n${table(rows)}`
}

/**
 * Why there is none, with each elevator that stands in the way:
 *
 *   There would be a way, but elevators on it are out of order.
 *     zu Gleis 2   Hauptbahnhof   out until 5 Jan 2026, 16:00
 */
export function reasonText({ text, elevators = [] }: Reason, zone: string): string {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, dateStyle: 'medium', timeStyle: 'short' })
  const rows = elevators.map(({ id, name, station = '', outUntil }) => [
    name || id,
    station,
    outUntil ? `out until ${format.format(new Date(outUntil))}` : 'out, nobody says until when',
  ])
  return rows.length === 0 ? text : `${text}\n${table(rows)}`
}

function clockIn(zone: string): (iso: string) => string {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' })
  return iso => format.format(new Date(iso))
}

const minutes = (seconds: number): string => `${Math.round(seconds / 60)} min`

/** On the streets, beside walking. */
const VEHICLES: Readonly<Partial<Record<Leg['mode'], string>>> = {
  BIKE: 'bicycle',
  RENTAL: 'rental',
  CAR: 'car',
  CAR_PARKING: 'car',
  CAR_DROPOFF: 'car',
}

function byWhat(legs: readonly Leg[]): string {
  const vehicle = legs.map(({ mode }) => VEHICLES[mode]).find(word => word !== undefined)
  return vehicle ? `by ${vehicle}` : 'on foot'
}

function what(leg: Leg): string {
  if (leg.tripId === undefined) {
    if (leg.mode === 'WALK' && leg.from.stopId !== undefined && leg.from.stopId === leg.to.stopId) return 'change'
    const word = VEHICLES[leg.mode] ?? 'walk'
    return leg.distance === undefined ? word : `${word} ${Math.round(leg.distance)} m`
  }
  const line = leg.displayName || leg.routeShortName || leg.mode
  return leg.headsign ? `${line} towards ${leg.headsign}` : line
}

function placeText({ name, track, scheduledTrack }: Place): string {
  if (!track) return name
  return scheduledTrack && scheduledTrack !== track ? `${name} (${track}, not ${scheduledTrack})` : `${name} (${track})`
}

/** At the start of the ride, and at its end if it makes up or loses a minute on the way. */
function lateness(leg: Leg): string {
  if (leg.cancelled) return 'cancelled'
  if (!leg.realTime) return ''
  const late = (now: string, planned: string): number => (Date.parse(now) - Date.parse(planned)) / 1000
  const leaves = late(leg.startTime, leg.scheduledStartTime)
  const arrives = late(leg.endTime, leg.scheduledEndTime)
  return Math.abs(arrives - leaves) < 60 ? delay(leaves) : `${delay(leaves)}, then ${delay(arrives)}`
}

/** Seconds as long as they say more than minutes. */
function delay(seconds: number): string {
  if (seconds === 0) return 'on time'
  const size = Math.abs(seconds) < 120 ? `${Math.abs(seconds)} s` : minutes(Math.abs(seconds))
  return `${seconds > 0 ? '+' : '−'}${size}`
}

const FULLNESS: Readonly<Record<NonNullable<Occupancy['status']>, string>> = {
  EMPTY: 'empty',
  MANY_SEATS_AVAILABLE: 'many seats',
  FEW_SEATS_AVAILABLE: 'few seats',
  STANDING_ROOM_ONLY: 'standing room',
  CRUSHED_STANDING_ROOM_ONLY: 'little standing room',
  FULL: 'full',
  NOT_ACCEPTING_PASSENGERS: 'takes nobody on',
  NOT_BOARDABLE: 'takes nobody on',
}

function fullness({ status, percentage }: Occupancy): string {
  const share = percentage === undefined ? '' : `${percentage} % full`
  return status === undefined ? share : `${FULLNESS[status]}${share && ` (${share})`}`
}
