// Dead ends that a query has nothing to do with are closed, and every answer is as it was.

import assert from 'node:assert/strict'
import { expect, test } from 'vitest'
import { formatTime, NEVER } from '#engine/core/time.ts'
import { stopCopies } from '#engine/footpaths/copies.ts'
import { buildHops, emptyBounds, fasterHops } from '#engine/transit/bounds.ts'
import { closeDeadEnds, deadEndsOf } from '#engine/transit/dead-ends.ts'
import { mirrorFootpaths, mirrorNetwork } from '#engine/transit/mirror.ts'
import { networkFor } from '#engine/transit/network.ts'
import { searchAt, searchRange } from '#engine/transit/range.ts'
import { createSearchState } from '#engine/transit/state.ts'
import { disturb, drawCity } from '../helpers/city.ts'
import { horizonOf, liveState } from '../helpers/horizon.ts'
import { type Random, random } from '../helpers/random.ts'
import { answerSet, type PlainAnswer } from '../helpers/reference.ts'
import { timetable } from '../helpers/timetable.ts'

const SEEDS = 200

/** A city with one or two dead ends of some stops each. */
function drawDeadEnds(r: Random): string {
  const lines = [drawCity(r)]
  for (const [end, stops] of [
    ['U', 'UVW'],
    ['X', 'XYZ'],
  ] as const) {
    if (end === 'X' && r.chance(0.5)) continue
    const gate = r.pick([...'ABCD'])
    const around = [gate, gate, ...stops]
    for (let line = r.between(3, 8); line > 0; line--) {
      const calls: string[] = []
      for (let n = r.between(2, 5); n > 0; n--) calls.push(r.pick(around.filter(stop => stop !== calls.at(-1))))
      const close = r.chance(0.05) ? '-' : ''
      for (let trip = r.between(2, 12); trip > 0; trip--) {
        let t = r.between(0, 26 * 60) * 60
        const row = calls.map(stop => {
          t += r.between(1, 12) * 30
          return `${stop}${close} ${formatTime(t)}`
        })
        lines.push(`${end}${line} ${row.join(' ')}`)
      }
    }
    if (r.chance(0.3)) lines.push(`walk ${gate}-${end} ${r.between(1, 6)}m`)
  }
  return lines.join('\n')
}

/** @returns stops closed */
function compare(seed: number, mirrored: boolean): number {
  const r = random(seed)
  const drawing = drawDeadEnds(r)
  const { tt, day, footpaths } = timetable(drawing, { change: r.pick([0, 30, 60, 180]) })
  if (stopCopies(tt).of.size > 0) return 0
  const live = r.chance(0.3) ? liveState(disturb(r, tt, 600)) : undefined
  const horizon = horizonOf(tt, footpaths, live)
  const time = day * 86_400 + r.between(-3600, 50 * 3600)
  const longest = 24 * 3600
  const forward = networkFor(horizon, (time - longest) as never, (time + 2 * longest) as never, live !== undefined)
  const network = mirrored ? mirrorNetwork(forward) : forward
  const walks = mirrored ? mirrorFootpaths(footpaths) : footpaths
  const place = () => {
    // mostly in the city itself
    const all = tt.counts.stops - tt.counts.roomStops
    const stops = [...new Set([r.below(r.chance(0.1) ? all : 4), r.below(4)])].slice(r.below(2))
    return { count: stops.length, stops, seconds: stops.map(() => r.below(900)) }
  }
  const query = { access: place(), egress: place(), maxRides: r.between(1, 7), maxTravelTime: longest }
  const s = createSearchState(tt.counts.stops)
  for (let i = 0; i < query.egress.count; i++) s.egress[query.egress.stops[i]!] = query.egress.seconds[i]!
  const bounds = emptyBounds(tt.counts.stops)
  const closed = emptyBounds(tt.counts.stops)
  const touched = {
    ends: [query.access, query.egress],
    faster: live ? fasterHops(buildHops(tt, mirrored), horizon.live, mirrored) : new Map(),
    blocks: network.blocks.map(({ real }) => real.block),
  }
  closeDeadEnds(deadEndsOf(tt, footpaths), touched, bounds.seconds, closed.seconds)
  const begin = mirrored ? network.base - time : time - network.base
  const answers = [bounds, closed].map(usable => {
    const found: PlainAnswer[] = []
    const collect = (rides: number, departure: number): void => {
      found.push({ departure, arrival: s.target[rides]!, rides })
    }
    searchAt(network, walks, usable, query, s, begin, collect)
    const at = answerSet(found.splice(0))
    searchRange(network, walks, usable, query, s, begin, begin + 4 * 3600, collect)
    return [at, answerSet(found)]
  })
  assert.deepEqual(answers[1], answers[0], `seed ${seed}${mirrored ? ' mirrored' : ''}\n${drawing}`)
  return closed.seconds.filter(seconds => seconds === NEVER).length
}

test(`answers are the same with dead ends closed in ${SEEDS} random cities, both ways, with realtime`, () => {
  let closed = 0
  for (let seed = 1; seed <= SEEDS; seed++) if (compare(seed, seed % 2 === 0) > 0) closed++
  expect(closed).toBeGreaterThan(SEEDS / 10)
})

const closedIn = (drawing: string, ends: readonly string[]): string => {
  const { tt, footpaths, stop, day } = timetable(drawing)
  const base = day * 86_400
  const { blocks } = networkFor(horizonOf(tt, footpaths), base as never, (base + 86_400) as never, false)
  const [open, closed] = [emptyBounds(tt.counts.stops).seconds, emptyBounds(tt.counts.stops).seconds]
  const stops = ends.map(name => stop(name) as number)
  const reach = { count: stops.length, stops, seconds: stops.map(() => 0) }
  const touched = { ends: [reach], faster: new Map(), blocks: blocks.map(({ real }) => real.block) }
  closeDeadEnds(deadEndsOf(tt, footpaths), touched, open, closed)
  return [...'UV'].filter(name => closed[stop(name)] === NEVER).join('')
}

const TOWN = `
  S1   A 08:00   B 08:10   G 08:20   C 08:30
  S2   C 08:00   A 08:20
  U1   G 08:22   U 08:24   V 08:26
  U2   V 08:30   U 08:32   G 08:34`

test('a town behind its station is closed, but not to who begins or ends there or at the station', () => {
  assert.equal(closedIn(TOWN, ['A', 'C']), 'UV')
  assert.equal(closedIn(TOWN, ['A', 'V']), '')
  assert.equal(closedIn(TOWN, ['A', 'G']), '')
})

test('it stays open where vehicles go into it from elsewhere, let nobody on or off at the station, or may be changed to by two walks', () => {
  assert.equal(closedIn(`${TOWN}\n  S3   A 09:00   G 09:10   U 09:12`, ['A', 'C']), '')
  assert.equal(closedIn(`${TOWN}\n  S3   A 09:00   G- 09:10   C 09:12`, ['A', 'C']), '')
  assert.equal(closedIn(`${TOWN}\n  S3   A 09:00   -G 09:10   C 09:12`, ['A', 'C']), '')
  const walks = `
    S4   A 09:00   H 09:10   B 09:20
    S5   C 09:00   K 09:10   B 09:20
    walk H-G 3m
    walk G-K 3m`
  assert.equal(closedIn(`${TOWN}${walks}`, ['A', 'C']), '')
  assert.equal(closedIn(`${TOWN}${walks}\n  walk H-K 6m`, ['A', 'C']), 'UV')
})
