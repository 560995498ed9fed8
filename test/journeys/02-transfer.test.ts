import assert from 'node:assert/strict'
import { test } from 'vitest'
import { ask } from '../helpers/ask.ts'
import { timetable } from '../helpers/timetable.ts'

test('changes to the faster line when the footpath allows it', () => {
  const world = timetable(`
    S1   A 10:00   B 10:10   C 10:40
    U2             D 10:14   C 10:25
    walk B–D 2m`)
  assert.deepEqual(ask(world, 'A', 'C', '09:55'), [
    'A 10:00 ~S1~ 10:10 B ~walk 2m~ D 10:14 ~U2~ 10:25 C',
    'A 10:00 ~S1~ 10:40 C',
  ])
})

test('seconds count: 20 s less are not enough', () => {
  const drawn = (change: string): string[] =>
    ask(
      timetable(`
      S1   A 10:00   B 10:10:20
      U2   B 10:11   C 10:20
      change B ${change}`),
      'A',
      'C',
      '10:00',
    )
  assert.deepEqual(drawn('40s'), ['A 10:00 ~S1~ 10:10:20 B 10:11 ~U2~ 10:20 C'])
  assert.deepEqual(drawn('41s'), [])
})

test('fewer rides and an earlier arrival are both worth showing', () => {
  const world = timetable(`
    S1   A 10:00   C 11:00
    U2   A 10:05   B 10:15
    U3   B 10:20   C 10:30`)
  assert.deepEqual(ask(world, 'A', 'C', '10:00'), ['A 10:05 ~U2~ 10:15 B 10:20 ~U3~ 10:30 C', 'A 10:00 ~S1~ 11:00 C'])
  assert.deepEqual(ask(world, 'A', 'C', '10:00', { maxRides: 1 }), ['A 10:00 ~S1~ 11:00 C'])
})

test('one walk between two rides, never two', () => {
  const world = timetable(`
    S1   A 10:00   B 10:10
    U2   D 10:30   E 10:40
    walk B–C 2m
    walk C–D 2m`)
  assert.deepEqual(ask(world, 'A', 'E', '10:00'), [])
})
