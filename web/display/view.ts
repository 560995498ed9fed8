// What a display says at one moment, as plain values: the one content from which the picture, the LED rows and the spoken text are made.

import { type ElevatorView, elevatorsOut } from '../shared/elevators-out.ts'
import type { Board } from '../shared/live-channel.ts'
import { isHeard } from '../shared/source.ts'
import { directionOf, type Headway, headways, isOff, lastOnes } from './headway.ts'
import type { Options } from './options.ts'
import { type Departure, departuresAt, type Planned, type Silence, type Trust, timeOf, trustIn } from './rows.ts'

/** Beyond that a clock time is easier to read than minutes. */
const MINUTES_BELOW = 60

export interface StopInput {
  readonly id: string
  readonly walkSeconds: number
  readonly board: Board | undefined
  readonly planned: readonly Planned[]
  /** Unix seconds up to which `planned` goes. */
  readonly plannedTo: number
  /** Unix seconds up to which the timetable is known at all. */
  readonly plannedUntil: number
  /** What the stop was called before, for a start without a server. */
  readonly rememberedName: string | undefined
}

export interface RowView {
  readonly key: string
  readonly departure: Departure
  readonly off: boolean
  /** Unix seconds. */
  readonly time: number
  /** Whole minutes until it leaves; undefined where the clock time says it better. */
  readonly minutes: number | undefined
  /** Time to leave for the stop is now: it can just be reached. */
  readonly leaveNow: boolean
  readonly headway: Headway | undefined
  readonly last: boolean
}

export interface Notice {
  readonly text: string
  /** About the way in and out: an elevator, a ramp, an escalator. */
  readonly access: boolean
}

/** How far what is shown can be trusted, and since when. */
export interface Freshness {
  readonly trust: Trust
  /** Unix seconds of the newest word of a vehicle; 0 when none ever came. */
  readonly heard: number
  /** Does a realtime source speak? */
  readonly live: boolean
  readonly silence: Silence | undefined
}

export interface StopView {
  readonly id: string
  /** The moment of which it speaks. */
  readonly now: number
  readonly name: string | undefined
  readonly state: Board['state']
  readonly rows: readonly RowView[]
  readonly alerts: readonly Notice[]
  /** Elevators out of order, where no alert speaks of them. */
  readonly elevatorsOut: readonly ElevatorView[]
  readonly walkSeconds: number
  readonly freshness: Freshness
  readonly plannedUntil: number
}

export function stopView(
  input: StopInput,
  options: Pick<Options, 'rows' | 'lines' | 'platforms'>,
  silence: Silence | undefined,
  now: number,
): StopView {
  const { board, planned, plannedTo, plannedUntil, walkSeconds } = input
  const trust = trustIn(board, silence, now)
  const all = departuresAt(board, planned, trust, now).filter(wanted(options))
  const often = headways(all, now)
  const last = lastOnes(all, plannedTo)
  const said = new Set<string>()
  const rows = all
    .filter(departure => timeOf(departure) - walkSeconds >= now)
    .slice(0, options.rows)
    .map((departure): RowView => {
      const time = timeOf(departure)
      const minutes = Math.floor((time - now) / 60)
      const direction = directionOf(departure)
      const first = !said.has(direction) && said.add(direction)
      return {
        key: departure.key,
        departure,
        off: isOff(departure),
        time,
        minutes: minutes < MINUTES_BELOW ? minutes : undefined,
        leaveNow: walkSeconds > 0 && !isOff(departure) && time - walkSeconds - now < 60,
        headway: first ? often.get(direction) : undefined,
        last: departure.ofDay === 'last' || last.has(departure.key),
      }
    })
  return {
    id: input.id,
    now,
    name: board?.stop?.name ?? input.rememberedName,
    state:
      board?.state === 'gone' && planned.length === 0
        ? 'gone'
        : rows.length > 0
          ? 'known'
          : (board?.state ?? 'waiting'),
    rows,
    alerts: alertsOf(board, now),
    // without a server nobody knows
    elevatorsOut: trust === 'live' && board ? elevatorsOut(board, now) : [],
    walkSeconds,
    freshness: freshnessOf(board, trust, silence),
    plannedUntil,
  }
}

const wanted =
  ({ lines, platforms }: Pick<Options, 'lines' | 'platforms'>) =>
  (departure: Departure): boolean =>
    (lines.length === 0 || lines.includes(departure.line)) &&
    (platforms.length === 0 || platforms.includes(departure.platform ?? ''))

/** Those of the stop itself first. What is over is not shown, whether or not a server says so. */
function alertsOf(board: Board | undefined, now: number): readonly Notice[] {
  if (!board) return []
  const own = new Set(board.stopAlerts)
  const inForce = board.alerts.filter(({ end }) => end === undefined || end > now)
  return [...inForce.filter(({ id }) => own.has(id)), ...inForce.filter(({ id }) => !own.has(id))].map(
    ({ header, effect }) => ({ text: header, access: effect === 'ACCESSIBILITY_ISSUE' }),
  )
}

function freshnessOf(board: Board | undefined, trust: Trust, silence: Silence | undefined): Freshness {
  const feeds = Object.values(board?.feeds ?? {})
  return {
    trust,
    heard: Math.max(0, ...feeds.map(feed => feed.asOf)),
    live: trust === 'live' && feeds.some(isHeard),
    silence,
  }
}
