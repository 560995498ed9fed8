// Places of accidents that a bicycle goes round, told on the legs of journeys.

import { expect, test } from 'vitest'
import type { UnixSeconds } from '#engine/core/time.ts'
import { onFoot } from '#engine/plan/approaches.ts'
import { createPlanner } from '#engine/plan/plan.ts'
import { queryDefaults } from '#engine/plan/query.ts'
import { buildStopLinks } from '#engine/street/links.ts'
import { Profile, withChanges } from '#engine/street/profile.ts'
import { layStreets } from '#feeds/layers.ts'
import { horizonOf } from '../helpers/horizon.ts'
import { allTold, planObjects } from '../helpers/plan-objects.ts'
import { metresToPoint, streets } from '../helpers/streets.ts'
import { timetable } from '../helpers/timetable.ts'

//   d ──────────── c      way 2, 420 m
//   │              │
//   a ──── ✕ ───── b P ~S1~ Q      way 1, 300 m, with accidents
const s = streets(`
  at a 0,0  at b 300,0  at c 300,60  at d 0,60
  a-b highway=residential
  a-d-c-b highway=residential`)
const degrees = (east: number): string => Object.values(metresToPoint(east, 0)).map(e7 => e7 / 1e7).join(',') // biome-ignore format: one line
const { tt, footpaths, day, stop } = timetable(`
  S1   P 10:00   Q 10:10
  at P ${degrees(300)}
  at Q ${degrees(5000)}`)

function legs(accidents: number, safety: number, mode: 'BIKE' | 'WALK') {
  const { graph } = layStreets(s.graph, {
    accidents: Array.from({ length: accidents }, () => ({ ...s.at([150, 4]), weight: 3 })),
  })
  const planner = createPlanner(tt, footpaths, { graph, links: buildStopLinks(graph, tt) })
  const ask = (to: 'P' | 'Q') =>
    planObjects(
      planner,
      horizonOf(tt, footpaths),
      {
        ...queryDefaults,
        from: { kind: 'coordinate', ...s.at('a') },
        to: to === 'P' ? { kind: 'coordinate', ...s.at('b') } : { kind: 'stop', stop: stop('Q') },
        time: (day * 86_400 + 9.5 * 3600) as UnixSeconds,
        rider: withChanges(Profile.bike, { weights: { safety, maxDetour: 1 } }),
        approaches: { ...onFoot, access: [mode], direct: [mode] },
      },
      allTold,
      (day * 86_400) as UnixSeconds,
    )
  return [ask('P').direct[0]!.legs[0]!, ask('Q').itineraries[0]!.legs[0]!]
}

const told = (...asked: Parameters<typeof legs>) =>
  legs(...asked).map(leg => [
    leg.mode,
    Math.round(leg.distance! / 10) * 10,
    leg.hotSpotsAvoided?.map(spot => spot.osmWay),
  ])

test('a ride all the way and one to the first stop say which places they go round', () => {
  expect(told(2, 1, 'BIKE')).toEqual([
    ['BIKE', 420, [1]],
    ['BIKE', 420, [1]],
  ])
  const [leg] = legs(2, 1, 'BIKE')
  const [spot] = leg!.hotSpotsAvoided!
  // in the middle of the street
  expect([spot!.accidents, spot!.lat * 1e7, spot!.lon * 1e7].map(Math.round)).toEqual([
    2,
    ...Object.values(s.at([150, 0])),
  ])
})

test('nothing is said where none are gone round: through them, without any, on foot', () => {
  const straight = (mode: string) => [
    [mode, 300, undefined],
    [mode, 300, undefined],
  ]
  expect(told(2, 0, 'BIKE')).toEqual(straight('BIKE'))
  expect(told(0, 1, 'BIKE')).toEqual(straight('BIKE'))
  expect(told(2, 1, 'WALK')).toEqual(straight('WALK'))
})
