// Fast against slow: RAPTOR over the compiled horizon answers exactly what looking at every run in every round answers.

import assert from 'node:assert/strict'
import { describe, test } from 'vitest'
import { NEVER } from '#engine/core/time.ts'
import type { LiveState } from '#engine/live/state.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'
import type { Journey } from '#engine/transit/journey.ts'
import { mirrorFootpaths } from '#engine/transit/mirror.ts'
import { slowerChanges } from '#engine/transit/options.ts'
import { AUTUMN, disturb, drawCity, SPRING } from '../helpers/city.ts'
import { horizonOf, liveState } from '../helpers/horizon.ts'
import { assertJourney } from '../helpers/invariants.ts'
import { mirrorRules, plainRules } from '../helpers/plain-rules.ts'
import { allRuns, backwards, usableRuns } from '../helpers/plain-runs.ts'
import { type Random, random } from '../helpers/random.ts'
import { answerSet, type PlainAnswer, referenceAt, referenceRange } from '../helpers/reference.ts'
import { type SearchOptions, search } from '../helpers/search.ts'
import { timetable } from '../helpers/timetable.ts'

/** Cities of each kind, and how many of them are one test. */
const [SEEDS, PART] = [350, 35]

const asAnswers = (journeys: readonly Journey[]): PlainAnswer[] =>
  journeys.map(j => ({ departure: j.departure, arrival: j.arrival, rides: j.transfers + 1 }))

/** Some routes only, for a bike or a wheelchair or neither, with slower changes. */
const options = (r: Random, tt: Timetable): Pick<SearchOptions, 'wishes' | 'transferTimes'> => ({
  wishes: {
    ...(r.chance(0.5) && {
      allowedRoutes: Uint8Array.from({ length: tt.counts.routes }, () => (r.chance(0.7) ? 1 : 0)),
    }),
    bikes: r.pick(['no', 'no', 'yes', 'yes-or-unknown'] as const),
    wheelchair: r.pick(['no', 'no', 'yes', 'yes-or-unknown'] as const),
    wheelchairStops: r.pick(['no', 'no', 'yes', 'yes-or-unknown'] as const),
  },
  transferTimes: { min: r.below(3) * 60, additional: r.below(2) * 90, factor: r.pick([1, 1.5, 2]) },
})

/** One random city, one random query, asked both ways and in both directions. */
function compare(seed: number, withLive: boolean, withWishes = false, wild = false, nightly = false): void {
  const r = random(seed)
  const drawing = drawCity(r, { longestWalk: wild ? 60 : 12, dates: seed % 3 === 0 ? AUTUMN : SPRING, nightly })
  const drawn = timetable(drawing, { zone: r.chance(0.5) ? 'Europe/Berlin' : 'UTC', change: 60 })
  const { tt, day } = drawn
  const live: LiveState | undefined = withLive ? liveState(disturb(r, tt, wild ? 3600 : 180)) : undefined
  const horizon = horizonOf(tt, drawn.footpaths, live)
  const everyRun = allRuns(tt, live)
  const stops = tt.counts.stops
  for (let n = 0; n < 3; n++) {
    const place = (): Map<number, number> =>
      new Map(
        Array.from({ length: r.between(1, wild ? 4 : 2) }, () => [
          r.below(stops - tt.counts.roomStops),
          r.chance(0.5) ? 0 : r.below(wild ? 5400 : 300),
        ]),
      )
    const o: Omit<SearchOptions, 'time'> = {
      from: place(),
      to: place(),
      maxRides: wild ? r.pick([2, 3, 4, 15]) : r.between(1, 5),
      maxTravelTime: r.chance(0.8) ? 24 * 3600 : r.between(600, 7200),
      bounds: r.chance(0.7),
      ...(withWishes && options(r, tt)),
    }
    const runs = o.wishes ? usableRuns(tt, everyRun, o.wishes) : everyRun
    const footpaths = o.transferTimes ? slowerChanges(drawn.footpaths, o.transferTimes) : drawn.footpaths
    const time = day * 86_400 + (nightly ? r.below(3) * 86_400 + r.between(20, 25) * 3600 : r.between(-3600, 60 * 3600))
    const window = wild ? r.pick([1, 60, 3 * 3600, 20 * 3600]) : r.between(1, 6) * 3600
    const context = `seed ${seed} query ${n} ${JSON.stringify({ ...o, from: [...o.from], to: [...o.to], time, window })}\n${drawing}`
    const rules = plainRules(tt, drawn.footpaths, o.transferTimes)
    const q = { access: o.from, egress: o.to, maxRides: o.maxRides, maxTravelTime: o.maxTravelTime, rules }

    const once = search(horizon, { ...o, time } satisfies SearchOptions)
    assert.deepEqual(
      answerSet(asAnswers(once)),
      answerSet(referenceAt(runs, footpaths, stops, q, time)),
      `at: ${context}`,
    )

    const range = search(horizon, { ...o, time: [time, time + window] })
    const slow = referenceRange(runs, footpaths, stops, q, time, time + window)
    assert.deepEqual(answerSet(asAnswers(range)), answerSet(slow), `range: ${context}`)
    for (const j of range) assertJourney(j, runs, footpaths, rules)

    const arriveBy = search(horizon, { ...o, time: [time, time + window], backwards: true })
    const mirrored = referenceRange(
      backwards(runs),
      mirrorFootpaths(footpaths),
      stops,
      { ...q, access: o.to, egress: o.from, rules: mirrorRules(rules) },
      -(time + window) + 1,
      -time + 1,
    ).map(a => ({ departure: -a.arrival, arrival: -a.departure, rides: a.rides }))
    assert.deepEqual(answerSet(asAnswers(arriveBy)), answerSet(mirrored), `arrive by: ${context}`)
    for (const j of arriveBy) assertJourney(j, runs, footpaths, rules)
  }
}

/** The same asked again at the very seconds that journeys leave, arrive and last: random ones hardly ever meet them. */
function compareAtLimits(seed: number): void {
  const r = random(seed)
  const drawing = drawCity(r)
  const { tt, day, footpaths } = timetable(drawing, { zone: 'UTC', change: 60 })
  const horizon = horizonOf(tt, footpaths)
  const runs = allRuns(tt)
  const { stops, roomStops } = tt.counts
  const place = (): Map<number, number> => new Map([[r.below(stops - roomStops), r.pick([0, 77])]])
  const o = { from: place(), to: place(), maxRides: 4, bounds: r.chance(0.7) }
  const begin = day * 86_400 + r.between(0, 20) * 3600
  const some = search(horizon, { ...o, maxTravelTime: 86_400, time: [begin, begin + 4 * 3600] })
  for (const { departure, arrival } of some.slice(-3))
    for (const maxTravelTime of [arrival - departure - 1, arrival - departure]) {
      const q = { access: o.from, egress: o.to, maxRides: o.maxRides, maxTravelTime }
      const context = `seed ${seed} ${JSON.stringify({ ...o, from: [...o.from], to: [...o.to], departure, maxTravelTime })}\n${drawing}`
      for (const late of [0, 1]) {
        const time = departure + late
        assert.deepEqual(
          answerSet(asAnswers(search(horizon, { ...o, maxTravelTime, time }))),
          answerSet(referenceAt(runs, footpaths, stops, q, time)),
          `at ${time}: ${context}`,
        )
      }
      for (const [low, high] of [
        [-600, 0],
        [-600, 1],
        [0, 600],
        [1, 600],
      ] as const) {
        assert.deepEqual(
          answerSet(asAnswers(search(horizon, { ...o, maxTravelTime, time: [departure + low, departure + high] }))),
          answerSet(referenceRange(runs, footpaths, stops, q, departure + low, departure + high)),
          `range ${low} to ${high}: ${context}`,
        )
        const arrivals = [arrival + low, arrival + high] as const
        const mirrored = referenceRange(
          backwards(runs),
          mirrorFootpaths(footpaths),
          stops,
          { ...q, access: o.to, egress: o.from },
          -arrivals[1] + 1,
          -arrivals[0] + 1,
        ).map(a => ({ departure: -a.arrival, arrival: -a.departure, rides: a.rides }))
        assert.deepEqual(
          answerSet(asAnswers(search(horizon, { ...o, maxTravelTime, time: arrivals, backwards: true }))),
          answerSet(mirrored),
          `arrive by ${low} to ${high}: ${context}`,
        )
      }
    }
}

describe('RAPTOR equals the slow twin', () => {
  const worlds = [
    ['as planned', 0, () => [false]],
    ['with realtime', 1000, () => [true]],
    [
      'with vehicles an hour early, walks of half an hour and up to fifteen rides',
      3000,
      (seed: number) => [true, seed % 2 === 0, true],
    ],
    ['for travellers who cannot or will not use everything', 2000, (seed: number) => [seed % 2 === 0, true]],
    [
      'whose vehicles go on as trips of the next day',
      4000,
      (seed: number) => [seed % 3 > 0, seed % 4 === 0, false, true],
    ],
  ] as const
  for (const [what, first, how] of worlds)
    for (let begin = first + 1; begin <= first + SEEDS; begin += PART)
      test(`on random cities ${begin} to ${begin + PART - 1} ${what}`, () => {
        for (let seed = begin; seed < begin + PART; seed++)
          compare(seed, ...(how(seed) as [boolean, boolean?, boolean?, boolean?]))
      })
  test('at the very second of a limit', () => {
    for (let seed = 5001; seed <= 5060; seed++) compareAtLimits(seed)
  })
  test('a vehicle that takes no time is there at the last second', () => {
    const { tt, footpaths, stop, day } = timetable(`
      S1  A 10:00  B 10:10
      U2  B 10:10  C 10:10`)
    const o = { from: new Map([[stop('A'), 0]]), to: new Map([[stop('C'), 0]]), maxRides: 3, maxTravelTime: 600 }
    const q = { access: o.from, egress: o.to, maxRides: 3, maxTravelTime: 600 }
    const time = day * 86_400 + 36_000
    const found = answerSet(asAnswers(search(horizonOf(tt, footpaths), { ...o, time })))
    assert.equal(found.length, 1)
    assert.deepEqual(answerSet(referenceAt(allRuns(tt), footpaths, tt.counts.stops, q, time)), found)
  })
  test('a stop where nobody can change stays closed for changes', () => {
    const { tt, footpaths, stop, day } = timetable(`
      S1  A 10:00  B 10:10
      U2  B 10:20  C 10:30
      change B never`)
    assert.equal(footpaths.changeSeconds[stop('B')], NEVER)
    const o = { from: new Map([[stop('A'), 0]]), to: new Map([[stop('C'), 0]]), maxRides: 3, maxTravelTime: 7200 }
    assert.deepEqual(search(horizonOf(tt, footpaths), { ...o, time: day * 86_400 + 36_000 }), [])
  })
})
