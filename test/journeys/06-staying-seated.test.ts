import assert from 'node:assert/strict'
import { describe, test } from 'vitest'
import { RunState } from '#engine/live/state.ts'
import { ask, journeys } from '../helpers/ask.ts'
import { plannedRun } from '../helpers/horizon.ts'
import { timetable } from '../helpers/timetable.ts'

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
})
