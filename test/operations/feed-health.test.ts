// How each realtime source is doing: the same figures on /api/freifahrt/v1/feeds and for Prometheus.

import type { Static } from 'typebox'
import { expect, test } from 'vitest'
import { buildApp } from '#api/app.ts'
import { apiDefaults } from '#api/config.ts'
import { FeedsResponse } from '#api/contract/own.ts'
import { systemScheduler } from '#api/live/scheduler.ts'
import { createOperations } from '#api/operations/operations.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import type { LiveStore } from '#engine/live/store.ts'
import type { ConditionStatus } from '#workers/service.ts'
import { expectShape, get } from '../helpers/api.ts'
import { apply, feedMessage, say, storeOf, trip } from '../helpers/realtime.ts'
import { testService } from '../helpers/service.ts'
import { timetable } from '../helpers/timetable.ts'

const T = Date.UTC(2026, 0, 10, 9) / 1000
const world = timetable('S1   A 10:00   B 10:10')
world.tt.feedVersion[0] = world.tt.tripId[0]! // any text: the version is now "S1"
const known = trip('S1').stop('A').delay(60)
const strangers = [1, 2, 3].map(n => trip(`next-${n}`).stop('A').delay(60))

/** The source on /feeds and its gauges, `seconds` after T. */
async function healthAt(store: LiveStore, seconds: number) {
  const service = testService(world, (T + seconds) as UnixSeconds, store.state)
  const operations = createOperations()
  const app = buildApp(service, apiDefaults, systemScheduler, operations)
  operations.serving(service)
  const { realtime } = await get<{ realtime: Record<string, unknown>[] }>(app, '/api/freifahrt/v1/feeds')
  const { body } = await app.inject('/metrics')
  await app.close()
  const gauges = [...body.matchAll(/^freifahrt_feed_(\w+)\{source="test:",tag="test"\} (\S+)$/gm)]
  return { feed: realtime[0]!, gauges: Object.fromEntries(gauges.map(([, name, value]) => [name, Number(value)])) }
}

test.each([
  ['ahead of ours', 40, 0, 40],
  ['an old message', -50, 0, -50],
  ['what was skew stays so while the message ages', 40, 100, 40],
])('K8: clock skew, %s, is told on /feeds and in the metrics', async (_case, ahead, later, skew) => {
  const store = storeOf(world.tt)
  apply(store, feedMessage({ timestamp: T + ahead }, known), T)
  const { feed, gauges } = await healthAt(store, later)
  const age = Math.max(0, later - ahead)
  expect(feed).toMatchObject({ skewSeconds: skew, ageSeconds: age })
  expect(gauges).toMatchObject({ skew_seconds: skew, age_seconds: age })
})

test('K4: a source that does not date its messages is as old as their receipt, on /feeds and in the metrics', async () => {
  const store = storeOf(world.tt)
  apply(store, feedMessage({}, known), T)
  const { feed, gauges } = await healthAt(store, 70)
  expect([feed.ageSeconds, gauges.age_seconds]).toEqual([70, 70])
})

test('B18: match rate and mismatch are told on /feeds and in the metrics', async () => {
  const store = storeOf(world.tt)
  for (const n of [0, 1]) say(store, { timestamp: T + n }, known, ...strangers)
  const before = await healthAt(store, 1)
  expect(before.feed).toMatchObject({ matched: 1, unmatched: 3, matchRate: 0.25, mismatch: false })
  expect(before.gauges).toMatchObject({ match_ratio: 0.25, mismatch: 0 })
  say(store, { timestamp: T + 2 }, known, ...strangers)
  const third = await healthAt(store, 2)
  expect(third.feed).toMatchObject({ matchRate: 0.25, mismatch: true, staticMismatch: false })
  expect(third.gauges).toMatchObject({ match_ratio: 0.25, mismatch: 1, static_mismatch: 0 })
})

test('A16: naming another version of the timetable is told on /feeds and in the metrics, and over with the next message', async () => {
  const store = storeOf(world.tt)
  say(store, { timestamp: T, feedVersion: 'v2' }, known)
  const other = await healthAt(store, 0)
  expect([other.feed.staticMismatch, other.gauges.static_mismatch]).toEqual([true, 1])
  say(store, { timestamp: T + 1, feedVersion: 'S1' }, known)
  const ours = await healthAt(store, 1)
  expect([ours.feed.staticMismatch, ours.gauges.static_mismatch]).toEqual([false, 0])
})

test('K6: which share of the answers was of use, and how often it said the same', async () => {
  const store = storeOf(world.tt)
  const same = feedMessage({ timestamp: T }, known)
  for (let n = 0; n < 3; n++) apply(store, same, T + n)
  say(store, { timestamp: T, differential: true })
  const { feed, gauges } = await healthAt(store, 3)
  expect(feed).toMatchObject({ availability: 0.75, unchangedCount: 2, unchangedStreak: 2, refusedCount: 1 })
  expect(gauges).toMatchObject({ availability_ratio: 0.75 })
})

test('before its first message a source has no age, skew or match rate', async () => {
  const { feed, gauges } = await healthAt(storeOf(world.tt), 0)
  for (const name of ['ageSeconds', 'skewSeconds', 'matchRate', 'availability']) expect(feed).not.toHaveProperty(name)
  for (const name of ['age_seconds', 'skew_seconds', 'match_ratio', 'availability_ratio'])
    expect(gauges).not.toHaveProperty(name)
})

test('vehicles for rent and elevators tell their age, and before their first word since when they are followed', async () => {
  const receivedAt = (T - 300) as UnixSeconds
  const service = Object.assign(testService(world, T as UnixSeconds), {
    conditionSources: (): ConditionStatus[] => [
      { kind: 'gbfs', tag: 'b', url: 'https://x/gbfs.json?key=canary', receivedAt, since: receivedAt },
      { kind: 'elevators', tag: 'e', url: 'https://y/', receivedAt: undefined, since: (T - 20) as UnixSeconds },
    ],
  })
  const operations = createOperations()
  const app = buildApp(service, apiDefaults, systemScheduler, operations)
  operations.serving(service)
  const feeds = await get<Static<typeof FeedsResponse>>(app, '/api/freifahrt/v1/feeds')
  const { body } = await app.inject('/metrics')
  await app.close()
  expectShape(FeedsResponse, feeds)
  expect(feeds.conditions).toEqual([
    { kind: 'gbfs', tag: 'b', url: 'https://x/gbfs.json', receivedAt: '2026-01-10T08:55:00Z', ageSeconds: 300 },
    { kind: 'elevators', tag: 'e', url: 'https://y/' },
  ])
  const ages = [...body.matchAll(/^freifahrt_condition_age_seconds\{(.*)\} (\d+)$/gm)].map(([, labels, age]) => [
    labels,
    age,
  ])
  expect(ages).toEqual([
    ['kind="gbfs",tag="b",source="https://x/gbfs.json"', '300'],
    ['kind="elevators",tag="e",source="https://y/"', '20'],
  ])
})
