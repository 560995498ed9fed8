// Places to come by: one case for each way to be there, and where changes lie then. Random cities: via-random.test.ts.

import assert from 'node:assert/strict'
import { describe, test } from 'vitest'
import type { UnixSeconds } from '#engine/core/time.ts'
import { createPlanner, plan } from '#engine/plan/plan.ts'
import { type Query, type QueryPlace, queryDefaults } from '#engine/plan/query.ts'
import type { Journey } from '#engine/transit/journey.ts'
import { horizonOf } from '../helpers/horizon.ts'
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
  test('beside an end: walked to, stayed at, walked on from, seen from either end', () => {
    const village = timetable(`
      S1   A 09:30   X 10:00   B 10:10
      S1   A 10:00   X 10:30   B 10:40
      walk S–V 4m
      walk V–X 5m
      walk B–W 3m
      walk W–T 6m`)
    for (const arriveBy of [false, true]) {
      const q = { arriveBy, time: (village.day * 86_400 + (arriveBy ? 11 : 9) * HOUR) as UnixSeconds, window: 2 * HOUR }
      assert.deepEqual(
        planned(village, 'S', 'B', [['V', 10]], q).map(j => j.departure - village.day * 86_400),
        [36_000 - 19 * 60, 36_000 + 11 * 60],
      )
      assert.deepEqual(
        planned(village, 'A', 'T', [['W', 10]], q).map(j => j.arrival - village.day * 86_400),
        [36_600 + 19 * 60, 36_600 + 49 * 60],
      )
    }
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
    const early = { time: (city.day * 86_400 + 10 * HOUR) as UnixSeconds, window: HOUR }
    const [journey] = planned(city, 'A', 'V', [['A', 10]], early)
    assert.equal(journeyText(city.tt, journey!, city.day * 86_400), 'start ~walk 0m~ A 10:20 ~S1~ 10:30 V')
    assert.deepEqual([journey!.departure - early.time, journey!.legs[1]!.stay], [600, 600])
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
    const arriveBy = { time: (world.day * 86_400 + 11 * HOUR) as UnixSeconds, arriveBy: true, window: 2 * HOUR }
    for (const q of [{}, arriveBy]) {
      const [journey, ...others] = planned(world, 'A', 'C', [['V', 0]], q)
      assert.deepEqual(others, [])
      assert.equal(
        journeyText(world.tt, journey!, world.day * 86_400),
        'A 10:00 ~S1~ 10:10 B ~walk 5m~ V 10:20 ~U2~ 10:30 C',
      )
      assert.equal(journey!.legs[1]!.departure, journey!.legs[0]!.arrival, 'walks at once, and waits there')
    }
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
