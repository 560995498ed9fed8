// From a departure to a day's numbers: counted by the server, kept by the job, served again.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { apiDefaults } from '#api/config.ts'
import { DayResponse, DaysResponse, HoursResponse } from '#api/fleet/statistics.ts'
import { startServer } from '#api/server.ts'
import type { ServiceDay } from '#engine/core/time.ts'
import type { SourceStatus } from '#engine/live/state.ts'
import { collectStatistics } from '#workers/statistics.ts'
import { expectShape } from '../helpers/api.ts'
import { liveState, plannedRun } from '../helpers/horizon.ts'
import { testService } from '../helpers/service.ts'
import { at, city } from './city.ts'

test('hours, days, and one day', async () => {
  const statistics = mkdtempSync(join(tmpdir(), 'freifahrt-days-'))
  const sources = [
    { tag: 'test', url: 'https://feed/?key=canary', timestamp: at('9:00'), receivedAt: at('9:00') },
  ] as unknown as SourceStatus[]
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
  const collect = () =>
    collectStatistics({ from: server.url, out: statistics }, { allowHosts: [], signal: AbortSignal.timeout(5000) })
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
