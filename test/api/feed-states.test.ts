import { expect, test } from 'vitest'
import { feedStates } from '#api/live/feeds.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { applyMessage } from '#engine/live/apply.ts'
import { AUTH_FAILED } from '#engine/live/reasons.ts'
import { createLiveStore } from '#engine/live/store.ts'
import { appFor, get } from '../helpers/api.ts'
import { alert, apply, feedMessage, trip } from '../helpers/realtime.ts'
import { testService } from '../helpers/service.ts'
import { timetable } from '../helpers/timetable.ts'

const world = timetable('S1   A 10:00   B 10:10')
const { tt } = world
const T = Date.UTC(2026, 0, 10, 9) / 1000
const late = trip('S1').stop('A').delay(60)

test('K4: a feed waits, lives, ages after 90 s, and is stale after 300; the freshest of its sources counts', () => {
  const store = createLiveStore(tt, [
    { tag: 'test', url: 'a:' },
    { tag: 'test', url: 'b:' },
  ])
  const states = (now: number) => feedStates(store.state.sources, now).test
  expect(states(T)).toEqual({ state: 'waiting', asOf: 0 })
  applyMessage(store, 0, 'FETCH_FAILED', T as UnixSeconds)
  expect(states(T)).toEqual({ state: 'waiting', asOf: 0 })
  apply(store, feedMessage({ timestamp: T - 10 }, late), T, 1)
  expect(states(T + 80)).toEqual({ state: 'live', asOf: T - 10 })
  expect(states(T + 81)).toEqual({ state: 'aging', asOf: T - 10 })
  expect(states(T + 290)).toEqual({ state: 'aging', asOf: T - 10 })
  expect(states(T + 291)).toEqual({ state: 'stale', asOf: T - 10 })
})

test('K4: alerts that come on time make stale trip updates no fresher; each source has a state of its own', async () => {
  const store = createLiveStore(
    tt,
    ['runs:', 'alerts:'].map(url => ({ tag: 'test', url })),
  )
  const notice = alert('a', { informedEntity: [{ stopId: 'A' }] })
  apply(store, feedMessage({ timestamp: T }, notice), T, 1)
  const state = (now: number) => feedStates(store.state.sources, now).test
  expect(state(T)).toEqual({ state: 'live', asOf: T })
  apply(store, feedMessage({ timestamp: T }, late), T, 0)
  apply(store, feedMessage({ timestamp: T + 3600 }, notice), T + 3600, 1)
  expect(state(T + 3600)).toEqual({ state: 'stale', asOf: T })
  const app = appFor(testService(world, (T + 3600) as UnixSeconds, store.state))
  const { realtime } = await get<{ realtime: { state: string }[] }>(app, '/api/freifahrt/v1/feeds')
  expect(realtime.map(source => source.state)).toEqual(['stale', 'live'])
})

test('a source that does not date its messages is as fresh as their receipt', () => {
  const store = createLiveStore(tt, [{ tag: 'test', url: 'a:' }])
  apply(store, feedMessage({}, late), T)
  expect(feedStates(store.state.sources, T + 90)).toEqual({ test: { state: 'live', asOf: T } })
})

test('401 and 403 are told apart once nothing said before is current any more', async () => {
  const store = createLiveStore(tt, [{ tag: 'test', url: 'a:' }])
  const state = (now: number) => feedStates(store.state.sources, now).test?.state
  const refuse = () => applyMessage(store, 0, AUTH_FAILED, T as UnixSeconds)
  refuse()
  expect(state(T)).toBe('auth_error')
  apply(store, feedMessage({ timestamp: T }, late), T)
  expect(state(T)).toBe('live')
  refuse()
  expect([state(T + 300), state(T + 301)]).toEqual(['aging', 'auth_error'])
  // another failure says that the credentials were taken
  applyMessage(store, 0, 'FETCH_FAILED', (T + 400) as UnixSeconds)
  expect(state(T + 400)).toBe('stale')
})
