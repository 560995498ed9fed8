// Ways to the first ride, from the last and all the way that are not on foot, read again and watched.

import { expect, test } from 'vitest'
import { Itinerary } from '#api/contract/itinerary.ts'
import { readJourney } from '#api/live/journey.ts'
import type { SnapOf } from '#api/live/messages.ts'
import { watchedJourney } from '#api/live/topics/journey.ts'
import { itineraryId, profilesOf, readItineraryId, writeItineraryId } from '#api/render/itinerary-id.ts'
import type { PlanView } from '#api/render/plan-view.ts'
import { type Conditions, noConditions } from '#engine/conditions/conditions.ts'
import { silence } from '#engine/live/state.ts'
import { queryDefaults } from '#engine/plan/query.ts'
import { Profile, withChanges } from '#engine/street/profile.ts'
import type { Approach, Journey } from '#engine/transit/journey.ts'
import { appFor, expectShape, get, refused } from '../helpers/api.ts'
import { hubOf, join } from '../helpers/live.ts'
import { manualScheduler } from '../helpers/scheduler.ts'
import { testService } from '../helpers/service.ts'
import { at, city, iso } from './city.ts'

const point = { lat: 515_010_000, lon: 74_010_000, name: 'Markt', station: 'm' }
const back = { lat: 515_002_000, lon: 74_002_000, name: 'Bahnhof', station: 'b' }
const rental: Approach = {
  mode: 'RENTAL',
  parts: [
    { mode: 'WALK', seconds: 120.25, from: undefined, to: point },
    { mode: 'RENTAL', seconds: 300, from: point, to: back },
    { mode: 'WALK', seconds: 59.75, from: back, to: undefined },
  ],
  rental: { system: 'rad', type: 'r' },
}
const own = (mode: 'BIKE' | 'CAR'): Approach => ({
  mode,
  parts: [{ mode, seconds: 480, from: undefined, to: undefined }],
})
const offering = (free: number): Conditions => ({
  ...noConditions,
  rentals: [
    {
      ...{
        id: 'rad',
        group: 'rad',
        name: 'Stadtrad',
        systemId: 'rad',
        vehicles: [],
        zones: [],
        otherwise: [],
        measured: at('9:00'),
      },
      types: [
        { id: 'r', name: 'r', formFactor: 'BICYCLE', propulsion: 'HUMAN', rangeMetres: undefined, returns: 'NONE' },
      ],
      stations: [
        {
          id: 'm',
          name: 'Markt',
          lat: point.lat,
          lon: point.lon,
          renting: true,
          returning: true,
          docks: undefined,
          available: { r: free },
        },
      ],
    },
  ],
})

/** From a place to A with the approach, S1 to C. */
const [from, to] = [
  { kind: 'coordinate', lat: 515_020_000, lon: 74_020_000 } as const,
  { kind: 'stop', stop: city.stop('C') } as const,
]
function idOf(by: Approach, query: Partial<PlanView['query']> = {}, direct = false): string {
  const service = testService(city, at('9:00'))
  const [departure, board, arrival] = [at('9:52'), at('10:00'), at('10:40')]
  const stop = city.stop('A')
  const way = { kind: 'walk', by, from: { kind: 'start' }, departure, arrival: board } as const
  const day = Math.floor(at('0:00') / 86_400) as never
  const ride = {
    kind: 'ride',
    trip: city.trip('S1'),
    day,
    shift: 0,
    board: 0,
    alight: 2,
    from: stop,
    to: to.stop,
  } as const
  const legs: Journey['legs'] = direct
    ? [{ ...way, to: { kind: 'end' } }]
    : [
        { ...way, to: { kind: 'stop', stop } },
        { ...ride, departure: board, arrival },
      ]
  const view = {
    ...{ horizon: service.horizon, version: 6, language: [], realtime: true, now: at('9:00') },
    query: { ...queryDefaults, from, to, time: departure, ...query },
  } as unknown as PlanView
  return itineraryId(view, { departure, arrival, transfers: 0, legs })
}

function world(conditions: Conditions, now = at('9:00')) {
  const service = testService(city, now)
  service.publish(silence, [], conditions)
  const read = (id: string) => get<Itinerary>(appFor(service), `/api/v6/refresh-itinerary?itineraryId=${id}`)
  const watch = (id: string) => readJourney(service.horizon, watchedJourney(service, id, []), now)
  return { read, watch }
}
const told = ({ legs }: Itinerary) =>
  legs.map(leg => `${leg.startTime.slice(11, 16)} ${leg.mode}${leg.cancelled ? ' cancelled' : ''}`)

test.each(['BIKE', 'CAR'] as const)('a %s stays one: to the first ride, all the way, and watched', async mode => {
  const { read, watch } = world(noConditions)
  const now = await read(idOf(own(mode)))
  expectShape(Itinerary, now)
  expect(told(now)).toEqual([`09:52 ${mode}`, '10:00 REGIONAL_RAIL'])
  expect(now.id).toBe(idOf(own(mode)))
  expect(told(await read(idOf(own(mode), {}, true)))).toEqual([`09:52 ${mode}`])
  expect(watch(idOf(own(mode))).rows.map(row => row.mode)).toEqual([mode, 'REGIONAL_RAIL'])
})

test('a rental that is offered: its parts, with whose it is', async () => {
  const { read, watch } = world(offering(1))
  const now = await read(idOf(rental))
  expectShape(Itinerary, now)
  expect(told(now)).toEqual(['09:52 WALK', '09:54 RENTAL', '09:59 WALK', '10:00 REGIONAL_RAIL'])
  expect(now.legs[1]).toMatchObject({ from: { name: 'Markt' }, rental: { providerId: 'rad', formFactor: 'BICYCLE' } })
  expect(now.broken).toBeUndefined()
  const { rows, journey, stranded } = watch(idOf(rental))
  expect(rows.map(row => [row.mode, row.departure])).toEqual([
    ['WALK', at('9:52')],
    ['RENTAL', at('9:54')],
    ['WALK', at('9:59')],
    ['REGIONAL_RAIL', at('10:00')],
  ])
  expect([journey.state, stranded]).toEqual(['ok', undefined])
})

test('a vehicle that is left right at the end: nothing is walked from there', async () => {
  const [walk, ride] = rental.parts
  const there = { ...rental, parts: [{ ...walk!, seconds: 180 }, ride!] }
  expect(readItineraryId(idOf(there)).start.by?.parts.map(({ mode, to }) => [mode, to?.name])).toEqual([
    ['WALK', 'Markt'],
    ['RENTAL', 'Bahnhof'],
  ])
  const now = await world(offering(1)).read(idOf(there))
  expect(now.id).toBe(idOf(there))
  expect(told(now)).toEqual(['09:52 WALK', '09:55 RENTAL', '10:00 REGIONAL_RAIL'])
})

test('a vehicle that stands by itself: how far it is still good for', async () => {
  const free = { lat: point.lat, lon: point.lon, name: 'Stadtrad' }
  const [system] = offering(0).rentals
  const vehicle = { id: 'x', type: 'r', lat: free.lat, lon: free.lon, usable: true, rangeMetres: 11_999.6 }
  const parts = rental.parts.map(part => ({ ...part, ...(part.to && { to: free }), ...(part.from && { from: free }) }))
  const { read } = world({ ...noConditions, rentals: [{ ...system!, stations: [], vehicles: [vehicle] }] })
  const now = await read(idOf({ ...rental, parts }))
  expectShape(Itinerary, now)
  expect(now.legs[1]!.rental).toMatchObject({ systemName: 'Stadtrad', rangeMeters: 12_000 })
})

test('what was planned within six hours is as known when it is taken after them, and gone only when it is', async () => {
  const free = { lat: point.lat, lon: point.lon, name: 'Stadtrad' }
  const parts = rental.parts.map(part => ({ ...part, ...(part.to && { to: free }), ...(part.from && { from: free }) }))
  // whoever sets out at 9:52 takes it at 9:54
  const [system] = offering(0).rentals
  const measured = at('3:53')
  const standing = (vehicles: readonly object[], measured: number) =>
    world({ ...noConditions, rentals: [{ ...system!, stations: [], vehicles: vehicles as never, measured }] })
  const vehicle = { id: 'x', type: 'r', lat: free.lat, lon: free.lon, usable: true, rangeMetres: 12_000 }
  const id = idOf({ ...rental, parts })
  const now = await standing([vehicle], measured).read(id)
  expect([now.broken, now.legs[1]!.rental]).toMatchObject([undefined, { rangeMeters: 12_000, availability: 'KNOWN' }])
  expect((await standing([], measured).read(id)).broken).toBe(true)
  const later = await standing([vehicle], at('3:51')).read(id)
  expect([later.broken, later.legs[1]!.rental!.availability]).toEqual([undefined, 'UNKNOWN'])
})

test.each([
  ['none is left', offering(0)],
  ['the system is gone', noConditions],
])('%s: the ride is cancelled, never a walk; another way is needed', async (_, conditions) => {
  const { read, watch } = world(conditions)
  const now = await read(idOf(rental))
  expectShape(Itinerary, now)
  expect(told(now)).toEqual(['09:52 WALK', '09:54 RENTAL cancelled', '09:59 WALK', '10:00 REGIONAL_RAIL'])
  expect(now.broken).toBe(true)
  const { notices, journey, stranded } = watch(idOf(rental))
  expect(notices).toEqual([{ kind: 'cancelled', leg: '1' }])
  expect(journey.state).toBe('broken')
  expect(stranded).toEqual({ from, at: at('9:52') })
})

test('a watched journey is told when the last one has been taken', () => {
  const service = testService(city, at('9:00'))
  service.publish(silence, [], offering(1))
  const scheduler = manualScheduler()
  const hub = hubOf(service, scheduler)
  const { display } = join<'journey'>({ hub } as never, `journey:${idOf(rental)}`)
  const state = () => (display.members as unknown as SnapOf<'journey'>).journey.state
  expect(state()).toBe('ok')
  service.publish(silence, [], offering(0))
  scheduler.advance(5000)
  expect(state()).toBe('broken')
  hub.close()
})

test('whoever rides by now has the vehicle', async () => {
  expect(told(await world(offering(0), at('9:56')).read(idOf(rental)))[1]).toBe('09:54 RENTAL')
})

test('the id says who travels, and an old one is read as before', async () => {
  expect(readItineraryId(idOf(own('BIKE'), { rider: Profile.cargoBike })).who).toEqual({
    walker: 'foot',
    rider: 'cargoBike',
  })
  expect(readItineraryId(idOf(own('BIKE'))).who).toBeUndefined()
  const asked = withChanges(Profile.walker, { limits: { maxSlope: 3, unknown: 'refuse', maxWithoutRest: 200 } })
  const { who } = readItineraryId(idOf(own('BIKE'), { walker: asked }))
  expect(who!.limits).toEqual({ maxSlope: 3, unknown: 'refuse', maxWithoutRest: 200 })
  expect(profilesOf(who!)).toEqual({ walker: asked, rider: Profile.bike })
  for (const limits of [{ maxSlope: -1 }, { maxSlope: '3' }, { stairs: true }, { __proto__x: 1 }, 7])
    expect(() =>
      readItineraryId(writeItineraryId({ ...readItineraryId(idOf(own('BIKE'))), who: { ...who!, limits } as never })),
    ).toThrow(/BAD_REQUEST/)
  const saved = readItineraryId(idOf(own('BIKE')))
  const old = writeItineraryId({ ...saved, start: { place: saved.start.place, seconds: 480 } })
  const now = await world(noConditions).read(old)
  expect(told(now)).toEqual(['09:52 WALK', '10:00 REGIONAL_RAIL'])
  expect(now.startTime).toBe(iso('9:52'))
})

test.each([
  ['no list', 1],
  ['a mode that is none', ['FLY', [['WALK', 1]]]],
  ['no parts', ['BIKE', []]],
  [
    'a place off the earth',
    [
      'BIKE',
      [
        ['BIKE', 1, [1e12, 0, '', '']],
        ['WALK', 1],
      ],
    ],
  ],
  ['a bicycle of a rental system', ['BIKE', [['BIKE', 1]], ['rad', 'r']]],
])('an approach that nobody wrote: %s', async (_, by) => {
  const id = Buffer.from(JSON.stringify([['test_A', 0, at('9:00'), by], [], ['test_C', 0]])).toString('base64url')
  const app = appFor(testService(city, at('9:00')))
  expect((await refused(app, `/api/v6/refresh-itinerary?itineraryId=${id}`))[0]).toBe(400)
})

// ── MOTIS' own words in a POST ────────────────────────────────────────────────────────────────────────────────────────
const street = (mode: string, from: string, to: string, schedStart: string, schedEnd: string, lat = 51.501) => ({
  ...{ mode, schedStart: iso(schedStart), schedEnd: iso(schedEnd) },
  ...{ fromId: from, fromLat: 51.502, fromLon: 7.402, toId: to, toLat: lat, toLon: 7.401 },
})
const s1 = {
  ...{ tripId: '20260110_10:00_test_S1', mode: 'REGIONAL_RAIL', displayName: 'S1' },
  ...{ fromId: 'test_A', toId: 'test_C', schedStart: iso('10:00'), schedEnd: iso('10:40') },
}
const post = (legs: object[]) =>
  appFor(testService(city, at('9:00'))).inject({
    method: 'POST',
    url: '/api/v6/refresh-itinerary',
    payload: { id: { legs } },
  })

test.each([
  ['BIKE', ['BIKE']],
  ['CAR_PARKING', ['CAR_PARKING', 'WALK']],
  ['RENTAL', ['WALK', 'RENTAL', 'WALK']],
])('%s in a body stays one, all its legs and their times, and its id says the same', async (_, modes) => {
  const minute = (i: number): string => `9:${48 + 4 * i}`
  const way = modes.map((mode, i) => street(mode, '', i === modes.length - 1 ? 'test_A' : '', minute(i), minute(i + 1)))
  const last = { ...street('WALK', 'test_C', '', '10:40', '10:45') }
  const answer = await post([...way, { ...s1, schedStart: iso('10:00') }, last])
  expect(answer.statusCode, answer.body).toBe(200)
  const now = answer.json<Itinerary>()
  expectShape(Itinerary, now)
  // the way ends when the ride begins
  const shift = 60 - 48 - 4 * modes.length
  expect(told(now)).toEqual([
    ...modes.map((mode, i) => `09:${48 + shift + 4 * i} ${mode}`),
    '10:00 REGIONAL_RAIL',
    '10:40 WALK',
  ])
  expect(now.endTime).toBe(iso('10:45'))
  expect(told(await world(noConditions).read(now.id))).toEqual(told(now))
})

test.each([
  ['a mode that is none', street('BROOM', '', 'test_A', '9:52', '10:00')],
  ['a way into the past', street('BIKE', '', 'test_A', '10:00', '9:52')],
])('a body with %s is refused', async (_, way) => {
  const answer = await post([way, s1])
  expect([answer.statusCode, answer.json()]).toEqual([400, { error: expect.stringContaining('id.legs') }])
})

test('a body without rides: by bicycle all the way', async () => {
  const answer = await post([street('BIKE', '', 'test_A', '9:52', '10:00')])
  expect(told(answer.json())).toEqual(['09:52 BIKE'])
})
