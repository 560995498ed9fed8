// Which departures a board shows at this moment. As long as a server vouches for it, what the live channel says; when it falls silent the
// predictions grow old, then give way to the timetable that was fetched ahead.
//
//   silent for      0 ……… 60 s ……… 300 s ……… days
//   shown           live  │ live, marked stale │ timetable, with what was known to be called off

import type { Board, Row } from '../shared/live-channel.ts'
import { aged } from '../shared/source.ts'

/** Seconds without a server. */
export const BELIEVED_FOR = 60
/** Then a prediction is worth less than the timetable (rule K4). */
const PREDICTED_FOR = 300
/** Seconds: a clock's time names no day, so what leaves later is not shown. */
const A_DAY = 86_400

/** A departure by the timetable, as kept on the device. */
export interface Planned {
  readonly trip: string
  readonly line: string
  readonly headsign: string
  readonly mode: string
  readonly color?: string | undefined
  readonly textColor?: string | undefined
  readonly platform?: string | undefined
  readonly pickupArrangement?: Row['pickupArrangement']
  /** Unix seconds. */
  readonly sched: number
}

export interface Departure extends Planned {
  /** Of trip and planned time: the same whether it comes from the live channel or the timetable. */
  readonly key: string
  /** Unix seconds; null when only the timetable is known. */
  readonly pred: number | null
  readonly rt: Row['rt']
  readonly source?: Row['source']
  readonly state: Row['state']
  readonly platformPlanned?: string | undefined
  readonly wheelchair?: boolean | undefined
  /** The first or last one of the service day in its direction, where the server says so. */
  readonly ofDay?: Row['ofDay']
}

export const departureKey = ({ trip, sched }: Pick<Planned, 'trip' | 'sched'>): string => `${trip}@${sched}`

/** When it leaves, as far as is known. */
export const timeOf = (departure: Departure): number => departure.pred ?? departure.sched

export type Trust = 'live' | 'stale' | 'timetable'

/** Nobody vouches for a board any more. */
export interface Silence {
  /** Unix seconds of the server's last word of it. */
  readonly since: number
  /** The server is there, and has lost this one channel. */
  readonly connected: boolean
}

/** Undefined while somebody vouches for the board. @param lostAt when the server was last there; undefined: it is */
export function silenceOf(board: Board | undefined, lostAt: number | undefined, now: number): Silence | undefined {
  if (lostAt !== undefined) return { since: board?.asOf || lostAt, connected: false }
  const lapsed = board?.state === 'known' && now - board.asOf > BELIEVED_FOR
  return lapsed ? { since: board.asOf, connected: true } : undefined
}

/** How much the live board is worth. */
export function trustIn(board: Board | undefined, silence: Silence | undefined, now: number): Trust {
  if (board?.state !== 'known') return 'timetable'
  const silent = silence === undefined ? 0 : now - silence.since
  return silent <= BELIEVED_FOR ? 'live' : silent <= PREDICTED_FOR ? 'stale' : 'timetable'
}

/** The departures of the next day from `now` on, by time. @param planned by planned time */
export function departuresAt(
  board: Board | undefined,
  planned: readonly Planned[],
  trust: Trust,
  now: number,
): readonly Departure[] {
  const live = board?.state === 'known' ? board.rows.map(fromRow) : []
  const rows = trust === 'timetable' ? byTimetable(live, planned) : [...live, ...after(live, planned)]
  return (trust === 'stale' ? rows.map(aged) : rows)
    .filter(row => timeOf(row) >= now && timeOf(row) < now + A_DAY)
    .sort((a, b) => timeOf(a) - timeOf(b) || a.sched - b.sched || (a.key < b.key ? -1 : 1))
}

function fromRow(row: Row): Departure {
  return { ...row, key: departureKey(row) }
}

const fromTimetable = (planned: Planned): Departure => ({
  ...planned,
  key: departureKey(planned),
  pred: null,
  rt: 'scheduled',
  state: 'normal',
})

/** The timetable, with what the last live state said was called off or added; its times are no longer believed. */
function byTimetable(live: readonly Departure[], planned: readonly Planned[]): Departure[] {
  const told = new Map(live.map(row => [row.key, row]))
  const rows = planned.map(fromTimetable).map(row => {
    const last = told.get(row.key)
    told.delete(row.key)
    return last ? { ...row, state: last.state, wheelchair: last.wheelchair } : row
  })
  for (const row of told.values()) rows.push({ ...row, pred: null, rt: 'scheduled', source: 'scheduled' })
  return rows
}

/** What the timetable knows beyond the last row of a live board. */
function after(live: readonly Departure[], planned: readonly Planned[]): Departure[] {
  const last = live.reduce((latest, row) => Math.max(latest, row.sched), Number.NEGATIVE_INFINITY)
  return live.length === 0 ? [] : planned.filter(row => row.sched > last).map(fromTimetable)
}
