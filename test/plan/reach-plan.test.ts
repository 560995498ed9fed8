// One-to-all is at no stop later than a plan to it, for it walks as far after the last ride. On random towns, whoever walks; a second is rounding.

import { expect, test } from 'vitest'
import { createGround } from '#engine/access/ground.ts'
import { walkLimits, walksBetweenStops } from '#engine/access/walks.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { mergeTransfers } from '#engine/footpaths/transfers.ts'
import { createPlanner, plan } from '#engine/plan/plan.ts'
import { type Query, queryDefaults } from '#engine/plan/query.ts'
import { reachAll } from '#engine/plan/reach.ts'
import { buildStopLinks } from '#engine/street/links.ts'
import { Profile, withChanges } from '#engine/street/profile.ts'
import { createStreetSearch } from '#engine/street/search.ts'
import type { Journey } from '#engine/transit/journey.ts'
import { horizonOf } from '../helpers/horizon.ts'
import { random } from '../helpers/random.ts'
import { drawTown } from '../helpers/town.ts'

const walkers = {
  foot: Profile.foot,
  wheelchair: Profile.wheelchair,
  fast: withChanges(Profile.foot, { speed: 4 }),
  slow: withChanges(Profile.foot, { speed: 0.6 }),
  'no stairs': withChanges(Profile.foot, { limits: { stairs: false } }),
  'slow, no elevators': withChanges(Profile.pram, { speed: 0.7, limits: { elevators: false } }),
}

test.each(Object.entries(walkers))('%s', (_name, walker) => {
  let [seen, walkedLast] = [0, 0]
  for (let seed = 1; seed <= 40; seed++) {
    const r = random(0x9ea + seed)
    const { drawn, graph } = drawTown(r, 400, 0)
    const { tt, day } = drawn
    const links = buildStopLinks(graph, tt)
    const ground = createGround(tt, createStreetSearch(graph, links))
    const [foot, chair] = [Profile.foot, Profile.wheelchair].map(who =>
      mergeTransfers(tt, walksBetweenStops(ground, { walker: who, maxSeconds: walkLimits(tt).far })),
    )
    const planner = createPlanner(tt, foot!, { graph, links }, chair!)
    const horizon = horizonOf(tt, foot!)
    const stops = tt.counts.stops - tt.counts.roomStops
    const one = r.below(stops) as StopIdx
    const q: Query = {
      ...queryDefaults,
      walker,
      from: { kind: 'stop', stop: one },
      to: { kind: 'stop', stop: one },
      time: (day * 86_400 + 9 * 3600 + r.below(5400)) as UnixSeconds,
      arriveBy: r.chance(0.5),
      window: 0,
      maxTravelTime: r.pick([1800, 5400]),
      maxTransfers: r.between(0, 4),
      maxAccess: r.pick([120, 900, 1500]),
      maxEgress: r.pick([120, 900, 1500]),
      maxDirect: 0,
      transferTimes: { min: r.pick([0, 0, 240]), additional: r.pick([0, 60]), factor: r.pick([1, 1.5]) },
    }
    const took = (j: Journey): number => (q.arriveBy ? q.time - j.departure : j.arrival - q.time)
    const reached = new Map(reachAll(planner, horizon, { ...q, one: q.from }).map(found => [found.stop, found]))
    for (let stop = 0; stop < stops; stop++) {
      if (stop === one) continue
      const other = { kind: 'stop', stop: stop as StopIdx } as const
      const { itineraries } = plan(planner, horizon, { ...q, [q.arriveBy ? 'from' : 'to']: other })
      const best = itineraries.toSorted((a, b) => took(a) - took(b))[0]
      const found = reached.get(stop)
      if (!best || (found && found.rides === 0 && found.seconds <= took(best))) continue
      seen++
      const last = best.legs.at(q.arriveBy ? 0 : -1)!
      if (last.kind === 'walk') walkedLast++
      expect([seed, stop, found !== undefined && found.seconds <= took(best) + 1]).toEqual([seed, stop, true])
    }
  }
  expect(seen).toBeGreaterThan(40)
  expect(walkedLast).toBeGreaterThan(8)
})
