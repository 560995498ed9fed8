import { expect, test } from 'vitest'
import { travelOf, wayOn } from '#api/render/walks.ts'
import { createGround } from '#engine/access/ground.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { queryDefaults } from '#engine/plan/query.ts'
import { Profile, withChanges } from '#engine/street/profile.ts'
import type { WalkLeg } from '#engine/transit/journey.ts'
import { streets } from '../helpers/streets.ts'

test('a way that was too long for one walk is found for another that has more time, and then told of both', () => {
  const s = streets(`
    at a 0,0 at b 900,0
    a-b highway=footway
    stop A 0,0
    stop B 900,0`)
  const ground = createGround(s.tt, s.search)
  const walker = withChanges(Profile.foot, { speed: 1 })
  const end = (name: string) => ({ kind: 'stop', stop: s.stop(name) }) as const
  const query = { ...queryDefaults, from: end('A'), to: end('B'), time: 0 as UnixSeconds, walker }
  const view = { horizon: { timetable: s.tt }, query, ways: new Map() } as unknown as Parameters<typeof wayOn>[0]
  const seconds = (taken: number) => {
    const times = { departure: 0 as UnixSeconds, arrival: taken as UnixSeconds }
    const leg: WalkLeg = { kind: 'walk', from: end('A'), to: end('B'), ...times }
    return wayOn(view, leg, ground, travelOf(view as Parameters<typeof travelOf>[0], walker, leg))?.seconds
  }
  // a timed transfer takes no time by its feed
  expect([seconds(0), seconds(900), seconds(0)]).toEqual([undefined, 900, 900])
})
