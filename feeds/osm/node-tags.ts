// What tags of a node mean that streets pass: what a barrier keeps out, how high the kerb is, how the road is crossed here.

import {
  ALL_MODES,
  Crossing,
  crossingBits,
  Kerb,
  kerbBits,
  Mode,
  NODE_ELEVATOR,
  NODE_ISLAND,
  NODE_NARROW,
  NODE_SIGNALS,
} from '#engine/street/graph.ts'
import { allowed, crossingOf, hasIsland, metresOf, type Tags } from './tags.ts'

/** barrier=… → who does not get past it unless another tag says so. Gates are open unless they say that they are not; kerbs, entrances and the like stop nobody here. */
const barriers = new Map<string, readonly Mode[]>([
  ['bollard', [Mode.car]],
  ['block', [Mode.car]],
  ['planter', [Mode.car]],
  ['chain', [Mode.car]],
  ['rope', [Mode.car]],
  ['jersey_barrier', [Mode.car]],
  ['motorcycle_barrier', [Mode.car]],
  ['bus_trap', [Mode.car]],
  ['cycle_barrier', [Mode.car]],
  ['gate', []],
  ['lift_gate', []],
  ['swing_gate', []],
  ['log', [Mode.car, Mode.bike, Mode.wheelchair]],
  ['debris', [Mode.car, Mode.bike, Mode.wheelchair]],
  ['stile', [Mode.car, Mode.bike, Mode.wheelchair]],
  ['kissing_gate', [Mode.car, Mode.bike, Mode.wheelchair]],
  ['turnstile', [Mode.car, Mode.bike, Mode.wheelchair]],
  ['full-height_turnstile', [Mode.car, Mode.bike, Mode.wheelchair]],
  ['wall', ALL_MODES],
  ['fence', ALL_MODES],
  ['hedge', ALL_MODES],
])

/** Built to stop what is wider than a bicycle. */
const narrow = new Set([
  'cycle_barrier',
  'motorcycle_barrier',
  'kissing_gate',
  'turnstile',
  'full-height_turnstile',
  'stile',
])

const kerbs = new Map<string, Kerb>([
  ['flush', Kerb.flush],
  ['no', Kerb.flush],
  ['lowered', Kerb.lowered],
  ['rolled', Kerb.rolled],
  ['raised', Kerb.raised],
  ['regular', Kerb.raised],
  ['yes', Kerb.unknown],
])

function kerbOf(tags: Tags): Kerb {
  const height = metresOf(tags.get('kerb:height'))
  if (height > 0)
    return height <= 0.01 ? Kerb.flush : height <= 0.03 ? Kerb.lowered : height <= 0.06 ? Kerb.rolled : Kerb.raised
  const said = tags.get('kerb')
  return said !== undefined
    ? (kerbs.get(said) ?? Kerb.unknown)
    : tags.get('barrier') === 'kerb'
      ? Kerb.unknown
      : Kerb.none
}

/** A node without any of these is a bend. */
export const nodeKeys = ['barrier', 'highway', 'kerb', 'railway'] as const

/** A node's traits as the street graph packs them; 0 for nearly all. */
export function readNode(tags: Tags): number {
  const barrier = tags.get('barrier') ?? ''
  const usual = barriers.get(barrier)
  const highway = tags.get('highway')
  let traits = kerbBits(kerbOf(tags))
  if (highway === 'elevator') traits |= NODE_ELEVATOR
  if (highway === 'traffic_signals' || (highway === 'crossing' && crossingOf(tags) === Crossing.signals))
    traits |= NODE_SIGNALS
  if (highway === 'crossing' || tags.get('railway') === 'crossing') {
    const crossing = crossingOf(tags)
    traits |= crossingBits(crossing === Crossing.none ? Crossing.unmarked : crossing)
    if (hasIsland(tags)) traits |= NODE_ISLAND
  }
  if (narrow.has(barrier) && tags.get('wheelchair') !== 'yes') traits |= NODE_NARROW
  if (usual) for (const mode of ALL_MODES) if (!(allowed(tags, mode) ?? !usual.includes(mode))) traits |= 1 << mode
  return traits
}
