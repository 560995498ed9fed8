// Elevators: those of pathways.txt and those on the street map, and which of them are out of order. Known are outages from alerts with
// effect ACCESSIBILITY_ISSUE and from a source that reports elevators by place (conditions.ts). What nobody speaks of works.

import type { ElevatorReport } from '../conditions/conditions.ts'
import { METRES_PER_DEGREE, metresBetween } from '../core/geo.ts'
import type { StopIdx } from '../core/ids.ts'
import { textOf } from '../core/strings.ts'
import type { LiveAlert, Period } from '../live/state.ts'
import type { Insides } from '../station/insides.ts'
import { ELEVATOR } from '../station/walk.ts'
import { type StreetElevator, streetElevators } from '../street/elevators.ts'
import type { StreetGraph } from '../street/graph.ts'
import type { StreetEnd } from '../street/path.ts'
import type { Profile } from '../street/profile.ts'
import { rootStop, type Timetable } from '../timetable/timetable.ts'

export type Elevator = {
  /** Unique in the network, the same after every import of the same data. */
  readonly id: string
  readonly lat: number
  readonly lon: number
  /** The station it belongs to: that of its pathway, or the nearest. */
  readonly station: number | undefined
} & ({ readonly pathway: number } | StreetElevator)

/** A report is about the nearest elevator, if that is no farther. Metres. */
const REPORTED_WITHIN = 40
/** An elevator of the map belongs to the nearest stop's station, if that is no farther. Metres. */
const OF_STATION_WITHIN = 150

/** Every elevator of the network, in a fixed order. */
export function listElevators(tt: Timetable, graph: StreetGraph | undefined): Elevator[] {
  const found: Elevator[] = []
  const named = new Map<string, number>()
  // outages go by it: of two that share one, who is sent over the working one must not be sent over the other
  const unique = (id: string): string => {
    const before = named.get(id) ?? 0
    named.set(id, before + 1)
    return before === 0 ? id : unique(`${id}-${before + 1}`)
  }
  for (let p = 0; p < tt.counts.pathways; p++) {
    if (tt.pathwayMode[p] !== ELEVATOR) continue
    const from = tt.pathwayFrom[p]! as StopIdx
    const tag = textOf(tt, tt.feedTag[tt.stopFeed[from]]!)
    const id = textOf(tt, tt.pathwayId[p]!) || `${textOf(tt, tt.stopId[from]!)}-${p}`
    found.push({
      id: unique(`${tag}_${id}`),
      lat: tt.stopLat[from]!,
      lon: tt.stopLon[from]!,
      station: rootStop(tt, from),
      pathway: p,
    })
  }
  for (const e of graph ? streetElevators(graph) : [])
    found.push({ ...e, id: unique(`osm_${e.lat}_${e.lon}`), station: nearestStation(tt, e.lat, e.lon) })
  return found
}

function nearestStation(tt: Timetable, lat: number, lon: number): number | undefined {
  let best: number | undefined
  let least = OF_STATION_WITHIN
  const band = (OF_STATION_WITHIN / METRES_PER_DEGREE) * 1e7
  for (let s = 0; s < tt.counts.stops; s++) {
    if (tt.stopHasPosition[s] === 0 || Math.abs(tt.stopLat[s]! - lat) > band) continue
    const metres = metresBetween(lat, lon, tt.stopLat[s]!, tt.stopLon[s]!)
    if (metres >= least) continue
    least = metres
    best = rootStop(tt, s as StopIdx)
  }
  return best
}

/** What is known of an elevator. */
export interface ElevatorState {
  readonly elevator: Elevator
  readonly state: 'working' | 'out' | 'unknown'
  /** When it is out, if it is, apart and ascending; none, or an open one, when nobody says. */
  readonly out: readonly Period[]
  /** What the source calls it, and where it stands in the source. */
  readonly name?: string
  readonly source?: string
}

/** Each elevator with what alerts and reports say. Of several reports about one, as of twins that the map has once, the worst counts. */
export function elevatorStates(
  tt: Timetable,
  insides: Insides,
  elevators: readonly Elevator[],
  alerts: readonly LiveAlert[],
  reports: readonly ElevatorReport[],
): ElevatorState[] {
  const states = elevators.map((elevator): ElevatorState => ({ elevator, state: 'unknown', out: [] }))
  for (const report of reports) {
    const at = nearestElevator(elevators, report)
    const { name, state, out, source } = report
    if (at >= 0 && (state === 'out' || states[at]!.state !== 'out'))
      states[at] = { elevator: elevators[at]!, state, out: laidTogether(states[at]!, out), name, source }
  }
  for (const alert of alerts) {
    if (alert.effect !== 'ACCESSIBILITY_ISSUE') continue
    const out = alert.impact.length > 0 ? alert.impact : [{}]
    for (const i of elevatorsOfAlert(tt, insides, elevators, alert))
      states[i] = { ...states[i]!, state: 'out', out: laidTogether(states[i]!, out), source: alert.id }
  }
  return states.map(known => {
    if (known.state !== 'out' || known.out.length === 0) return known
    const out = laidOver(known.out)
    return out.length > 0 ? { ...known, out } : { ...known, out, state: 'unknown' }
  })
}

/** Out without an end, whoever says so: what is said of other hours ends nothing. */
const laidTogether = ({ state, out: before }: ElevatorState, out: readonly Period[]): readonly Period[] =>
  state === 'out' && (before.length === 0 || out.length === 0) ? [] : [...before, ...out]

function nearestElevator(elevators: readonly Elevator[], { lat, lon, id }: ElevatorReport): number {
  const named = elevators.findIndex(e => e.id === id)
  if (named >= 0) return named
  let best = -1
  let least = REPORTED_WITHIN
  for (const [i, e] of elevators.entries()) {
    const metres = metresBetween(lat, lon, e.lat, e.lon)
    if (metres >= least) continue
    least = metres
    best = i
  }
  return best
}

/**
 * Which elevators an alert about stops means. GTFS-Realtime has no selector for pathways (google/transit#268): a stop that an elevator
 * touches means that one; another means those of its station.
 */
function elevatorsOfAlert(
  tt: Timetable,
  { arcsBegin, arcPathway }: Insides,
  elevators: readonly Elevator[],
  { selectors }: LiveAlert,
): Set<number> {
  const byPathway = new Map(elevators.flatMap((e, i) => ('pathway' in e ? [[e.pathway, i] as const] : [])))
  const found = new Set<number>()
  for (const { stop, route, trip, added, routeType } of selectors) {
    // an alert about a line is about its vehicles
    if (stop === undefined || (route ?? trip ?? added ?? routeType) !== undefined) continue
    const touching: number[] = []
    for (let a = arcsBegin[stop]!; a < arcsBegin[stop + 1]!; a++) {
      const i = byPathway.get(arcPathway[a]! >>> 1)
      if (i !== undefined) touching.push(i)
    }
    const station = rootStop(tt, stop as StopIdx)
    const meant = touching.length > 0 ? touching : elevators.flatMap((e, i) => (e.station === station ? [i] : []))
    for (const i of meant) found.add(i)
  }
  return found
}

/** Elevators out of order, as what has to be closed for a walk. */
export interface Outages {
  /** Equal keys: equal outages. '' when everything works. */
  readonly key: string
  readonly out: readonly Elevator[]
}

const noOutages: Outages = { key: '', out: [] }

/** @param out in the order of `listElevators` */
export const outagesOf = (out: readonly Elevator[]): Outages =>
  out.length === 0 ? noOutages : { key: out.map(e => e.id).join(' '), out }

/**
 * What is out of order at some time from `begin` on and before `end`; at `begin` for a span of no time. Whoever goes by the others alone
 * meets none that is out, whenever in that span he comes to it.
 * @param begin Unix seconds
 */
export const outagesWithin = (states: readonly ElevatorState[], begin: number, end: number): Outages =>
  outagesOf(states.filter(({ state, out }) => state === 'out' && isWithin(out, begin, end)).map(s => s.elevator))

/** An elevator that is out of order for some of a span, and when: apart, ascending, half-open, within the span. Unix seconds. */
export interface Outage {
  readonly elevator: Elevator
  readonly out: readonly (readonly [begin: number, end: number])[]
  /** All the while. */
  readonly isAlways: boolean
}

/** Which elevators are out of order at some time of a span, in their order. */
export function outagesThrough(states: readonly ElevatorState[], begin: number, end: number): Outage[] {
  return states.flatMap(({ elevator, state, out: periods }) => {
    if (state !== 'out') return []
    const out = periods.length === 0 ? [[begin, end] as const] : partsWithin(periods, begin, end)
    return out.length === 0 ? [] : [{ elevator, out, isAlways: out[0]![0] === begin && out[0]![1] === end }]
  })
}

function partsWithin(periods: readonly Period[], begin: number, end: number): (readonly [number, number])[] {
  const parts: (readonly [number, number])[] = []
  for (let i = firstAfter(periods, begin); i < periods.length; i++) {
    const from = Math.max(begin, periods[i]!.start ?? begin)
    if (from >= end) break
    parts.push([from, Math.min(end, periods[i]!.end ?? end)])
  }
  return parts
}

export const isOut = ({ out }: Outage, begin: number, end: number): boolean =>
  out.some(([from, until]) => from < Math.max(end, begin + 1) && until > begin)

/** Whoever walks may be faster than his pace downhill, and begins so far from where a stop is drawn. Metres. */
const [FASTER, BESIDE] = [1.5, 250]

/** Which elevators a walk between two places may lead over, if it takes no longer: those of their stations, and those in reach. */
export function onTheWay(
  tt: Timetable,
  from: StreetEnd,
  to: StreetEnd,
  seconds: number,
  { speed }: Pick<Profile, 'speed'>,
): (elevator: Elevator) => boolean {
  const ends = [from, to]
  const stations = ends.flatMap(end => ('stop' in end ? [rootStop(tt, end.stop)] : []))
  const [a, b] = ends.map(end => ('stop' in end ? knownPosition(tt, end.stop) : end))
  const metres = seconds * speed * FASTER + 2 * BESIDE
  return ({ lat, lon, station }) =>
    stations.some(one => one === station) ||
    !a ||
    !b ||
    metresBetween(a.lat, a.lon, lat, lon) + metresBetween(lat, lon, b.lat, b.lon) <= metres
}

const knownPosition = (tt: Timetable, stop: StopIdx) =>
  tt.stopHasPosition[stop] === 1 ? { lat: tt.stopLat[stop]!, lon: tt.stopLon[stop]! } : undefined

/** What breaks so often, in so many seconds, counts as out of order from the first time to the last: nobody waits for it. */
const [OFTEN, WITHIN] = [24, 3 * 3600]

/** The same times, each once, ascending: those that touch, or follow too soon, as one; backwards ones are none. */
function laidOver(periods: readonly Period[]): Period[] {
  const sorted = periods
    .map(({ start = Number.NEGATIVE_INFINITY, end = Number.POSITIVE_INFINITY }) => ({ start, end }))
    .filter(({ start, end }) => start < end)
    .sort((a, b) => a.start - b.start)
  const apart = joined(sorted, (i, { end }) => sorted[i]!.start <= end)
  let often = Number.NEGATIVE_INFINITY
  const reaches = apart.map(({ start }, i) => {
    if ((apart[i + OFTEN]?.start ?? Number.POSITIVE_INFINITY) < start + WITHIN) often = i + OFTEN
    return often
  })
  return joined(apart, i => reaches[i - 1]! >= i).map(({ start, end }) => ({
    ...(Number.isFinite(start) && { start }),
    ...(Number.isFinite(end) && { end }),
  }))
}

function joined(periods: readonly Required<Period>[], withLast: (i: number, last: Required<Period>) => boolean) {
  const all: { start: number; end: number }[] = []
  for (const [i, { start, end }] of periods.entries()) {
    const last = all.at(-1)
    if (last && withLast(i, last)) last.end = Math.max(last.end, end)
    else all.push({ start, end })
  }
  return all
}

/** The first of an elevator's periods that ends after a time. */
function firstAfter(periods: readonly Period[], time: number): number {
  let [from, until] = [0, periods.length]
  while (from < until) {
    const middle = (from + until) >>> 1
    if ((periods[middle]!.end ?? Number.POSITIVE_INFINITY) > time) until = middle
    else from = middle + 1
  }
  return from
}

/** Of an elevator's periods the one at `begin`, or else the first from then on and before `end`. */
export function periodWithin(periods: readonly Period[], begin: number, end = begin): Period | undefined {
  const found = periods[firstAfter(periods, begin)]
  const start = found?.start ?? Number.NEGATIVE_INFINITY
  return start <= begin || start < end ? found : undefined
}

/** Is an elevator with these periods out at `begin`, or at some time from then on and before `end`? */
export const isWithin = (periods: readonly Period[], begin: number, end: number): boolean =>
  periods.length === 0 || periodWithin(periods, begin, end) !== undefined

export const isDuring = (periods: readonly Period[], time: number): boolean => isWithin(periods, time, time)
