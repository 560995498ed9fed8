// Elevators that are out of order until some time of the day: what it costs who asks, by the walks of a wheelchair, beside all of them working.

import { scheduleHorizon } from '#api/cli/schedule.ts'
import { createGround } from '#engine/access/ground.ts'
import { walkLimits, walksBetweenStops, walksOfStated } from '#engine/access/walks.ts'
import { noConditions } from '#engine/conditions/conditions.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { keepNeeded } from '#engine/footpaths/needed.ts'
import { mergeTransfers } from '#engine/footpaths/transfers.ts'
import { elevatorsNow } from '#engine/plan/moment.ts'
import { createPlanner, plan } from '#engine/plan/plan.ts'
import { queryDefaults } from '#engine/plan/query.ts'
import { daysFor } from '#engine/plan/window.ts'
import { Profile } from '#engine/street/profile.ts'
import { createStreetSearch } from '#engine/street/search.ts'
import { buildLookup } from '#engine/timetable/lookup.ts'
import { random } from '../test/helpers/random.ts'
import { cpuMs, figure, quantile, type Row } from './harness.ts'
import type { StreetSubject } from './streets.bench.ts'

const QUERIES = 200

/** Each elevator ends its outage at a time of its own, from seven in the morning to seven in the evening. */
export function outageRows({ name, tables, midnight }: StreetSubject): Row[] {
  const { timetable: tt, footpaths, streets: graph, links } = tables
  if (!graph || !links) return []
  const ground = createGround(tt, createStreetSearch(graph, links))
  const { far, near } = walkLimits(tt)
  const walks = walksBetweenStops(ground, { walker: Profile.wheelchair, maxSeconds: far })
  const onFoot = walksOfStated(ground, { walker: Profile.foot, maxSeconds: far })
  const planner = createPlanner(
    tt,
    footpaths,
    { graph, links },
    keepNeeded(tt, mergeTransfers(tt, walks, onFoot), near),
  )
  const { departures } = buildLookup(tt)
  const served = Array.from({ length: tt.counts.stops }, (_, s) => s as StopIdx).filter(
    s => departures[s]! > 0 && links.linksBegin[s]! < links.linksBegin[s + 1]!,
  )
  const r = random(17)
  const place = () => {
    const stop = r.pick(served)
    const [lat, lon] = [tt.stopLat[stop]! + r.between(-30_000, 30_000), tt.stopLon[stop]! + r.between(-40_000, 40_000)]
    return { kind: 'coordinate', lat, lon } as const
  }
  const asked = Array.from({ length: QUERIES }, (_, i) => ({
    ...queryDefaults,
    ...{ from: place(), to: place(), walker: Profile.wheelchair },
    time: (midnight + (7 + (i % 12)) * 3600) as UnixSeconds,
  }))
  const working = scheduleHorizon(tables, asked.flatMap(q => daysFor(tt, q)).values())
  const all = elevatorsNow(planner, working).map(({ elevator }) => elevator)
  const until = (share: number): UnixSeconds => (midnight + (7 + 12 * share) * 3600) as UnixSeconds
  const out = (n: number) => ({
    ...working,
    conditions: {
      ...noConditions,
      elevators: all.slice(0, n).map(({ id, lat, lon }, i) => ({
        ...{ id, source: 'bench', name: '', lat, lon, state: 'out' as const },
        out: [{ start: midnight as UnixSeconds, end: until(((7 * i) % n) / n) }],
      })),
    },
  })
  const horizons = [working, out(Math.ceil(all.length / 4)), out(all.length)]
  // in turn, the first round compiles
  const ms = horizons.map(() => [] as number[])
  for (let round = 0; round < 2; round++)
    for (const q of asked)
      for (const [h, horizon] of horizons.entries()) {
        const spent = cpuMs(() => plan(planner, horizon, q))
        if (round > 0) ms[h]!.push(spent)
      }
  return ['none', 'every fourth', 'each'].flatMap((which, h) =>
    (
      [
        ['half', 0.5],
        ['nine of ten', 0.9],
      ] as const
    ).map(([of, share]) =>
      figure(
        `${name}, wheelchair, ${which} of ${all.length} elevators out: ${of} within`,
        quantile(ms[h]!, share),
        'ms',
      ),
    ),
  )
}
