// From a departure to a day's numbers: counted by the server, kept by the job, served again.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { apiDefaults } from '#api/config.ts'
import { DayResponse, DaysResponse, HoursResponse } from '#api/contract/statistics.ts'
import { countHours, fleetOf } from '#api/fleet/fleet.ts'
import { hoursText } from '#api/fleet/statistics.ts'
import { startServer } from '#api/server.ts'
import type { ServiceDay, UnixSeconds } from '#engine/core/time.ts'
import type { SourceStatus } from '#engine/live/state.ts'
import { collectStatistics } from '#workers/statistics/collect.ts'
import { expectShape } from '../helpers/api.ts'
import { liveState, plannedRun } from '../helpers/horizon.ts'
import { manualScheduler } from '../helpers/scheduler.ts'
import { testService } from '../helpers/service.ts'
import { PATIENCE } from '../helpers/until.ts'
import { at, city } from './city.ts'

const source = (hhmm: string): SourceStatus =>
  ({ tag: 'test', url: 'https://feed/?key=canary', timestamp: at(hhmm), receivedAt: at(hhmm) }) as never

test('hours, days, and one day', async () => {
  const statistics = mkdtempSync(join(tmpdir(), 'freifahrt-days-'))
  const sources = [source('9:00')]
  const late = plannedRun(city.tt, city.trip('U2'), (city.day + 1) as ServiceDay)
  for (const call of late.calls) call.departure += 400
  const service = testService(city, at('9:00'), { ...liveState([late]), sources })
  const server = await startServer(service, { ...apiDefaults, port: 0, statistics })
  onTestFinished(async () => {
    await server.close()
    rmSync(statistics, { recursive: true })
  })
  const get = async (path: string): Promise<{ status: number; json: never; text: string }> => {
    const answer = await fetch(`${server.url}/api/freifahrt/v1/statistics${path}`)
    const text = await answer.text()
    return { status: answer.status, json: JSON.parse(text) as never, text }
  }
  expect((await get('')).json).toMatchObject({ hours: [] })
  expect((await get('/days')).json).toEqual({ days: [] })
  for (let minutes = 0; minutes <= 300; minutes += 10) {
    service.time = (at('9:00') + minutes * 60) as never
    service.publish({ ...liveState([late]), sources })
  }
  const hours = await get('?hours=48')
  expectShape(HoursResponse, hours.json)
  expect(hours.text).not.toContain('canary')
  // page by page it is the same; a page has an hour at least
  const all = (hours.json as { hours: { from: string; routes: unknown[] }[] }).hours
  expect(all.length).toBeGreaterThan(2)
  expect((await get(`?since=${all[1]!.from}&hours=1`)).json).toMatchObject({ hours: [all[1]], next: all[2]!.from })
  const paged = []
  let pages = 0
  let since: number | undefined
  do {
    const page = JSON.parse(hoursText(service, { hours: 48, since }, 1))
    expectShape(HoursResponse, page)
    const rows = page.hours.flatMap((hour: { routes: unknown[] }) => hour.routes)
    expect(page.hours.length === 1 || rows.length <= 1).toBe(true)
    pages++
    paged.push(...page.hours)
    since = page.next && Date.parse(page.next) / 1000
  } while (since)
  expect(paged).toEqual(all)
  expect(pages).toBeGreaterThan(1)
  const collect = () =>
    collectStatistics({ from: server.url, out: statistics }, { allowHosts: [], signal: AbortSignal.timeout(PATIENCE) })
  const [date] = await collect()
  expect(await collect()).toEqual([])
  const days = await get('/days')
  expectShape(DaysResponse, days.json)
  const day = await get(`/days/${date}`)
  expectShape(DayResponse, day.json)
  const { routes } = day.json as { routes: { route: string; late: number; observed: number; punctuality?: number }[] }
  const told = routes.find(({ observed }) => observed > 0)!
  expect(told).toMatchObject({ late: told.observed, punctuality: 0, delay: 400 })
  expect((days.json as { days: { all: unknown }[] }).days[0]!.all).toMatchObject({
    late: told.observed,
    punctuality: 0,
  })
  expect((await get('/days/2020-01-01')).status).toBe(400)
  expect((await get('/days/..%2F..%2Fx')).status).toBe(400)
})

test('a source that falls silent is looked at like any other, and hours are counted without realtime', () => {
  const service = testService(city, at('10:00'), { ...liveState([]), sources: [source('10:00')] })
  const scheduler = manualScheduler()
  const stop = countHours(() => service, scheduler)
  for (let minute = 0; minute < 100; minute++) {
    scheduler.advance(60_000)
    service.time = (service.time + 60) as UnixSeconds
  }
  const [hour] = fleetOf(service).hours.counted
  expect(hour?.feeds).toMatchObject([{ looks: 60, fresh: 2 }])
  expect([...hour!.routes.values()].some(({ planned, missing }) => planned > 0 && missing === planned)).toBe(true)
  stop()
  scheduler.advance(3 * 3600_000)
  expect(fleetOf(service).hours.counted).toHaveLength(1)
})
