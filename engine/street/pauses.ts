// Where somebody with a store (endurance.ts) stops on a way to fill it, and what is left at the end.

import { E7 } from '../core/geo.ts'
import type { Costs, Store } from './costs.ts'
import type { StreetGraph } from './graph.ts'
import type { Place } from './snap.ts'
import { SpotKind, spotAt, spotName } from './spots.ts'
import type { Stretch } from './stretch.ts'

export interface Pause {
  readonly kind: 'rest' | 'charge'
  /** Degrees. */
  readonly lat: number
  readonly lon: number
  /** Of the charging point; '' when it has none. */
  readonly name: string
  /** Rounded up; part of what the way takes. */
  readonly seconds: number
  /** From the beginning of the way. */
  readonly metres: number
}

/** Watt-hours. */
export interface BatteryUse {
  readonly used: number
  readonly charged: number
  readonly left: number
}

export interface Endured {
  readonly pauses: readonly Pause[]
  readonly battery?: BatteryUse
}

/** @param stops positions in `stretches`: at the end of those the store is filled */
export function pausesOn(
  g: StreetGraph,
  costs: Costs,
  ends: readonly [start: Place, goal: Place],
  stretches: readonly Stretch[],
  stops: ReadonlySet<number>,
): Endured {
  const { store, profile } = costs
  if (!store) return { pauses: [] }
  const drains = stretches.map(stretch => drainOf(g, store, stretch))
  drains[0]! += store.plain * ends[0].offsetMm
  drains[drains.length - 1]! += store.plain * ends[1].offsetMm
  const charges = profile.battery !== undefined
  const pauses: Pause[] = []
  let [level, charged, millimetres] = [store.start, 0, ends[0].offsetMm]
  for (const [i, stretch] of stretches.entries()) {
    level -= drains[i]!
    millimetres += Math.abs(stretch.toMm - stretch.fromMm)
    if (!stops.has(i)) continue
    const full = charges ? Math.max(level, store.least + untilNext(drains, stops, i)) : store.full
    const node = stretch.fromMm > stretch.toMm ? g.edgeFrom[stretch.edge] : g.edgeTo[stretch.edge]
    const spot = charges ? spotAt(g, node, SpotKind.charger) : undefined
    pauses.push({
      kind: charges ? 'charge' : 'rest',
      lat: g.nodeLat[node]! / E7,
      lon: g.nodeLon[node]! / E7,
      name: spot === undefined ? '' : spotName(g, spot),
      seconds: Math.ceil((store.stopMs + (full - level) * store.msPerUnit) / 1000),
      metres: millimetres / 1000,
    })
    charged += full - level
    level = full
  }
  const used = drains.reduce((sum, drain) => sum + drain, 0)
  return { pauses, ...(charges && { battery: { used, charged, left: level } }) }
}

/** What the way takes from the end of a stretch to the next stop, or to its end. */
function untilNext(drains: readonly number[], stops: ReadonlySet<number>, after: number): number {
  let sum = 0
  for (let i = after + 1; i < drains.length; i++) {
    sum += drains[i]!
    if (stops.has(i)) break
  }
  return sum
}

const drainOf = (g: StreetGraph, { drain }: Store, { edge, fromMm, toMm }: Stretch): number =>
  drain[(g.edgeSort[edge] << 1) | (fromMm > toMm ? 1 : 0)]! * Math.abs(toMm - fromMm)
