import assert from 'node:assert/strict'
import { describe, test } from 'vitest'
import { RunState } from '#engine/live/state.ts'
import { ask } from '../helpers/ask.ts'
import { type ChangedRun, plannedRun } from '../helpers/horizon.ts'
import { timetable } from '../helpers/timetable.ts'

const world = timetable(`
  S1   A 10:00   B 10:10   C 10:40
  S1   A 10:15   B 10:25   C 10:55
  U2   B 10:14   D 10:30
  U2   B 10:44   D 11:00
  change B 60s`)

function late(trip: string, seconds: number, from = 0): ChangedRun {
  const run = plannedRun(world.tt, world.trip(trip), world.day)
  for (const call of run.calls.slice(from)) {
    call.arrival += seconds
    call.departure += seconds
  }
  return run
}

describe('the search sees what is, not what was planned', () => {
  test('a missed transfer is replaced by the next one', () => {
    assert.deepEqual(ask(world, 'A', 'D', '10:00'), ['A 10:00 ~S1~ 10:10 B 10:14 ~U2~ 10:30 D'])
    assert.deepEqual(ask(world, 'A', 'D', '10:00', { live: [late('S1', 240)] }), [
      'A 10:04 ~S1~ 10:14 B 10:44 ~U2~ 11:00 D',
    ])
  })
  test('a late connecting run makes an impossible transfer possible', () => {
    assert.deepEqual(ask(world, 'A', 'D', '10:15'), ['A 10:15 ~S1~ 10:25 B 10:44 ~U2~ 11:00 D'])
    assert.deepEqual(ask(world, 'A', 'D', '10:15', { live: [late('U2', 720)] }), [
      'A 10:15 ~S1~ 10:25 B 10:26 ~U2~ 10:42 D',
    ])
  })
  test('a cancelled run is never ridden', () => {
    const live = [{ ...late('S1', 0), state: RunState.cancelled }]
    assert.deepEqual(ask(world, 'A', 'C', '10:00', { live }), ['A 10:15 ~S1~ 10:55 C'])
  })
  test('a late run overtaken by the next one keeps its own lane', () => {
    const live = [late('S1', 1500, 1)]
    assert.deepEqual(ask(world, 'A', 'C', '10:00', { live }), ['A 10:15 ~S1~ 10:55 C'])
    assert.deepEqual(ask(world, 'A', 'B', '10:00–10:10', { live }), [])
  })
  test('a skipped stop is passed, a moved one is at its new place', () => {
    const skipped = late('S1', 0)
    skipped.calls[1]!.skipped = true
    assert.deepEqual(ask(world, 'A', 'B', '10:00–10:10', { live: [skipped] }), [])
    const moved = late('S1', 0)
    moved.calls[2]!.stop = world.stop('D')
    assert.deepEqual(ask(world, 'A', 'D', '10:00', { live: [moved] }).length, 2)
  })
  test('the schedule alone is still there for whoever asks for it', () => {
    assert.deepEqual(ask(world, 'A', 'D', '10:00', { live: [late('S1', 240)], realtime: false }), [
      'A 10:00 ~S1~ 10:10 B 10:14 ~U2~ 10:30 D',
    ])
  })
})
