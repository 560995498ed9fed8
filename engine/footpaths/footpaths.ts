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
  for (const stop of to) table.inBegin[stop + 1]!++
  for (let s = 0; s < stops; s++) table.inBegin[s + 1]! += table.inBegin[s]!
  const fill = table.inBegin.slice()
  for (let s = 0; s < stops; s++)
    for (let i = table.outBegin[s]!; i < table.outBegin[s + 1]!; i++) {
      const at = fill[table.outTo[i]!]!++
      table.inFrom[at] = s
      table.inSeconds[at] = table.outSeconds[i]!
    }
  return table
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
