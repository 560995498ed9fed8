// Realtime as German feeds have it: what is kept, doubted or not believed can be seen by who operates the service.

import { expect, test } from 'vitest'
import { buildApp } from '#api/app.ts'
import { apiDefaults } from '#api/config.ts'
import { systemScheduler } from '#api/live/scheduler.ts'
import { createOperations } from '#api/operations/operations.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { get } from '../helpers/api.ts'
import { say, storeOf, trip } from '../helpers/realtime.ts'
import { testService } from '../helpers/service.ts'
import { seconds, timetable } from '../helpers/timetable.ts'

const at = (time: string): number => Date.UTC(2026, 0, 10) / 1000 + seconds(time)
// twelve runs under way at 10:00, one from Stuttgart to Frankfurt (150 km), one of the afternoon, one to either platform of a station
const bus = (i: number) => `S${i}   A${i} 09:50   B${i} 10:30`
const world = timetable(`
  station P: P1 P2
  ${Array.from({ length: 12 }, (_, i) => bus(i)).join('\n  ')}
  W   Stuttgart 10:00   Frankfurt 12:00
  E   C 17:23   D 17:30
  T   F 10:00   P1 10:10   G 10:20
  at Stuttgart 48.784,9.182
  at Frankfurt 50.113,8.674`)

const running = Array.from({ length: 12 }, (_, i) => trip(`S${i}`).stop(`A${i}`).delay(60))
const collapsed = [
  trip('W')
    .stop('Stuttgart')
    .departure({ time: at('11:45') })
    .stop('Frankfurt')
    .arrival({ time: at('11:50') }),
  trip('E').stop('C').departure({ delay: -3133 }).stop('D').delay(-3100),
  trip('T').stop(2, 'P1').skipped().stop(2, 'P2').delay(60),
]

test.each([
  ['rejected', 'implausible_speed', 1, 'a wormhole'],
  ['rejected', 'implausibly_early', 1, 'the realtime of another run'],
  ['warnings', 'kept_in_collapse', 12, 'runs lost at once'],
  ['warnings', 'platform_by_skipping', 1, 'a platform both skipped and served'],
] as const)('%s %s: %i (%s) is told on /feeds and in the metrics', async (kind, reason, count, _case) => {
  const store = storeOf(world.tt)
  say(store, { timestamp: at('10:00') }, ...running)
  say(store, { timestamp: at('10:00') + 30 }, ...collapsed)
  const service = testService(world, at('10:01') as UnixSeconds, store.state)
  const operations = createOperations()
  const app = buildApp(service, apiDefaults, systemScheduler, operations)
  operations.serving(service)
  const { realtime } = await get<{ realtime: Record<typeof kind, Record<string, number>>[] }>(
    app,
    '/api/freifahrt/v1/feeds',
  )
  expect(realtime[0]![kind][reason]).toBe(count)
  const { body } = await app.inject('/metrics')
  expect(body.split('\n')).toContain(`freifahrt_feed_${kind}{source="test:",tag="test",reason="${reason}"} ${count}`)
  await app.close()
})
