// Asking for a little first, then for what is left, finds what asking for everything at once finds.

import assert from 'node:assert/strict'
import { expect, test } from 'vitest'
import { NEVER } from '#engine/core/time.ts'
import { stopCopies } from '#engine/footpaths/copies.ts'
import { buildHops, createBoundsScratch, emptyBounds, fasterHops } from '#engine/transit/bounds.ts'
import { reachCopies } from '#engine/transit/copied.ts'
import { mirrorFootpaths, mirrorNetwork } from '#engine/transit/mirror.ts'
import { narrowAt, narrowRange } from '#engine/transit/narrow.ts'
import { networkFor } from '#engine/transit/network.ts'
import { searchAt, searchRange, type TransitQuery } from '#engine/transit/range.ts'
import { createSearchState } from '#engine/transit/state.ts'
import { boundsToEnd, quickest } from '#engine/transit/to-end.ts'
import { disturb, drawCity } from '../helpers/city.ts'
import { horizonOf, liveState } from '../helpers/horizon.ts'
import { random } from '../helpers/random.ts'
import { answerSet, type PlainAnswer } from '../helpers/reference.ts'
import { timetable } from '../helpers/timetable.ts'

const SEEDS = 400

/** @returns whether some stops were too far to be told apart */
function compare(seed: number, mirrored: boolean): boolean {
  const r = random(seed)
  const wild = seed % 3 === 0
  const drawing = drawCity(r, wild ? { longestWalk: 60 } : {})
  const { tt, day, footpaths: drawn } = timetable(drawing, { change: 60 })
  const live = r.chance(0.5) ? liveState(disturb(r, tt, wild ? 3600 : 180)) : undefined
  const horizon = horizonOf(tt, drawn, live)
  const time = day * 86_400 + r.between(-3600, 50 * 3600)
  const longest = r.pick([6, 24, 48]) * 3600
  const window = r.between(1, 6) * 3600
  const forward = networkFor(horizon, (time - longest) as never, (time + window + longest) as never, live !== undefined)
  const network = mirrored ? mirrorNetwork(forward) : forward
  const copies = stopCopies(tt)
  const extended = copies.extend(drawn)
  const [footpaths, quick] = mirrored
    ? [mirrorFootpaths(extended), mirrorFootpaths(quickest(tt, drawn))]
    : [extended, quickest(tt, drawn)]
  const place = (): TransitQuery['access'] => {
    const stops = [
      ...new Set(Array.from({ length: r.between(1, 3) }, () => r.below(tt.counts.stops - tt.counts.roomStops))),
    ]
    return { count: stops.length, stops, seconds: stops.map(() => r.below(900)) }
  }
  const [access, egress] = [place(), place()]
  const q: TransitQuery = {
    access: reachCopies(tt, access),
    egress: reachCopies(tt, egress),
    maxRides: r.between(1, 6),
    maxTravelTime: longest,
  }
  const s = createSearchState(copies.count)
  const bounds = emptyBounds(copies.count)
  for (let i = 0; i < q.egress.count; i++) s.egress[q.egress.stops[i]!] = q.egress.seconds[i]!
  const hops = buildHops(tt, mirrored)
  const to = {
    hops,
    faster: live ? fasterHops(hops, horizon.live, mirrored) : new Map(),
    quick,
    rides: undefined,
    egress,
    seconds: s.egress,
    wheelchair: 'no' as const,
    wheelchairStops: 'no' as const,
  }
  const scratch = createBoundsScratch(copies.count)
  const near = emptyBounds(copies.count)
  const upTo = boundsToEnd(tt, { ...to, from: q.access }, near, scratch)
  boundsToEnd(tt, to, bounds, scratch)
  const context = `seed ${seed}${mirrored ? ' mirrored' : ''}\n${drawing}`
  assert.deepEqual(
    near.seconds,
    bounds.seconds.map(seconds => Math.min(seconds, upTo)),
    `up to ${upTo}: ${context}`,
  )
  let answers: PlainAnswer[] = []
  const found = (rides: number, departure: number): void => {
    answers.push({ departure, arrival: s.target[rides]!, rides })
  }
  const taken = (): string[] => {
    const set = answerSet(pareto(answers))
    answers = []
    return set
  }
  const begin = mirrored ? network.base - time : time - network.base
  searchAt(network, footpaths, bounds, q, s, begin, found)
  const plain = taken()
  narrowAt(network, footpaths, near, q, s, begin, found)
  assert.deepEqual(taken(), plain, `at: ${context}`)
  searchRange(network, footpaths, bounds, q, s, begin, begin + window, found)
  const wide = taken()
  narrowRange(network, footpaths, near, q, s, begin, begin + window, found)
  assert.deepEqual(taken(), wide, `range: ${context}`)
  return bounds.seconds.some(seconds => seconds > upTo && seconds < NEVER)
}

const pareto = (answers: readonly PlainAnswer[]): PlainAnswer[] =>
  answers.filter(
    (a, i) =>
      !answers.some(
        (b, k) =>
          b.departure >= a.departure &&
          b.arrival <= a.arrival &&
          b.rides <= a.rides &&
          (k < i || b.departure > a.departure || b.arrival < a.arrival || b.rides < a.rides),
      ),
  )

test(`the narrow search answers as the plain one on ${SEEDS} random cities, both ways`, () => {
  let cut = 0
  for (let seed = 1; seed <= SEEDS; seed++) if (compare(seed, seed % 2 === 0)) cut++
  expect(cut).toBeGreaterThan(SEEDS / 10)
})

test('a ride from one end of the way home to another counts', () => {
  // home is right at T and 15 minutes from E. The usual way has three rides; the long one with two walks to E and rides on from there, which
  // is only seen if E counts as a place to ride from and not only as an end
  const { tt, footpaths, stop, day } = timetable(`
    L1   A 08:00   B 08:10
    L2   B 08:12   C 08:20
    L3   C 08:22   T 08:30
    L4   A 08:00   X 14:00
    L5   E 14:05   T 14:15
    walk X→E 60s`)
  const base = day * 86_400
  const network = networkFor(horizonOf(tt, footpaths), base as never, (base + 48 * 3600) as never, false)
  const s = createSearchState(tt.counts.stops)
  const egress = { count: 2, stops: [stop('E'), stop('T')], seconds: [900, 0] }
  egress.stops.forEach((at, i) => {
    s.egress[at] = egress.seconds[i]!
  })
  const q = { access: { count: 1, stops: [stop('A')], seconds: [0] }, egress, maxRides: 4, maxTravelTime: 24 * 3600 }
  const found: string[] = []
  narrowAt(network, footpaths, emptyBounds(tt.counts.stops), q, s, 8 * 3600, rides => {
    found.push(`${rides} rides, ${s.target[rides]! / 60} min`)
  })
  assert.deepEqual(found.sort(), ['2 rides, 855 min', '3 rides, 510 min'])
})
