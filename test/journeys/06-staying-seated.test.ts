import assert from 'node:assert/strict'
import { describe, test } from 'vitest'
import type { ZoneIdx } from '#engine/core/ids.ts'
import type { ServiceDay } from '#engine/core/time.ts'
import { RunState } from '#engine/live/state.ts'
import { dayStart } from '#engine/timetable/timetable.ts'
import { ask, journeys } from '../helpers/ask.ts'
import { type ChangedRun, horizonOf, lateRun, plannedRun } from '../helpers/horizon.ts'
import { search } from '../helpers/search.ts'
import { journeyText } from '../helpers/text.ts'
import { type Drawn, timetable } from '../helpers/timetable.ts'

// the vehicle of U1 goes on as U2; changing at C would take ten minutes
const world = timetable(`
  U1   A 10:00   B 10:10   C 10:20          [block=x]
  U2             C 10:22   D 10:30   E 10:40   [block=x]
  change C 600s`)

describe('in-seat continuation', () => {
  test('S31 a rider stays on the vehicle: two legs, no change', () => {
    assert.deepEqual(ask(world, 'A', 'E', '09:50'), ['A 10:00 ~U1~ 10:20 C 10:22 ~U2~ 10:40 E'])
    const [j] = journeys(world, 'B', 'D', '09:50–11:00')
    assert.equal(j!.transfers, 0)
    assert.deepEqual(
      j!.legs.map(leg => leg.kind === 'ride' && [leg.board, leg.alight, leg.stayed ?? false]),
      [
        [1, 2, false],
        [0, 1, true],
      ],
    )
  })

  test('arrive by finds the same', () => {
    assert.deepEqual(ask(world, 'A', 'E', '10:40', { arriveBy: true }), ['A 10:00 ~U1~ 10:20 C 10:22 ~U2~ 10:40 E'])
  })

  test('S31 not after more than an hour, not from another place, not from another block', () => {
    const none = (lines: string): void =>
      assert.deepEqual(ask(timetable(`${lines}\nchange C 6h`), 'A', 'E', '09:50'), [])
    none('U1 A 10:00 C 10:20 [block=x]\nU2 C 11:21 E 11:40 [block=x]')
    none('U1 A 10:00 C 10:20 [block=x]\nU2 F 10:22 E 10:40 [block=x]')
    none('U1 A 10:00 C 10:20 [block=x]\nU2 C 10:22 E 10:40 [block=y]')
  })

  test('S32 three trips of one vehicle, on the days on which they all run', () => {
    const loop = timetable(
      `R1   A 22:00   B 22:20   [block=red days=20260109,20260110 id=T1]
       R2   B 22:30   C 22:50   [block=red days=20260109 id=T2]
       R3   C 23:00   D 24:55   [block=red days=20260109,20260110 id=T3]
       change B 6h
       change C 6h`,
      { range: ['20260109', '20260110'] },
    )
    assert.equal(journeys(loop, 'A', 'D', '21:00').length, 1)
    assert.equal(journeys(loop, 'A', 'D', '45:00').length, 0)
  })

  test('nobody is carried back to where they came from', () => {
    const there = timetable(`
      U1   A 10:00   B 10:10   C 10:20   [block=x]
      U1   C 10:25   B 10:35   A 10:45   [block=x]`)
    assert.deepEqual(ask(there, 'B', 'A', '10:00–11:00'), ['B 10:35 ~U1~ 10:45 A'])
  })

  test('a late vehicle goes on late, a cancelled second trip takes nobody', () => {
    const late = plannedRun(world.tt, world.trip('U1'), world.day)
    for (const call of late.calls) {
      call.arrival += 300
      call.departure += 300
    }
    assert.deepEqual(ask(world, 'A', 'D', '09:50', { live: [late] }), ['A 10:05 ~U1~ 10:25 C 10:25 ~U2~ 10:30 D'])
    const gone = { ...plannedRun(world.tt, world.trip('U2'), world.day), state: RunState.cancelled }
    assert.deepEqual(ask(world, 'A', 'D', '09:50', { live: [gone] }), [])
  })

  test('S35 not where transfers.txt has the second trip leave a little before the first one comes', () => {
    const slip = timetable(`
      U1   A 10:00   C 10:20   [days=20260109,20260110 id=first]
      U2   C 10:19   E 10:40   [days=20260109,20260110 id=next]
      rule C→C stay from=first to=next
      change C never`)
    assert.deepEqual(ask(slip, 'A', 'E', '09:00'), [])
  })
})

describe('S35 a vehicle under way when its service day ends goes on as a trip of the next one', () => {
  interface Night {
    readonly byRule?: boolean
    readonly departure?: string
    readonly evenings?: string
    readonly mornings?: string
    readonly zone?: string
  }
  // U1 goes on as U2 of the day after; changing at C would take an hour
  const night = ({ byRule, departure = '00:25', evenings = '20260109', mornings = '20260110', zone }: Night): Drawn => {
    const block = byRule ? '' : 'block=x'
    return timetable(
      `U1   A 23:40     B 24:10   C 24:20            [id=evening days=${evenings} ${block}]
       U2   C ${departure}   D 01:35   E 02:10            [id=morning days=${mornings} ${block}]
       ${byRule ? 'rule C→C stay from=evening to=morning' : ''}
       change C 1h`,
      { ...(zone && { zone }), range: [evenings.slice(0, 8), mornings.slice(-8)] },
    )
  }
  const whole = 'B 24:10 ~U1~ 24:20 C 24:25 ~U2~ 26:10 E'
  const moved = (world: Drawn, id: string, days: number, seconds: number): ChangedRun =>
    lateRun(world.tt, world.trip(id), (world.day + days) as ServiceDay, seconds)
  const gone = (run: ChangedRun): ChangedRun => ({ ...run, state: RunState.cancelled })

  test.each([
    ['by its block', night({})],
    ['by transfers.txt, type 4', night({ byRule: true })],
  ])('%s', (_, world) => {
    assert.deepEqual(ask(world, 'B', 'E', '23:30–25:00'), [whole])
    assert.deepEqual(ask(world, 'B', 'E', '26:10', { arriveBy: true }), [whole])
    const [j] = journeys(world, 'B', 'E', '23:30')
    assert.equal(j!.transfers, 0)
    assert.deepEqual(
      j!.legs.map(leg => leg.kind === 'ride' && [leg.day - world.day, leg.board, leg.alight]),
      [
        [0, 1, 2],
        [1, 0, 2],
      ],
    )
  })

  test('only where that trip runs the day after: days with the same services may differ in what follows', () => {
    const world = night({ evenings: '20260109,20260110,20260112', mornings: '20260110,20260113' })
    const from = (day: number): string[] => ask(world, 'B', 'E', `${24 * day + 23}:30–${24 * day + 25}:00`)
    assert.deepEqual(from(0), [whole])
    assert.deepEqual(from(1), [])
    assert.deepEqual(from(3), ['B 96:10 ~U1~ 96:20 C 96:25 ~U2~ 98:10 E'])
    const sometimes = night({ evenings: '20260109,20260111', mornings: '20260110,20260113' })
    assert.deepEqual(ask(sometimes, 'B', 'E', '23:30–25:00'), [whole])
    assert.deepEqual(ask(sometimes, 'B', 'E', '71:30–73:00'), [])
  })

  test('a block whose next trip begins elsewhere, or after more than an hour, is left', () => {
    assert.deepEqual(ask(night({ departure: '01:21' }), 'B', 'E', '23:30', { maxRides: 1 }), [])
    const elsewhere = timetable(`
      U1   B 24:10   C 24:20   [block=x days=20260109]
      U2   D 00:25   E 01:10   [block=x days=20260110]`)
    assert.deepEqual(ask(elsewhere, 'B', 'E', '23:30'), [])
  })

  test('either trip late, or only the second', () => {
    const world = night({})
    const first = moved(world, 'evening', 0, 600)
    const second = moved(world, 'morning', 1, 300)
    assert.deepEqual(ask(world, 'B', 'E', '23:30', { live: [first] }), ['B 24:20 ~U1~ 24:30 C 24:30 ~U2~ 26:10 E'])
    assert.deepEqual(ask(world, 'B', 'E', '23:30', { live: [second] }), ['B 24:10 ~U1~ 24:20 C 24:30 ~U2~ 26:15 E'])
    assert.deepEqual(ask(world, 'B', 'E', '23:30', { live: [first, second] }), [
      'B 24:20 ~U1~ 24:30 C 24:30 ~U2~ 26:15 E',
    ])
    assert.deepEqual(ask(world, 'B', 'E', '26:15', { live: [second], arriveBy: true }), [
      'B 24:10 ~U1~ 24:20 C 24:30 ~U2~ 26:15 E',
    ])
    assert.deepEqual(ask(world, 'B', 'E', '23:30', { live: [second], realtime: false }), [whole])
  })

  test('either trip cancelled takes nobody on', () => {
    const world = night({})
    assert.deepEqual(ask(world, 'B', 'E', '23:30', { live: [gone(moved(world, 'morning', 1, 0))] }), [])
    assert.deepEqual(ask(world, 'B', 'E', '23:30', { live: [gone(moved(world, 'evening', 0, 0))] }), [])
    assert.deepEqual(ask(world, 'B', 'C', '23:30', { live: [gone(moved(world, 'morning', 1, 0))] }), [
      'B 24:10 ~U1~ 24:20 C',
    ])
  })

  // noon less twelve hours: the day after begins an hour earlier in spring, an hour later in autumn
  const spring = { evenings: '20260328', mornings: '20260329', zone: 'Europe/Berlin' }
  const autumn = { evenings: '20261024', mornings: '20261025', zone: 'Europe/Berlin' }
  test.each([
    ['spring: 00:25 is before the first trip comes', { ...spring, byRule: true }, []],
    [
      'spring: 01:25 is five minutes after it',
      { ...spring, departure: '01:25' },
      ['B 24:10 ~U1~ 24:20 C 24:25 ~U2~ 25:10 E'],
    ],
    ['autumn: 00:25 is an hour and five minutes after it', autumn, []],
    [
      'autumn: which transfers.txt does not mind',
      { ...autumn, byRule: true },
      ['B 24:10 ~U1~ 24:20 C 25:25 ~U2~ 27:10 E'],
    ],
    [
      'autumn: 00:20 is an hour after it',
      { ...autumn, departure: '00:20' },
      ['B 24:10 ~U1~ 24:20 C 25:20 ~U2~ 27:10 E'],
    ],
  ] as const)('S13 %s', (_, how, expected) => {
    const world = night(how)
    const start = dayStart(world.tt, 0 as ZoneIdx, world.day)
    const found = search(horizonOf(world.tt, world.footpaths), {
      from: new Map([[world.stop('B'), 0]]),
      to: new Map([[world.stop('E'), 0]]),
      time: start + 23 * 3600,
      maxRides: 1,
      maxTravelTime: 12 * 3600,
    })
    assert.deepEqual(
      found.map(j => journeyText(world.tt, j, start)),
      expected,
    )
  })
})
