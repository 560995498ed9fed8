// A row's facts in words: the same for the eye, for the LED rows and for the ear.

import { elevatorText } from '../shared/elevators-out.ts'
import { isBus } from '../shared/modes.ts'
import { isExpected, isTold, sourceOf, type TimeSource } from '../shared/source.ts'
import { minutesBetween, type Times } from '../shared/times.ts'
import type { Texts } from '../texts/de.ts'
import type { Freshness, Notice, RowView, StopView } from './view.ts'

const PATIENCE = 5 // seconds that a connection may take before it is called none

/** What must be known besides line, place and time; the weightiest first. */
export function notesOf(t: Texts, row: RowView): readonly string[] {
  const { departure, off, leaveNow, headway, last } = row
  if (off) return [departure.state === 'cancelled' ? t.cancelled : t.skipped]
  const notes: string[] = []
  if (leaveNow) notes.push(t.display.leaveNow)
  if (departure.pickupArrangement) notes.push(t.getOn[departure.pickupArrangement])
  if (departure.state === 'new') notes.push(t.additional)
  if (departure.state === 'replaced') notes.push(t.rerouted)
  if (last) notes.push(t.display.last)
  else if (headway) notes.push(t.display.every(headway.from, headway.to))
  return notes
}

/** How late, or that nobody knows. */
export function punctuality(t: Texts, { departure }: RowView): string {
  const { pred, sched } = departure
  const source = sourceOf(departure)
  if (!isExpected(source) || pred === null) return t.sources[isExpected(source) ? 'scheduled' : source]
  const late = minutesBetween(sched, pred)
  return late > 0 ? t.late(late) : late < 0 ? t.early(-late) : t.onTime
}

/** The platform that it now leaves from is another than the timetable says. */
export const hasMoved = ({ departure: { platform, platformPlanned } }: RowView): boolean =>
  platform !== undefined && platformPlanned !== undefined && platform !== platformPlanned

/** What is said about the stop, elevators first: who needs one must know before all else. */
export const newsOf = (t: Texts, times: Times, { elevatorsOut, alerts, now }: StopView): readonly Notice[] => [
  ...elevatorsOut.map(elevator => ({ text: elevatorText(t, times, elevator, now), access: true })),
  ...alerts,
]

export function freshnessText(t: Texts, times: Times, stop: StopView, now: number): string {
  const { trust, heard, live, silence }: Freshness = stop.freshness
  const starting = trust === 'timetable' && silence && now - silence.since < PATIENCE
  if (stop.state === 'waiting' || starting) return t.display.waiting
  if (silence && trust !== 'live')
    return t.display[silence.connected ? 'lapsed' : 'lost'][trust](times.clock(silence.since))
  if (live) return t.display.live(t.seconds(Math.max(0, Math.round(now - heard))))
  return heard > 0 ? t.noLiveDataSince(times.clock(heard)) : t.noRealtimeSource
}

/** In place of departures, where there are none. */
export const emptyText = (t: Texts, { state }: StopView): string =>
  state === 'gone' ? t.unknownStop : state === 'waiting' ? t.display.waiting : t.noDepartures

/** The whole board as one text to be read aloud. */
export function spokenText(t: Texts, times: Times, stops: readonly StopView[], now: number): string {
  return stops
    .flatMap(stop => [
      ...(stop.name ? [t.display.spoken(stop.name, times.clock(now))] : []),
      ...sourceOnce(t, commonSource(stop)),
      ...stop.rows.map(row => spokenRow(t, times, row, commonSource(stop) === undefined)),
      ...(stop.rows.length === 0 ? [emptyText(t, stop)] : []),
      ...newsOf(t, times, stop).map(({ text }) => (/[.!?]$/.test(text) ? text : `${text}.`)),
    ])
    .join(' ')
}

/** Where all times of several rows come from, if that is one and none to be taken for granted: said once instead of with each. */
function commonSource({ rows }: StopView): TimeSource | undefined {
  const sources = rows.filter(row => !row.off).map(row => sourceOf(row.departure))
  const [first] = sources
  const common = sources.length > 1 && sources.every(source => source === first)
  return common && first && !isTold(first) ? first : undefined
}

const sourceOnce = (t: Texts, source: TimeSource | undefined): string[] =>
  source === undefined ? [] : [`${source === 'scheduled' ? t.noRealtimeSource : t.sources[source]}.`]

function spokenRow(t: Texts, times: Times, row: RowView, sayingSource: boolean): string {
  const { line, headsign, platform, platformPlanned, mode } = row.departure
  const when =
    row.minutes === undefined || row.off ? t.display.spokenAt(times.clock(row.time)) : t.inMinutes(row.minutes)
  const where = platform
    ? hasMoved(row)
      ? t.platformInstead(platform, platformPlanned!, isBus(mode))
      : t.platform(platform, isBus(mode))
    : ''
  const source = sourceOf(row.departure)
  const notes = [...notesOf(t, row), ...(row.off || isTold(source) || !sayingSource ? [] : [t.sources[source]])]
  return t.display.spokenRow(line, headsign, when, [where, ...notes].filter(Boolean).join(', '))
}
