// The fleet view over HTTP, and its route channel.

import { expect, test } from 'vitest'
import { apiDefaults, fleetRulesOf } from '#api/config.ts'
import { CancellationsResponse, FleetResponse, RouteResponse, RoutesResponse } from '#api/fleet/routes.ts'
import { toE7 } from '#engine/core/geo.ts'
import type { ServiceDay } from '#engine/core/time.ts'
import { fleetDefaults } from '#engine/fleet/rules.ts'
import { type LiveVehicle, RunState, type SourceStatus } from '#engine/live/state.ts'
import { appFor, expectShape, get, refused } from '../helpers/api.ts'
import { type ChangedRun, liveState, plannedRun } from '../helpers/horizon.ts'
import { join, world } from '../helpers/live.ts'
import { testService } from '../helpers/service.ts'
import { at, city, iso } from './city.ts'

const day = (city.day + 1) as ServiceDay
const run = (id: string, seconds = 0): ChangedRun => {
  const planned = plannedRun(city.tt, city.trip(id), day)
  for (const call of planned.calls) {
    call.arrival += seconds
    call.departure += seconds
  }
  return planned
}
const sources = [
  {
    tag: 'test',
    timestamp: at('10:20'),
    receivedAt: at('10:20'),
    tripUpdates: 1,
    vehicles: 0,
  } as unknown as SourceStatus,
]
const vehicle = (change: Partial<LiveVehicle> = {}): LiveVehicle => ({
  id: '7',
  source: 0,
  trip: city.trip('U2'),
  day,
  shift: 0,
  lat: toE7(51.53),
  lon: toE7(7.45),
  timestamp: at('10:20'),
  ...change,
})

const appAt = (
  hhmm: string,
  runs: readonly ChangedRun[],
  vehicles: readonly LiveVehicle[] = [],
  fleet = fleetDefaults,
) => appFor(testService(city, at(hhmm), { ...liveState(runs), vehicles, sources }), { ...apiDefaults, fleet })

test('vehicles, by box and feed, and how many do how', async () => {
  const app = appAt(
    '10:21',
    [run('U2', 400)],
    [vehicle(), { ...vehicle({ id: '8', lat: toE7(52) }), trip: undefined! }],
  )
  const all = await get<{ vehicles: { id: string; state: string }[]; states: unknown }>(app, '/api/freifahrt/v1/fleet')
  expectShape(FleetResponse, all)
  expect(all.vehicles.map(v => [v.id, v.state])).toEqual([
    ['test_7', 'late'],
    ['test_8', 'unassigned'],
  ])
  expect(all.states).toEqual({ late: 1, unassigned: 1 })
  const box = await get<{ vehicles: unknown[] }>(app, '/api/freifahrt/v1/fleet?min=51.5,7.4&max=51.6,7.5&tag=test')
  expect(box.vehicles).toHaveLength(1)
  expect((await refused(app, '/api/freifahrt/v1/fleet?min=51.5,7.4'))[0]).toBe(400)
})

test('thresholds are settings', async () => {
  const app = appAt('10:21', [run('U2', 400)], [vehicle()], fleetRulesOf(['lateSeconds=420']))
  expect(await get(app, '/api/freifahrt/v1/fleet')).toMatchObject({ vehicles: [{ state: 'on_time' }] })
  for (const bad of ['lateSeconds', 'lateSeconds=x', 'nothing=1', '__proto__=1'])
    expect(() => fleetRulesOf([bad])).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' }))
})

test('a route with its runs, and all routes that have some', async () => {
  const app = appAt('10:21', [run('U2', 90)])
  const one = await get(app, '/api/freifahrt/v1/routes/test_U2')
  expectShape(RouteResponse, one)
  expect(one).toMatchObject({
    route: { id: 'test_U2', line: 'U2' },
    // at D 10:21:30
    runs: [{ stop: 'test_D', delay: 90, pred: at('10:21') + 30, headway: null }],
    summary: { runs: 1, live: 1, ghosts: 0, delay: { median: 90 } },
  })
  const all = await get<{ routes: { route: { id: string } }[] }>(app, '/api/freifahrt/v1/routes')
  expectShape(RoutesResponse, all)
  expect(all.routes.map(({ route }) => route.id)).toEqual(['test_S1', 'test_U2'])
  expect((await refused(app, '/api/freifahrt/v1/routes/test_X'))[0]).toBe(404)
})

test('cancellations: whole runs, single stops, and ghosts', async () => {
  const skipping = run('U2#2')
  skipping.calls[1]!.skipped = true
  const app = appAt('10:21', [{ ...run('U2'), state: RunState.cancelled }, skipping])
  const answer = await get<Record<string, unknown[]>>(app, '/api/freifahrt/v1/cancellations')
  expectShape(CancellationsResponse, answer)
  expect(answer).toMatchObject({
    cancelled: [{ line: 'U2', begin: iso('10:14'), from: 'Hbf', to: 'E' }],
    skipped: [{ begin: iso('10:44'), stops: [{ stop: 'test_D', sched: iso('10:50') }] }],
    ghosts: [{ line: 'S1', begin: iso('10:00') }],
  })
})

test('M6: whose feed only sends alerts has no ghosts', async () => {
  const silent = sources.map(source => ({ ...source, tripUpdates: 0, alerts: 3 }))
  const app = appFor(testService(city, at('10:21'), { ...liveState([]), sources: silent }))
  expect(await get(app, '/api/freifahrt/v1/cancellations')).toMatchObject({ ghosts: [] })
})

test('route: the same as its page, and what changes', async () => {
  const w = world('10:19')
  const listener = join<'route'>(w, 'route:test_U2')
  expect(listener.snaps[0]!.rows).toMatchObject([{ stop: 'test_D', delay: null, ghost: false }])
  w.service.publish({ ...liveState([run('U2', 90)]), sources })
  const page = await get<{ runs: unknown; summary: unknown; route: unknown }>(
    appFor(w.service),
    '/api/freifahrt/v1/routes/test_U2',
  )
  expect(listener.display.said).toEqual({ rows: page.runs, route: page.route, summary: page.summary })
  w.pass(780)
  expect(listener.display.rows.size).toBe(0)
  expect(() => w.hub.open('route:test_X')).toThrow(expect.objectContaining({ code: 'UNKNOWN_ROUTE' }))
})
