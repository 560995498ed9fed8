// frequencies.txt as riders meet it: departures at even steps, exact or about, the last before the end; the template itself does not run.

import assert from 'node:assert/strict'
import { describe, test } from 'vitest'
import { ask } from '../helpers/ask.ts'
import { timetable } from '../helpers/timetable.ts'

const steps = ['A 10:00 ~S1~ 10:15 B', 'A 10:10 ~S1~ 10:25 B', 'A 10:20 ~S1~ 10:35 B']

describe.each(['every', 'about every'])('S28, S29 %s 10 minutes until 10:30', words => {
  const world = timetable(`S1   A 10:00   B 10:15   [${words} 10m until 10:30]`)

  test('departures at even steps, the end not among them', () => {
    assert.deepEqual(ask(world, 'A', 'B', '09:30–12:00'), steps)
  })
  test('arrive by says the same', () => {
    assert.deepEqual(ask(world, 'A', 'B', '10:30', { arriveBy: true }), [steps[1]])
  })
  test('who comes between two waits for the next, never longer than a headway', () => {
    assert.deepEqual(ask(world, 'A', 'B', '10:11'), [steps[2]])
    assert.deepEqual(ask(world, 'A', 'B', '10:21'), [])
  })
})
