// Asking for a little first, then for what is left, finds what asking for everything at once finds.

import assert from 'node:assert/strict'
import { test } from 'vitest'
import { buildHops, computeBounds, createBoundsScratch } from '#engine/transit/bounds.ts'
import { mirrorFootpaths, mirrorNetwork } from '#engine/transit/mirror.ts'
import { narrowAt, narrowRange } from '#engine/transit/narrow.ts'
import { networkFor } from '#engine/transit/network.ts'
import { searchAt, searchRange, type TransitQuery } from '#engine/transit/range.ts'
import { createSearchState } from '#engine/transit/state.ts'
import { disturb, drawCity } from '../helpers/city.ts'
import { horizonOf, liveState } from '../helpers/horizon.ts'
import { random } from '../helpers/random.ts'
import { answerSet, type PlainAnswer } from '../helpers/reference.ts'
import { timetable } from '../helpers/timetable.ts'

const SEEDS = 400

function compare(seed: number, mirrored: boolean): void {
  const r = random(seed)
  const drawing = drawCity(r)
  const { tt, day, footpaths: drawn } = timetable(drawing, { change: 60 })
  const live = r.chance(0.5) ? liveState(disturb(r, tt)) : undefined
  const horizon = horizonOf(tt, drawn, live)
  const time = day * 86_400 + r.between(-3600, 50 * 3600)
  const longest = r.pick([6, 24, 48]) * 3600
  const window = r.between(1, 6) * 3600
  const forward = networkFor(horizon, (time - longest) as never, (time + window + longest) as never, false)
  const network = mirrored ? mirrorNetwork(forward) : forward
  const footpaths = mirrored ? mirrorFootpaths(drawn) : drawn
  const place = (): TransitQuery['access'] => ({ count: 1, stops: [r.below(tt.counts.stops)], seconds: [r.below(300)] })
  const q: TransitQuery = { access: place(), egress: place(), maxRides: r.between(1, 6), maxTravelTime: longest }
  const s = createSearchState(tt.counts.stops)
  const bounds = new Int32Array(tt.counts.stops)
  s.egress[q.egress.stops[0]!] = q.egress.seconds[0]!
  computeBounds(
    { hops: buildHops(tt, mirrored), faster: new Map(), seconds: bounds },
    { begin: footpaths.inBegin, from: footpaths.inFrom, seconds: footpaths.inSeconds },
    q.egress.stops,
    s.egress,
    createBoundsScratch(),
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
  const context = `seed ${seed}${mirrored ? ' mirrored' : ''}\n${drawing}`
  searchAt(network, footpaths, bounds, q, s, begin, found)
  const plain = taken()
  narrowAt(network, footpaths, bounds, q, s, begin, found)
  assert.deepEqual(taken(), plain, `at: ${context}`)
  searchRange(network, footpaths, bounds, q, s, begin, begin + window, found)
  const wide = taken()
  narrowRange(network, footpaths, bounds, q, s, begin, begin + window, found)
  assert.deepEqual(taken(), wide, `range: ${context}`)
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
  for (let seed = 1; seed <= SEEDS; seed++) compare(seed, seed % 2 === 0)
})
