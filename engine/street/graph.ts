// The streets: what OpenStreetMap says about ways that can be walked, ridden or driven, as columns in one SharedArrayBuffer. A reader needs
// nothing else to route, to draw the way and to name it. Turn restrictions, kerbs and slopes are not in it.
//
//   node ──arcs──▶ edge ──▶ node        a node is a junction, an end, or a place with a barrier; an edge a piece of a way between two
//                   │                   of them, in the direction in which it was drawn ("forward")
//                   ├─▶ points          its bends, without its ends
//                   └─▶ name, OSM way
//
// An arc is an edge seen from one of its nodes: edge << 1 | backward. Every edge has two, even a one-way, so that the search can also
// run against the traffic. Nodes lie along a Hilbert curve, edges in the order of their first node: neighbours share cache lines.

import Flatbush from 'flatbush'
import { createTable, openTable, type Table, type TableFormat } from '../core/columns.ts'
import type { Column, EdgeIdx, NodeIdx, StringIdx } from '../core/ids.ts'

export interface StreetCounts extends Readonly<Record<string, number>> {
  readonly nodes: number
  readonly edges: number
  readonly points: number
  readonly strings: number
  readonly stringBytes: number
  readonly indexBytes: number
}

const specOf = (c: StreetCounts) =>
  ({
    // ── hot: what a search reads
    // node → range of its arcs
    arcsBegin: [Uint32Array, c.nodes + 1],
    // arc → edge << 1 | backward; node at its other end
    arcEdge: [Uint32Array, c.edges * 2],
    arcTo: [Uint32Array, c.edges * 2],
    edgeMillimetres: [Uint32Array, c.edges],
    edgeTraits: [Uint32Array, c.edges], // packed, see below
    // node → modes that a barrier stops (a bit per mode), NODE_ELEVATOR
    nodeTraits: [Uint8Array, c.nodes],

    // ── warm: to begin, to end and to aim
    nodeLat: [Int32Array, c.nodes], // 1e-7 degrees
    nodeLon: [Int32Array, c.nodes],
    edgeFrom: [Uint32Array, c.edges],
    edgeTo: [Uint32Array, c.edges],

    // ── cold: to draw and to tell
    edgeName: [Uint32Array, c.edges], // StringIdx; of a platform its track numbers as `1;2`
    edgeWay: [Uint32Array, c.edges], // id of the OSM way
    // floor at its first and last node, in halves (−3 = level −1.5)
    edgeFromLevel: [Int8Array, c.edges],
    edgeToLevel: [Int8Array, c.edges],
    pointsBegin: [Uint32Array, c.edges + 1],
    pointLat: [Int32Array, c.points],
    pointLon: [Int32Array, c.points],
    stringBegin: [Uint32Array, c.strings + 1],
    stringBytes: [Uint8Array, c.stringBytes],
    // a flatbush of the edges' boxes: lon, lat in 1e-7 degrees
    index: [Uint8Array, c.indexBytes],
  }) as const

export const streetFormat: TableFormat<StreetCounts, ReturnType<typeof specOf>> = {
  name: 'streets',
  version: 1,
  countNames: ['nodes', 'edges', 'points', 'strings', 'stringBytes', 'indexBytes'],
  specOf,
}

/** The columns while the builder fills them. */
export type StreetColumns = Table<StreetCounts, ReturnType<typeof specOf>>

export interface StreetGraph
  extends Omit<StreetColumns, 'edgeFrom' | 'edgeTo' | 'edgeTraits' | 'edgeMillimetres' | 'edgeName' | 'index'> {
  readonly edgeFrom: Column<EdgeIdx, NodeIdx>
  readonly edgeTo: Column<EdgeIdx, NodeIdx>
  readonly edgeTraits: Column<EdgeIdx>
  readonly edgeMillimetres: Column<EdgeIdx>
  readonly edgeName: Column<EdgeIdx, StringIdx>
  readonly index: Flatbush
}

export const createStreetGraph = (counts: StreetCounts): StreetColumns => createTable(streetFormat, counts)

/** Attach to a graph that another thread built or that lies in a file. Throws NETWORK_UNREADABLE. */
export function openStreetGraph(buffer: SharedArrayBuffer): StreetGraph {
  const columns = openTable(streetFormat, buffer)
  return { ...columns, index: Flatbush.from(buffer, columns.index.byteOffset) } as unknown as StreetGraph
}

// ── traits of an edge, one word ───────────────────────────────────────────────────────────────────────────────────────
//   31 … 27          26 … 24  23      22      21 … 20     19 … 18   17 … 16    15 … 13   12 … 8   7 … 0
//   limit (5 km/h)   –        round-  area's  wheelchair  lit       crossing   surface   kind     may go: a bit per
//   0 = not stated            about   rim     0 ? 1 ✓ 2 ✗ 0 ? 1 ✓ 2 ✗                              mode × direction

/** Who travels. `1 << mode` is its bit in the access byte forwards, `1 << mode + 4` backwards, and in `nodeTraits`. */
export const Mode = { foot: 0, bike: 1, wheelchair: 2, car: 3 } as const
export type Mode = (typeof Mode)[keyof typeof Mode]
export const ALL_MODES: readonly Mode[] = [Mode.foot, Mode.bike, Mode.wheelchair, Mode.car]

/** What kind of way: OSM's words; links count as the road they lead to. Roads come in order of importance. */
export const kindNames = [
  'motorway',
  'trunk',
  'primary',
  'secondary',
  'tertiary',
  'unclassified',
  'residential',
  'living_street',
  'pedestrian',
  'service',
  'track',
  'cycleway',
  'footway',
  'path',
  'sidewalk',
  'crossing',
  'bridleway',
  'steps',
  'escalator',
  'elevator',
  'corridor',
  'platform',
  'pier',
  'ferry',
  'busway',
] as const
export type KindName = (typeof kindNames)[number]
export const Kind = Object.fromEntries(kindNames.map((name, i) => [name, i])) as Readonly<Record<KindName, number>>
/** Room for kinds in the word; tables by kind have this length. */
export const KINDS = 32

export const Crossing = { none: 0, unmarked: 1, marked: 2, signals: 3 } as const
export type Crossing = (typeof Crossing)[keyof typeof Crossing]
export const Surface = { unknown: 0, smooth: 1, paved: 2, cobbles: 3, compacted: 4, gravel: 5, ground: 6 } as const
export type Surface = (typeof Surface)[keyof typeof Surface]

export interface Traits {
  /** A bit per mode: forwards 0 … 3, backwards 4 … 7. */
  readonly access: number
  readonly kind: number
  readonly crossing: Crossing
  readonly surface: Surface
  /** 0 unknown, 1 yes, 2 no (for wheelchair "limited" counts as unknown: it depends on the chair). */
  readonly lit: number
  readonly wheelchair: number
  readonly areaRim: boolean
  readonly roundabout: boolean
  /** km/h; 0 = not stated. */
  readonly speedLimit: number
}

export const packTraits = (t: Traits): number =>
  (t.access |
    (t.kind << 8) |
    (t.surface << 13) |
    (t.crossing << 16) |
    (t.lit << 18) |
    (t.wheelchair << 20) |
    (t.areaRim ? 1 << 22 : 0) |
    (t.roundabout ? 1 << 23 : 0) |
    (limitSteps(t.speedLimit) << 27)) >>>
  0

// A stated limit never becomes "not stated"; 155 km/h and more are one.
const limitSteps = (kmh: number): number => (kmh > 0 ? Math.min(31, Math.max(1, Math.round(kmh / 5))) : 0)

export const accessOf = (traits: number): number => traits & 0xff
export const kindOf = (traits: number): number => (traits >>> 8) & 31
/** Kind and surface together: an index into a table of 256, all that a pace depends on (a profile's table has this length). */
export const paceOf = (traits: number): number => (traits >>> 8) & 255
export const surfaceOf = (traits: number): Surface => ((traits >>> 13) & 7) as Surface
export const crossingOf = (traits: number): Crossing => ((traits >>> 16) & 3) as Crossing
export const litOf = (traits: number): number => (traits >>> 18) & 3
export const wheelchairOf = (traits: number): number => (traits >>> 20) & 3
export const isAreaRim = (traits: number): boolean => ((traits >>> 22) & 1) === 1
export const isRoundabout = (traits: number): boolean => ((traits >>> 23) & 1) === 1
/** Speed limit in steps of 5 km/h, 0 = not stated: an index into a table of 32. */
export const limitOf = (traits: number): number => traits >>> 27
/** May this mode go along the edge in at least one direction? */
export const mayUse = (traits: number, mode: Mode): boolean => (traits & (0x11 << mode)) !== 0
/** May it in this one? */
export const mayGo = (traits: number, mode: Mode, backward: number): boolean =>
  ((traits >>> (mode + (backward << 2))) & 1) === 1

/** In nodeTraits beside the barred modes: here is an elevator. */
export const NODE_ELEVATOR = 1 << 4
