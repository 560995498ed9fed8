// Lists of stops that say nothing which another does not say are left out, and only those.

import assert from 'node:assert/strict'
import { test } from 'vitest'
import type { DayBlock } from '#engine/horizon/horizon.ts'
import { type Lines, linesOf } from '#engine/transit/lines.ts'
import { type ChangedRun, horizonOf, lateRun, liveState, plannedRun } from '../helpers/horizon.ts'
import { timetable } from '../helpers/timetable.ts'

function linesIn(drawing: string, names: string): string[] {
  const { tt, footpaths, stop } = timetable(drawing)
  const block: DayBlock = [...horizonOf(tt, footpaths).days.values()][0]!.block
  const [{ count, begin, words }] = linesOf([block]) as [Lines]
  const nameOf = (word: number): string => [...names].find(name => stop(name) === word >>> 2)!
  return Array.from({ length: count }, (_, i) =>
    [...words.subarray(begin[i], begin[i + 1])].map(nameOf).join(''),
  ).sort()
}

test('an express is in its local, a branch and the way back are not', () => {
  const drawing = `
    S1  A 10:00  B 10:10  C 10:20  D 10:30
    S1  A 11:00  B 11:10  C 11:20  D 11:30
    E1  A 10:05  C 10:15
    E2  B 10:05  D 10:15
    S2  A 10:00  B 10:10  F 10:20
    S3  D 10:00  C 10:10`
  assert.deepEqual(linesIn(drawing, 'ABCDF'), ['ABCD', 'ABF', 'DC'])
})

test('an express that lets riders off or on where its local does not stays', () => {
  assert.deepEqual(linesIn('S1  A 10:00  B 10:10  -C 10:20  D 10:30\nE1  A 10:05  C 10:15', 'ABCD'), ['ABCD', 'AC'])
  assert.deepEqual(linesIn('S1  A 10:00  B 10:10  C- 10:20  D 10:30\nE1  A 10:05  C 10:15  D 10:25', 'ABCD'), [
    'ABCD',
    'ACD',
  ])
})

test('who calls twice at a stop is met at either call', () => {
  assert.deepEqual(linesIn('S1  A 10:00  B 10:10  A 10:20  C 10:30\nE1  A 10:05  C 10:15', 'ABC'), ['ABAC'])
  assert.deepEqual(linesIn('S1  A 10:00  B 10:10  A 10:20  C 10:30\nE1  A 10:05  A 10:15  B 10:20', 'ABC'), [
    'AAB',
    'ABAC',
  ])
})

test('a late vehicle adds no line, so lower bounds stay known; one with another stop does', () => {
  const { tt, footpaths, trip, stop, day } = timetable('S1  A 10:00  B 10:10  C 10:20\nS2  A 10:00  F 10:10')
  const linesWith = (run: ChangedRun): number[] => {
    const { days, live } = horizonOf(tt, footpaths, liveState([run]))
    assert.ok(live.counts.lanes > 0)
    return linesOf([[...days.values()][0]!.block, live]).map(({ count }) => count)
  }
  assert.deepEqual(linesWith(lateRun(tt, trip('S1'), day, 600)), [2])
  const elsewhere = plannedRun(tt, trip('S1'), day)
  elsewhere.calls[1]!.stop = stop('F')
  assert.deepEqual(linesWith(elsewhere), [2, 1])
})
