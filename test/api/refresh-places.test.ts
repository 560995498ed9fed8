// An itinerary by way of places says the same when it is read again, and is watched as it is read; its stays are kept when a ride is late.

import { expect, test } from 'vitest'
import type { Itinerary, Leg, PlanResponse } from '#api/contract/itinerary.ts'
import type { SnapOf } from '#api/live/messages.ts'
import { publicStopId } from '#api/render/texts.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import type { ServiceDay, UnixSeconds } from '#engine/core/time.ts'
import { appFor, get, refused } from '../helpers/api.ts'
import { drawCity } from '../helpers/city.ts'
import { lateRun, liveState } from '../helpers/horizon.ts'
import { hubOf, join } from '../helpers/live.ts'
import { refreshByWords } from '../helpers/motis-words.ts'
import { random } from '../helpers/random.ts'
import { manualScheduler } from '../helpers/scheduler.ts'
import { testService } from '../helpers/service.ts'
import { timetable } from '../helpers/timetable.ts'
import { at, iso } from './city.ts'

/** A change at one stop, and a walk of no time, are no news. */
const takesTime = ({ startTime, endTime }: Leg): boolean => startTime !== endTime

const walksOf = ({ legs }: Itinerary): string[] =>
  legs.flatMap(({ mode, tripId, startTime, endTime }) =>
    tripId || startTime === endTime ? [] : [`${mode} ${Date.parse(startTime) / 1000} ${Date.parse(endTime) / 1000}`],
  )

test.each([1, 21, 41, 61])('drawn cities from %i on, places by stop and by coordinate', async first => {
  let [between, stayed] = [0, 0]
  for (let seed = first; seed < first + 20; seed++) {
    const r = random(400 + seed)
    const world = timetable(drawCity(r), { change: 60 })
    const { tt } = world
    const service = testService(world, (world.day * 86_400) as UnixSeconds)
    const app = appFor(service)
    const drawn = () => r.below(tt.counts.stops - tt.counts.roomStops) as StopIdx
    const stop = (): string => publicStopId(tt, drawn())
    const place = (): string => {
      const s = drawn()
      return `${(tt.stopLat[s]! + r.below(20_000)) / 1e7};${(tt.stopLon[s]! + r.below(20_000)) / 1e7}`
    }
    const via = (): string => (r.chance(0.5) ? place() : stop())
    const time = new Date((world.day * 86_400 + r.between(0, 40 * 3600)) * 1000).toISOString()
    const vias = Array.from({ length: r.between(1, 3) }, via)
    const stays = vias.map(() => (r.chance(0.5) ? 0 : r.between(0, 30)))
    const ends = `fromPlace=${stop()}&toPlace=${stop()}`
    const url = `/api/v6/plan?${ends}&via=${vias}&viaMinimumStay=${stays}&time=${time}&arriveBy=${r.chance(0.5)}&searchWindow=14400&numItineraries=2`
    const { itineraries } = await get<PlanResponse>(app, url)
    for (const itinerary of itineraries) {
      const again = await get<Itinerary>(app, `/api/v6/refresh-itinerary?itineraryId=${itinerary.id}`)
      const timed = (one: Itinerary) => ({ ...one, legs: one.legs.filter(takesTime) })
      expect(timed(again), `seed ${seed} ${url}`).toEqual(timed(itinerary))
      const words = await refreshByWords(app, itinerary)
      expect(timed(words).legs, `seed ${seed} ${url}`).toEqual(timed(itinerary).legs)
      expect([words.startTime, words.endTime]).toEqual([itinerary.startTime, itinerary.endTime])
      stayed += itinerary.legs.filter(({ stay }) => stay).length
      if (itinerary.legs.every(leg => !leg.tripId)) continue
      const { display } = join<'journey'>(
        { hub: hubOf(service, manualScheduler()) } as never,
        `journey:${itinerary.id}`,
      )
      const rows = [...display.rows.values()] as unknown as SnapOf<'journey'>['rows']
      const watched = rows.flatMap(row =>
        row.trip || row.departure === row.arrival ? [] : [`${row.mode} ${row.departure} ${row.arrival}`],
      )
      // a change at one stop is told as a walk there alone
      expect(walksOf(itinerary), `seed ${seed} ${url}`).toEqual(expect.arrayContaining(watched))
      if (itinerary.legs.some(({ to }) => to.name === 'VIA')) between++
      expect((display.members as unknown as SnapOf<'journey'>).notices).toEqual([])
    }
  }
  expect(between).toBeGreaterThan(3)
  expect(stayed).toBeGreaterThan(10)
})

test.each([
  ['test_V', 900, '10:15 U1 10:25, 10:30 U1 10:50'],
  ['test_V', 960, '10:16 U1 10:26, 10:30 U1 10:50 missed'],
  ['51.6005;7.42', 720, '10:12 U1 10:22, 10:22 WALK 10:23, 10:28 WALK 10:29, 10:30 U1 10:50'],
  ['51.6005;7.42', 780, '10:13 U1 10:23, 10:23 WALK 10:24, 10:29 WALK 10:30, 10:30 U1 10:50 missed'],
])('five minutes at %s, the ride there %i s late', async (via, seconds, told) => {
  const world = timetable(`
    at V 51.6,7.42
    U1   A 10:00   V 10:10   B 10:30   [id=one]
    U1   A 10:20   V 10:30   B 10:50   [id=two]`)
  const service = testService(world, at('9:00'))
  const app = appFor(service)
  const url = `/api/v6/plan?fromPlace=test_A&toPlace=test_B&time=${iso('9:50')}&searchWindow=3600&numItineraries=0&via=${via}&viaMinimumStay=5`
  const [found] = (await get<PlanResponse>(app, url)).itineraries as [Itinerary]
  const { id } = found
  const day = (at('0:00') / 86_400) as ServiceDay
  service.publish(liveState([lateRun(world.tt, world.trip('one'), day, seconds)]))
  const { legs } = await get<Itinerary>(app, `/api/v6/refresh-itinerary?itineraryId=${id}`)
  expect((await refreshByWords(app, found)).legs).toEqual(legs)
  const clock = (time: string): string => time.slice(11, 16)
  const say = ({ startTime, displayName, mode, endTime, missed }: Leg): string =>
    `${clock(startTime)} ${displayName ?? mode} ${clock(endTime)}${missed ? ' missed' : ''}`
  expect(legs.filter(takesTime).map(say).join(', ')).toBe(told)
})

test.each([
  ['as many walks as may be', 200, 16, 60],
  ['one more', 400, 17, 60],
  ['walks of more than a day', 400, 1, 86_401],
])('an id that nobody gave out, %s: %i', async (_what, status, atEnd, seconds) => {
  const world = timetable('U1   A 10:00   B 10:30   [id=one]')
  const app = appFor(testService(world, at('9:00')))
  const { legs } = (await get<PlanResponse>(app, `/api/v6/plan?fromPlace=test_A&toPlace=test_B&time=${iso('9:50')}`))
    .itineraries[0]!
  const walks = (count: number) => Array.from({ length: count }, () => ['', seconds, 0, 0])
  const ride = [legs[0]!.tripId, 'test_A', 'test_B', at('10:00'), 1800, 0, 'U1', 'SUBWAY']
  const values = [['test_A', 0, 0, 0, 0, [walks(16), 0]], [ride], ['test_B', 0, 0, 0, [walks(atEnd), 0]]]
  const id = Buffer.from(JSON.stringify(values)).toString('base64url')
  const url = `/api/v6/refresh-itinerary?itineraryId=${id}`
  if (status === 200) await get<Itinerary>(app, url)
  else expect((await refused(app, url))[0]).toBe(status)
})
