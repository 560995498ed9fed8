// With a vehicle and by way of places: an itinerary read again has every way, stay and rented vehicle that it was found with.

import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Itinerary, PlanResponse } from '#api/contract/itinerary.ts'
import { readApproach, writeApproach } from '#api/render/saved-approach.ts'
import { publicStopId } from '#api/render/texts.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { get } from '../helpers/api.ts'
import { random } from '../helpers/random.ts'
import { openDemo, type ToldCity } from '../helpers/told-city.ts'

const NOW = (Date.parse('2026-03-27T06:30:00Z') / 1000) as UnixSeconds
let city: ToldCity
beforeAll(async () => {
  city = await openDemo(NOW)
})
afterAll(() => city?.close())

const told = ({ legs }: Itinerary): string[] =>
  legs
    .filter(leg => leg.startTime !== leg.endTime)
    .map(leg =>
      [leg.displayName ?? leg.mode, leg.from.name, leg.to.name, leg.stay ?? 0, leg.rental?.providerId ?? ''].join(' '),
    )

test.each(['BIKE', 'RENTAL'])('%s to the first stop or from the last, by way of one or two places', async mode => {
  const { timetable: tt } = city.service
  const seen = { walksBetween: 0, stays: 0, itineraries: 0 }
  for (let seed = 1; seed <= 30; seed++) {
    const r = random(seed)
    const stop = (): StopIdx => r.below(tt.counts.stops - tt.counts.roomStops) as StopIdx
    const place = (sign: string): string => {
      const s = stop()
      return [tt.stopLat[s]! / 1e7 + r.between(-20, 20) / 1e4, tt.stopLon[s]! / 1e7 + r.between(-20, 20) / 1e4]
        .map(degrees => degrees.toFixed(5))
        .join(sign)
    }
    const vias = Array.from({ length: r.between(1, 2) }, () => (r.chance(0.6) ? place(';') : publicStopId(tt, stop())))
    const stays = vias.map(() => r.below(3) * 5)
    const ends = `fromPlace=${place(',')}&toPlace=${place(',')}&${r.chance(0.5) ? 'pre' : 'post'}TransitModes=${mode}`
    const time = new Date((NOW + 600 + r.below(7200)) * 1000).toISOString()
    const url = `/api/v6/plan?${ends}&via=${vias}&viaMinimumStay=${stays}&time=${time}&numItineraries=3&arriveBy=${r.chance(0.3)}`
    for (const itinerary of (await get<PlanResponse>(city.app, url)).itineraries) {
      const again = await get<Itinerary>(city.app, `/api/v6/refresh-itinerary?itineraryId=${itinerary.id}`)
      expect(told(again), `seed ${seed} ${url}`).toEqual(told(itinerary))
      if (!itinerary.legs.some(leg => leg.mode === mode)) continue
      seen.itineraries++
      if (itinerary.legs.some(({ to, mode }) => to.name === 'VIA' && mode === 'WALK')) seen.walksBetween++
      if (itinerary.legs.some(({ stay }) => stay)) seen.stays++
    }
  }
  expect(Math.min(seen.walksBetween, seen.stays)).toBeGreaterThan(3)
})

test('a rented vehicle that stands where the way begins keeps its place', () => {
  const at = { lat: 515_010_000, lon: 74_010_000, name: 'Markt', station: 'm' }
  const back = { lat: 515_002_000, lon: 74_002_000 }
  const approach = {
    mode: 'RENTAL',
    parts: [
      { mode: 'RENTAL', seconds: 300, from: at, to: back },
      { mode: 'WALK', seconds: 60, from: back, to: undefined },
    ],
    rental: { system: 'rad', type: 'r' },
  } as const
  expect(readApproach(JSON.parse(JSON.stringify(writeApproach(approach))))).toEqual(approach)
})
