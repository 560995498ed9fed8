// A whole journey as one plain text: read aloud in one go, copied into a message, printed.

import type { Itinerary, Leg } from '../../shared/api.ts'
import { isBus } from '../../shared/modes.ts'
import { isExpected, isTold } from '../../shared/source.ts'
import { distance, duration, minutesBetween, seconds, type Times } from '../../shared/times.ts'
import type { Texts } from '../../texts/de.ts'
import type { Ends } from './details.tsx'
import { byOf, isRide, lineOf, startSource, viaName } from './legs.ts'

const WORTH_SAYING = 60 // seconds of a walk

export function journeyText(t: Texts, times: Times, itinerary: Itinerary, ends: Ends): string {
  const { legs } = itinerary
  const [start, end] = [seconds(legs[0]!.startTime), seconds(legs.at(-1)!.endTime)]
  const rides = legs.some(isRide)
  const head = t.spoken.journey(
    times.clock(start),
    times.clock(end),
    duration(t, end - start),
    rides ? t.transfers(itinerary.transfers) : waysOnly(t, legs),
  )
  const parts = legs.flatMap((leg, i) => [
    ...(leg.stay ? [`${t.stayHere(duration(t, leg.stay))}.`] : []),
    ...(isRide(leg) ? ride(t, times, leg) : way(t, leg, i === legs.length - 1, ends)),
  ])
  return [head, ...parts].join(' ')
}

function ride(t: Texts, times: Times, leg: Leg): string[] {
  const at = (text: string | undefined, fallback: string) => times.clock(seconds(text ?? fallback))
  const platform = leg.from.track ? `, ${t.platform(leg.from.track, isBus(leg.mode))}` : ''
  const source = startSource(leg)
  const late = isExpected(source) ? minutesBetween(seconds(leg.scheduledStartTime), seconds(leg.startTime)) : 0
  const state = leg.cancelled
    ? [t.cancelled]
    : [...(late > 0 ? [t.spoken.late(late)] : []), ...(isTold(source) ? [] : [t.sources[source]])]
  return [
    t.spoken.ride(
      at(leg.from.departure, leg.startTime),
      lineOf(leg),
      leg.headsign ?? leg.to.name,
      leg.from.name + platform,
      leg.to.name,
      at(leg.to.arrival, leg.endTime),
    ),
    ...state.map(word => `${word}.`),
    ...arranged(t, leg).map(words => `${words}.`),
    ...(leg.alerts ?? []).map(alert => `${alert.headerText}.`),
  ]
}

/** What the rider has to do for the vehicle to stop. */
const arranged = (t: Texts, { from, to }: Leg): string[] => [
  ...(from.pickupArrangement ? [t.getOn[from.pickupArrangement]] : []),
  ...(to.dropoffArrangement ? [t.getOff[to.dropoffArrangement]] : []),
]

/** `by bicycle`, for a journey without rides. */
export const waysOnly = (t: Texts, legs: readonly Leg[]): string => {
  const by = new Set(legs.map(byOf))
  if (by.size > 1) by.delete('WALK')
  return [...by].map(name => t.ways.by[name]).join(' + ')
}

function way(t: Texts, leg: Leg, last: boolean, ends: Ends): string[] {
  if (leg.duration < WORTH_SAYING) return []
  const on = viaName(t, leg.to, ends.vias) ?? (leg.to.name || t.ways.parkHere)
  const to = leg.to.stopId ? leg.to.name : last ? ends.to || t.end : on
  const [length, metres] = [duration(t, leg.duration), distance(t, leg.distance ?? 0)]
  const by = byOf(leg)
  if (by === 'WALK') return [t.spoken.walk(length, metres, to)]
  return [t.ways.spoken(length, t.ways.by[by], metres, to)]
}
