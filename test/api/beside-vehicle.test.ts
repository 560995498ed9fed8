// Walks before and after a vehicle say as much of their obstacles as those without one.

import { expect, test } from 'vitest'
import type { UnixSeconds } from '#engine/core/time.ts'
import { onFoot } from '#engine/plan/approaches.ts'
import { createPlanner } from '#engine/plan/plan.ts'
import { queryDefaults } from '#engine/plan/query.ts'
import { buildStopLinks } from '#engine/street/links.ts'
import { Profile } from '#engine/street/profile.ts'
import { horizonOf } from '../helpers/horizon.ts'
import { allTold, planObjects } from '../helpers/plan-objects.ts'
import { metresToPoint, streets } from '../helpers/streets.ts'
import { timetable } from '../helpers/timetable.ts'

//   a ═══ 2,000 m, cars ═══ m ── 100 m, way 2 ── z P ~S1~ Q
const degrees = (east: number): string => Object.values(metresToPoint(east, 0)).map(e7 => e7 / 1e7).join(',') // biome-ignore format: one line
const { tt, footpaths, day, stop } = timetable(`
  S1   P 10:00   Q 10:10
  at P ${degrees(2100)}
  at Q ${degrees(9000)}`)

function dropped(walker: Profile, way: string) {
  const s = streets(`
    at a 0,0  at m 2000,0  at z 2100,0
    a-m highway=residential surface=asphalt incline=0% smoothness=good
    m-z highway=footway ${way}`)
  const { itineraries } = planObjects(
    createPlanner(tt, footpaths, { graph: s.graph, links: buildStopLinks(s.graph, tt) }),
    horizonOf(tt, footpaths),
    {
      ...queryDefaults,
      walker,
      from: { kind: 'coordinate', ...s.at('a') },
      to: { kind: 'stop', stop: stop('Q') },
      time: (day * 86_400 + 9.5 * 3600) as UnixSeconds,
      approaches: { ...onFoot, access: ['CAR_DROPOFF'] },
    },
    allTold,
    (day * 86_400) as UnixSeconds,
  )
  return itineraries[0]!.legs
    .slice(0, 2)
    .map(leg => [leg.mode, leg.accessible, leg.obstacles?.map(o => `${o.limit} ${o.passable} ${o.osmWay}`)])
}

test('a wheelchair that is dropped hears of the rest of its way', () => {
  const car = ['CAR_DROPOFF', undefined, undefined]
  const full = 'surface=asphalt incline=0% smoothness=good width=2'
  expect(dropped(Profile.wheelchair, 'surface=asphalt incline=0% smoothness=good')).toEqual([
    car,
    ['WALK', 'UNKNOWN', ['width UNKNOWN 2', 'kerb UNKNOWN 2']],
  ])
  expect(dropped(Profile.wheelchair, `${full} wheelchair=yes`)).toEqual([car, ['WALK', 'YES', []]])
  expect(dropped(Profile.foot, full)).toEqual([car, ['WALK', undefined, undefined]])
})
