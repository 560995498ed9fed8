// Where racks and stations touch the streets, to each who asks: at his own pace, and on the ways open to him.

import { expect, test } from 'vitest'
import { parkingPlaces } from '#engine/access/parking.ts'
import { placesOf } from '#engine/access/switches.ts'
import { noConditions } from '#engine/conditions/conditions.ts'
import { placesAt } from '#engine/street/ends.ts'
import { type Limits, Profile, withChanges } from '#engine/street/profile.ts'
import { createStreetSearch, travelAs } from '#engine/street/search.ts'
import { streets } from '../helpers/streets.ts'

//   c ═══ ● rack ═══ d      stairs from c to d: who climbs none comes from below, a long way round
//   │     f
//   │     ↑                 from m to f one way, to its end: no vehicle leaves it
//   a ─── m ──────── b
const s = streets(`
  at a 0,0  at m 100,0  at b 200,0  at c 0,80  at d 200,80  at f 100,60
  a-m-b highway=residential
  m-f highway=residential oneway=yes
  c-d highway=steps
  a-c highway=footway
  spot 100,82 amenity=bicycle_parking`)
const [rack] = parkingPlaces(s.graph, noConditions).bicycles
const walkerAt = (speed: number, limits: Limits = { stairs: false }): Profile => ({
  ...withChanges(Profile.foot, { speed, weights: { safety: 0 } }),
  limits,
})

const search = createStreetSearch(s.graph, s.links)

function madeAnew(profile: Profile, reverse: boolean) {
  const own = createStreetSearch(s.graph, s.links)
  travelAs(own, profile)
  return placesAt(own, rack!, 100, reverse)
}

test.each([false, true])('two walkers at one rack beside stairs, in turn (reverse: %s)', reverse => {
  const moreMs = (speed: number) => placesOf(search, rack!, walkerAt(speed), reverse).map(place => place.moreMs ?? 0)
  for (const speed of [2, 0.5, 2, 1, 0.5])
    expect(placesOf(search, rack!, walkerAt(speed), reverse)).toEqual(madeAnew(walkerAt(speed), reverse))
  expect(Math.max(...moreMs(2))).toBeGreaterThan(0)
  expect(Math.max(...moreMs(0.5))).toBeGreaterThan(3 * Math.max(...moreMs(2)))
})

test('who comes and who goes have places of their own, and they are kept', () => {
  const places = [false, true].map(reverse => placesOf(search, rack!, Profile.car, reverse))
  expect(places.map(all => all.length)).toEqual([2, 1])
  for (const [i, reverse] of [false, true].entries()) {
    expect(places[i]).toEqual(madeAnew(Profile.car, reverse))
    expect(placesOf(search, rack!, Profile.car, reverse)).toBe(places[i])
  }
})

test('without limits they are the same at every pace and with every wish, and found once', () => {
  const free = (speed: number, safety: number) => withChanges(Profile.foot, { speed, weights: { safety } })
  for (const reverse of [false, true]) {
    const places = placesOf(search, rack!, free(1, 0), reverse)
    for (const walker of [free(2, 0), free(1, 0.7), free(0.5, 1)]) {
      expect(placesOf(search, rack!, walker, reverse)).toBe(places)
      expect(places).toEqual(madeAnew(walker, reverse))
    }
    expect(placesOf(search, rack!, walkerAt(1), reverse)).not.toBe(places)
  }
})

test('of 200 widths a few are kept', () => {
  const widths = Array.from({ length: 200 }, (_, i) => walkerAt(1, { minWidth: 0.5 + i / 200 }))
  for (const walker of widths) placesOf(search, rack!, walker, false)
  expect(rack).toEqual(parkingPlaces(s.graph, noConditions).bicycles[0])
  const kept = [...search.knownCosts.values()].filter(({ left }) => left.has(rack!))
  expect(kept.length).toBeGreaterThan(1)
  expect(kept.length).toBeLessThanOrEqual(12)
})
