// The labels of who has a store (endurance.ts): any number of them for a node or turn, in lists, in arrays that grow with the search's.

import { FreifahrtError } from '../core/errors.ts'
import { NEVER } from '../core/time.ts'
import type { Ahead } from './ahead.ts'
import type { StreetSearch } from './search.ts'

/** What the labels of such a search know beside cost and way: their arrays grow with the search's. */
export interface Endurance {
  /** Label → node or turn (labels.ts). */
  base: Uint32Array
  level: Float64Array
  most: Float64Array
  /** 1: filled up at its node. */
  stopped: Uint8Array
  /** Node or turn → its first label; label → the next one there. −1: none. */
  readonly head: Int32Array
  next: Int32Array
  count: number
  /** What the last of these searches had ahead; its memory is the next one's. */
  ahead: Ahead | undefined
  /** Labels are nodes and turns, one for each: the store lasts (lasting.ts). */
  single: boolean
}

export function createEndurance({ nodeMs, graph: { counts } }: StreetSearch): Endurance {
  const labels = nodeMs.length
  return {
    base: new Uint32Array(labels),
    level: new Float64Array(labels),
    most: new Float64Array(labels),
    stopped: new Uint8Array(labels),
    head: new Int32Array(counts.nodes + counts.turns).fill(-1),
    next: new Int32Array(labels),
    count: 0,
    ahead: undefined,
    single: false,
  }
}

/** Labels of one search (45 bytes each, 12 more for its place in the queue), unless the map alone has more nodes and turns. */
export const MOST_LABELS = 1 << 22

/** A new one at a node or turn, behind `after` in its list (−1: at the head). */
export function addLabel(search: StreetSearch, endurance: Endurance, base: number, after: number): number {
  const label = endurance.count
  if (label === search.nodeMs.length) growLabels(search, endurance)
  endurance.count++
  endurance.base[label] = base
  if (after < 0) {
    endurance.next[label] = endurance.head[base]!
    endurance.head[base] = label
  } else {
    endurance.next[label] = endurance.next[after]!
    endurance.next[after] = label
  }
  search.touched[label] = label
  search.touchedCount = endurance.count
  return label
}

export function clearHeads(endurance: Endurance): void {
  for (let label = 0; label < endurance.count; label++) endurance.head[endurance.base[label]!] = -1
  endurance.count = 0
}

type Growing = Int32Array | Uint32Array | Float64Array | Uint8Array

/** Twice as many labels, up to the most that a search may have; start.ts gives them back. Throws TOO_LARGE. */
function growLabels(search: StreetSearch, endurance: Endurance): void {
  const most = Math.max(search.mostLabels, endurance.head.length)
  const labels = Math.min(2 * search.nodeMs.length, most)
  if (labels <= search.nodeMs.length) {
    const { battery, limits, range } = search.costs.profile
    const [where, instead] = battery
      ? [
          battery.charging ? 'batteryCharging' : 'batteryReserve',
          'charge more at the start, do without batteryCharging',
        ]
      : range
        ? ['RENTAL', 'do without RENTAL']
        : ['maxWithoutRest', `rest less often than every ${limits.maxWithoutRest} m`]
    throw new FreifahrtError('TOO_LARGE', where, `more than ${most} ways to compare: ${instead}, or search less far`)
  }
  const twice = <A extends Growing>(old: A, filling = 0): A => {
    const grown = new (old.constructor as new (n: number) => A)(labels)
    grown.set(old)
    if (filling !== 0) grown.fill(filling, old.length)
    return grown
  }
  const weighed = search.times !== search.nodeMs
  search.nodeMs = twice(search.nodeMs, NEVER)
  search.nodeArc = twice(search.nodeArc)
  search.nodeFrom = twice(search.nodeFrom)
  search.ownTimes = twice(search.ownTimes)
  search.touched = twice(search.touched)
  search.times = weighed ? search.ownTimes : search.nodeMs
  endurance.base = twice(endurance.base)
  endurance.level = twice(endurance.level)
  endurance.most = twice(endurance.most)
  endurance.stopped = twice(endurance.stopped)
  endurance.next = twice(endurance.next)
}
