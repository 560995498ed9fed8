import assert from 'node:assert/strict'
import { test } from 'vitest'
import { ask } from '../helpers/ask.ts'
import { timetable } from '../helpers/timetable.ts'

const world = timetable(`
  S1   A 10:00   B 10:20
  S1   A 10:20   B 10:40
  S1   A 10:40   B 11:00
  X9   A 10:05   B 10:50`)

test('a window holds every departure worth taking, and only those', () => {
  assert.deepEqual(ask(world, 'A', 'B', '10:00–11:00'), [
    'A 10:00 ~S1~ 10:20 B',
    'A 10:20 ~S1~ 10:40 B',
    'A 10:40 ~S1~ 11:00 B',
  ])
})

test('the end of a window is not part of it', () => {
  assert.deepEqual(ask(world, 'A', 'B', '10:00–10:20'), ['A 10:00 ~S1~ 10:20 B'])
})

test('what a departure of the next window betters is no answer of this one', () => {
  // X9 at 10:05 arrives at 10:50, S1 at 10:20 arrives at 10:40
  assert.deepEqual(ask(world, 'A', 'B', '10:01–10:20'), [])
})

test('windows side by side equal one large window', () => {
  const parts = ['10:00–10:20', '10:20–10:30', '10:30–11:00'].flatMap(w => ask(world, 'A', 'B', w))
  assert.deepEqual(parts, ask(world, 'A', 'B', '10:00–11:00'))
})

test('arrive by: the latest departures that are there in time', () => {
  assert.deepEqual(ask(world, 'A', 'B', '10:41', { arriveBy: true }), ['A 10:20 ~S1~ 10:40 B'])
  assert.deepEqual(ask(world, 'A', 'B', '10:20–10:41', { arriveBy: true }), [
    'A 10:00 ~S1~ 10:20 B',
    'A 10:20 ~S1~ 10:40 B',
  ])
})
