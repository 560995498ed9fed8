// Copies of runs of the timetable (DUPLICATED, rules F18 and F19).

import { beforeEach, describe, expect, test } from 'vitest'
import type { LiveStore } from '#engine/live/store.ts'
import { extraTexts, runText, say, storeOf, trip } from '../helpers/realtime.ts'
import { day, event, routes, T, tt, world } from './added.ts'

let store: LiveStore
beforeEach(() => {
  store = storeOf(tt)
})
const status = () => store.state.sources[0]!

describe('DUPLICATED', () => {
  test('F18: the copy runs beside the original, delays against its own times', () => {
    const { state } = say(
      store,
      { timestamp: T },
      trip('S1')
        .is('DUPLICATED')
        .becomes({ tripId: 'copy', startDate: '20260110', startTime: '10:30:00' })
        .stop('B')
        .delay(30),
    )
    expect(extraTexts(tt, state)).toEqual(['copy 20260110 added: A 10:30  B 10:40:30!  C 10:50:30~  D 11:00:30~'])
    expect(routes(state, 'A', 'D', '10:10')).toEqual(['A 10:30 ~S1~ 11:00:30 D'])
    expect(runText(tt, state, world.trip('S1'), day)).toBeUndefined()
  })

  test('F19: without trip_properties the descriptor’s own start and date name the copy; without stops there is none', () => {
    const copy = () => trip('S1', { startDate: '20260110', startTime: '10:40:00' }).is('DUPLICATED')
    expect(extraTexts(tt, say(store, { timestamp: T }, copy().stop('A').departure(event('10:40'))).state)).toEqual([
      'S1@20260110T104000 20260110 added: A 10:40/10:40!  B 10:50~  C 11:00~  D 11:10~',
    ])
    expect(say(store, { timestamp: T + 1 }, copy()).state.runs.runs).toBe(0)
    expect(status().rejected).toEqual({ no_updates: 1 })
  })

  test('F18: a line with exact headways can be copied at any time', () => {
    const copy = trip('B4')
      .is('DUPLICATED')
      .becomes({ tripId: 'copy', startDate: '20260110', startTime: '12:03:00' })
      .stop('A')
      .delay(60)
    const { state } = say(store, { timestamp: T }, copy)
    expect(extraTexts(tt, state)).toEqual(['copy 20260110 added: A 12:04!  D 12:34~'])
    expect(routes(state, 'A', 'D', '12:03')).toEqual(['A 12:04 ~B4~ 12:34 D'])
  })

  test('F18: what only goes "about every so often" cannot be copied', () => {
    say(
      store,
      { timestamp: T },
      trip('B3', { startTime: '12:03:00', startDate: '20260110' }).is('DUPLICATED').stop('A').departure(event('12:03')),
    )
    expect(status().rejected).toEqual({ freq_start_mismatch: 1 })
  })
})
