// A watched itinerary as it is now: its legs, what is wrong with it, and from where the rider would have to go on.

import { partMode } from '#api/render/approach.ts'
import type { FoundItinerary, SavedEnd, SavedItinerary } from '#api/render/itinerary-id.ts'
import { displayName, headsign, modeOfRun } from '#api/render/run.ts'
import { arrivalSource, departureSource } from '#api/render/source.ts'
import { placeName, publicStopId, publicTripId, textOrNone } from '#api/render/texts.ts'
import { periodWithin } from '#engine/access/elevators.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import { DAY, type UnixSeconds } from '#engine/core/time.ts'
import type { Horizon } from '#engine/horizon/horizon.ts'
import { findLiveRun, noSooner, type RunCall, readCall } from '#engine/horizon/runs.ts'
import type { Period } from '#engine/live/state.ts'
import type { QueryPlace } from '#engine/plan/query.ts'
import {
  isRentalGone,
  type RefreshedJourney,
  type RefreshedRide,
  refresh,
  type SavedRide,
  type SavedWay,
} from '#engine/plan/refresh.ts'
import type { RefreshedWalk, WalkAgain } from '#engine/plan/walked.ts'
import type { LegEnd } from '#engine/transit/journey.ts'
import type { JourneyHead, JourneyNotice, LegRow } from './rows/journey.ts'

/** An itinerary found again in the timetable; at least one ride. */
export interface WatchedJourney extends FoundItinerary {
  /** Of its names. */
  readonly language: readonly string[]
  readonly rides: readonly SavedRide[]
}

export interface JourneyReading {
  readonly rows: readonly LegRow[]
  readonly journey: JourneyHead
  readonly notices: readonly JourneyNotice[]
  /** Where and when the rider has to look for another way; undefined while all goes as planned. */
  readonly stranded: { readonly from: QueryPlace; readonly at: UnixSeconds } | undefined
}

/** Seconds: a change with less to spare than this, and less than planned, is at risk. */
const RISK = 120
/** Seconds: a smaller delay of an arrival is no news. */
const NEWS = 60

/** An elevator that is out of order, as it is told. */
export interface ElevatorTold {
  readonly id: string
  readonly name: string
  readonly out: readonly Period[]
  readonly source: string | undefined
}

/** @param again absent: every walk is made as it was found */
export function readJourney(
  horizon: Horizon,
  watched: WatchedJourney,
  now: UnixSeconds,
  again?: WalkAgain,
  elevatorOf: (id: string) => ElevatorTold = id => ({ id, name: id, out: [], source: undefined }),
): JourneyReading {
  const { saved, rides, from, to, language } = watched
  const way = (end: SavedEnd, place: QueryPlace): SavedWay | undefined =>
    end.seconds > 0 || end.places || place.kind === 'coordinate' ? end : undefined
  const found = { start: way(saved.start, from), rides, end: way(saved.end, to) }
  const refreshed = refresh(horizon, found, again)
  const rows: LegRow[] = []
  const notices: JourneyNotice[] = []
  const exp = rides.at(-1)!.arrival + DAY
  const add = (leg: Omit<LegRow, 'id' | 'exp'>): string => {
    const id = String(rows.length)
    rows.push({ id, ...leg, exp })
    return id
  }
  const isGone = (way: RefreshedWalk): boolean => way.blocked === true || isRentalGone(horizon, way, now)
  const endOfLeg = (end: LegEnd): LegRow['from'] => walkEnd(horizon, watched, end, language)
  const addWay = (way: RefreshedWalk): void => {
    wayRows(way, isGone(way), endOfLeg).forEach((row, i) => {
      const leg = add(row)
      if (row.state === 'cancelled' && !way.out) notices.push({ kind: 'cancelled', leg })
      if (i === 0) notices.push(...elevatorNotices(way, leg, elevatorOf))
    })
  }
  refreshed.start.forEach(addWay)
  refreshed.rides.forEach((ride, i) => {
    ride.walksBefore.forEach(addWay)
    const row = rideRow(horizon, ride, saved.rides[i]!, language)
    const leg = add(row)
    notices.push(...noticesOf(row, leg))
  })
  refreshed.end.forEach(addWay)
  const wrong = refreshed.rides.findIndex(ride => ride.cancelled || ride.missed || ride.walksBefore.some(isGone))
  const broken = refreshed.start.some(isGone) ? 0 : wrong < 0 && refreshed.end.some(isGone) ? rides.length : wrong
  return {
    rows,
    notices,
    journey: headOf(rows, notices, now),
    stranded: broken < 0 ? undefined : strandedAt(watched, refreshed, broken, now),
  }
}

/** Changes when the journey's rides do, or what is out of order on its way: cheaper than reading it. */
export function stampOf(horizon: Horizon, rides: readonly SavedRide[], out: readonly string[]): number {
  let stamp = 17
  const mix = (value: number): void => {
    stamp = (Math.imul(stamp, 31) + value) | 0
  }
  for (const name of out) for (let i = 0; i < name.length; i++) mix(name.charCodeAt(i))
  for (const { run, board, alight } of rides) {
    if (!run) continue
    const row = findLiveRun(horizon.live, run.trip, run.day, run.shift)
    mix(row < horizon.live.counts.runs ? horizon.live.runState[row]! + 1 : 0)
    for (const position of [board, alight]) {
      const call = readCall(horizon, run, row, position)
      mix(call.arrival)
      mix(call.departure)
      mix(call.stop)
      mix(call.arrivalSource * 64 + call.departureSource * 8 + Number(call.canBoard) * 4 + Number(call.canAlight) * 2)
    }
  }
  return stamp
}

function headOf(rows: readonly LegRow[], notices: readonly JourneyNotice[], now: number): JourneyHead {
  const [first, last] = [rows[0]!, rows.at(-1)!]
  const has = (...kinds: JourneyNotice['kind'][]): boolean => notices.some(({ kind }) => kinds.includes(kind))
  const state = (): JourneyHead['state'] => {
    if (last.arrival < now) return 'over'
    if (rows.some(row => row.state !== 'normal')) return 'broken'
    // who has to set out earlier has to know
    if (has('transfer_at_risk') || notices.some(({ kind, leg }) => kind === 'elevator' && leg === first.id))
      return 'at_risk'
    return has('delay', 'elevator') ? 'delayed' : 'ok'
  }
  const { arrival, schedArrival } = last
  return { state: state(), departure: first.departure, arrival, schedArrival, delay: arrival - schedArrival }
}

function noticesOf(row: Omit<LegRow, 'id' | 'exp'>, leg: string): JourneyNotice[] {
  const { state, slack, slackPlanned } = row
  const found: JourneyNotice[] = []
  if (state === 'cancelled') return [{ kind: 'cancelled', leg }]
  if (state === 'missed') found.push({ kind: 'transfer_broken', leg, slack })
  else if (slack !== undefined && slack < RISK && slack < slackPlanned!)
    found.push({ kind: 'transfer_at_risk', leg, slack })
  const end = (['from', 'to'] as const).find(end => isElsewhere(row[end]))
  if (end) found.push({ kind: 'platform', leg, end, platform: row[end].platform, stop: row[end].name })
  const delay = row.arrival - row.schedArrival
  if (delay >= NEWS) found.push({ kind: 'delay', leg, delay })
  return found
}

/** Of those because of which the walk is longer, later or none: until when, where somebody says. */
const elevatorNotices = (
  { out = [], departure, arrival }: RefreshedWalk,
  leg: string,
  elevatorOf: (id: string) => ElevatorTold,
): JourneyNotice[] =>
  out.map(id => {
    const { name, out: periods, source } = elevatorOf(id)
    const until = (periodWithin(periods, departure, arrival) ?? periods.findLast(({ end = 0 }) => end <= departure))
      ?.end
    return { kind: 'elevator', leg, elevator: name, id, until, source }
  })

/** Most stops of buses have no platform to tell them apart. */
const isElsewhere = ({ stopPlanned, platform, platformPlanned }: LegRow['from']): boolean =>
  stopPlanned !== undefined || platform !== platformPlanned

/** Not yet on the way: from the start, at the time once planned. On the way: from where the last ride before the break ends. */
function strandedAt(
  { from }: WatchedJourney,
  { start, rides }: RefreshedJourney,
  broken: number,
  now: UnixSeconds,
): NonNullable<JourneyReading['stranded']> {
  const before = rides[broken - 1]
  const begun = rides[0]!.departure <= now && !rides[0]!.cancelled
  if (before && begun)
    return {
      from: { kind: 'stop', stop: before.leg?.to ?? before.saved.to },
      at: Math.max(now, before.arrival) as UnixSeconds,
    }
  const [first, last] = [start[0], start.at(-1)]
  const walked = first && last ? last.arrival - first.departure : 0
  return { from, at: Math.max(now, rides[0]!.saved.departure - walked) as UnixSeconds }
}

function rideRow(
  horizon: Horizon,
  ride: RefreshedRide,
  { tripId, displayName: line, mode }: SavedItinerary['rides'][number],
  language: readonly string[],
): Omit<LegRow, 'id' | 'exp'> {
  const { saved, leg, departure, arrival, slack, slackPlanned } = ride
  const { timetable: tt } = horizon
  const view = { horizon, version: 6, language, realtime: true, now: departure }
  const row = saved.run && findLiveRun(horizon.live, saved.run.trip, saved.run.day, saved.run.shift)
  const [board, alight] = [saved.board, saved.alight].map(position =>
    saved.run && row !== undefined ? noSooner(readCall(horizon, saved.run, row, position), leg?.notBefore) : undefined,
  )
  return {
    mode: leg ? modeOfRun(view, leg) : mode,
    trip: leg ? publicTripId(tt, leg.trip, leg.day, leg.shift) : tripId,
    line: leg ? displayName(view, leg) : line,
    headsign: leg && headsign(view, leg, saved.board),
    from: endOf(horizon, board, saved.from, language),
    to: endOf(horizon, alight, saved.to, language),
    schedDeparture: saved.departure,
    departure,
    departureSource: board ? departureSource(board) : 'scheduled',
    schedArrival: saved.arrival,
    arrival,
    arrivalSource: alight ? arrivalSource(alight) : 'scheduled',
    state: ride.cancelled ? 'cancelled' : ride.missed ? 'missed' : 'normal',
    slack,
    slackPlanned,
  }
}

function endOf(
  { timetable: tt }: Horizon,
  call: RunCall | undefined,
  saved: StopIdx,
  language: readonly string[],
): LegRow['from'] {
  const stop = call?.stop ?? saved
  return {
    stop: publicStopId(tt, stop),
    name: placeName(tt, stop, language),
    stopPlanned: call && call.scheduledStop !== stop ? publicStopId(tt, call.scheduledStop) : undefined,
    platform: textOrNone(tt, tt.stopPlatform[stop]!),
    platformPlanned: textOrNone(tt, tt.stopPlatform[call?.scheduledStop ?? saved]!),
  }
}

/** A row for each part of a way, as an itinerary has its legs. */
function wayRows(
  way: RefreshedWalk,
  gone: boolean,
  endOf: (end: LegEnd) => LegRow['from'],
): Omit<LegRow, 'id' | 'exp'>[] {
  const { by, planned } = way
  const whole = walkRow(way, endOf)
  if (!by) return [{ ...whole, ...(gone && { state: 'cancelled' }) }]
  let at = 0
  return by.parts.map((part, i) => {
    const begin = Math.round(at)
    at = i === by.parts.length - 1 ? way.arrival - way.departure : at + part.seconds
    const end = Math.round(at)
    return {
      ...whole,
      mode: partMode(part, by),
      from: part.from ? { name: part.from.name ?? '' } : whole.from,
      to: part.to ? { name: part.to.name ?? '' } : whole.to,
      schedDeparture: planned + begin,
      departure: way.departure + begin,
      schedArrival: planned + end,
      arrival: way.departure + end,
      state: way.blocked || (gone && part.mode === 'RENTAL') ? 'cancelled' : 'normal',
    }
  })
}

function walkRow(walk: RefreshedWalk, endOf: (end: LegEnd) => LegRow['from']): Omit<LegRow, 'id' | 'exp'> {
  return {
    mode: 'WALK',
    from: endOf(walk.from),
    to: endOf(walk.to),
    schedDeparture: walk.planned,
    departure: walk.departure,
    departureSource: 'scheduled',
    schedArrival: walk.planned + walk.usual,
    arrival: walk.arrival,
    arrivalSource: 'scheduled',
    state: 'normal',
  }
}

function walkEnd(
  horizon: Horizon,
  { vias }: Pick<WatchedJourney, 'vias'>,
  end: LegEnd,
  language: readonly string[],
): LegRow['from'] {
  const place = end.kind === 'via' ? vias[end.via]! : end
  if (place.kind === 'stop') return endOf(horizon, undefined, place.stop, language)
  return { name: { start: 'START', end: 'END', coordinate: 'VIA' }[place.kind as 'start'] }
}
