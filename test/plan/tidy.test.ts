// Where to change: one case for each line of the order in engine/plan/tidy.ts, then what holds for every journey of random cities.

import assert from 'node:assert/strict'
import { describe, expect, test } from 'vitest'
import type { StopIdx } from '#engine/core/ids.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { stopCopies } from '#engine/footpaths/copies.ts'
import { createPlanner, plan } from '#engine/plan/plan.ts'
import { queryDefaults } from '#engine/plan/query.ts'
import { tidy } from '#engine/plan/tidy.ts'
import type { Journey } from '#engine/transit/journey.ts'
import { slowerChanges } from '#engine/transit/options.ts'
import { journeys } from '../helpers/ask.ts'
import { disturb, drawCity } from '../helpers/city.ts'
import { type ChangedRun, horizonOf, liveState, plannedRun } from '../helpers/horizon.ts'
import { assertJourney } from '../helpers/invariants.ts'
import { plainRules } from '../helpers/plain-rules.ts'
import { allRuns, type PlainRun, usableRuns } from '../helpers/plain-runs.ts'
import { random } from '../helpers/random.ts'
import { search } from '../helpers/search.ts'
import { journeyText } from '../helpers/text.ts'
import { type Drawn, timetable } from '../helpers/timetable.ts'

interface Asked {
  readonly live?: readonly ChangedRun[]
  readonly arriveBy?: boolean
  readonly usable?: (stop: number) => boolean
}

/** The tidied journeys, as lines. */
function tidied(world: Drawn, from: string, to: string, when: string, o: Asked = {}): string[] {
  const horizon = horizonOf(world.tt, world.footpaths, liveState(o.live ?? []))
  const t = { horizon, footpaths: world.footpaths, realtime: true, usable: o.usable ?? (() => true), places: [] }
  return journeys(world, from, to, when, o)
    .sort((a, b) => a.departure - b.departure || a.arrival - b.arrival)
    .map(j => journeyText(world.tt, tidy(t, j), world.day * 86_400))
}

describe('the place to change', () => {
  test('nobody rides to the terminus to come back, not even for its roof', () => {
    const world = timetable(`
      station Hbf: C
      S1  A 10:00  B 10:10  C 10:14
      U2  C 10:16  B 10:20  D 10:30`)
    assert.deepEqual(tidied(world, 'A', 'D', '09:55–10:05'), ['A 10:00 ~S1~ 10:10 B 10:20 ~U2~ 10:30 D'])
  })

  test('a vehicle that comes by again is left at its first call and boarded at its last', () => {
    const world = timetable(`
      S1  A 10:00  B 10:05  X 10:10  B 10:15
      U2  B 10:20  Y 10:25  B 10:30  D 10:40`)
    assert.deepEqual(tidied(world, 'A', 'D', '09:55–10:05'), ['A 10:00 ~S1~ 10:05 B 10:30 ~U2~ 10:40 D'])
  })

  test('two minutes to spare without a roof are better than one with it', () => {
    // at B a minute is left, at C three: U2 is slower on the way
    const world = timetable(`
      station Hbf: B
      S1  A 10:00  B 10:10  C 10:15  D 10:40
      U2           B 10:11  C 10:18  E 10:30`)
    assert.deepEqual(tidied(world, 'A', 'E', '09:55–10:05'), ['A 10:00 ~S1~ 10:15 C 10:18 ~U2~ 10:30 E'])
  })

  test('late runs are read as they run now', () => {
    const world = timetable(`
      S1  A 10:00  B 10:10  C 10:20  D 10:40
      U2           B 10:16  C 10:22  E 10:30`)
    // as planned both leave enough, the wait at B is longer; four minutes late from B on, there is more at C
    assert.deepEqual(tidied(world, 'A', 'E', '09:55–10:05'), ['A 10:00 ~S1~ 10:10 B 10:16 ~U2~ 10:30 E'])
    const late = plannedRun(world.tt, world.trip('S1'), world.day)
    late.calls[1]!.arrival += 330
    late.calls[1]!.departure += 330
    assert.deepEqual(tidied(world, 'A', 'E', '09:55–10:05', { live: [late] }), [
      'A 10:00 ~S1~ 10:20 C 10:22 ~U2~ 10:30 E',
    ])
  })

  test('better to another platform than along the street', () => {
    const world = timetable(`
      station Hbf: H1 H2
      station Markt: C
      S1  A 10:00  B 10:10  H1 10:20
      U2           C 10:18  H2 10:25  E 10:30
      walk B–C 1m
      walk H1–H2 2m`)
    assert.deepEqual(tidied(world, 'A', 'E', '09:55–10:05'), ['A 10:00 ~S1~ 10:20 H1 ~walk 2m~ H2 10:25 ~U2~ 10:30 E'])
  })

  test('waiting at a station rather than at a pole', () => {
    const world = timetable(`
      station Hbf: H
      S1  A 10:00  B 10:10  H 10:20
      U2           B 10:17  H 10:25  E 10:30`)
    assert.deepEqual(tidied(world, 'A', 'E', '09:55–10:05'), ['A 10:00 ~S1~ 10:20 H 10:25 ~U2~ 10:30 E'])
  })

  test('running a little rather than walking far', () => {
    // at Hbf a minute's walk and none to spare: 1 + 2 × 2; at B seven minutes along the street with two to spare: 7 + 2
    const drawn = (walk: string): Drawn =>
      timetable(`
        station Hbf: H1 H2
        station Markt: C
        S1  A 10:00  B 10:10   H1 10:12
        U2           H2 10:13  C 10:19  E 10:30
        walk B–C ${walk}
        walk H1–H2 1m`)
    assert.deepEqual(tidied(drawn('7m'), 'A', 'E', '09:55–10:05'), [
      'A 10:00 ~S1~ 10:12 H1 ~walk 1m~ H2 10:13 ~U2~ 10:30 E',
    ])
    assert.deepEqual(tidied(drawn('2m'), 'A', 'E', '09:55–10:05'), [
      'A 10:00 ~S1~ 10:10 B ~walk 2m~ C 10:19 ~U2~ 10:30 E',
    ])
  })

  test('the shorter walk', () => {
    const world = timetable(`
      S1  A 10:00  B 10:10  C 10:20
      U2           D 10:20  F 10:25  E 10:30
      walk B–D 5m
      walk C–F 2m`)
    assert.deepEqual(tidied(world, 'A', 'E', '09:55–10:05'), ['A 10:00 ~S1~ 10:20 C ~walk 2m~ F 10:25 ~U2~ 10:30 E'])
  })

  test('the longest wait, and of equal ones the first', () => {
    const world = timetable(`
      S1  A 10:00  B 10:10  C 10:14  D 10:20
      U2           B 10:15  C 10:21  D 10:27  E 10:30`)
    const there = ['A 10:00 ~S1~ 10:14 C 10:21 ~U2~ 10:30 E']
    assert.deepEqual(tidied(world, 'A', 'E', '09:55–10:05'), there)
    assert.deepEqual(tidied(world, 'A', 'E', '10:25–10:35', { arriveBy: true }), there)
  })

  test('every change of a journey finds its place', () => {
    const world = timetable(`
      S1  A 10:00  B 10:10  C 10:14
      U2  C 10:16  B 10:20  D 10:30  F 10:34
      S3  F 10:36  D 10:40  E 10:50`)
    assert.deepEqual(tidied(world, 'A', 'E', '09:55–10:05'), [
      'A 10:00 ~S1~ 10:10 B 10:20 ~U2~ 10:30 D 10:40 ~S3~ 10:50 E',
    ])
  })

  test('not where nobody may board, alight, change or go', () => {
    const drawn = (b: string, more = ''): Drawn =>
      timetable(`
        S1  A 10:00  B 10:10  C 10:14
        U2  C 10:16  ${b} 10:20  D 10:30
        ${more}`)
    const there = ['A 10:00 ~S1~ 10:14 C 10:16 ~U2~ 10:30 D']
    assert.deepEqual(tidied(drawn('B-'), 'A', 'D', '09:55–10:05'), there)
    assert.deepEqual(tidied(drawn('B', 'change B never'), 'A', 'D', '09:55–10:05'), there)
    const world = drawn('B')
    assert.deepEqual(tidied(world, 'A', 'D', '09:55–10:05', { usable: stop => stop !== world.stop('B') }), there)
    const skipping = plannedRun(world.tt, world.trip('U2'), world.day)
    skipping.calls[1]!.skipped = true
    assert.deepEqual(tidied(world, 'A', 'D', '09:55–10:05', { live: [skipping] }), there)
  })

  test('who arrives by a time walks first and waits then, too', () => {
    const world = timetable(`
      S1  A 10:00  B 10:10
      U2  C 10:20  D 10:30
      walk B–C 2m`)
    const [j] = journeys(world, 'A', 'D', '10:25–10:35', { arriveBy: true })
    const t = {
      horizon: horizonOf(world.tt, world.footpaths),
      footpaths: world.footpaths,
      realtime: true,
      usable: () => true,
      places: [],
    }
    const walk = (k: Journey) => k.legs[1]!.departure - world.day * 86_400
    expect(walk(tidy(t, j!))).toBe(10 * 3600 + 600)
  })
})

/** Stations ridden through or used on one ride and seen again on the next: written for the test, from legs and plain runs. */
function seenAgain(j: Journey, runs: readonly PlainRun[]): number {
  const rides = j.legs.filter(l => l.kind === 'ride')
  let count = 0
  for (let i = 1; i < rides.length; i++) {
    const [one, two] = [rides[i - 1]!, rides[i]!].map(leg => {
      const run = runs.find(r => r.trip === leg.trip && r.day === leg.day && r.shift === leg.shift)!
      return run.calls.slice(leg.board, leg.alight + 1)
    })
    const called = (c: PlainRun['calls'][number]): boolean => c.board || c.alight
    const before = one!.slice(0, -1).filter(called)
    for (const call of two!.filter(called)) if (before.some(c => c.stop === call.stop)) count++
  }
  return count
}

const SEEDS = 180

test(`on ${SEEDS} random cities with realtime: same departure, arrival and runs, always a possible journey, tidy at once`, () => {
  let moved = 0
  for (let seed = 1; seed <= SEEDS; seed++) {
    const r = random(seed)
    const drawing = drawCity(r)
    const { tt, footpaths, day } = timetable(drawing, { change: 60 })
    const live = liveState(disturb(r, tt))
    const horizon = horizonOf(tt, footpaths, live)
    const runs = allRuns(tt, live)
    const t = { horizon, footpaths: stopCopies(tt).extend(footpaths), realtime: true, usable: () => true, places: [] }
    const rules = plainRules(tt, footpaths)
    for (let n = 0; n < 4; n++) {
      const [from, to] = [
        r.below(tt.counts.stops - tt.counts.roomStops),
        r.below(tt.counts.stops - tt.counts.roomStops),
      ]
      const begin = day * 86_400 + r.between(0, 40 * 3600)
      const found = search(horizon, {
        from: new Map([[from, 0]]),
        to: new Map([[to, 0]]),
        time: [begin, begin + 6 * 3600],
        backwards: r.chance(0.5),
        maxRides: 5,
        maxTravelTime: 12 * 3600,
      })
      for (const j of found) {
        const better = tidy(t, j)
        const context = `seed ${seed}, ${journeyText(tt, j, day * 86_400)}\n${drawing}`
        assertJourney(better, runs, footpaths, rules)
        const kept = ({ departure, arrival, transfers, legs }: Journey) => [
          departure,
          arrival,
          transfers,
          ...legs.flatMap(l => (l.kind === 'ride' ? [`${l.trip} ${l.day} ${l.shift}`] : [])),
        ]
        assert.deepEqual(kept(better), kept(j), context)
        assert.ok(seenAgain(better, runs) <= seenAgain(j, runs), context)
        assert.deepEqual(tidy(t, better), better, context)
        const places = (k: Journey) => k.legs.flatMap(l => (l.kind === 'ride' ? [l.board, l.alight] : []))
        if (`${places(better)}` !== `${places(j)}`) moved++
      }
    }
  }
  assert.ok(moved > 40, `${moved} journeys had something to tidy`)
})

test('the planner tidies with the footpaths, stops and times that its query allows', () => {
  for (let seed = 1; seed <= 80; seed++) {
    const r = random(5000 + seed)
    const drawing = drawCity(r)
    const { tt, footpaths, day } = timetable(drawing, { change: 60 })
    const live = liveState(disturb(r, tt))
    const horizon = horizonOf(tt, footpaths, live)
    const planner = createPlanner(tt, footpaths)
    for (let n = 0; n < 4; n++) {
      const realtime = r.chance(0.6)
      const wheelchair = r.pick(['no', 'yes', 'yes-or-unknown'] as const)
      const chair = { wheelchair, wheelchairStops: wheelchair }
      const transferTimes = { min: r.below(3) * 60, additional: r.below(2) * 90, factor: r.pick([1, 1.5]) }
      const { itineraries } = plan(planner, horizon, {
        ...queryDefaults,
        from: { kind: 'stop', stop: r.below(tt.counts.stops - tt.counts.roomStops) as StopIdx },
        to: { kind: 'stop', stop: r.below(tt.counts.stops - tt.counts.roomStops) as StopIdx },
        time: (day * 86_400 + r.between(0, 40 * 3600)) as UnixSeconds,
        window: 4 * 3600,
        minJourneys: 0,
        maxDirect: 0,
        arriveBy: r.chance(0.5),
        ...{ realtime, ...chair, transferTimes },
      })
      const runs = usableRuns(tt, allRuns(tt, realtime ? live : undefined), { bikes: 'no', ...chair })
      const rules = plainRules(tt, footpaths, transferTimes)
      for (const j of itineraries) assertJourney(j, runs, slowerChanges(footpaths, transferTimes), rules)
    }
  }
})
