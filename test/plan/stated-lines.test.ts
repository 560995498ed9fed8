// What transfers.txt states for single lines and trips is, as what it states for stops, said of people on foot (S36).
//
//   X ── L 10:00 ──▶ A ── e ── B ── M every 2 min ──▶ Y      30 m by elevator, or down the stairs at s;   round by r 630 m
//                    └─ s ═════┤
//                    └─── r ───┘

import { describe, expect, test } from 'vitest'
import { createGround } from '#engine/access/ground.ts'
import { walksBetweenStops, walksOfStated } from '#engine/access/walks.ts'
import { noConditions } from '#engine/conditions/conditions.ts'
import { E7 } from '#engine/core/geo.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { mergeTransfers } from '#engine/footpaths/transfers.ts'
import { createPlanner, plan } from '#engine/plan/plan.ts'
import { queryDefaults } from '#engine/plan/query.ts'
import { reachAll } from '#engine/plan/reach.ts'
import { buildStopLinks } from '#engine/street/links.ts'
import { Profile } from '#engine/street/profile.ts'
import { createStreetSearch } from '#engine/street/search.ts'
import { horizonOf } from '../helpers/horizon.ts'
import { streets } from '../helpers/streets.ts'
import { timetable } from '../helpers/timetable.ts'

const departures = Array.from({ length: 25 }, (_, i) => 10 + 2 * i)

function world(rules: string, round = '') {
  const s = streets(`
    at a 0,0  at a2 5,0  at e 15,0  at b2 25,0  at b 30,0  at s 15,8  at r 15,300
    node e highway=elevator
    a-a2-e-b2-b highway=footway
    a2-s-b2 highway=steps
    ${round}`)
  const degrees = (place: string): string => `${s.at(place).lat / E7},${s.at(place).lon / E7}`
  const { tt, stop } = timetable(`
    at A ${degrees('a')}
    at B ${degrees('b')}
    at X 52.1,8
    at Y 52.2,8
    L X 10:00 A 10:10
    ${departures.map(m => `M B 10:${m} Y 11:${m}`).join('\n    ')}
    ${rules}`)
  const links = buildStopLinks(s.graph, tt)
  const ground = createGround(tt, createStreetSearch(s.graph, links))
  const maxSeconds = 1800
  const onFoot = walksOfStated(ground, { walker: Profile.foot, maxSeconds })
  const [foot, chair] = [Profile.foot, Profile.wheelchair].map(walker =>
    mergeTransfers(tt, walksBetweenStops(ground, { walker, maxSeconds }), walker === Profile.foot ? undefined : onFoot),
  )
  const planner = createPlanner(tt, foot!, { graph: s.graph, links }, chair)
  const q = {
    ...queryDefaults,
    ...{ time: (Date.parse('2026-01-10T09:55:00Z') / 1000) as UnixSeconds, window: 0, minJourneys: 0, maxDirect: 0 },
  }
  const place = (name: string) => ({ kind: 'stop', stop: stop(name) }) as const
  /** The minute after ten at which M is caught, by plan and by one-to-all; undefined: never. */
  return (walker: Profile, isOut = false) => {
    const report = { id: 'e', source: 'x', name: 'e', ...s.at('e'), state: isOut ? 'out' : 'working', out: [] } as const
    const horizon = { ...horizonOf(tt, foot!), conditions: { ...noConditions, elevators: [report] } }
    const asked = { ...q, walker, from: place('X'), to: place('Y') }
    const minute = (time: number | undefined): number | undefined => (time === undefined ? undefined : (time / 60) % 60)
    const planned = minute(plan(planner, horizon, asked).itineraries[0]?.arrival)
    const all = reachAll(planner, horizon, { ...asked, one: asked.from, maxTravelTime: 4 * 3600 })
    const reached = all.find(there => there.stop === stop('Y'))
    expect(minute(reached && q.time + reached.seconds)).toBe(planned)
    return planned
  }
}

const STAIRLESS: Profile = { ...Profile.foot, limits: { stairs: false } }

describe.each([
  ['lines', 'rule A→B 70s from=L to=M'],
  ['a trip', 'rule A→B 70s from=L'],
  ['trips, beside a rule for the stops', 'rule A→B 70s\n rule A→B 65s from=L to=M#2'],
])('a rule for %s', (_, rules) => {
  const caught = world(rules)
  const round = world(rules, 'a-r-b highway=footway')
  test('is as stated on foot, whatever is out of order', () => {
    for (const catches of [caught, round])
      expect([catches(Profile.foot), catches(Profile.foot, true)]).toEqual([12, 12])
  })
  // by elevator 30 m at his pace and what the elevator takes; round 601 m
  test('a wheelchair takes as long as it takes, and never goes over an elevator out of order', () => {
    const lift = 10 + 2 * Math.ceil((30 / Profile.wheelchair.speed + Profile.wheelchair.elevatorSeconds) / 120)
    const far = 10 + 2 * Math.ceil(601 / Profile.wheelchair.speed / 120)
    expect([caught(Profile.wheelchair), caught(Profile.wheelchair, true)]).toEqual([lift, undefined])
    expect([round(Profile.wheelchair), round(Profile.wheelchair, true)]).toEqual([lift, far])
  })
  test('who climbs no stairs likewise', () => {
    expect(caught(STAIRLESS)).toBeDefined()
    expect(caught(STAIRLESS, true)).toBeUndefined()
    expect(round(STAIRLESS, true)).toBeGreaterThan(12)
  })
})

test('never less than stated, and a rule without a time is his own walk', () => {
  const stated = world('rule A→B 600s from=L to=M')
  for (const walker of [Profile.foot, Profile.wheelchair]) expect(stated(walker)).toBe(20)
  const found = world('rule A→B found from=L to=M')
  expect(found(Profile.wheelchair)).toBeGreaterThanOrEqual(12)
  expect(found(Profile.wheelchair, true)).toBeUndefined()
})

test('the wait of a vehicle is for all who can come', () => {
  const caught = world('rule A→B timed from=L to=M')
  expect([caught(Profile.foot), caught(Profile.wheelchair), caught(Profile.wheelchair, true)]).toEqual([
    10,
    10,
    undefined,
  ])
})
