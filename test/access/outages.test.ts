// Walks between stops with elevators out of order, told from those with all in order, equal those made anew.

import { expect, test } from 'vitest'
import { listElevators, outagesOf } from '#engine/access/elevators.ts'
import { createGround, type Ground } from '#engine/access/ground.ts'
import { createKnownOutages, type KnownOutages } from '#engine/access/known-outages.ts'
import { footpathsWithout, groundWithout } from '#engine/access/outages.ts'
import { walkLimits, walksBetweenStops } from '#engine/access/walks.ts'
import { E7 } from '#engine/core/geo.ts'
import type { Footpaths } from '#engine/footpaths/footpaths.ts'
import { keepNeeded } from '#engine/footpaths/needed.ts'
import { mergeTransfers } from '#engine/footpaths/transfers.ts'
import { buildStopLinks } from '#engine/street/links.ts'
import { Profile } from '#engine/street/profile.ts'
import { createStreetSearch } from '#engine/street/search.ts'
import { type Random, random } from '../helpers/random.ts'
import { metresToPoint, streets } from '../helpers/streets.ts'
import { timetable } from '../helpers/timetable.ts'

const SIDE = 7

/** Streets of a town with gaps, elevators at some corners or along some streets, and lines that follow the streets. */
function drawWorld(r: Random, { wide, high, apart } = { wide: SIDE, high: SIDE, apart: 350 }): Ground {
  const lines: string[] = []
  const calls: string[] = []
  const name = (x: number, y: number): string => `n${x}_${y}`
  for (let x = 0; x < wide; x++)
    for (let y = 0; y < high; y++) {
      const [east, north] = [x * apart + r.below(120), y * apart + r.below(120)]
      lines.push(`at ${name(x, y)} ${east},${north}`)
      if (r.chance(0.25)) lines.push(`node ${name(x, y)} highway=elevator`)
      const { lat, lon } = metresToPoint(east + r.below(20), north + r.below(20))
      calls.push(`at s${x}_${y} ${lat / E7},${lon / E7}`)
    }
  for (let x = 0; x < wide; x++)
    for (let y = 0; y < high; y++) {
      const kind = (): string => (r.chance(0.1) ? 'elevator' : 'footway')
      if (x + 1 < wide && r.chance(0.75)) lines.push(`${name(x, y)}-${name(x + 1, y)} highway=${kind()}`)
      if (y + 1 < high && r.chance(0.75)) lines.push(`${name(x, y)}-${name(x, y + 1)} highway=${kind()}`)
    }
  const row = (length: number, stop: (k: number) => string): string =>
    Array.from({ length }, (_, k) => `${stop(k)} 10:${10 + k}`).join(' ')
  for (let y = 0; y < high; y++) calls.push(`H${y} ${row(wide, x => `s${x}_${y}`)}`)
  for (let x = 0; x < wide; x++) calls.push(`V${x} ${row(high, y => `s${x}_${y}`)}`)
  const { tt } = timetable(calls.join('\n'))
  const { graph } = streets(lines.join('\n'))
  return createGround(tt, createStreetSearch(graph, buildStopLinks(graph, tt)))
}

/** from * stops + to → seconds */
const tableOf = (f: Footpaths, needed = false): Map<number, number> => {
  const table = new Map<number, number>()
  for (let from = 0; from < f.counts.stops; from++)
    for (let i = f.outBegin[from]!; i < f.outBegin[from + 1]!; i++)
      if (!needed || f.outNeeded[i]) table.set(from * f.counts.stops + f.outTo[i]!, f.outSeconds[i]!)
  return table
}

test.each(['foot', 'wheelchair'] as const)(
  '%s: no walk that is needed is lost, and none is shorter than it is',
  who => {
    const walker = Profile[who]
    let changed = 0
    for (let seed = 1; seed <= 25; seed++) {
      const r = random(seed)
      const ground = drawWorld(r)
      const { timetable: tt } = ground
      const { far, near } = walkLimits(tt)
      const all = (g: Ground): Footpaths => mergeTransfers(tt, walksBetweenStops(g, { walker, maxSeconds: far }))
      const out = listElevators(tt, ground.streets!.graph)
        .map(e => ({ ...e, station: undefined }))
        .filter(() => r.chance(0.3))
      const outages = { key: 'out', out } as never
      const closed = groundWithout(ground, outages)
      const usual = keepNeeded(tt, all(ground), near)
      const found = tableOf(footpathsWithout(ground, closed, usual, walker, outages))
      const truth = all(closed)
      const every = tableOf(truth)
      for (const [pair, seconds] of found) expect([pair, seconds]).toEqual([pair, every.get(pair)])
      for (const [pair, seconds] of tableOf(keepNeeded(tt, truth, near), true))
        expect([seed, pair, found.get(pair)]).toEqual([seed, pair, seconds])
      if (tableOf(usual).size !== found.size) changed++
    }
    expect(changed).toBeGreaterThan(6)
  },
)

test('what is remembered of other outages is what would be found anew', () => {
  let remembered = 0
  for (let seed = 1; seed <= 8; seed++) {
    const r = random(seed)
    const ground = drawWorld(r, { wide: 16, high: 2, apart: 900 })
    const { timetable: tt } = ground
    const { far, near } = walkLimits(tt)
    const all = listElevators(tt, ground.streets!.graph)
    const known = createKnownOutages()
    for (const walker of [Profile.foot, Profile.wheelchair]) {
      const usual = keepNeeded(tt, mergeTransfers(tt, walksBetweenStops(ground, { walker, maxSeconds: far })), near)
      for (let round = 0; round < 5; round++) {
        const outages = outagesOf(all.filter(() => r.chance(0.3)))
        const closed = groundWithout(ground, outages)
        const before = known.rows.size
        const found = footpathsWithout(ground, closed, usual, walker, outages, known)
        const fresh = createKnownOutages()
        const anew = footpathsWithout(ground, closed, usual, walker, outages, fresh)
        expect(tableOf(found)).toEqual(tableOf(anew))
        expect(tableOf(found, true)).toEqual(tableOf(anew, true))
        remembered += fresh.rows.size - (known.rows.size - before)
      }
    }
  }
  expect(remembered).toBeGreaterThan(50)
})

test.each([8, 16_384])('of %i, what is asked for is not forgotten in between', most => {
  const walker = Profile.foot
  let asked = 0
  for (let seed = 1; seed <= 8; seed++) {
    const ground = drawWorld(random(seed), { wide: 16, high: 2, apart: 900 })
    const { timetable: tt } = ground
    const { far, near } = walkLimits(tt)
    const outages = outagesOf(listElevators(tt, ground.streets!.graph))
    const closed = groundWithout(ground, outages)
    const usual = keepNeeded(tt, mergeTransfers(tt, walksBetweenStops(ground, { walker, maxSeconds: far })), near)
    const find = (known: KnownOutages): Footpaths => footpathsWithout(ground, closed, usual, walker, outages, known)
    const fresh = createKnownOutages()
    const anew = find(fresh)
    const known = createKnownOutages(most)
    // the first asked for is gone, those after it are the oldest
    const rows = [...fresh.rows].slice(1, 9)
    for (const [key, row] of rows) known.rows.set(key, row)
    for (let i = rows.length; i < most; i++) known.rows.set(`other ${i}`, rows[0]![1])
    for (let round = 0; round < 3; round++) {
      const found = find(known)
      expect(tableOf(found)).toEqual(tableOf(anew))
      expect(tableOf(found, true)).toEqual(tableOf(anew, true))
      expect(known.rows.size).toBe(most)
    }
    if (rows.length === 8) asked++
  }
  expect(asked).toBeGreaterThan(4)
})
