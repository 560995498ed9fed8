// TripModifications (H10–H18): some trips go another way on some days. It is an edit of the schedule: the trip as edited is an extra one
// (extra-trips.ts) that stands for the timetable's run on each of the days, with or without predictions.
//
//   timetable     A ── B ── C ── D ── E           modification: B … C, stops X and Y, +120 s
//   as edited     A ── X ── Y ──── D ── E         X, Y at travel_time after A; D and E 120 s later
//   origin        0    –    –      3    4         position in the timetable's trip: where its own updates go (H17)

import type { StopIdx, TripIdx } from '../core/ids.ts'
import { DAY, parseDate, parseTime, type ServiceDay, type UnixSeconds } from '../core/time.ts'
import { isFrequencyStart } from '../timetable/frequencies.ts'
import { findId, findIn } from '../timetable/ids.ts'
import { runsOn, type Timetable } from '../timetable/timetable.ts'
import type {
  ModificationEntity,
  ReplacementStopEntity,
  StopSelectorEntity,
  TripModificationsEntity,
} from './entities.ts'
import { type ExtraCall, likeTrip } from './extra-trips.ts'
import type { Reading } from './reading.ts'
import { runKey } from './runs.ts'

/** One run on its detour. */
export interface Detour {
  readonly id: string
  readonly original: TripIdx
  readonly day: ServiceDay
  readonly shift: number
  readonly trip: TripIdx
  /** Position → the original's, or −1. */
  readonly origin: readonly number[]
}

/** Days around now for which detours are laid: what the horizon always holds, and the days that people ask for. */
const DAYS_BEHIND = 2
const DAYS_AHEAD = 14

/**
 * All runs that the message sends on a detour; of two detours for one run the first counts (H10).
 * @param replaced runs that the message gives stops of their own: that is the stronger word (H19)
 */
export function readDetours(reading: Reading, replaced: (key: string) => boolean): Map<string, Detour> {
  const { m, rejected, warnings, messageTime } = reading
  const detours = new Map<string, Detour>()
  for (const entity of m.modifications) {
    const dates = entity.serviceDates.map(parseDate)
    if (dates.includes(undefined)) warnings.add('bad_service_date')
    const days = [...new Set(dates)].filter(day => day !== undefined && isNear(day, messageTime)) as ServiceDay[]
    if (!isOneTrip(entity)) {
      rejected.add('bad_modification')
      continue
    }
    let any = false
    const selected = new Set<string>()
    for (const { tripIds, shapeId } of entity.selected)
      for (const tripId of tripIds) {
        if (selected.has(tripId)) {
          rejected.add('second_modification')
          continue
        }
        selected.add(tripId)
        const trip = tripNamed(reading, tripId)
        const edited = trip === undefined ? undefined : editTrip(reading, trip, entity, shapeId)
        if (trip === undefined || edited === undefined) {
          rejected.add(trip === undefined ? 'trip_not_found' : 'bad_modification')
          continue
        }
        any = true
        layDetours(reading, entity, trip, edited, days, replaced, detours)
      }
    if (!any) rejected.add('bad_modification')
  }
  return detours
}

const isNear = (day: ServiceDay, messageTime: UnixSeconds): boolean => {
  const today = Math.floor(messageTime / DAY)
  return day >= today - DAYS_BEHIND && day <= today + DAYS_AHEAD
}

/** start_times belong to one trip of frequencies.txt (H11). */
const isOneTrip = ({ startTimes, selected }: TripModificationsEntity): boolean =>
  startTimes.length === 0 || (selected.length === 1 && selected[0]!.tripIds.length === 1)

export function tripNamed({ ids, feeds }: Reading, tripId: string): TripIdx | undefined {
  const bytes = new TextEncoder().encode(tripId)
  return findIn(ids.tt, ids.trips, feeds, bytes, 0, bytes.length) as TripIdx | undefined
}

function layDetours(
  reading: Reading,
  { entityId, startTimes }: TripModificationsEntity,
  trip: TripIdx,
  edited: Edited,
  days: readonly ServiceDay[],
  replaced: (key: string) => boolean,
  into: Map<string, Detour>,
): void {
  const { warnings, rejected, extras, claimed } = reading
  const { tt } = reading.ids
  for (const shift of shiftsOf(tt, trip, startTimes)) {
    let extra: TripIdx | undefined
    for (const day of days) {
      if (!runsOn(tt, tt.tripService[trip], day)) continue
      const key = runKey({ trip, day, shift })
      if (replaced(key)) {
        warnings.add('replaced_and_modified')
        continue
      }
      if (into.has(key)) {
        rejected.add('second_modification')
        continue
      }
      extra ??= extras.claim(shifted(edited, shift))
      if (extra === undefined) {
        rejected.add('no_room')
        return
      }
      into.set(key, { id: entityId, original: trip, day, shift, trip: extra, origin: edited.origin })
    }
    if (extra !== undefined) claimed.push(extra)
  }
}

function shiftsOf(tt: Timetable, trip: TripIdx, startTimes: readonly string[]): number[] {
  if (tt.tripFrequencyBegin[trip + 1]! === tt.tripFrequencyBegin[trip]!) return [0]
  const starts = startTimes.map(parseTime).filter(start => start !== undefined)
  return starts.filter(start => isFrequencyStart(tt, trip, start)).map(start => start - tt.tripStart[trip]!)
}

interface Edited {
  readonly like: ReturnType<typeof likeTrip>
  readonly origin: readonly number[]
}

const shifted = ({ like }: Edited, shift: number): ReturnType<typeof likeTrip> =>
  shift === 0
    ? like
    : {
        ...like,
        start: like.start + shift,
        calls: like.calls.map(call => ({ ...call, arrival: call.arrival + shift, departure: call.departure + shift })),
      }

/** The trip as edited; undefined when a span is not in it, spans overlap, a stop is unknown, or hardly a stop is left (H12). */
function editTrip(
  reading: Reading,
  trip: TripIdx,
  entity: TripModificationsEntity,
  shapeId: string,
): Edited | undefined {
  const { ids, lineOf, warnings } = reading
  const like = likeTrip(ids.tt, trip)
  // spans do not overlap (H12) and their stops have to fit: whoever says more is not worth looking at
  const added = entity.modifications.reduce((sum, { stops }) => sum + stops.length, 0)
  if (entity.modifications.length > like.calls.length || added > ids.tt.counts.roomSlots) return undefined
  const spans = entity.modifications.map(modification => spanOf(reading, like.calls, modification, like.feed))
  if (!spans.every(span => span !== undefined)) return undefined
  spans.sort((a, b) => a.first - b.first)
  const calls: ExtraCall[] = []
  const origin: number[] = []
  let delay = 0
  let next = 0
  for (const { first, end, stops, delay: more } of spans) {
    if (first < next) return undefined
    for (; next < first; next++) keep(next)
    const reference = like.calls[Math.max(0, first - 1)]!.arrival + delay
    const after = like.calls[end]
    const last = after === undefined ? reference + 60 * (stops.length + 1) : after.arrival + delay + more
    stops.forEach(({ stop, travelTime }, i) => {
      // without a time of its own a stop shares the span's evenly with the others (H15)
      const time = reference + (travelTime ?? Math.round(((last - reference) * (i + 1)) / (stops.length + 1)))
      calls.push({ stop, arrival: time, departure: time, sequence: 0, pickupType: 0, dropOffType: 0, headsign: '' })
      origin.push(-1)
    })
    next = end
    delay += more
  }
  for (; next < like.calls.length; next++) keep(next)
  if (calls.length < 2) return undefined
  const line = shapeId === '' ? undefined : lineOf(shapeId)
  if (shapeId !== '' && line === undefined) warnings.add('bad_shape')
  const { line: _, ...rest } = like
  return { like: { ...rest, calls: inOrder(calls), ...(line && { line }) }, origin }

  function keep(position: number): void {
    const call = like.calls[position]!
    calls.push({ ...call, arrival: call.arrival + delay, departure: call.departure + delay })
    origin.push(position)
  }
}

/** Numbered from 1 (H13), times never running back. */
function inOrder(calls: readonly ExtraCall[]): ExtraCall[] {
  let latest = Number.NEGATIVE_INFINITY
  return calls.map((call, i) => {
    const arrival = Math.max(call.arrival, latest)
    latest = Math.max(call.departure, arrival)
    return { ...call, arrival, departure: latest, sequence: i + 1 }
  })
}

interface Span {
  /** Positions [first, end) are replaced. */
  readonly first: number
  readonly end: number
  readonly stops: readonly { stop: StopIdx; travelTime: number | undefined }[]
  readonly delay: number
}

function spanOf(
  reading: Reading,
  calls: readonly ExtraCall[],
  modification: ModificationEntity,
  feed: number,
): Span | undefined {
  const first = modification.first && positionOf(reading, calls, modification.first, 0, feed)
  if (first === undefined) return undefined
  const last = modification.last && positionOf(reading, calls, modification.last, first, feed)
  if (modification.last && last === undefined) return undefined
  // only where the trip begins can a stop come before its reference (H14)
  if (first > 0 && modification.stops.some(({ travelTime = 0 }) => travelTime < 0)) return undefined
  const stops = modification.stops.map(stop => replacementStop(reading, stop, feed))
  if (!stops.every(stop => stop !== undefined)) return undefined
  return { first, end: last === undefined ? first : last + 1, stops, delay: modification.delay }
}

function positionOf(
  { ids }: Reading,
  calls: readonly ExtraCall[],
  { sequence, stopId }: StopSelectorEntity,
  from: number,
  feed: number,
): number | undefined {
  const bytes = new TextEncoder().encode(stopId)
  const stop = stopId === '' ? undefined : findId(ids.tt, ids.stops, feed, bytes, 0, bytes.length)
  const fits = (call: ExtraCall): boolean => (sequence === undefined ? call.stop === stop : call.sequence === sequence)
  const at = calls.findIndex((call, i) => i >= from && fits(call))
  return at < 0 ? undefined : at
}

function replacementStop({ ids, stopAdded }: Reading, { stopId, travelTime }: ReplacementStopEntity, feed: number) {
  const bytes = new TextEncoder().encode(stopId)
  const stop = (findId(ids.tt, ids.stops, feed, bytes, 0, bytes.length) as StopIdx | undefined) ?? stopAdded(stopId)
  return stop === undefined ? undefined : { stop, travelTime }
}
