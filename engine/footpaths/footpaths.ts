// Walks between stops and the time a change takes. One table: what transfers.txt says and what the streets (or, without a map, straight
// lines) say, merged. Explicit rules replace generated walks for their pair, type 3 removes it (rules S33–S36).

import { createTable, openTable, type Table, type TableFormat } from '../core/columns.ts'
import { PairCollector } from '../core/pairs.ts'
import { NEVER } from '../core/time.ts'

export interface FootpathCounts extends Readonly<Record<string, number>> {
  readonly stops: number
  readonly footpaths: number
}

const specOf = (c: FootpathCounts) =>
  ({
    // stop → range of its footpaths, out and in; a footpath never leads to its own stop
    outBegin: [Uint32Array, c.stops + 1],
    outTo: [Uint32Array, c.footpaths],
    outSeconds: [Int32Array, c.footpaths],
    outNeeded: [Uint8Array, c.footpaths], // 1: a search needs it (needed.ts); 0: it is there to be looked up
    inBegin: [Uint32Array, c.stops + 1],
    inFrom: [Uint32Array, c.footpaths],
    inSeconds: [Int32Array, c.footpaths],
    // stop → seconds between alighting and boarding at this very stop; NEVER where changing there is not possible
    changeSeconds: [Int32Array, c.stops],
  }) as const

const footpathFormat: TableFormat<FootpathCounts, ReturnType<typeof specOf>> = {
  name: 'footpaths',
  version: 2,
  countNames: ['stops', 'footpaths'],
  specOf,
}

export type Footpaths = Table<FootpathCounts, ReturnType<typeof specOf>>

/** Seconds from getting off at one stop to getting on at another, or at the same; undefined where nobody can. */
export function changeBetween(f: Footpaths, from: number, to: number): number | undefined {
  if (from === to) return f.changeSeconds[from]! < NEVER ? f.changeSeconds[from] : undefined
  for (let e = f.outBegin[from]!; e < f.outBegin[from + 1]!; e++) if (f.outTo[e] === to) return f.outSeconds[e]
  return undefined
}

/** Seconds a change takes at a stop for which transfers.txt says nothing. */
export const DEFAULT_CHANGE_SECONDS = 120

/** One walk found by some source: streets, straight lines or transfers.txt. */
export interface Walk {
  readonly from: number
  readonly to: number
  readonly seconds: number
}

/** Walks in any order → the table; of several for one pair the shortest stays. */
export function buildFootpaths(stops: number, walks: Iterable<Walk>, changeSeconds: Int32Array): Footpaths {
  const pairs = new PairCollector(stops)
  for (const { from, to, seconds } of walks) if (from !== to) pairs.add(from, to, seconds)
  const { begin, to, value } = pairs.finish()
  const table = createTable(footpathFormat, { stops, footpaths: to.length })
  table.changeSeconds.set(changeSeconds)
  table.outBegin.set(begin)
  table.outTo.set(to)
  table.outSeconds.set(value)
  table.outNeeded.fill(1)
  turnRound(table, table)
  return table
}

/** Walks of one stop, in the order of the other stops. */
export interface Walks {
  readonly stops: Uint32Array
  readonly seconds: Int32Array
  /** As `outNeeded`; all of them when absent. */
  readonly needed?: Uint8Array
}

/** Those from a stop (reverse: to it). */
export function walksAt(f: Footpaths, stop: number, reverse: boolean): Walks {
  const [begins, others, seconds] = reverse ? [f.inBegin, f.inFrom, f.inSeconds] : [f.outBegin, f.outTo, f.outSeconds]
  const [begin, end] = [begins[stop]!, begins[stop + 1]!]
  return { stops: others.subarray(begin, end), seconds: seconds.subarray(begin, end) }
}

/**
 * The same table with other walks from some stops, in memory that is collected like any other (tables are shared, and for a whole process).
 * @param rest whether the walks from all other stops stay; else there are none
 */
export const withWalks = (f: Footpaths, own: ReadonlyMap<number, Walks>, rest: boolean): Footpaths =>
  turned(f, walksOut(f, own, rest))

/** `withWalks`, the walks from each stop alone. */
export function walksOut(f: Footpaths, own: ReadonlyMap<number, Walks>, rest: boolean): WalksOut {
  const { stops } = f.counts
  const outBegin = new Uint32Array(stops + 1)
  for (let s = 0; s < stops; s++) {
    const count = own.get(s)?.stops.length ?? (rest ? f.outBegin[s + 1]! - f.outBegin[s]! : 0)
    outBegin[s + 1] = outBegin[s]! + count
  }
  const footpaths = outBegin[stops]!
  const out = {
    outBegin,
    outTo: new Uint32Array(footpaths),
    outSeconds: new Int32Array(footpaths),
    outNeeded: new Uint8Array(footpaths).fill(1),
  }
  for (const [stop, { stops: others, seconds, needed }] of own) {
    out.outTo.set(others, outBegin[stop])
    out.outSeconds.set(seconds, outBegin[stop])
    if (needed) out.outNeeded.set(needed, outBegin[stop])
  }
  if (rest)
    // from one of its own stops to the next it is as it was
    for (let s = 0; s < stops; ) {
      let next = s
      while (next < stops && !own.has(next)) next++
      for (const name of ['outTo', 'outSeconds', 'outNeeded'] as const)
        out[name].set(f[name].subarray(f.outBegin[s], f.outBegin[next]), outBegin[s])
      s = next + 1
    }
  return out
}

/** The walks of a table that a search needs, in memory that is collected like any other. */
export function neededOnly(f: Footpaths): Footpaths {
  const { stops, footpaths } = f.counts
  let count = 0
  for (let e = 0; e < footpaths; e++) count += f.outNeeded[e]!
  const outBegin = new Uint32Array(stops + 1)
  const outTo = new Uint32Array(count)
  const outSeconds = new Int32Array(count)
  let next = 0
  for (let s = 0; s < stops; s++) {
    for (let e = f.outBegin[s]!; e < f.outBegin[s + 1]!; e++)
      if (f.outNeeded[e]) {
        outTo[next] = f.outTo[e]!
        outSeconds[next++] = f.outSeconds[e]!
      }
    outBegin[s + 1] = next
  }
  return turned(f, { outBegin, outTo, outSeconds, outNeeded: new Uint8Array(count).fill(1) })
}

function turned(f: Footpaths, out: WalksOut): Footpaths {
  const counts = { stops: f.counts.stops, footpaths: out.outTo.length }
  const into = { inBegin: new Uint32Array(counts.stops + 1), inFrom: new Uint32Array(counts.footpaths) }
  const inSeconds = new Int32Array(counts.footpaths)
  turnRound(out, { ...into, inSeconds })
  return { ...f, ...out, ...into, inSeconds, counts }
}

export type WalksOut = Pick<Footpaths, 'outBegin' | 'outTo' | 'outSeconds' | 'outNeeded'>
type Into = Pick<Footpaths, 'inBegin' | 'inFrom' | 'inSeconds'>

/** Fills the walks into each stop, in the order of the others. */
function turnRound({ outBegin, outTo, outSeconds }: WalksOut, { inBegin, inFrom, inSeconds }: Into): void {
  const stops = outBegin.length - 1
  for (const stop of outTo) inBegin[stop + 1]!++
  for (let s = 0; s < stops; s++) inBegin[s + 1]! += inBegin[s]!
  const fill = inBegin.slice()
  for (let s = 0; s < stops; s++)
    for (let i = outBegin[s]!; i < outBegin[s + 1]!; i++) {
      const at = fill[outTo[i]!]!++
      inFrom[at] = s
      inSeconds[at] = outSeconds[i]!
    }
}

export const openFootpaths = (buffer: SharedArrayBuffer): Footpaths => openTable(footpathFormat, buffer)

/** The same table for more stops, to which nobody walks. */
export function widenFootpaths(f: Footpaths, stops: number): Footpaths {
  const wide = createTable(footpathFormat, { stops, footpaths: f.counts.footpaths })
  for (const name of Object.keys(specOf(f.counts)) as (keyof ReturnType<typeof specOf>)[]) wide[name].set(f[name])
  wide.outBegin.fill(f.counts.footpaths, f.counts.stops)
  wide.inBegin.fill(f.counts.footpaths, f.counts.stops)
  wide.changeSeconds.fill(NEVER, f.counts.stops)
  return wide
}

/**
 * The same table with walks from and to stops that realtime added, of which it has none.
 * @param walks from, to, seconds, from, …
 */
export function addWalks(f: Footpaths, stops: readonly number[], walks: readonly number[]): Footpaths {
  const changes = f.changeSeconds.slice()
  for (const stop of stops) changes[stop] = DEFAULT_CHANGE_SECONDS
  function* all(): Generator<Walk> {
    for (let from = 0; from < f.counts.stops; from++)
      for (let e = f.outBegin[from]!; e < f.outBegin[from + 1]!; e++)
        yield { from, to: f.outTo[e]!, seconds: f.outSeconds[e]! }
    for (let i = 0; i < walks.length; i += 3) yield { from: walks[i]!, to: walks[i + 1]!, seconds: walks[i + 2]! }
  }
  const table = buildFootpaths(f.counts.stops, all(), changes)
  // both tables are in order, so what is not new comes as it came
  const isNew = new Set(stops)
  let old = 0
  for (let from = 0; from < f.counts.stops; from++)
    for (let e = table.outBegin[from]!; e < table.outBegin[from + 1]!; e++)
      if (!isNew.has(from) && !isNew.has(table.outTo[e]!)) table.outNeeded[e] = f.outNeeded[old++]!
  return table
}
