// One battery for a whole journey: what charging adds to a leg is told, as long as the next ride is reached.

import { expect, test } from 'vitest'
import { createGround } from '#engine/access/ground.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { withinBattery } from '#engine/plan/battery.ts'
import type { Planner } from '#engine/plan/plan.ts'
import { queryDefaults } from '#engine/plan/query.ts'
import { Profile, withChanges } from '#engine/street/profile.ts'
import type { Journey, Leg, LegEnd } from '#engine/transit/journey.ts'
import { streets } from '../helpers/streets.ts'

//  start ──1 km── P ~ride~ Q ──500 m── charger ──500 m── R ~ride~ …        40 Wh a kilometre, 200 W, a minute to plug in
const s = streets(`
  at a 0,0  at p 1000,0  at q 3000,0  at c 3500,0  at r 4000,0
  a-p highway=footway
  q-c-r highway=footway
  spot 3500,0 amenity=charging_station wheelchair=yes
  stop P 1000,0
  stop Q 3000,0
  stop R 4000,0`)
const planner = { timetable: s.tt, streets: s.search, ground: createGround(s.tt, s.search) } as unknown as Planner
const [P, Q, R] = [0, 1, 2].map(stop => ({ kind: 'stop', stop }) as unknown as LegEnd)

/** 1,000 m at 1 m/s each; the second ride leaves so many seconds after the rider has come to R. */
function journey(spare: number | undefined): Journey {
  const walk = (from: LegEnd, to: LegEnd, departure: number) =>
    ({ kind: 'walk', from, to, departure, arrival: departure + 1000 }) as Leg
  const ride = (departure: number, arrival: number) => ({ kind: 'ride', departure, arrival }) as Leg
  const legs = [walk({ kind: 'start' }, P!, 0), ride(1000, 2000), walk(Q!, R!, 2000)]
  if (spare !== undefined) legs.push(ride(3000 + spare, 4000 + spare))
  return { departure: 0, arrival: legs.at(-1)!.arrival, transfers: 0, legs } as unknown as Journey
}

function lasting(chargeWh: number, spare: number | undefined, charging = true): readonly Journey[] {
  const battery = { chargeWh, reserveWh: 0, charging }
  const walker = withChanges(Profile.electricWheelchair, { speed: 1, battery })
  const from = { kind: 'coordinate', ...s.at('a') } as const
  const q = { ...queryDefaults, from, to: from, time: 0 as UnixSeconds, walker }
  return withinBattery(planner, q, [journey(spare)])
}

const times = ([found]: readonly Journey[]) => found && [...found.legs.map(leg => leg.arrival), found.arrival]

test('enough for both ways: as it was', () => {
  expect(times(lasting(85, 0))).toEqual([1000, 2000, 3000, 4000, 4000])
})

test('charging on the last way makes the journey longer, and it is told', () => {
  // 61 − 40 − 20 leave 1 Wh at the charger, 19 more for the rest: 342 s and a minute, rounded up on either way
  expect(times(lasting(61, undefined))).toEqual([1000, 2000, 3403, 3403])
})

test('charging on a change is told where the next ride is reached, and else the journey is none', () => {
  expect(times(lasting(61, 403))).toEqual([1000, 2000, 3403, 4403, 4403])
  expect(lasting(61, 402)).toEqual([])
  expect(lasting(61, 4000, false)).toEqual([])
})
