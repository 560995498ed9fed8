// What holds for whatever a rider of Heidelberg asks: questions drawn at random over the city, its suburbs beyond the map, days with and without
// service, midnight and the night on which the clocks change; each answer is held against stop_times.txt as another reader reads it.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { buildApp } from '#api/app.ts'
import type { Itinerary, Leg, PlanResponse } from '#api/contract/itinerary.ts'
import { parseTime } from '#engine/core/time.ts'
import { feed, hasHeidelberg, heidelbergAround } from '../helpers/heidelberg.ts'
import { random } from '../helpers/random.ts'

const rows = (file: string): Record<string, string>[] =>
  parse(execFileSync('unzip', ['-p', feed!, file], { maxBuffer: 1 << 28 }), { columns: true, bom: true })

const DAYS = ['2022-07-05', '2022-07-06', '2022-07-09', '2022-07-10', '2022-10-29']
const seconds = (time: string): number => Date.parse(time) / 1000
/** Local noon minus 12 h; the clocks change before noon. */
const midnight = (ymd: string): number => {
  const day = `${ymd.slice(0, 4)}-${ymd.slice(4, 6)}-${ymd.slice(6)}`
  const summer = ymd < '20221030'
  return seconds(`${day}T12:00:00${summer ? '+02:00' : '+01:00'}`) - 12 * 3600
}

interface Key {
  readonly departure: number
  readonly arrival: number
  readonly transfers: number
}
const keyOf = (i: Itinerary): Key => ({
  departure: seconds(i.startTime),
  arrival: seconds(i.endTime),
  transfers: i.transfers,
})
const covers = (a: Key, b: Key): boolean =>
  a.departure >= b.departure && a.arrival <= b.arrival && a.transfers <= b.transfers
const keys = (answer: PlanResponse): Key[] => answer.itineraries.map(keyOf)
const texts = (some: readonly Key[]): string[] => some.map(k => JSON.stringify(k)).sort()
const soonest = (answer: PlanResponse): number =>
  Math.min(...[...answer.itineraries, ...answer.direct].map(i => seconds(i.endTime)))

describe.skipIf(!hasHeidelberg)('riders of Heidelberg', () => {
  const city = heidelbergAround()
  let app: ReturnType<typeof buildApp>
  const calls = new Map<string, Record<string, string>[]>()
  const stops = new Map<string, Record<string, string>>()
  const services = new Map<string, string>()
  const days = new Map<string, string>()
  const places: string[] = []

  beforeAll(() => {
    app = buildApp(city.service)
    for (const row of rows('stops.txt')) stops.set(row.stop_id!, row)
    for (const row of rows('trips.txt')) services.set(row.trip_id!, row.service_id!)
    for (const { service_id, date, exception_type } of rows('calendar_dates.txt'))
      days.set(`${service_id} ${date}`, exception_type!)
    for (const row of rows('stop_times.txt')) calls.getOrInsertComputed(row.trip_id!, () => []).push(row)
    places.push(...new Set([...calls.values()].flatMap(trip => trip.map(row => row.stop_id!))))
  })
  afterAll(() => app.close())

  const ask = async (query: Record<string, string>): Promise<PlanResponse> => {
    const response = await app.inject(`/api/v6/plan?${new URLSearchParams(query)}`)
    assert.equal(response.statusCode, 200, response.body)
    return response.json()
  }

  /** In the city a door some way from a stop, else the stop. */
  function placeOf(r: ReturnType<typeof random>): string {
    const id = r.pick(places)
    const [lat, lon] = [Number(stops.get(id)!.stop_lat), Number(stops.get(id)!.stop_lon)]
    const inTheCity = lat > 49.37 && lat < 49.43 && lon > 8.64 && lon < 8.72
    return inTheCity ? `${lat + r.between(-12, 12) / 1e4},${lon + r.between(-18, 18) / 1e4}` : `vrn_${id}`
  }

  function drawn(seed: number): Record<string, string> {
    const r = random(seed)
    const minute = r.pick([450, 1020, 1380, r.between(0, 1700)])
    const time = new Date((midnight(r.pick(DAYS).replaceAll('-', '')) + 60 * minute) * 1000).toISOString()
    const more = r.pick([{}, {}, { pedestrianProfile: 'WHEELCHAIR' }, { maxTransfers: '2' }, { searchWindow: '3600' }])
    return { fromPlace: placeOf(r), toPlace: placeOf(r), time, joinInterlinedLegs: 'false', ...more }
  }

  /** As the feed has the run: its day, its times, its stops between. */
  function assertRide(leg: Leg): void {
    const [, ymd, tripId] = /^(\d{8})_\d\d:\d\d_vrn_(.*)$/.exec(leg.tripId!)!
    assert.equal(days.get(`${services.get(tripId!)} ${ymd}`), '1', `${leg.tripId} runs that day`)
    const zero = midnight(ymd!)
    const stop = (id: string | undefined): string => id!.replace(/^vrn_/, '')
    const trip = calls.get(tripId!)!
    const passed = [leg.from, ...leg.intermediateStops!, leg.to].map(place => stop(place.stopId)).join()
    const found = trip.some((row, i) => {
      const ride = trip.slice(i, i + 2 + leg.intermediateStops!.length)
      return (
        zero + parseTime(row.departure_time!)! === seconds(leg.startTime) &&
        zero + parseTime(ride.at(-1)!.arrival_time!)! === seconds(leg.endTime) &&
        ride.map(({ stop_id }) => stop_id).join() === passed
      )
    })
    assert.ok(found, `${leg.tripId} ${leg.startTime} ${leg.endTime}`)
  }

  function assertItinerary(i: Itinerary): void {
    assert.deepEqual([i.startTime, i.endTime], [i.legs[0]!.startTime, i.legs.at(-1)!.endTime])
    const rides = i.legs.filter(leg => leg.tripId !== undefined)
    const stayed = rides.filter(leg => leg.interlineWithPreviousLeg).length
    assert.equal(i.transfers, Math.max(0, rides.length - 1 - stayed))
    for (const [n, leg] of i.legs.entries()) {
      assert.equal(leg.duration, seconds(leg.endTime) - seconds(leg.startTime))
      const before = i.legs[n - 1]
      if (before) {
        assert.ok(seconds(leg.startTime) >= seconds(before.endTime), 'time never runs back')
        assert.deepEqual([leg.from.lat, leg.from.lon], [before.to.lat, before.to.lon])
      }
      if (leg.tripId !== undefined) assertRide(leg)
      // up the Königstuhl by stairs 0.5, nobody runs
      else if (leg.mode === 'WALK' && leg.distance! > 150) {
        const pace = leg.distance! / leg.duration
        assert.ok(pace > 0.4 && pace < 1.3, `${pace} m/s from ${leg.from.name} to ${leg.to.name}`)
      }
    }
    if (rides.length > 0) assert.notEqual(rides[0]!.from.parentId ?? 'none', rides.at(-1)!.to.parentId, 'leads on')
  }

  const SEEDS = Array.from({ length: 60 }, (_, n) => n + 1)

  test('the feed’s own times, stops and days; nothing better beside it; pages there and back; arrive by', async () => {
    let told = 0
    for (const seed of SEEDS) {
      const query = drawn(seed)
      const context = `seed ${seed} ${JSON.stringify(query)}`
      const answer = await ask(query)
      for (const i of [...answer.itineraries, ...answer.direct]) assertItinerary(i)
      if (answer.itineraries.length === 0) {
        assert.ok(answer.direct.length > 0 || answer.reasons!.length > 0, context)
        continue
      }
      told++
      const found = keys(answer)
      for (const [a, one] of found.entries())
        for (const [b, other] of found.entries()) assert.ok(a === b || !covers(one, other), context)

      const next = await ask({ ...query, pageCursor: answer.nextPageCursor })
      const back = await ask({ ...query, pageCursor: next.previousPageCursor })
      for (const one of keys(next))
        for (const other of found) assert.ok(!covers(one, other) && !covers(other, one), context)
      const first = Math.min(...keys(back).map(({ departure }) => departure))
      const again = texts(found.filter(({ departure }) => departure >= first))
      assert.deepEqual(
        again,
        texts(keys(back)).filter(text => again.includes(text)),
        `there and back, ${context}`,
      )

      const one = random(seed).pick(found)
      const by = await ask({ ...query, arriveBy: 'true', time: new Date(one.arrival * 1000).toISOString() })
      assert.ok(
        keys(by).some(other => covers(other, one)),
        `arrive by ${context}`,
      )
      for (const i of [...by.itineraries, ...next.itineraries]) assertItinerary(i)
    }
    assert.ok(told > 40, `${told} of ${SEEDS.length}`)
  })

  test('more changes, and a bicycle beside walking, never bring anybody there later', async () => {
    for (const seed of SEEDS) {
      const { maxTransfers: _, ...drawnQuery } = drawn(seed)
      const query = { ...drawnQuery, timetableView: 'false' }
      const [few, many] = [await ask({ ...query, maxTransfers: '1' }), await ask({ ...query, maxTransfers: '4' })]
      const modes = { preTransitModes: 'WALK,BIKE', directModes: 'WALK,BIKE' }
      const riding = await ask({ ...query, ...modes, maxTransfers: '4' })
      assert.ok(soonest(many) <= soonest(few), `changes, seed ${seed}`)
      assert.ok(soonest(riding) <= soonest(many), `bicycle, seed ${seed}`)
      for (const key of keys(few))
        assert.ok(
          keys(many).some(other => covers(other, key)),
          `lost, seed ${seed}`,
        )
    }
  })
})
