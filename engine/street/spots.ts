// What stands beside the streets and matters on the way: benches, charging points, racks and car parks, entrances. Those at which a traveller
// stops on the way, or through which he goes, are at a node of the streets; where the map has none there, the nearest way got one (beside.ts).

import { textOf } from '../core/strings.ts'
import type { StreetColumns, StreetGraph } from './graph.ts'

export const SpotKind = { bench: 0, charger: 1, bikeParking: 2, carParking: 3, entrance: 4 } as const
export type SpotKind = (typeof SpotKind)[keyof typeof SpotKind]

/** A spot before it is part of the streets. */
export interface Spot {
  readonly kind: SpotKind
  /** `spotTraits`, packed. */
  readonly traits: number
  /** 1e-7 degrees */
  readonly lat: number
  readonly lon: number
  readonly name: string
  /** Bicycles or cars; 0 unknown. */
  readonly capacity: number
  /** What its node on the streets gets in `nodeTraits`. */
  readonly nodeTraits: number
}

/** Does the nearest way get a node for it? Of doors those that can be told apart have one: a city has more house doors than corners. */
export const needsNode = ({ kind, nodeTraits, name, traits }: Spot): boolean =>
  nodeTraits !== 0 || (kind === SpotKind.entrance && (name !== '' || spotTraits(traits).main))

// ── traits of a spot ──────────────────────────────────────────────────────────────────────────────────────────────────
//   5          4               3 … 2          1 … 0
//   secured    main entrance   fee            covered
//                              0 ? 1 ✓ 2 ✗    0 ? 1 ✓ 2 ✗
export interface SpotTraits {
  /** 0 unknown, 1 yes, 2 no. */
  readonly covered: number
  readonly fee: number
  readonly main: boolean
  /** A box, a cage or a guard. */
  readonly secured: boolean
}

export const packSpot = ({ covered, fee, main, secured }: SpotTraits): number =>
  covered | (fee << 2) | (main ? 1 << 4 : 0) | (secured ? 1 << 5 : 0)
export const spotTraits = (packed: number): SpotTraits => ({
  covered: packed & 3,
  fee: (packed >>> 2) & 3,
  main: (packed & 16) !== 0,
  secured: (packed & 32) !== 0,
})

/** All spots of a kind. */
export function* spotsOf(g: StreetGraph, kind: SpotKind): Generator<number> {
  for (let s = 0; s < g.counts.spots; s++) if (g.spotKind[s] === kind) yield s
}

/** The spot of this kind at a node of the streets that `accepts`, undefined if there is none; of several the first. */
export function spotAt(
  { spotNode, spotKind, counts }: StreetGraph,
  node: number,
  kind: SpotKind,
  accepts: (spot: number) => boolean = () => true,
): number | undefined {
  let [low, high] = [0, counts.spots]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (spotNode[middle]! < node) low = middle + 1
    else high = middle
  }
  for (; low < counts.spots && spotNode[low] === node; low++) if (spotKind[low] === kind && accepts(low)) return low
  return undefined
}

/** It stands beside the way that leads to it: who passes its node does not go through it. */
export function isBeside({ spotLat, spotLon, spotNode, nodeLat, nodeLon }: StreetGraph, spot: number): boolean {
  const node = spotNode[spot]!
  return spotLat[spot] !== nodeLat[node] || spotLon[spot] !== nodeLon[node]
}

export const spotName = (g: StreetGraph, spot: number): string => textOf(g, g.spotName[spot]!)

/** Spots with a node first, in the order of nodes; the rest as they come. `NONE` is greater than every node. */
const inOrder = (nodes: readonly number[]): number[] => [...nodes.keys()].sort((a, b) => nodes[a]! - nodes[b]! || a - b)

/** @param node, name of each spot, in the numbers of the graph */
export function fillSpots(
  columns: StreetColumns,
  spots: readonly Spot[],
  node: readonly number[],
  name: readonly number[],
): void {
  for (const [row, s] of inOrder(node).entries()) {
    const { kind, traits, lat, lon, capacity } = spots[s]!
    columns.spotKind[row] = kind
    columns.spotTraits[row] = traits
    columns.spotLat[row] = lat
    columns.spotLon[row] = lon
    columns.spotNode[row] = node[s]!
    columns.spotName[row] = name[s]!
    columns.spotCapacity[row] = Math.min(0xffff, capacity)
  }
}
