// One-to-all: drawn cases, then every stop of random cities against the slow twin, asked for each stop by itself.

import assert from 'node:assert/strict'
import { describe, expect, test } from 'vitest'
import type { UnixSeconds } from '#engine/core/time.ts'
import type { Footpaths } from '#engine/footpaths/footpaths.ts'
import { createPlanner } from '#engine/plan/plan.ts'
import { queryDefaults } from '#engine/plan/query.ts'
import { type ReachQuery, reachAll } from '#engine/plan/reach.ts'
import { mirrorFootpaths } from '#engine/transit/mirror.ts'
import { slowerChanges } from '#engine/transit/options.ts'
import { disturb, drawCity } from '../helpers/city.ts'
import { horizonOf, liveState } from '../helpers/horizon.ts'
import { mirrorRules, plainRules } from '../helpers/plain-rules.ts'
import { allRuns, backwards, type PlainRun, usableRuns } from '../helpers/plain-runs.ts'
import { random } from '../helpers/random.ts'
import { type PlainQuery, referenceAt } from '../helpers/reference.ts'
import { timetable } from '../helpers/timetable.ts'

describe('drawn', () => {
  const drawn = timetable(`
    S1   A 10:00   B 10:10   C 10:40
    U2             B 10:14   C 10:25   D 10:30
    walk D–E 3m
    walk A–F 4m`)
  const planner = createPlanner(drawn.tt, drawn.footpaths)
  const horizon = horizonOf(drawn.tt, drawn.footpaths)
  const ask = (hhmm: number, more: Partial<ReachQuery> = {}): string[] =>
    reachAll(planner, horizon, {
      ...queryDefaults,
      one: { kind: 'stop', stop: drawn.stop('A') },
      time: (drawn.day * 86_400 + hhmm * 60) as UnixSeconds,
      maxTravelTime: 90 * 60,
      ...more,
    }).map(({ stop, seconds, rides }) => `${'ABCDEF'[stop]} ${seconds / 60} min, ${rides}`)
  const TEN = 600

  test('the wait counts, the time to change at the end does not; what is walked to takes no ride', () => {
    expect(ask(TEN - 5)).toEqual([
      'A 0 min, 0',
      'F 4 min, 0',
      'B 15 min, 1',
      'C 30 min, 2',
      'D 35 min, 2',
      'E 38 min, 2',
    ])
  })

  test('fewer rides, less time: less is reached, or later', () => {
    expect(ask(TEN - 5, { maxTransfers: 0 })).toEqual(['A 0 min, 0', 'F 4 min, 0', 'B 15 min, 1', 'C 45 min, 1'])
    expect(ask(TEN - 5, { maxTravelTime: 15 * 60 })).toEqual(['A 0 min, 0', 'F 4 min, 0', 'B 15 min, 1'])
    expect(ask(TEN - 5, { maxAccess: 60 })).not.toContain('F 4 min, 0')
  })

  test('arrive by: from where one is in time', () => {
    const one = { kind: 'stop', stop: drawn.stop('E') } as const
    expect(ask(TEN + 35, { one, arriveBy: true })).toEqual([
      'E 0 min, 0',
      'D 3 min, 0',
      'C 10 min, 1',
      'B 21 min, 1',
      'A 35 min, 2',
      'F 39 min, 2',
    ])
  })

  test('outside the timetable is an error', () => {
    expect(() => ask(TEN + 9 * 1440)).toThrow('TIME_OUTSIDE_TIMETABLE')
  })
})

/** stop → seconds and rides, each stop asked by itself. @param walks after the last ride, which are no change */
function slowly(
  runs: readonly PlainRun[],
  footpaths: Footpaths,
  walks: Footpaths,
  stops: number,
  open: (stop: number) => boolean,
  q: Omit<PlainQuery, 'egress'>,
  time: number,
): string[] {
  const found: string[] = []
  for (let stop = 0; stop < stops; stop++) {
    if (!open(stop)) continue
    const egress = new Map([[stop, 0]])
    for (let e = walks.inBegin[stop]!; e < walks.inBegin[stop + 1]!; e++)
      if (walks.inSeconds[e]! <= 900) egress.set(walks.inFrom[e]!, walks.inSeconds[e]!)
    const best = referenceAt(runs, footpaths, stops, { ...q, egress }, time).at(-1)
    const onFoot = q.access.get(stop) ?? Number.POSITIVE_INFINITY
    const seconds = best ? best.arrival - time : Number.POSITIVE_INFINITY
    if (Math.min(onFoot, seconds) > q.maxTravelTime) continue
    found.push(onFoot <= seconds ? `${stop}: ${onFoot} s, 0` : `${stop}: ${seconds} s, ${best!.rides}`)
  }
  return found
}

test('equals the slow twin on 200 random cities, in both directions, with realtime and wishes', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const r = random(seed)
    const drawing = drawCity(r)
    const drawn = timetable(drawing, { zone: r.chance(0.5) ? 'Europe/Berlin' : 'UTC', change: 60 })
    const { tt, day } = drawn
    const live = r.chance(0.6) ? liveState(disturb(r, tt)) : undefined
    const { stops } = tt.counts
    const one = r.below(stops - tt.counts.roomStops)
    const q: ReachQuery = {
      ...queryDefaults,
      one: { kind: 'stop', stop: one as never },
      time: (day * 86_400 + r.between(0, 50 * 3600)) as UnixSeconds,
      arriveBy: r.chance(0.5),
      maxTransfers: r.between(0, 5),
      maxTravelTime: r.pick([1800, 5400, 24 * 3600]),
      bikes: r.pick(['no', 'no', 'yes'] as const),
      wheelchair: r.pick(['no', 'no', 'yes', 'yes-or-unknown'] as const),
      wheelchairStops: r.pick(['no', 'no', 'yes', 'yes-or-unknown'] as const),
      transferTimes: { min: r.below(2) * 120, additional: r.below(2) * 60, factor: r.pick([1, 1.5]) },
    }
    const horizon = horizonOf(tt, drawn.footpaths, live)
    const fast = reachAll(createPlanner(tt, drawn.footpaths), horizon, q)
      .sort((a, b) => a.stop - b.stop)
      .map(({ stop, seconds, rides }) => `${stop}: ${seconds} s, ${rides}`)

    const need = q.wheelchairStops
    const open = (stop: number): boolean =>
      need === 'no' ||
      tt.stopWheelchair[stop as never] === 1 ||
      (need !== 'yes' && tt.stopWheelchair[stop as never] === 0)
    const runs = usableRuns(tt, allRuns(tt, live), q)
    const slower = slowerChanges(drawn.footpaths, q.transferTimes)
    const footpaths = q.arriveBy ? mirrorFootpaths(slower) : slower
    // the way to the first ride, or after the last one, is no change: as long as it is
    const walks = q.arriveBy ? mirrorFootpaths(drawn.footpaths) : drawn.footpaths
    const access = new Map(open(one) ? [[one, 0]] : [])
    for (let e = walks.outBegin[one]!; e < walks.outBegin[one + 1]!; e++)
      if (open(walks.outTo[e]!) && walks.outSeconds[e]! <= Math.min(q.maxAccess, q.maxTravelTime))
        access.set(walks.outTo[e]!, walks.outSeconds[e]!)
    const rules = plainRules(tt, drawn.footpaths, q.transferTimes)
    const search = {
      access,
      maxRides: q.maxTransfers + 1,
      maxTravelTime: q.maxTravelTime,
      rules: q.arriveBy ? mirrorRules(rules) : rules,
    }
    const slow = slowly(
      q.arriveBy ? backwards(runs) : runs,
      footpaths,
      walks,
      stops,
      open,
      search,
      q.arriveBy ? -q.time : q.time,
    )
    assert.deepEqual(fast, slow, `seed ${seed} ${JSON.stringify(q)}\n${drawing}`)
  }
})
