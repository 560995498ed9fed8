// The first real city, from its files to an answer: import of timetable and map, then door to door between two addresses off the stops,
// on the command line and through the API, each ride checked against stop_times.txt as another reader reads it.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { beforeAll, describe, test } from 'vitest'
import { buildApp } from '#api/app.ts'
import type { Itinerary, PlanResponse } from '#api/contract/itinerary.ts'
import type { ReachResponse } from '#api/contract/reach.ts'
import { parseTime } from '#engine/core/time.ts'
import { FROM, feed, hasHeidelberg, heidelbergAround, TIME, TO } from '../helpers/heidelberg.ts'

const MIDNIGHT = Date.parse('2022-06-21T00:00:00+02:00') / 1000

describe.skipIf(!hasHeidelberg)('Heidelberg, door to door', () => {
  const city = heidelbergAround()
  let answer: PlanResponse

  beforeAll(async () => {
    const app = buildApp(city.service)
    const query = new URLSearchParams({ fromPlace: FROM, toPlace: TO, time: TIME })
    const response = await app.inject(`/api/v6/plan?${query}`)
    assert.equal(response.statusCode, 200, response.body)
    answer = response.json()
    await app.close()
  })

  const rides = (i: Itinerary) => i.legs.filter(leg => leg.mode !== 'WALK')

  test('there are at least five ways, each walking to a stop, riding, and walking to the door', () => {
    assert.ok(answer.itineraries.length >= 5, `${answer.itineraries.length} itineraries`)
    for (const i of answer.itineraries) {
      assert.equal(i.legs[0]!.mode, 'WALK')
      assert.equal(i.legs.at(-1)!.mode, 'WALK')
      assert.equal(i.legs[0]!.from.name, 'START')
      assert.equal(i.legs.at(-1)!.to.name, 'END')
      assert.ok(rides(i).length >= 1)
      assert.equal(i.transfers, rides(i).length - 1)
    }
  })

  test('legs follow each other in time and place', () => {
    for (const i of answer.itineraries) {
      assert.equal(i.startTime, i.legs[0]!.startTime)
      assert.equal(i.endTime, i.legs.at(-1)!.endTime)
      assert.ok(Date.parse(i.startTime) >= Date.parse(TIME))
      assert.equal(i.duration, (Date.parse(i.endTime) - Date.parse(i.startTime)) / 1000)
      i.legs.forEach((leg, n) => {
        assert.ok(Date.parse(leg.endTime) >= Date.parse(leg.startTime))
        assert.equal(leg.duration, (Date.parse(leg.endTime) - Date.parse(leg.startTime)) / 1000)
        const before = i.legs[n - 1]
        if (!before) return
        assert.ok(Date.parse(leg.startTime) >= Date.parse(before.endTime))
        assert.deepEqual([leg.from.lat, leg.from.lon], [before.to.lat, before.to.lon])
      })
    }
  })

  test('walks go along streets: named steps, a drawn way, at a walker’s pace', () => {
    const streets = new Set<string>()
    for (const i of answer.itineraries)
      for (const leg of [i.legs[0]!, i.legs.at(-1)!]) {
        assert.ok(leg.distance! > 30, `${leg.distance} m`)
        const pace = leg.distance! / leg.duration
        assert.ok(pace > 0.5 && pace < 1.3, `${pace} m/s`)
        assert.ok(leg.legGeometry.length >= 3, 'more than a straight line')
        assert.ok(leg.steps!.length > 0)
        for (const step of leg.steps!) if (step.streetName !== '') streets.add(step.streetName)
      }
    assert.ok(streets.has('Hauptstraße'), [...streets].join())
  })

  test('rides keep the times of stop_times.txt', () => {
    const rows = parse(execFileSync('unzip', ['-p', feed!, 'stop_times.txt'], { maxBuffer: 1 << 28 }), {
      columns: true,
      bom: true,
    }) as {
      trip_id: string
      stop_id: string
      arrival_time: string
      departure_time: string
    }[]
    const calls = new Map(rows.map(row => [`${row.trip_id} ${row.stop_id}`, row]))
    const seconds = (time: string): number => (Date.parse(time) / 1000 - MIDNIGHT) as number
    let checked = 0
    for (const i of answer.itineraries)
      for (const leg of rides(i)) {
        const [, tripId] = /^20220621_\d\d:\d\d_vrn_(.*)$/.exec(leg.tripId!)!
        const plain = (stopId: string): string => stopId.replace(/^vrn_/, '')
        assert.equal(
          seconds(leg.startTime),
          parseTime(calls.get(`${tripId} ${plain(leg.from.stopId!)}`)!.departure_time),
        )
        assert.equal(seconds(leg.endTime), parseTime(calls.get(`${tripId} ${plain(leg.to.stopId!)}`)!.arrival_time))
        checked++
      }
    assert.ok(checked >= 5)
  })

  test('each itinerary read again by its id is the same; its first stop is reached as soon as one-to-all says', async () => {
    const app = buildApp(city.service)
    const get = async <T>(url: string): Promise<T> => (await app.inject(url)).json()
    for (const i of [...answer.itineraries, ...answer.direct])
      assert.deepEqual(await get(`/api/v6/refresh-itinerary?itineraryId=${i.id}`), i)
    const time = encodeURIComponent(TIME)
    const { all } = await get<ReachResponse>(`/api/v6/one-to-all?one=${FROM}&time=${time}&maxTravelTime=60`)
    const [walk] = answer.itineraries[0]!.legs
    const first = all.find(({ place }) => place.stopId === walk!.to.stopId)
    assert.deepEqual([first?.duration, first?.k], [Math.ceil(walk!.duration / 60), 0])
    await app.close()
  })

  test('the command line prints the same answer', () => {
    const cli = join(import.meta.dirname, '../../api/cli.ts')
    const words = ['plan', '--network', city.out, '--from', FROM, '--to', TO, '--time', TIME, '--json']
    const printed = JSON.parse(execFileSync(process.execPath, [cli, ...words], { encoding: 'utf8' })) as PlanResponse
    assert.deepEqual(printed.itineraries, answer.itineraries)
    assert.deepEqual(printed.direct, answer.direct)
  })

  test('arrive by: everything is there in time, and leaves as late as it can', async () => {
    const app = buildApp(city.service)
    const query = new URLSearchParams({ fromPlace: FROM, toPlace: TO, time: TIME, arriveBy: 'true' })
    const { itineraries } = (await app.inject(`/api/v6/plan?${query}`)).json() as PlanResponse
    await app.close()
    assert.ok(itineraries.length >= 5)
    for (const i of itineraries) assert.ok(Date.parse(i.endTime) < Date.parse(TIME) + 60_000)
  })

  test('the network’s manifest says what it was made from', () => {
    const { manifest } = JSON.parse(readFileSync(join(city.out, 'network.json'), 'utf8')) as {
      manifest: { feeds: { tag: string; sha256: string }[] }
    }
    assert.equal(manifest.feeds[0]!.tag, 'vrn')
    assert.match(manifest.feeds[0]!.sha256, /^[0-9a-f]{64}$/)
  })
})
