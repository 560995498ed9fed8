// The insides of stations: pathways.txt as a graph whose nodes are stops (platforms, entrances, generic nodes, boarding areas). If a station
// has pathways they are its whole inside (S42): what no pathway leads to is not reached by a straight line.
//
//   street ── entrance ══ fare gate ══ node ══ elevator ══ platform        sealed: reached through entrances only
//
// Walks are short and stations small, so nothing is precomputed: a search here is a Dijkstra over some dozen nodes.

import type { StopIdx } from '../core/ids.ts'
import { rootStop, type Timetable } from '../timetable/timetable.ts'

export interface Insides {
  /** Stop → range of its arcs; empty when no pathway touches it. */
  readonly arcsBegin: Uint32Array
  /** The stop at the arc's other end. */
  readonly arcTo: Uint32Array
  /** pathway << 1 | against its drawn direction; NO_PATHWAY between a platform and its boarding areas, which are one place. */
  readonly arcPathway: Uint32Array
  /** Stop → 1 if its station has pathways, so that straight lines and streets do not lead from one of its platforms to another. */
  readonly mapped: Uint8Array
  /** Stop → 1 if it can be reached only through its station's entrances. */
  readonly sealed: Uint8Array
  /** Stop → 1 if one comes to it, or from it, right from the street. */
  readonly onStreet: Uint8Array
}

export const NO_PATHWAY = 0xffff_ffff

/** location_type of stops. */
export const ENTRANCE = 2
const [PLATFORM, BOARDING_AREA] = [0, 4]
const FROM_STREET = 1

/** The same for every traveller; who may take which pathway is asked while walking (walk.ts). */
export function buildInsides(tt: Timetable): Insides {
  const { stops, pathways } = tt.counts
  const ends: [from: number, to: number, pathway: number][] = []
  for (let p = 0; p < pathways; p++) ends.push([tt.pathwayFrom[p]!, tt.pathwayTo[p]!, p])
  // boarding areas are parts of their platform, wherever a pathway touches either
  const touched = new Uint8Array(stops)
  for (const [from, to] of ends) touched[from] = touched[to] = 1
  for (let s = 0; s < stops; s++) {
    const platform = tt.stopParent[s as StopIdx] as number
    if (tt.stopLocationType[s] === BOARDING_AREA && platform < stops && (touched[s] || touched[platform]))
      ends.push([platform, s, NO_PATHWAY])
  }

  const arcsBegin = new Uint32Array(stops + 1)
  for (const [from, to] of ends) {
    arcsBegin[from + 1]!++
    arcsBegin[to + 1]!++
  }
  for (let s = 0; s < stops; s++) arcsBegin[s + 1]! += arcsBegin[s]!
  const next = arcsBegin.slice()
  const arcTo = new Uint32Array(2 * ends.length)
  const arcPathway = new Uint32Array(2 * ends.length)
  const add = (at: number, to: number, pathway: number): void => {
    arcTo[next[at]!] = to
    arcPathway[next[at]!++] = pathway
  }
  for (const [from, to, pathway] of ends) {
    add(from, to, pathway === NO_PATHWAY ? NO_PATHWAY : pathway << 1)
    add(to, from, pathway === NO_PATHWAY ? NO_PATHWAY : (pathway << 1) | 1)
  }
  return { arcsBegin, arcTo, arcPathway, ...(pathways > 0 ? gates(tt, arcsBegin) : openGates(tt)) }
}

const openGates = (tt: Timetable): Pick<Insides, 'mapped' | 'sealed' | 'onStreet'> => ({
  mapped: new Uint8Array(tt.counts.stops),
  sealed: new Uint8Array(tt.counts.stops),
  onStreet: tt.stopLocationType.map(type => (type === PLATFORM ? 1 : 0)),
})

/** Which stops lie behind their station's entrances, and which touch the street. */
function gates(tt: Timetable, arcsBegin: Uint32Array): Pick<Insides, 'mapped' | 'sealed' | 'onStreet'> {
  const { stops } = tt.counts
  const inside = (s: number): boolean => arcsBegin[s]! < arcsBegin[s + 1]!
  // a station without an entrance among its pathways says nothing about the way in from the street
  const entered = new Set<number>()
  const stations = new Set<number>()
  for (let s = 0; s < stops; s++) {
    if (!inside(s)) continue
    stations.add(rootStop(tt, s as StopIdx))
    if (tt.stopLocationType[s] === ENTRANCE) entered.add(rootStop(tt, s as StopIdx))
  }
  const mapped = new Uint8Array(stops)
  const sealed = new Uint8Array(stops)
  const onStreet = new Uint8Array(stops)
  for (let s = 0; s < stops; s++) {
    const type = tt.stopLocationType[s]
    const root = rootStop(tt, s as StopIdx)
    const isEntered = entered.has(root)
    mapped[s] = stations.has(root) && tt.stopAccess[s] !== FROM_STREET ? 1 : 0
    if (type === ENTRANCE) onStreet[s] = inside(s) ? 1 : 0
    if (type !== PLATFORM) continue
    // S43: "only through the station" binds where pathways lead in from an entrance; elsewhere nobody knows the way
    sealed[s] = isEntered && tt.stopAccess[s] !== FROM_STREET ? 1 : 0
    onStreet[s] = sealed[s] === 1 ? 0 : 1
  }
  return { mapped, sealed, onStreet }
}
