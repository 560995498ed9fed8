// A feed that from one message to the next lacks most of the runs under way (mfdz/GTFS-Issues#157, #205; rule A18).

import { describe, expect, test } from 'vitest'
import { readBoard } from '#api/live/board.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { KEPT } from '#engine/live/state.ts'
import { horizonOf } from '../helpers/horizon.ts'
import { runText, say, storeOf, trip } from '../helpers/realtime.ts'
import { timetable } from '../helpers/timetable.ts'

const T = Date.UTC(2026, 0, 10, 10) / 1000
const MINUTE = 60
// forty runs on one line that leave at 09:50 and are at their last stop at 10:30, twenty more that leave at 11:00
const line = (i: number, from: string, to: string) => `S${i}   A${i} ${from}   B${i} 10:05   C${i} ${to}`
const drawing = [
  ...Array.from({ length: 40 }, (_, i) => line(i, '09:50', '10:30')),
  ...Array.from({ length: 20 }, (_, i) => `L${i}   A${i} 11:00   C${i} 11:30`),
].join('\n')
const world = timetable(drawing)
const { tt, trip: find, day } = world

const late = (i: number, minutes = 2) =>
  trip(`S${i}`)
    .stop(`A${i}`)
    .delay(minutes * MINUTE)
const some = (from: number, to: number) => Array.from({ length: to - from }, (_, k) => late(from + k))
const later = Array.from({ length: 20 }, (_, i) => trip(`L${i}`).stop(`A${i}`).delay(MINUTE))

/** After all forty at 10:00: what is told at the times that follow. */
function collapsed() {
  const store = storeOf(tt)
  say(store, { timestamp: T }, ...some(0, 40), ...later)
  return {
    store,
    text: (i: number) => runText(tt, store.state, find(`S${i}`), day),
    warnings: () => store.state.sources[0]!.warnings,
  }
}

describe('a feed collapses', () => {
  test('nine of ten runs under way vanish in two minutes: they stay as last told, flagged and counted', () => {
    const { store, text, warnings } = collapsed()
    const result = say(store, { timestamp: T + 2 * MINUTE }, ...some(0, 4))
    expect(text(0)).toBe('A0 09:52.  B0 10:07~  C0 10:32~')
    expect(text(39)).toBe('A39 09:52.  B39 10:07~  C39 10:32~')
    expect(warnings()).toEqual({ kept_in_collapse: 36 })
    const { runs } = result.state
    expect(runs.runs).toBe(40)
    expect(runs.eventFlags.filter(flags => flags & KEPT).length).toBe(3 * 36)
    // runs that have not begun go: nobody waits for what is not said of them
    expect(runText(tt, result.state, find('L0'), day)).toBeUndefined()
    expect(result.changedRuns).toBe(36 + 20)
  })

  test('boards go on showing them, and say what they are', () => {
    const { store } = collapsed()
    const rowAt = (minutes: number) => {
      say(store, { timestamp: T + minutes * MINUTE }, late(0))
      const horizon = horizonOf(tt, world.footpaths, store.state)
      const [row] = readBoard(horizon, [world.stop('B39')], (T + minutes * MINUTE) as UnixSeconds, []).rows
      return row && [row.trip, row.state, row.rt, row.source, row.pred, row.sched].map(value => value ?? undefined)
    }
    const [id, planned] = ['20260110_09:50_test_S39', T + 5 * MINUTE]
    // planned at 10:05 and two minutes late: there until it has left
    expect(rowAt(2)).toEqual([id, 'normal', 'live', 'kept', T + 7 * MINUTE, planned])
    // without a word for five minutes by its schedule, and by that it has left
    expect(rowAt(6)).toBeUndefined()
  })

  test('an empty message is one as well', () => {
    const { store, text, warnings } = collapsed()
    say(store, { timestamp: T + MINUTE })
    expect(text(7)).toBe('A7 09:52.  B7 10:07~  C7 10:32~')
    expect(warnings()).toEqual({ kept_in_collapse: 40 })
  })

  test('after five minutes without a word of them the schedule counts, after ten they go', () => {
    const { store, text, warnings } = collapsed()
    say(store, { timestamp: T + 5 * MINUTE }, late(0))
    expect(text(1)).toBe('A1 09:52.  B1 10:07~  C1 10:32~')
    say(store, { timestamp: T + 6 * MINUTE }, late(0))
    expect(text(1)).toBe('A1 09:52.  B1 10:05*  C1 10:30*')
    expect(text(0)).toMatch(/B0 10:07[~.]/)
    say(store, { timestamp: T + 10 * MINUTE }, late(0))
    expect(warnings()).toEqual({ kept_in_collapse: 39 })
    say(store, { timestamp: T + 10 * MINUTE + 1 }, late(0))
    expect([text(1), warnings()]).toEqual([undefined, {}])
  })

  test('little by little: what went before the collapse was seen is kept as well', () => {
    const { store, text, warnings } = collapsed()
    say(store, { timestamp: T + MINUTE }, ...some(12, 40))
    expect([text(0), warnings()]).toEqual([undefined, {}])
    say(store, { timestamp: T + 2 * MINUTE }, ...some(24, 40))
    expect([text(0) !== undefined, text(20) !== undefined, warnings()]).toEqual([true, true, { kept_in_collapse: 24 }])
  })

  test('what it says again counts, and with most of them back the rest is gone', () => {
    const { store, text, warnings } = collapsed()
    say(store, { timestamp: T + MINUTE }, late(0))
    say(store, { timestamp: T + 2 * MINUTE }, late(0), late(1, 4), trip('S2').cancelled())
    expect(text(1)).toBe('A1 09:54.  B1 10:09~  C1 10:34~')
    expect(text(2)).toMatch(/^cancelled/)
    expect(warnings()).toEqual({ kept_in_collapse: 37 })
    say(store, { timestamp: T + 3 * MINUTE }, ...some(0, 30))
    expect([text(35), warnings()]).toEqual([undefined, {}])
  })

  test('ended runs are not kept', () => {
    const store = storeOf(tt)
    say(store, { timestamp: T + 29 * MINUTE }, ...some(0, 40))
    const { state } = say(store, { timestamp: T + 33 * MINUTE })
    expect([state.runs.runs, state.sources[0]!.warnings]).toEqual([0, {}])
  })
})

test('A4, A5: what a feed leaves out in the course of business has no realtime any more', () => {
  const { store, text, warnings } = collapsed()
  say(store, { timestamp: T + MINUTE }, ...some(15, 40))
  expect([text(0), text(15) !== undefined, warnings()]).toEqual([undefined, true, {}])
  // and nine are too few to speak of a collapse
  const small = storeOf(tt)
  say(small, { timestamp: T }, ...some(0, 9))
  expect(say(small, { timestamp: T + MINUTE }).state.runs.runs).toBe(0)
})

test('runs that only realtime knows end with its word', () => {
  const added = (i: number) =>
    trip(`X${i}`, { startDate: '20260110' })
      .is('NEW')
      .stop(1, 'A0')
      .arrival({ time: T - 5 * MINUTE })
      .departure({ time: T - 5 * MINUTE })
      .stop(2, 'C0')
      .arrival({ time: T + 20 * MINUTE })
      .departure({ time: T + 20 * MINUTE })
  const store = storeOf(tt, { addedWithoutRoute: true })
  const all = Array.from({ length: 12 }, (_, i) => added(i))
  expect(say(store, { timestamp: T }, ...all).state.runs.runs).toBe(12)
  expect(say(store, { timestamp: T + MINUTE }).state.runs.runs).toBe(0)
})

test('a state that was given out is not changed by a collapse', () => {
  const { store } = collapsed()
  const { state } = store
  const copy = structuredClone(state)
  say(store, { timestamp: T + MINUTE })
  say(store, { timestamp: T + 7 * MINUTE }, late(0))
  expect(state).toEqual(copy)
})
