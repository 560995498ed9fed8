import assert from 'node:assert/strict'
import { test } from 'vitest'
import { ask } from '../helpers/ask.ts'
import { timetable } from '../helpers/timetable.ts'

const line = timetable(`
  S1   A 10:00   B 10:10/10:11   C 10:40
  S1   A 10:30   B 10:40/10:41   C 11:10`)

test('rides the next run, not the one just missed', () => {
  assert.deepEqual(ask(line, 'A', 'C', '10:00'), ['A 10:00 ~S1~ 10:40 C'])
  assert.deepEqual(ask(line, 'A', 'C', '10:00:01'), ['A 10:30 ~S1~ 11:10 C'])
})

test('boards on the way, by the departure and not by the arrival there', () => {
  assert.deepEqual(ask(line, 'B', 'C', '10:11'), ['B 10:11 ~S1~ 10:40 C'])
  assert.deepEqual(ask(line, 'A', 'B', '10:00'), ['A 10:00 ~S1~ 10:10 B'])
})

test('finds nothing against the direction of travel, nor after the last run', () => {
  assert.deepEqual(ask(line, 'C', 'A', '09:00'), [])
  assert.deepEqual(ask(line, 'A', 'C', '10:31'), [])
})

test('an overtaking run is taken although it leaves later', () => {
  const world = timetable(`
    S1   A 10:00   B 10:30   C 11:30
    S1   A 10:05   B 10:15   C 10:45`)
  assert.deepEqual(ask(world, 'A', 'C', '09:00'), ['A 10:05 ~S1~ 10:45 C'])
})

test('closed doors: nobody boards at C-, nobody alights at -B', () => {
  const world = timetable('S1   A 10:00   -B 10:10   C- 10:20   D 10:30')
  assert.deepEqual(ask(world, 'A', 'B', '09:00'), [])
  assert.deepEqual(ask(world, 'C', 'D', '09:00'), [])
  assert.deepEqual(ask(world, 'B', 'D', '09:00'), ['B 10:10 ~S1~ 10:30 D'])
})
