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
  for (let p = 0; p < tt.counts.pathways; p++) {
    if (tt.pathwayMode[p] !== ELEVATOR) continue
    const from = tt.pathwayFrom[p]! as StopIdx
    const tag = textOf(tt, tt.feedTag[tt.stopFeed[from]]!)
    const id = textOf(tt, tt.pathwayId[p]!) || `${textOf(tt, tt.stopId[from]!)}-${p}`
    found.push({
      id: `${tag}_${id}`,
      lat: tt.stopLat[from]!,
      lon: tt.stopLon[from]!,
      station: rootStop(tt, from),
      pathway: p,
    })
  }
  for (const e of graph ? streetElevators(graph) : [])
    found.push({ ...e, id: `osm_${e.lat}_${e.lon}`, station: nearestStation(tt, e.lat, e.lon) })
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
  /** When it is out, if it is; none, or an open one, when nobody says. */
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
  return states
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

/** Elevators out of order at one moment, as what has to be closed for a walk then. */
export interface Outages {
  /** Equal keys: equal outages. '' when everything works. */
  readonly key: string
  readonly out: readonly Elevator[]
}

const noOutages: Outages = { key: '', out: [] }

/** @param time Unix seconds */
export function outagesAt(states: readonly ElevatorState[], time: number): Outages {
  const out = states.filter(({ state, out }) => state === 'out' && isDuring(out, time)).map(s => s.elevator)
  return out.length === 0 ? noOutages : { key: out.map(e => e.id).join(' '), out }
}

export const isDuring = (periods: readonly Period[], time: number): boolean =>
  periods.length === 0 || periods.some(({ start = 0, end = Number.POSITIVE_INFINITY }) => start <= time && time < end)
