// Rides without a change that others overtake: drawn once, then on random cities against every pair of calls of every run.

import assert from 'node:assert/strict'
import { expect, test } from 'vitest'
import type { StopIdx } from '#engine/core/ids.ts'
import { formatTime, type UnixSeconds } from '#engine/core/time.ts'
import { createPlanner, plan } from '#engine/plan/plan.ts'
import { type Query, queryDefaults } from '#engine/plan/query.ts'
import { disturb } from '../helpers/city.ts'
import { horizonOf, liveState } from '../helpers/horizon.ts'
import { assertJourney } from '../helpers/invariants.ts'
import { plainRules } from '../helpers/plain-rules.ts'
import { allRuns } from '../helpers/plain-runs.ts'
import { type Random, random } from '../helpers/random.ts'
import { journeyText } from '../helpers/text.ts'
import { timetable } from '../helpers/timetable.ts'

const HOUR = 3600

test('the slow bus is told beside the express that overtakes it, once on all pages', () => {
  const { tt, footpaths, day, stop } = timetable(`
    B1   A 10:00   B 11:00
    X2   A 10:10   B 10:30
    B1   A 12:00   B 13:00`)
  const ask = (slowDirect: boolean, from: number, hours: number): string[] =>
    plan(createPlanner(tt, footpaths), horizonOf(tt, footpaths), {
      ...queryDefaults,
      from: { kind: 'stop', stop: stop('A') },
      to: { kind: 'stop', stop: stop('B') },
      time: (day * 86_400 + from * HOUR) as UnixSeconds,
      window: hours * HOUR,
      minJourneys: 0,
      slowDirect,
    }).itineraries.map(j => journeyText(tt, j, day * 86_400))
  const [slow, fast, late] = ['A 10:00 ~B1~ 11:00 B', 'A 10:10 ~X2~ 10:30 B', 'A 12:00 ~B1~ 13:00 B']
  expect(ask(false, 10, 3)).toEqual([fast, late])
  expect(ask(true, 10, 3)).toEqual([slow, fast, late])
  expect([...ask(true, 10, 1), ...ask(true, 11, 2)]).toEqual([slow, fast, late])
})

/** Slow and fast lines over the same few stops, all in one morning. */
function drawMorning(r: Random): string {
  const lines = Array.from({ length: r.between(3, 6) }, (_, line) => {
    const stops = [...'ABCDE'].filter(() => r.chance(0.8))
    const minutes = r.between(2, 20)
    return Array.from({ length: stops.length > 1 ? r.between(2, 6) : 0 }, () => {
      const start = r.between(9 * 60, 12 * 60)
      const calls = stops.map((stop, i) => `${stop} ${formatTime(60 * (start + i * minutes)).slice(0, 5)}`)
      return `L${line} ${calls.join(' ')}`
    })
  })
  const walks = ['A→B', 'B→A', 'D→E', 'E→D']
    .filter(() => r.chance(0.6))
    .map(pair => `walk ${pair} ${r.between(1, 10)}m`)
  return [...lines.flat(), 'T0 A 08:00 B 08:01 C 08:02 D 08:03 E 08:04', ...walks].join('\n')
}

test('equals every run that goes straight there, on 80 random mornings, both ways', () => {
  let added = 0
  for (let seed = 1; seed <= 80; seed++) {
    const r = random(31_000 + seed)
    const { tt, footpaths, day, stop } = timetable(drawMorning(r), { change: 60 })
    const live = r.chance(0.5) ? liveState(disturb(r, tt)) : undefined
    const [planner, horizon] = [createPlanner(tt, footpaths), horizonOf(tt, footpaths, live)]
    const q: Query = {
      ...queryDefaults,
      from: { kind: 'stop', stop: stop('A') },
      to: { kind: 'stop', stop: stop('E') },
      time: (day * 86_400 + r.between(9 * HOUR, 13 * HOUR)) as UnixSeconds,
      arriveBy: r.chance(0.5),
      window: r.pick([HOUR, 6 * HOUR]),
      minJourneys: r.pick([0, 2]),
      maxDirect: 0,
    }
    const best = plan(planner, horizon, q)
    const all = plan(planner, horizon, { ...q, slowDirect: true })
    const context = `seed ${seed} ${JSON.stringify(q)}`
    const near = (at: StopIdx, out: boolean): Map<number, number> => {
      const found = new Map<number, number>([[at, 0]])
      const { outBegin, outTo, outSeconds, inBegin, inFrom, inSeconds } = footpaths
      const [begin, other, seconds] = out ? [outBegin, outTo, outSeconds] : [inBegin, inFrom, inSeconds]
      for (let e = begin[at]!; e < begin[at + 1]!; e++) if (seconds[e]! <= 900) found.set(other[e]!, seconds[e]!)
      return found
    }
    const [access, egress] = [
      near((q.from as { stop: StopIdx }).stop, true),
      near((q.to as { stop: StopIdx }).stop, false),
    ]
    const taken = new Set(
      best.itineraries
        .filter(j => j.transfers === 0)
        .flatMap(j => j.legs.map(l => (l.kind === 'ride' ? `${l.trip} ${l.day} ${l.shift}` : ''))),
    )
    const runs = allRuns(tt, live)
    const expected: string[] = []
    for (const { trip, day: on, shift, calls, parts } of runs) {
      if (parts || taken.has(`${trip} ${on} ${shift}`)) continue
      const pairs = calls.flatMap((from, i) =>
        calls.slice(i + 1).flatMap(to => {
          const [before, after] = [access.get(from.stop), egress.get(to.stop)]
          if (before === undefined || after === undefined || !from.board || !to.alight) return []
          return [[from.departure - before, to.arrival + after] as const]
        }),
      )
      const quickest = pairs.toSorted((a, b) => a[1] - a[0] - (b[1] - b[0]) || a[1] - b[1])[0]
      if (!quickest || quickest[1] - quickest[0] > q.maxTravelTime) continue
      const at = q.arriveBy ? quickest[1] : quickest[0]
      if (at >= best.windowStart && at < best.windowEnd) expected.push(quickest.join(' '))
    }
    const told = all.itineraries.filter(j => !best.itineraries.some(b => JSON.stringify(b) === JSON.stringify(j)))
    assert.deepEqual(told.map(j => `${j.departure} ${j.arrival}`).sort(), expected.sort(), context)
    for (const j of told) assertJourney(j, runs, footpaths, plainRules(tt, footpaths))
    added += told.length
  }
  expect(added).toBeGreaterThan(50)
})
