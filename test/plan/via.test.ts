// Places to come by: one case for each way to be there, then random cities against the slow twin, in both directions and page by page.

import assert from 'node:assert/strict'
import { describe, expect, test } from 'vitest'
import type { StopIdx } from '#engine/core/ids.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { stopsAround } from '#engine/plan/access.ts'
import { createPlanner, plan } from '#engine/plan/plan.ts'
import { type Query, type QueryPlace, queryDefaults, type Via } from '#engine/plan/query.ts'
import type { Journey } from '#engine/transit/journey.ts'
import { mirrorFootpaths } from '#engine/transit/mirror.ts'
import { disturb, drawCity } from '../helpers/city.ts'
import { horizonOf, liveState } from '../helpers/horizon.ts'
import { mirrorRules, plainRules } from '../helpers/plain-rules.ts'
import { allRuns, backwards, type PlainRun } from '../helpers/plain-runs.ts'
import { type Random, random } from '../helpers/random.ts'
import { answerSet, type PlainVia, referenceRange } from '../helpers/reference.ts'
import { journeyText } from '../helpers/text.ts'
import { type Drawn, timetable } from '../helpers/timetable.ts'

const HOUR = 3600

type Asked = readonly [
  world: Drawn,
  from: string,
  to: string,
  vias: readonly (readonly [name: string, minutes: number])[],
  q?: Partial<Query>,
]

const ask = (...asked: Asked): string[] =>
  planned(...asked).map(j => journeyText(asked[0].tt, j, asked[0].day * 86_400))

function planned(...[world, from, to, vias, q = {}]: Asked): readonly Journey[] {
  const place = (name: string): QueryPlace => ({ kind: 'stop', stop: world.stop(name) })
  const { itineraries } = plan(createPlanner(world.tt, world.footpaths), horizonOf(world.tt, world.footpaths), {
    ...queryDefaults,
    from: place(from),
    to: place(to),
    vias: vias.map(([name, minutes]) => ({ place: place(name), stay: minutes * 60 })),
    time: (world.day * 86_400 + 9 * HOUR) as UnixSeconds,
    window: 6 * HOUR,
    minJourneys: 0,
    ...q,
  })
  return itineraries
}

describe('a place on the way', () => {
  const city = timetable(`
    S1   A 10:00   V 10:10   B 10:20   C 10:30
    S1   A 10:20   V 10:30   B 10:40   C 10:50
    U2   A 10:01   B 10:11   C 10:21
    change V 60s`)

  test('without a stay the seat is kept', () => {
    assert.deepEqual(ask(city, 'A', 'C', [['V', 0]]), ['A 10:00 ~S1~ 10:30 C', 'A 10:20 ~S1~ 10:50 C'])
  })
  test('with one the rider gets off and goes on later', () => {
    assert.deepEqual(ask(city, 'A', 'C', [['V', 5]]), ['A 10:00 ~S1~ 10:10 V 10:30 ~S1~ 10:50 C'])
    assert.deepEqual(ask(city, 'A', 'C', [['V', 20]]), [])
    // 19 minutes of stay and one for the change
    assert.deepEqual(ask(city, 'A', 'C', [['V', 19]]).length, 1)
  })
  test('two in their order, in one vehicle', () => {
    assert.deepEqual(
      ask(city, 'A', 'C', [
        ['V', 0],
        ['B', 0],
      ]),
      ['A 10:00 ~S1~ 10:30 C', 'A 10:20 ~S1~ 10:50 C'],
    )
    assert.deepEqual(
      ask(city, 'A', 'C', [
        ['B', 0],
        ['V', 0],
      ]),
      [],
    )
  })
  test('start and end may be such places', () => {
    assert.deepEqual(
      ask(city, 'A', 'C', [
        ['A', 0],
        ['C', 0],
      ]),
      ['A 10:01 ~U2~ 10:21 C', 'A 10:20 ~S1~ 10:50 C'],
    )
    // the stay at the start belongs to the journey
    assert.deepEqual(
      ask(city, 'A', 'V', [['A', 10]], { time: (city.day * 86_400 + 10 * HOUR) as UnixSeconds, window: HOUR }),
      ['start ~walk 10m~ A 10:20 ~S1~ 10:30 V'],
    )
  })
  test('arrive by says the same', () => {
    const by = { time: (city.day * 86_400 + 11 * HOUR) as UnixSeconds, arriveBy: true, window: 2 * HOUR }
    assert.deepEqual(ask(city, 'A', 'C', [['V', 5]], by), ['A 10:00 ~S1~ 10:10 V 10:30 ~S1~ 10:50 C'])
    assert.deepEqual(
      ask(
        city,
        'A',
        'C',
        [
          ['V', 0],
          ['B', 0],
        ],
        by,
      ).length,
      2,
    )
  })
  test('a stay is no way round a rule that forbids the change', () => {
    const world = timetable(`
      S1   A 10:00   V 10:10
      U2   V 10:40   C 10:50
      change V 60s
      rule V→V never from=S1 to=U2`)
    assert.deepEqual(ask(world, 'A', 'C', [['V', 5]]), [])
  })
  test('it may be walked to', () => {
    const world = timetable(`
      S1   A 10:00   B 10:10
      U2   V 10:20   C 10:30
      walk B→V 5m`)
    assert.deepEqual(ask(world, 'A', 'C', [['V', 0]]), ['A 10:00 ~S1~ 10:10 B ~walk 5m~ V 10:20 ~U2~ 10:30 C'])
  })
})

describe('changes are where a rider would choose them', () => {
  const city = timetable(`
    station Hbf: C
    S1  A 10:00  V 10:05  B 10:10  C 10:14
    U2  C 10:18  B 10:22  W 10:26  D 10:30`)
  const [atB, atC] = ['A 10:00 ~S1~ 10:10 B 10:22 ~U2~ 10:30 D', 'A 10:00 ~S1~ 10:14 C 10:18 ~U2~ 10:30 D']
  const forward = { window: 2 * HOUR }
  const backward = { ...forward, time: (city.day * 86_400 + 11 * HOUR) as UnixSeconds, arriveBy: true }

  test.each([
    [
      'passed before and after it',
      [
        ['V', 0],
        ['W', 0],
      ],
      atB,
    ],
    [
      'not in this order',
      [
        ['B', 0],
        ['V', 0],
      ],
      undefined,
    ],
    ['where both stop', [['B', 0]], atB],
    ['the terminus, which only riding on passes', [['C', 0]], atC],
    [
      'the terminus, between what comes before and after',
      [
        ['V', 0],
        ['C', 0],
        ['B', 0],
      ],
      atC,
    ],
    ['a stay at the terminus', [['C', 3]], atC],
    ['a stay at the other', [['B', 11]], atB],
  ] as const)('%s', (_, vias, expected) => {
    for (const q of [forward, backward])
      assert.deepEqual(ask(city, 'A', 'D', vias, q), expected === undefined ? [] : [expected])
  })

  test.each([
    ['forward', forward, 'P 10:12   V 10:20', [[0], []]],
    ['backward', backward, 'P 10:12   V 10:20', [[0], []]],
    ['forward', forward, 'P 10:25   V 10:26', [[], [0]]],
    ['backward', backward, 'P 10:25   V 10:26', [[], [0]]],
  ])('%s: the ride on which it is passed is told, and no other; %#', (_, q, second, expected) => {
    const world = timetable(`
      S1  A 10:00  P 10:10   V 10:15   Q 10:20
      U2           ${second}   Q 10:27   D 10:30`)
    const [journey] = planned(world, 'A', 'D', [['V', 0]], q)
    const passes = journey!.legs.flatMap(leg => (leg.kind === 'ride' ? [leg.passes ?? []] : []))
    assert.deepEqual(passes, expected)
  })

  test('where it drives by without stopping nobody has been', () => {
    const world = timetable(`
      S1  A 10:00  B 10:10  -V- 10:12  C 10:14
      U2           B 10:20   V  10:25  C 10:35  D 10:40`)
    assert.deepEqual(ask(world, 'A', 'D', [['V', 0]]), ['A 10:00 ~S1~ 10:10 B 10:20 ~U2~ 10:40 D'])
  })

  test('what is passed on the next vehicle after one move does not get lost by another', () => {
    const world = timetable(`
      S1  A 10:00  B 10:10  C 10:14
      U2  C 10:16  B 10:20  D 10:30  F 10:34
      S3  F 10:36  D 10:40  E 10:50`)
    const there = 'A 10:00 ~S1~ 10:10 B 10:20 ~U2~ 10:30 D 10:40 ~S3~ 10:50 E'
    assert.deepEqual(
      ask(
        world,
        'A',
        'E',
        [
          ['B', 0],
          ['D', 0],
        ],
        forward,
      ),
      [there],
    )
    assert.deepEqual(ask(world, 'A', 'E', [['C', 0]], forward), [
      'A 10:00 ~S1~ 10:14 C 10:16 ~U2~ 10:30 D 10:40 ~S3~ 10:50 E',
    ])
    assert.deepEqual(ask(world, 'A', 'E', [['F', 0]], forward), [
      'A 10:00 ~S1~ 10:10 B 10:20 ~U2~ 10:34 F 10:36 ~S3~ 10:50 E',
    ])
  })
})

/** Does a journey come by all places in their order? Written for the test: stop by stop, with the time there is at each change. */
function comesBy(j: Journey, vias: readonly Via[], runs: readonly PlainRun[]): boolean {
  let next = 0
  const pass = (stops: readonly number[], numbers: readonly number[], seconds: number): void => {
    for (; next < vias.length; next++) {
      const { place, stay } = vias[next]!
      if (place.kind === 'stop' ? !stops.includes(place.stop) : !numbers.includes(next)) return
      if (stay > seconds) return
      seconds -= stay
    }
  }
  let stops: number[] = []
  let numbers: number[] = []
  let since: number = j.departure
  for (const leg of j.legs) {
    if (leg.kind === 'walk') {
      if (leg.to.kind === 'stop') stops.push(leg.to.stop)
      if (leg.to.kind === 'via') numbers.push(leg.to.via)
      continue
    }
    if (!leg.stayed) {
      stops.push(leg.from)
      pass(stops, numbers, leg.departure - since)
    }
    const run = runs.find(r => !r.parts && r.trip === leg.trip && r.day === leg.day && r.shift === leg.shift)!
    for (const call of run.calls.slice(leg.board, leg.alight + 1))
      if (call.board || call.alight) pass([call.stop], [], 0)
    ;[stops, numbers, since] = [[leg.to], [], leg.arrival]
  }
  pass(stops, numbers, j.arrival - since)
  return next === vias.length
}

/** Places that a ride is said to pass and that neither it nor a leg for which the rider then stays calls at. */
function passesElsewhere({ legs }: Journey, vias: readonly Via[], runs: readonly PlainRun[]): number[] {
  return legs.flatMap((leg, i) => {
    if (leg.kind !== 'ride') return []
    const onward = legs.findIndex((l, k) => k > i && !(l.kind === 'ride' && l.stayed))
    const stops = legs.slice(i, onward < 0 ? legs.length : onward).flatMap(l => {
      if (l.kind !== 'ride') return []
      const run = runs.find(r => !r.parts && r.trip === l.trip && r.day === l.day && r.shift === l.shift)!
      return run.calls.slice(l.board, l.alight + 1).map(call => call.stop)
    })
    return (leg.passes ?? []).filter(n => {
      const { place } = vias[n]!
      return place.kind !== 'stop' || !stops.includes(place.stop)
    })
  })
}

/** Two or three places, of which one may be no stop. */
const drawVias = (r: Random, { tt }: Drawn): Via[] =>
  Array.from({ length: r.between(1, 3) }, () => {
    const stop = r.below(tt.counts.stops - tt.counts.roomStops) as StopIdx
    const place: QueryPlace = r.chance(0.25)
      ? { kind: 'coordinate', lat: tt.stopLat[stop]! + r.below(20_000), lon: tt.stopLon[stop]! + r.below(20_000) }
      : { kind: 'stop', stop }
    return { place, stay: r.chance(0.5) ? 0 : r.between(0, 30) * 60 }
  })

test.each([1, 51, 101, 151])(
  'equals the slow twin on 50 random cities from %i on, both ways, with realtime and transfer rules',
  first => {
    let found = 0
    for (let seed = first; seed < first + 50; seed++) {
      const r = random(7000 + seed)
      const wild = seed % 3 === 0
      const drawing = drawCity(r, wild ? { longestWalk: 60 } : {})
      const world = timetable(drawing, { change: 60 })
      const { tt, day, footpaths } = world
      const live = r.chance(0.5) ? liveState(disturb(r, tt, wild ? 3600 : 180)) : undefined
      const planner = createPlanner(tt, footpaths)
      const vias = drawVias(r, world)
      const q: Query = {
        ...queryDefaults,
        vias,
        from: { kind: 'stop', stop: r.below(tt.counts.stops - tt.counts.roomStops) as StopIdx },
        to: { kind: 'stop', stop: r.below(tt.counts.stops - tt.counts.roomStops) as StopIdx },
        time: (day * 86_400 + r.between(0, 40 * HOUR)) as UnixSeconds,
        arriveBy: r.chance(0.5),
        window: r.pick([HOUR, 4 * HOUR, 8 * HOUR]),
        minJourneys: r.pick([0, 2]),
        maxTransfers: r.between(0, 5),
      }
      const horizon = horizonOf(tt, footpaths, live)
      // what was asked before leaves nothing behind
      plan(planner, horizon, { ...q, vias: [], extend: 'earlier' })
      const result = plan(planner, horizon, q)
      const context = `seed ${seed} ${JSON.stringify(q)}\n${drawing}`

      const around = (place: QueryPlace, reverse: boolean): Map<number, number> => {
        const options = { maxSeconds: 900, profile: q.walker, maxMatchingDistance: 250, reverse }
        const { stops, seconds } = stopsAround(planner, place, options)
        return new Map(Array.from(stops, (stop, i) => [stop, seconds[i]!]))
      }
      const plain = vias.map(({ place, stay }): PlainVia => {
        if (place.kind === 'stop') return { stay, platforms: new Set([place.stop]), into: new Map(), outOf: new Map() }
        const [into, outOf] = [around(place, !q.arriveBy), around(place, q.arriveBy)]
        return { stay, platforms: new Set(), into, outOf }
      })
      const rules = plainRules(tt, footpaths)
      const common = { maxRides: q.maxTransfers + 1, maxTravelTime: q.maxTravelTime }
      const [access, egress] = [around(q.from, false), around(q.to, true)]
      const runs = allRuns(tt, live)
      const { stops } = tt.counts
      const [begin, end] = [result.windowStart, result.windowEnd]
      const slow = q.arriveBy
        ? referenceRange(
            backwards(runs),
            mirrorFootpaths(footpaths),
            stops,
            { ...common, access: egress, egress: access, rules: mirrorRules(rules), vias: plain.reverse() },
            -end + 1,
            -begin + 1,
          ).map(a => ({ departure: -a.arrival, arrival: -a.departure, rides: a.rides }))
        : referenceRange(runs, footpaths, stops, { ...common, access, egress, rules, vias: plain }, begin, end)
      const fast = result.itineraries.map(j => ({ departure: j.departure, arrival: j.arrival, rides: j.transfers + 1 }))
      assert.deepEqual(answerSet(fast), answerSet(slow), context)
      for (const j of result.itineraries) {
        assert.ok(comesBy(j, vias, runs), `comes by its places, ${context}`)
        for (const place of passesElsewhere(j, vias, runs)) assert.fail(`${place} is not on its ride, ${context}`)
        j.legs.forEach((leg, i) => {
          if (i === 0 || (leg.kind === 'ride' && leg.stayed)) return
          assert.ok(leg.departure >= j.legs[i - 1]!.arrival, `time never runs back, ${context}`)
        })
      }
      found += fast.length
    }
    expect(found).toBeGreaterThan(30)
  },
)
