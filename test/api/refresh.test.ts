// Itineraries read again, and other runs for their rides.

import { describe, expect, test } from 'vitest'
import { Itinerary, type Leg, PlanResponse } from '#api/contract/itinerary.ts'
import { readItineraryId } from '#api/render/itinerary-id.ts'
import type { ServiceDay } from '#engine/core/time.ts'
import { mergeTransfers } from '#engine/footpaths/transfers.ts'
import { RunState } from '#engine/live/state.ts'
import { appFor, expectShape, get, refused } from '../helpers/api.ts'
import { type ChangedRun, lateRun, liveState, plannedRun } from '../helpers/horizon.ts'
import { refreshByWords } from '../helpers/motis-words.ts'
import { type Entity, say, storeOf } from '../helpers/realtime.ts'
import { testService } from '../helpers/service.ts'
import { timetable } from '../helpers/timetable.ts'
import { at, city, detour, iso, newCity } from './city.ts'

const day = (at('0:00') / 86_400) as ServiceDay

/** The first itinerary of a request, and an app whose world has changed since. */
async function later(places: string, live: readonly ChangedRun[] = [], world = city) {
  const service = testService(world, at('9:00'))
  const app = appFor(service)
  const [before] = (await get<PlanResponse>(app, `/api/v6/plan?${places}&time=${iso('9:50')}`)).itineraries
  service.publish(liveState(live))
  const refresh = () => get<Itinerary>(app, `/api/v6/refresh-itinerary?itineraryId=${before!.id}`)
  return { app, before: before!, refresh }
}

const told = (leg: Leg): string =>
  [
    `${leg.startTime.slice(11, 16)} ${leg.displayName ?? leg.mode} ${leg.endTime.slice(11, 16)}`,
    ...(leg.cancelled ? ['cancelled'] : []),
    ...(leg.missed ? ['missed'] : []),
  ].join(' ')

const late = (trip: string, seconds: number) => lateRun(city.tt, city.trip(trip), day, seconds)

const A_TO_E = 'fromPlace=test_A&toPlace=test_E'

test.each([A_TO_E, 'fromPlace=51.5005,7.4005,0&toPlace=51.5405,7.4605,0', 'fromPlace=test_A&toPlace=51.5405,7.4605'])(
  'nothing has changed: the very same itinerary (%s)',
  async places => {
    const { before, refresh } = await later(places)
    const now = await refresh()
    expectShape(Itinerary, now)
    expect(now).toEqual(before)
  },
)

test('walking all the way', async () => {
  const app = appFor(testService(city, at('9:00')))
  const near = `fromPlace=51.5005,7.4005&toPlace=51.5015,7.4015&time=${iso('9:50')}`
  const [direct] = (await get<PlanResponse>(app, `/api/v6/plan?${near}`)).direct
  expect(await get<Itinerary>(app, `/api/v6/refresh-itinerary?itineraryId=${direct!.id}`)).toEqual(direct)
})

test('a minute late: the change still works, the walk begins when the rider is there', async () => {
  const { refresh } = await later(A_TO_E, [late('S1', 60)])
  const { legs, broken } = await refresh()
  expect(legs.map(told)).toEqual(['10:01 S1 10:11', '10:11 WALK 10:13', '10:14 U2 10:30'])
  expect([legs[0]!.realTime, broken]).toEqual([true, undefined])
})

test('five minutes late: the connection is missed and said to be', async () => {
  const { refresh } = await later(A_TO_E, [late('S1', 300)])
  const now = await refresh()
  expectShape(Itinerary, now)
  expect(now.legs.map(told)).toEqual(['10:05 S1 10:15', '10:15 WALK 10:17', '10:14 U2 10:30 missed'])
  expect(now.broken).toBe(true)
})

test('a minute is too much for who walks half as fast: the walk is his own', async () => {
  const { before, refresh } = await later(`${A_TO_E}&pedestrianSpeed=0.6`, [late('S1', 60)])
  expect(before.legs.map(told)).toEqual(['10:00 S1 10:10', '10:10 WALK 10:14', '10:14 U2 10:30'])
  const now = await refresh()
  expect(now.legs.map(told)).toEqual(['10:01 S1 10:11', '10:11 WALK 10:15', '10:14 U2 10:30 missed'])
})

test('a cancelled run, a skipped stop', async () => {
  const cancelled = { ...plannedRun(city.tt, city.trip('U2'), day), state: RunState.cancelled }
  const gone = await (await later(A_TO_E, [cancelled])).refresh()
  expect(gone.legs.map(told)).toEqual(['10:00 S1 10:10', '10:10 WALK 10:12', '10:14 U2 10:30 cancelled'])
  expect(gone.broken).toBe(true)

  const skips = plannedRun(city.tt, city.trip('S1'), day)
  skips.calls[1]!.skipped = true
  const skipped = await (await later(A_TO_E, [skips])).refresh()
  expect(skipped.legs.map(told)[0]).toBe('10:00 S1 10:10 cancelled')
})

test('another platform: the walk leads there', async () => {
  const moved = plannedRun(city.tt, city.trip('S1'), day)
  moved.calls[1]!.stop = city.stop('H2')
  const { legs, broken } = await (await later(A_TO_E, [moved])).refresh()
  expect(legs.map(leg => [leg.mode, leg.to.stopId])).toEqual([
    ['REGIONAL_RAIL', 'test_H2'],
    ['WALK', 'test_H2'],
    ['SUBWAY', 'test_E'],
  ])
  expect(broken).toBeUndefined()
})

test('a run that the timetable no longer has is shown as it was planned, and cancelled', async () => {
  const { before } = await later(A_TO_E)
  const without = timetable(
    `
    S1   A 10:00   H1 10:10/10:11
    B3   D 11:00   E 11:10
    station Hbf: H1 H2
    walk H1–H2 2m`,
    { range: ['20260109', '20260112'] },
  )
  const app = appFor(testService(without, at('9:00')))
  // H2 has no run left, but is still a stop
  const now = await get<Itinerary>(app, `/api/v6/refresh-itinerary?itineraryId=${before.id}`)
  expectShape(Itinerary, now)
  expect(now.legs.map(told)).toEqual(['10:00 S1 10:10', '10:10 WALK 10:12', '10:14 U2 10:30 cancelled'])
  expect(now.broken).toBe(true)
})

test('a vehicle that waits for the one before says so, found and read again', async () => {
  const world = timetable(`
    S1   A 10:00   P1 10:10
    U2   P2 10:12   B 10:30
    station Hbf: P1 P2
    walk P1–P2 2m
    rule P1→P2 timed from=S1 to=U2`)
  const { app, before, refresh } = await later('fromPlace=test_A&toPlace=test_B', [], world)
  expect(before.legs.map(leg => leg.guaranteedTransfer)).toEqual([undefined, undefined, true])
  expect((await refresh()).legs).toEqual(before.legs)
  expect((await refreshByWords(app, before)).legs).toEqual(before.legs)
})

test('MOTIS’ own words in a POST say the same', async () => {
  const { app, before } = await later(A_TO_E)
  expect((await refreshByWords(app, before)).legs).toEqual(before.legs)
})

describe.each(['false', 'true'])('at stops that only realtime knows (arriveBy=%s)', arriveBy => {
  const asked = `/api/v6/plan?${A_TO_E}&arriveBy=${arriveBy}&time=${iso(arriveBy === 'true' ? '10:31' : '9:50')}`

  test.each([
    ['gets off', 'S1', ['test_A', 'test_new', 'test_new', 'test_H2', 'test_H2', 'test_E']],
    ['gets on', 'U2', ['test_A', 'test_H1', 'test_H1', 'test_new', 'test_new', 'test_E']],
  ])('who %s there reads the journey again, also when the stop comes under another number', async (_, line, stops) => {
    const network = newCity()
    const store = storeOf(network.tt)
    const service = testService(network, at('9:00'))
    const app = appFor(service)
    const publish = (second: number, ...entities: Entity[]) =>
      service.publish(say(store, { timestamp: at('9:00') + second }, ...entities).state)
    publish(0, ...detour(line))
    const [before] = (await get<PlanResponse>(app, asked)).itineraries
    expect(before!.legs.flatMap(({ from, to }) => [from.stopId, to.stopId])).toEqual(stops)
    const both = async () => {
      const now = await get<Itinerary>(app, `/api/v6/refresh-itinerary?itineraryId=${before!.id}`)
      expectShape(Itinerary, now)
      expect((await refreshByWords(app, before!)).legs).toEqual(now.legs)
      return now
    }
    expect(await both()).toEqual(before)

    const numbers = service.horizon.added!.stops
    publish(1, ...detour(line, 'Anders'))
    expect(service.horizon.added!.stops).not.toEqual(numbers)
    expect((await both()).legs.map(told)).toEqual(before!.legs.map(told))

    publish(2)
    const gone = await both()
    expect([gone.broken, gone.id]).toEqual([true, before!.id])
    const ride = gone.legs.find(leg => leg.displayName === line)!
    expect(told(ride)).toBe(`${line === 'S1' ? '10:00 S1 10:10' : '10:14 U2 10:30'} cancelled`)
    // the stop nearest to where it was
    expect((line === 'S1' ? ride.to : ride.from).stopId).toBe('test_H2')

    publish(3, ...detour(line))
    expect((await both()).legs).toEqual(before!.legs)
  })
})

const id = (values: unknown): string => Buffer.from(JSON.stringify(values)).toString('base64url')

test.each([
  ['nonsense', 400, 'nonsense'],
  ['no list', 400, id({})],
  ['rides are a text', 400, id([['test_A', 0, 0], 'x', ['test_C', 0]])],
  ['a walk into the past', 400, id([['test_A', -1, 0], [], ['test_C', 0]])],
  ['a time that is none', 400, id([['test_A', 0, 1e300], [], ['test_C', 0]])],
  ['a ride of numbers', 400, id([['test_A', 0, 0], [[1, 2, 3]], ['test_C', 0]])],
  ['too many rides', 400, id([['test_A', 0, 0], Array.from({ length: 33 }, () => []), ['test_C', 0]])],
  ['a stop that is none', 404, id([['__proto__', 0, 0], [], ['test_C', 0]])],
  ['too long', 400, 'x'.repeat(12_001)],
])('an id that nobody gave out, %s: %i', async (_what, status, itineraryId) => {
  const app = appFor(testService(city, at('9:00')))
  expect((await refused(app, `/api/v6/refresh-itinerary?itineraryId=${itineraryId}`))[0]).toBe(status)
})

test.each([[null], [{}], [{ id: { legs: [] } }], [{ id: { legs: [1] } }], [{ id: { legs: [{ tripId: 'x' }] } }]])(
  'a body that says nothing: %j',
  async payload => {
    const app = appFor(testService(city, at('9:00')))
    const answer = await app.inject({
      method: 'POST',
      url: '/api/v6/refresh-itinerary',
      headers: { 'content-type': 'application/json' },
      payload: JSON.stringify(payload),
    })
    expect(answer.statusCode).toBe(400)
    expect(Object.keys(answer.json() as object)).toEqual(['error'])
  },
)

test('numLegAlternatives: each with its ways to and from the ride, as many as asked', async () => {
  const ask = (n: number) =>
    get<PlanResponse>(
      appFor(testService(city, at('9:00'))),
      `/api/v6/plan?fromPlace=test_D&toPlace=test_E&time=${iso('11:05')}&numLegAlternatives=${n}`,
    )
  const answer = await ask(3)
  expectShape(PlanResponse, answer)
  const [ride] = answer.itineraries[0]!.legs
  expect(ride!.startTime).toBe(iso('11:10'))
  expect(ride!.alternatives!.map(legs => legs.map(told))).toEqual([
    ['11:00 WALK 11:00', '11:00 B3 11:10', '11:10 WALK 11:10'],
    ['11:20 WALK 11:20', '11:20 B3 11:30', '11:30 WALK 11:30'],
    ['11:30 WALK 11:30', '11:30 B3 11:40', '11:40 WALK 11:40'],
  ])
  expect((await ask(1)).itineraries[0]!.legs[0]!.alternatives).toHaveLength(1)
  expect((await ask(0)).itineraries[0]!.legs[0]!.alternatives).toBeUndefined()
})

test('pages through HTTP: there and back the same, nothing twice', async () => {
  const app = appFor(testService(city, at('9:00')))
  for (const arriveBy of [false, true]) {
    const page = (more: string) =>
      get<PlanResponse>(
        app,
        `/api/v6/plan?fromPlace=test_D&toPlace=test_E&arriveBy=${arriveBy}&numItineraries=1&maxItineraries=1&${more}`,
      )
    const cursor = (text: string) => page(`pageCursor=${encodeURIComponent(text)}`)
    const first = await page(`time=${iso(arriveBy ? '11:20' : '11:00')}`)
    const second = await cursor(first.nextPageCursor)
    const third = await cursor(second.nextPageCursor)
    const there = [first, second, third].flatMap(({ itineraries }) => itineraries.map(({ id }) => id))
    expect(new Set(there).size).toBe(3)
    const back2 = await cursor(third.previousPageCursor)
    const back1 = await cursor(back2.previousPageCursor)
    expect([back1, back2].flatMap(({ itineraries }) => itineraries.map(({ id }) => id))).toEqual(there.slice(0, 2))
    expect(second.direct).toEqual([])
  }
})

test('why nothing was found', async () => {
  const app = appFor(testService(city, at('9:00')))
  const answer = await get<PlanResponse>(
    app,
    `/api/v6/plan?${A_TO_E}&time=${iso('9:50')}&maxTransfers=0&searchWindow=900`,
  )
  expectShape(PlanResponse, answer)
  expect(answer.reasons).toEqual([{ code: 'MAX_TRANSFERS', text: expect.stringContaining('changes') }])
  expect(answer.debugOutput['reason:MAX_TRANSFERS']).toBe(1)
  expect((await get<PlanResponse>(app, `/api/v6/plan?${A_TO_E}&time=${iso('9:50')}`)).reasons).toBeUndefined()
})

//   A ── U1 ──▶ B ··78 m·· C ── U2 ──▶ D        a walk of 85 s; the vehicle waits, so the feed leaves no time for it
test.each([
  ['10:15:00', '10:11:25'],
  ['10:10:30', '10:10:30'],
  ['10:10:00', '10:10:00'],
])('a timed transfer, left by at %s: the walk is told until %s, and read again the same', async (leaves, until) => {
  const world = timetable(`
    at B 51.5,7.4
    at C 51.5007,7.4
    U1   A 10:00   B 10:10
    U2   C ${leaves}   D 10:30
    rule B→C timed`)
  const app = appFor(testService({ tt: world.tt, footpaths: mergeTransfers(world.tt, []) }, at('9:00')))
  const query = `fromPlace=test_A&toPlace=test_D&time=${iso('9:50')}`
  const [itinerary] = (await get<PlanResponse>(app, `/api/v6/plan?${query}`)).itineraries
  const walk = itinerary!.legs.find(({ mode }) => mode === 'WALK')!
  expect([walk.startTime, walk.endTime].map(time => time.slice(11, 19))).toEqual(['10:10:00', until])
  expect(walk.duration).toBe((Date.parse(walk.endTime) - Date.parse(walk.startTime)) / 1000)
  expect(walk.distance).toBeGreaterThan(77)
  const again = await get<Itinerary>(app, `/api/v6/refresh-itinerary?itineraryId=${itinerary!.id}`)
  expect(again.legs.find(({ mode }) => mode === 'WALK')).toEqual(walk)
})

test('fares and closed stops are told when they are asked for, as plan tells them', async () => {
  const world = timetable('U1   A 10:00   -B- 10:10   C 10:20')
  const app = appFor(testService(world, at('9:00')))
  const wishes = '&withFares=true&withScheduledSkippedStops=true'
  const [before] = (
    await get<PlanResponse>(app, `/api/v6/plan?fromPlace=test_A&toPlace=test_C&time=${iso('9:50')}${wishes}`)
  ).itineraries
  expect([before!.fareTransfers?.length, before!.legs[0]!.intermediateStops!.length]).toEqual([1, 1])
  const url = `/api/v6/refresh-itinerary?itineraryId=${before!.id}`
  expect(await get(app, url + wishes)).toEqual(before)
  expect((await refreshByWords(app, before!, wishes)).legs).toEqual(before!.legs)
  const plain = await get<Itinerary>(app, url)
  expect([plain.fareTransfers, plain.legs[0]!.intermediateStops]).toEqual([undefined, []])
})

test.each(['pedestrianProfile=WHEELCHAIR', 'pedestrianSpeed=0.6', 'maxSlope=4', 'cyclingProfile=CARGO_BIKE'])(
  'in MOTIS’ own words: who travels is asked for in the query or the body (%s)',
  async who => {
    const { app, before } = await later(`fromPlace=test_A&toPlace=test_E&${who}`)
    const of = ({ id }: Itinerary) => readItineraryId(id).who
    expect(of(before)).toBeDefined()
    expect(of(await refreshByWords(app, before, who))).toEqual(of(before))
    expect(
      of(await refreshByWords(app, before, '', { ...Object.fromEntries([who.split('=')]), language: null })),
    ).toEqual(of(before))
    expect(of(await refreshByWords(app, before))).toBeUndefined()
  },
)
