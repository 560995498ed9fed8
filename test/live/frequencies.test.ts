// Runs of frequencies.txt (rules G1–G6): what starts they have, and what they stand for.

import { beforeEach, describe, expect, test } from 'vitest'
import type { LiveStore } from '#engine/live/store.ts'
import { runText, say, storeOf, trip } from '../helpers/realtime.ts'
import { riderOf } from '../helpers/rider.ts'
import { clock, day, event, routes, T, tt, world } from './added.ts'

let store: LiveStore
beforeEach(() => {
  store = storeOf(tt)
})
const status = () => store.state.sources[0]!

describe('UNSCHEDULED runs of frequencies', () => {
  const run = (startTime: string) =>
    trip('B3', { startDate: '20260110', startTime })
      .is('UNSCHEDULED')
      .stop('A')
      .departure(event('12:13'))
      .stop('D')
      .arrival(event('12:45'))

  test('G3: one start is one run, from message to message, wherever its first departure moves', () => {
    // 12:10 is a start that the headway guesses as well, 12:12 is none
    for (const start of ['12:10', '12:12']) {
      const store = storeOf(tt)
      const seen = ['12:13', '12:19'].map((departs, i) => {
        const update = trip('B3', { startDate: '20260110', startTime: `${start}:00` })
          .is('UNSCHEDULED')
          .stop('A')
          .departure(event(departs))
          .stop('D')
          .arrival(event('12:45'))
        const { state } = say(store, { timestamp: clock('12:05') + i }, update)
        const rows = riderOf(world, state, clock('12:05')).board('A')
        return rows.filter(row => row.line === 'B3' && row.sched < clock('12:30')).map(row => [row.id, row.pred])
      })
      const id = `20260110_${start}_test_B3#1`
      const guessed = ['20260110_12:20_test_B3#1', null]
      expect(seen).toEqual([
        [[id, clock('12:13')], guessed],
        [[id, clock('12:19')], guessed],
      ])
    }
  })

  test('G1: any start names a run; its times are absolute', () => {
    const { state } = say(store, { timestamp: T }, run('12:12:00'))
    expect(runText(tt, state, world.trip('B3'), day, 720)).toBe('A 12:12/12:13!  D 12:45!/12:45~')
    expect(routes(state, 'A', 'D', '12:11')).toEqual(['A 12:13 ~B3~ 12:45 D'])
    say(store, { timestamp: T + 1 }, trip('B3', { startDate: '20260110', startTime: '12:12:00' }).stop('A').delay(60))
    expect(status().warnings).toEqual({ delay_without_schedule: 1 })
  })

  test('G2: exact starts are exact', () => {
    say(store, { timestamp: T }, trip('B4', { startDate: '20260110', startTime: '12:12:00' }).stop('A').delay(60))
    expect(status().rejected).toEqual({ freq_start_mismatch: 1 })
  })

  test('G4: it stands for the run that the headway guesses within half a headway', () => {
    const { state } = say(store, { timestamp: T }, run('12:12:00'))
    const states = [0, 600, 1200].map(shift => runText(tt, state, world.trip('B3'), day, shift)?.split(':')[0])
    expect(states).toEqual([undefined, 'superseded', undefined])
    // half a headway after one and before the next: the later one
    const { state: between } = say(storeOf(tt), { timestamp: T }, run('12:15:00'))
    expect([600, 1200].map(shift => runText(tt, between, world.trip('B3'), day, shift)?.split(':')[0])).toEqual([
      undefined,
      'superseded',
    ])
  })

  test('G6: without a start nothing can be cancelled', () => {
    say(store, { timestamp: T }, trip('B3', { startDate: '20260110' }).cancelled())
    expect(status().rejected).toEqual({ start_time_missing: 1 })
    const { state } = say(
      store,
      { timestamp: T + 1 },
      trip('B3', { startDate: '20260110', startTime: '12:10:00' }).cancelled(),
    )
    expect(runText(tt, state, world.trip('B3'), day, 600)).toMatch(/^cancelled/)
  })
})
