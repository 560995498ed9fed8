// Stops that only realtime knows, asked for by id as any other stop for as long as realtime tells of them.

import { expect, test } from 'vitest'
import type { StoptimesResponse } from '#api/contract/board.ts'
import type { PlanResponse } from '#api/contract/itinerary.ts'
import type { Row } from '#api/live/rows/board.ts'
import { appFor, get } from '../helpers/api.ts'
import { join, Listener, world } from '../helpers/live.ts'
import { type Entity, raw, say, storeOf, trip, tripBy } from '../helpers/realtime.ts'
import { at, detour, iso, newCity } from './city.ts'

function hearing() {
  const network = newCity()
  const w = world('9:50', network)
  const store = storeOf(network.tt)
  return {
    ...w,
    app: appFor(w.service),
    publish(second: number, ...entities: Entity[]) {
      const { state, changedStops } = say(store, { timestamp: at('9:50') + second }, ...entities)
      w.service.publish(state, changedStops)
      w.pass(2)
    },
  }
}

const rides = ({ itineraries }: PlanResponse): string[] | undefined =>
  itineraries[0]?.legs
    .filter(({ mode }) => mode !== 'WALK')
    .map(
      leg =>
        `${leg.from.stopId} ${leg.startTime.slice(11, 16)} ${leg.displayName} ${leg.endTime.slice(11, 16)} ${leg.to.stopId}`,
    )

test('plan: from, to and via; once it is gone, no stop of that name', async () => {
  const { app, publish } = hearing()
  const ask = (query: string) => `/api/v6/plan?time=${iso('9:50')}&${query}`
  const plan = async (query: string) => rides(await get<PlanResponse>(app, ask(query)))
  const s1 = 'fromPlace=test_A&toPlace=test_new'
  const u2 = 'fromPlace=test_new&toPlace=test_E'
  const through = 'fromPlace=test_A&toPlace=test_C&via=test_new&viaMinimumStay=0'
  publish(0, ...detour('S1'))
  expect(await plan(s1)).toEqual(['test_A 10:00 S1 10:10 test_new'])
  expect(await plan(s1.replaceAll('test_new', 'new'))).toEqual(['test_A 10:00 S1 10:10 test_new'])
  expect(await plan(through)).toEqual(['test_A 10:00 S1 10:40 test_C'])
  publish(10, ...detour('U2'))
  expect(await plan(u2)).toEqual(['test_new 10:14 U2 10:30 test_E'])
  publish(20)
  for (const query of [s1, u2, through]) {
    const { statusCode, body } = await app.inject(ask(query))
    expect([statusCode, JSON.parse(body).error]).toEqual([404, expect.stringContaining("no stop 'test_new'")])
  }
})

test('stoptimes: what calls there', async () => {
  const { app, publish } = hearing()
  const url = '/api/v6/stoptimes?stopId=test_new&n=2'
  publish(0, ...detour('S1'))
  const { place, stopTimes } = await get<StoptimesResponse>(app, url)
  expect([place.name, stopTimes.map(s => `${s.place.departure!.slice(11, 16)} ${s.displayName}`)]).toEqual([
    'Neu',
    ['10:10 S1'],
  ])
  publish(10)
  expect((await app.inject(url)).statusCode).toBe(404)
})

test('stop: hears what changes there, also under another number; is gone with the stop, and can be asked for again', () => {
  const w = hearing()
  const { publish, hub } = w
  const unknown = expect.objectContaining({ code: 'UNKNOWN_STOP' })
  expect(() => hub.open('stop:test_new')).toThrow(unknown)
  publish(0, ...detour('S1'))
  const { display, messages } = join(w, 'stop:test_new')
  const told = () => [
    (display.members.stop as { name: string }).name,
    ...[...display.rows.values()].map(row => `${(row as Row).line} ${(row as Row).delay}`),
  ]
  expect(told()).toEqual(['Neu', 'S1 null'])
  const modified = tripBy({ modifiedTrip: { modificationsId: 'detour', affectedTripId: 'S1', startDate: '20260110' } })
  publish(10, ...detour('S1'), modified.stop(2).delay(60))
  expect(told()).toEqual(['Neu', 'S1 60'])
  publish(20, ...detour('S1', 'Anders'))
  expect(told()).toEqual(['Anders', 'S1 null'])
  publish(30)
  expect(messages.at(-1)).toMatchObject({ type: 'gone', ch: 'stop:test_new' })
  expect(w.errors).toEqual([])
  expect(() => hub.open('stop:test_new')).toThrow(unknown)
  publish(40, ...detour('S1'))
  expect(join(w, 'stop:test_new').display.rows.size).toBe(1)
})

test('nobody watches when it goes: who comes back is told so, and nothing is left behind', () => {
  const w = hearing()
  const { publish, hub } = w
  publish(0, ...detour('S1'))
  hub.remove(join(w, 'stop:test_new').client)
  publish(10)
  const { client } = new Listener()
  expect(() => hub.subscribe(client, hub.open('stop:test_new'))).toThrow(/no stop 'test_new'/)
  expect([client.subscribed, hub.size.channels]).toEqual([0, 0])
})

test.each([
  ['of the station', { parentStation: 'Hbf' }, 'Gleis 9', true],
  ['beside it, of the same name', {}, 'Hbf', true],
  ['beside it, of another name', {}, 'Neu', false],
])('a stop %s shows on the boards there as soon as it is told of', (_, more, name, shows) => {
  const w = hearing()
  const stop = raw({
    stop: { stopId: 'new', stopName: { translation: [{ text: name }] }, stopLat: 51.5098, stopLon: 7.4198, ...more },
  })
  const extra = trip('x', { routeId: 'U2', startDate: '20260110' })
    .is('NEW')
    .stop(1, 'new')
    .departure({ time: at('10:05') })
    .stop(2, 'F')
    .arrival({ time: at('10:30') })
  const boards = ['station:test_Hbf', 'stop:test_H1'].map(name => join(w, name).display)
  const platform = join(w, 'stop:test_H1;exact').display
  const shown = () => boards.map(({ rows }) => [...rows.values()].some(row => (row as Row).stop === 'test_new'))
  w.publish(0, stop, extra)
  expect(shown()).toEqual([shows, shows])
  expect([...platform.rows.values()].map(row => (row as Row).stop)).not.toContain('test_new')
  w.publish(10)
  expect(shown()).toEqual([false, false])
})
