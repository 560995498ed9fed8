// The streets: what OpenStreetMap says about ways that can be walked, ridden or driven, as columns in one SharedArrayBuffer. A reader needs
// nothing else to route, to draw the way and to name it.
//
//   node ──arcs──▶ edge ──▶ node        a node is a junction, an end, or a place with a barrier; an edge a piece of a way between two
//                   │                   of them, in the direction in which it was drawn ("forward")
//                   ├─▶ points          its bends, without its ends
//                   ├─▶ name, OSM way
//                   └─▶ sort ──▶ traits, form: all that a traveller looks at in a way. Edges alike share one, so that a profile with
//                                any limits is a table by sort, made in a moment, and the search reads one number per arc.
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
  readonly sorts: number
  readonly turns: number
  readonly bans: number
  readonly spots: number
  readonly zoneRings: number
  readonly zonePoints: number
  readonly strings: number
  readonly stringBytes: number
  readonly indexBytes: number
}

const specOf = (c: StreetCounts) =>
  ({
    // ── hot: what a search reads
    // node → range of its arcs
    arcsBegin: [Uint32Array, c.nodes + 1],
    // arc → edge << 1 | backward; node at its other end, or nodes + turn where not every way on is allowed (labels.ts)
    arcEdge: [Uint32Array, c.edges * 2],
    arcTo: [Uint32Array, c.edges * 2],
    edgeMillimetres: [Uint32Array, c.edges],
    edgeSort: [Uint32Array, c.edges],
    // node → modes that a barrier stops, and what else is here; packed, see below
    nodeTraits: [Uint16Array, c.nodes],
    // sort → two words, packed, see below
    sortTraits: [Uint32Array, c.sorts],
    sortForm: [Uint32Array, c.sorts],
    // turn → its node, in the order of nodes; whom it binds (as access bits); range of its bans
    turnNode: [Uint32Array, c.turns],
    turnModes: [Uint8Array, c.turns],
    bansBegin: [Uint32Array, c.turns + 1],
    // ban → the arc that must not follow, for whom; or, not NONE: the turn to which it leads instead of its own (labels.ts)
    banArc: [Uint32Array, c.bans],
    banModes: [Uint8Array, c.bans],
    banTurn: [Uint32Array, c.bans],

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
    // spot → what is there (spots.ts), where, its node on the streets or NONE, name; spots with a node come first, in the order of nodes
    spotKind: [Uint8Array, c.spots],
    spotTraits: [Uint8Array, c.spots],
    spotLat: [Int32Array, c.spots], // 1e-7 degrees
    spotLon: [Int32Array, c.spots],
    spotNode: [Uint32Array, c.spots],
    spotName: [Uint32Array, c.spots],
    spotCapacity: [Uint16Array, c.spots], // 0 unknown
    // ring of a zone without cars → range of its points (car-free.ts)
    zoneBegin: [Uint32Array, c.zoneRings + 1],
    zoneLat: [Int32Array, c.zonePoints], // 1e-7 degrees
    zoneLon: [Int32Array, c.zonePoints],
    stringBegin: [Uint32Array, c.strings + 1],
    stringBytes: [Uint8Array, c.stringBytes],
    // a flatbush of the edges' boxes: lon, lat in 1e-7 degrees
    index: [Uint8Array, c.indexBytes],
  }) as const

export const streetFormat: TableFormat<StreetCounts, ReturnType<typeof specOf>> = {
  name: 'streets',
  version: 5,
  countNames: [
    ...['nodes', 'edges', 'points', 'sorts', 'turns', 'bans', 'spots', 'zoneRings', 'zonePoints'],
    ...['strings', 'stringBytes', 'indexBytes'],
  ],
  specOf,
}

/** The columns while the builder fills them. */
export type StreetColumns = Table<StreetCounts, ReturnType<typeof specOf>>

export interface StreetGraph
  extends Omit<StreetColumns, 'edgeFrom' | 'edgeTo' | 'edgeSort' | 'edgeMillimetres' | 'edgeName' | 'index'> {
  readonly edgeFrom: Column<EdgeIdx, NodeIdx>
  readonly edgeTo: Column<EdgeIdx, NodeIdx>
  readonly edgeSort: Column<EdgeIdx>
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

/** What the edge is: who may use it, kind, surface … */
export const traitsOf = (g: StreetGraph, edge: EdgeIdx): number => g.sortTraits[g.edgeSort[edge]]!
/** How it is built: slope, width, ramps … */
export const formOf = (g: StreetGraph, edge: EdgeIdx): number => g.sortForm[g.edgeSort[edge]]!

// ── traits of an edge, one word ───────────────────────────────────────────────────────────────────────────────────────
//   31 … 27          26 | 25  24       23      22      21 … 20     19 … 18   17 … 16    15 … 13   12 … 8   7 … 0
//   limit (5 km/h)   – | no   island   round-  area's  wheelchair  lit       crossing   surface   kind     may go: a bit per
//   0 = not stated   through           about   rim     0 ? 1 ✓ 2 ✗ 0 ? 1 ✓ 2 ✗                              mode × direction

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
  /** A crossing with an island in the middle of the road. */
  readonly island: boolean
  /** No way through by motor: open to who begins or ends there. */
  readonly noThrough: boolean
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
    (t.island ? 1 << 24 : 0) |
    (t.noThrough ? 1 << 25 : 0) |
    (limitSteps(t.speedLimit) << 27)) >>>
  0

// A stated limit never becomes "not stated"; 155 km/h and more are one.
const limitSteps = (kmh: number): number => (kmh > 0 ? Math.min(31, Math.max(1, Math.round(kmh / 5))) : 0)

export const accessOf = (traits: number): number => traits & 0xff
export const kindOf = (traits: number): number => (traits >>> 8) & 31
export const surfaceOf = (traits: number): Surface => ((traits >>> 13) & 7) as Surface
export const crossingOf = (traits: number): Crossing => ((traits >>> 16) & 3) as Crossing
export const litOf = (traits: number): number => (traits >>> 18) & 3
export const wheelchairOf = (traits: number): number => (traits >>> 20) & 3
export const isAreaRim = (traits: number): boolean => ((traits >>> 22) & 1) === 1
/** The traits of a way across an area instead of along it. */
export const withoutRim = (traits: number): number => (traits & ~(1 << 22)) >>> 0
export const isRoundabout = (traits: number): boolean => ((traits >>> 23) & 1) === 1
export const hasIsland = (traits: number): boolean => ((traits >>> 24) & 1) === 1
export const isNoThrough = (traits: number): boolean => ((traits >>> 25) & 1) === 1
/** Speed limit in steps of 5 km/h, 0 = not stated: an index into a table of 32. */
export const limitOf = (traits: number): number => traits >>> 27
/** May this mode go along the edge in at least one direction? */
export const mayUse = (traits: number, mode: Mode): boolean => (traits & (0x11 << mode)) !== 0
/** May it in this one? */
export const mayGo = (traits: number, mode: Mode, backward: number): boolean =>
  ((traits >>> (mode + (backward << 2))) & 1) === 1

// ── form of an edge, the other word ───────────────────────────────────────────────────────────────────────────────────
//   31 … 30   29       28 … 27        26 … 24      23       22 … 20   19 … 16       15 … 11     10 … 7       6       5 … 0
//   slope's   unknown  stairs lead    accidents    cycle    ramps     cycleway      width       smoothness   side-   slope forwards
//   doubt     kerb     0 ? 1 ↑ 2 ↓    0 … 7        street   p b       ← 2, → 2      0.1 m       0 = ?        walk    0 = ?, 32 = flat, 1 % each

export const Cycleway = { none: 0, shared: 1, lane: 2, track: 3 } as const
export type Cycleway = (typeof Cycleway)[keyof typeof Cycleway]

export interface Form {
  /** Percent uphill in the direction in which it was drawn; undefined: nobody knows. Steeper than 31 is 31. */
  readonly slope: number | undefined
  /** 1 excellent … 8 impassable, 0 unknown. */
  readonly smoothness: number
  /** Metres, 0 unknown; 3.1 and more are one. */
  readonly width: number
  readonly cyclewayForward: Cycleway
  readonly cyclewayBackward: Cycleway
  /** A street where bicycles come first. */
  readonly cycleStreet: boolean
  readonly sidewalk: boolean
  readonly pramRamp: boolean
  readonly bikeRamp: boolean
  /** Of stairs, in the direction in which they were drawn: 0 unknown, 1 up, 2 down. */
  readonly stairs: number
  /** How many accidents for its length: 0 none … 7 very many. */
  readonly accidents: number
  /** A bridge, a tunnel, another layer: heights of the ground say nothing of it. */
  readonly offGround: boolean
}

/** As the doubt of a slope that nobody knows: heights of the ground say nothing of it. */
const NEVER_MEASURED = 3

export const packForm = (f: Form): number =>
  (slopeBits(f.slope) |
    (f.sidewalk ? 1 << 6 : 0) |
    (f.smoothness << 7) |
    (widthSteps(f.width) << 11) |
    (f.cyclewayForward << 16) |
    (f.cyclewayBackward << 18) |
    (f.pramRamp ? 1 << 20 : 0) |
    (f.bikeRamp ? 1 << 21 : 0) |
    (f.cycleStreet ? 1 << 23 : 0) |
    (f.accidents << 24) |
    (f.stairs << 27) |
    (f.offGround && f.slope === undefined ? NEVER_MEASURED << 30 : 0)) >>>
  0

const FLAT = 32
const slopeBits = (slope: number | undefined): number =>
  slope === undefined ? 0 : FLAT + Math.max(-31, Math.min(31, Math.round(slope)))
// a stated width never becomes "not stated"
const widthSteps = (metres: number): number =>
  metres > 0 ? Math.min(31, Math.max(1, Math.floor(metres * 10 + 1e-6))) : 0

/** How far a slope may be from the truth, percent: mapped, or measured from heights over more or less of a way. */
const DOUBTS = [0, 2, 5, Number.POSITIVE_INFINITY] as const
export type SlopeDoubt = (typeof DOUBTS)[number]

/** The form with another slope. */
export const withSlope = (form: number, slope: number, doubt: SlopeDoubt = 0): number =>
  ((form & ~(63 | (3 << 30))) | slopeBits(slope) | (DOUBTS.indexOf(doubt) << 30)) >>> 0
export const slopeDoubt = (form: number): SlopeDoubt => DOUBTS[form >>> 30]!
export const isOffGround = (form: number): boolean => (form & 63) === 0 && form >>> 30 === NEVER_MEASURED
/** The form with another number of accidents, 0 … 7. */
export const withAccidents = (form: number, accidents: number): number =>
  ((form & ~(7 << 24)) | (accidents << 24)) >>> 0

/** The form of a way that leads over a kerb of which nobody knows how high it is. */
export const withUnknownKerb = (form: number): number => (form | (1 << 29)) >>> 0
export const hasUnknownKerb = (form: number): boolean => ((form >>> 29) & 1) === 1

/** Percent uphill in this direction, undefined: nobody knows. */
export const slopeOf = (form: number, backward: number): number | undefined =>
  (form & 63) === 0 ? undefined : backward ? FLAT - (form & 63) : (form & 63) - FLAT
export const smoothnessOf = (form: number): number => (form >>> 7) & 15
/** Metres, 0 unknown. */
export const widthOf = (form: number): number => ((form >>> 11) & 31) / 10
export const hasSidewalk = (form: number): boolean => ((form >>> 6) & 1) === 1
export const cyclewayOf = (form: number, backward: number): Cycleway =>
  ((form >>> (backward ? 18 : 16)) & 3) as Cycleway
export const isCycleStreet = (form: number): boolean => ((form >>> 23) & 1) === 1
export const hasPramRamp = (form: number): boolean => ((form >>> 20) & 1) === 1
export const hasBikeRamp = (form: number): boolean => ((form >>> 21) & 1) === 1
/** Which way stairs lead in this direction: 0 unknown, 1 up, 2 down. */
export const stairsOf = (form: number, backward: number): number => {
  const said = (form >>> 27) & 3
  return said === 0 || backward === 0 ? said : 3 - said
}
export const accidentsOf = (form: number): number => (form >>> 24) & 7

// ── traits of a node ──────────────────────────────────────────────────────────────────────────────────────────────────
//   15 … 14    13       12           11      10      9        8         7 … 5            4          3 … 0
//   crossing   island   charger for  charger bench   narrow   signals   kerb             elevator   modes that a barrier stops
//                       wheelchairs  (bikes)                            0 none here, 1 … 5 as in Kerb
/** Here is an elevator. */
export const NODE_ELEVATOR = 1 << 4
export const NODE_SIGNALS = 1 << 8
/** A barrier that only the slim get past. */
export const NODE_NARROW = 1 << 9
/** Here one can sit down. */
export const NODE_BENCH = 1 << 10
/** Here a bicycle, or a wheelchair, is charged. */
export const NODE_BIKE_CHARGER = 1 << 11
export const NODE_CHAIR_CHARGER = 1 << 12
/** A crossing with an island in the middle of the road. */
export const NODE_ISLAND = 1 << 13
/** Here a way for pedestrians crosses a road. */
export const nodeCrossing = (nodeTraits: number): Crossing => (nodeTraits >>> 14) as Crossing
export const crossingBits = (crossing: Crossing): number => crossing << 14
/** What holds a traveller up: tables by node traits have this length, their index is `nodeTraits & HOLDING_UP`. */
export const NODE_TRAITS = 1 << 10
export const HOLDING_UP = NODE_TRAITS - 1

/** The kerb that has to be got over at a node. */
export const Kerb = { none: 0, flush: 1, lowered: 2, rolled: 3, raised: 4, unknown: 5 } as const
export type Kerb = (typeof Kerb)[keyof typeof Kerb]
/** By Kerb: centimetres, as https://wiki.openstreetmap.org/wiki/Key:kerb defines them; NaN: nobody knows. */
export const KERB_CM = [0, 0, 3, 6, 15, Number.NaN] as const
export const kerbOf = (nodeTraits: number): Kerb => ((nodeTraits >>> 5) & 7) as Kerb
export const kerbBits = (kerb: Kerb): number => kerb << 5
