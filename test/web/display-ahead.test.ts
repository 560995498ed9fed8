// The timetable ahead of a display that runs for months: what its browser's storage does must not end it.

import { expect, test } from 'vitest'
import { newAhead, PIECE } from '../../web/display/ahead.ts'
import type { Planned } from '../../web/display/rows.ts'
import { memoryShelf } from '../../web/display/shelf.ts'

const T0 = 1_770_000_000 - (1_770_000_000 % PIECE)
const planned = (from: number): Planned => ({ trip: 't', line: '1', headsign: 'A', mode: 'BUS', sched: from + 60 })

test('goes on in memory when the storage has been closed', async () => {
  const closed = async () => {
    throw new Error('the database connection is closing')
  }
  const ahead = newAhead('do_1', async from => [planned(from)], { ...memoryShelf(), set: closed, remove: closed })
  await ahead.step(T0)
  expect(ahead.knownUntil(T0)).toBe(T0 + PIECE)
  const later = T0 + 2 * PIECE // what was known is over and has to be forgotten
  for (let steps = 0; steps < 2; steps++) expect(await ahead.step(later)).toBeGreaterThan(0)
  expect(ahead.upcoming(later, PIECE, 1)).toEqual([planned(later)])
})
