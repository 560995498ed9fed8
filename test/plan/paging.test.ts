// Pages laid together are one large window: nothing twice, nothing lost, there and back the same, by way of places too. On random cities with
// random realtime, against the slow twin, which knows neither pages nor windows that grow.

import assert from 'node:assert/strict'
import { describe, expect, test } from 'vitest'
import type { UnixSeconds } from '#engine/core/time.ts'
import { cutPage } from '#engine/plan/cut.ts'
import { createPlanner, type Planner, type PlanResult, plan } from '#engine/plan/plan.ts'
import { type Query, queryDefaults } from '#engine/plan/query.ts'
import { spanOf } from '#engine/plan/window.ts'
import { turning } from '#engine/transit/both-ends.ts'
import { mirrorFootpaths } from '#engine/transit/mirror.ts'
import { disturb, drawCity } from '../helpers/city.ts'
import { horizonOf, liveState } from '../helpers/horizon.ts'
import { assertJourney } from '../helpers/invariants.ts'
import { mirrorRules, type PlainRules, plainRules } from '../helpers/plain-rules.ts'
import { allRuns, backwards, type PlainRun } from '../helpers/plain-runs.ts'
import { type Random, random } from '../helpers/random.ts'
import { answerSet, type PlainAnswer, type PlainVia, referenceRange } from '../helpers/reference.ts'
import { type Drawn, timetable } from '../helpers/timetable.ts'

const HOUR = 3600
/** What a search may do, done always or never. */
const SEARCHED = [
  turning,
  { many: 1, more: Number.NEGATIVE_INFINITY, onwards: Number.NEGATIVE_INFINITY, backwards: Number.NEGATIVE_INFINITY },
  { many: Number.POSITIVE_INFINITY, more: 0, onwards: Number.POSITIVE_INFINITY, backwards: Number.POSITIVE_INFINITY },
] as const

interface World extends Drawn {
  readonly planner: Planner
  readonly horizon: ReturnType<typeof horizonOf>
  readonly runs: PlainRun[]
  readonly rules: PlainRules | undefined
}

function world(r: Random, seed: number): World {
  const drawn = timetable(drawCity(r), { zone: r.chance(0.5) ? 'Europe/Berlin' : 'UTC', change: 60 })
  const live = r.chance(0.7) ? liveState(disturb(r, drawn.tt)) : undefined
  return {
    ...drawn,
    planner: { ...createPlanner(drawn.tt, drawn.footpaths), turning: SEARCHED[seed % 3]! },
    horizon: horizonOf(drawn.tt, drawn.footpaths, live),
    runs: allRuns(drawn.tt, live),
    rules: plainRules(drawn.tt, drawn.footpaths),
  }
}

function query(r: Random, { tt, day }: World): Query {
  const [from, to] = [r.below(tt.counts.stops - tt.counts.roomStops), r.below(tt.counts.stops - tt.counts.roomStops)]
  return {
    ...queryDefaults,
    from: { kind: 'stop', stop: from as never },
    to: { kind: 'stop', stop: to as never },
    time: (day * 86_400 + r.between(0, 40 * HOUR)) as UnixSeconds,
    arriveBy: r.chance(0.5),
    window: r.pick([900, 1800, 7200]),
    minJourneys: r.pick([0, 1, 3, 5]),
    maxTravelTime: r.chance(0.7) ? 24 * HOUR : r.between(600, 7200),
    maxTransfers: r.between(0, 4),
    maxDirect: 0,
    vias: Array.from({ length: r.pick([0, 0, 1, 2]) }, () => ({
      place: { kind: 'stop', stop: r.below(tt.counts.stops - tt.counts.roomStops) as never } as const,
      stay: r.pick([0, 0, 300, 1200]),
    })),
  }
}

/** The page after (before) another one, asked as api/motis/page.ts asks. */
function page(
  { planner, horizon }: World,
  q: Query,
  before: PlanResult,
  extend: 'earlier' | 'later',
  limit?: number,
): PlanResult {
  const [begin, end] =
    extend === 'later'
      ? [before.windowEnd, before.windowEnd + 2 * HOUR]
      : [before.windowStart - 2 * HOUR, before.windowStart]
  // arrive by: [time − window, time]
  const asked = q.arriveBy
    ? { time: end - 1, window: end - begin - 1 }
    : { time: extend === 'later' ? begin : end, window: end - begin }
  const found = { ...q, ...asked, time: asked.time as UnixSeconds, extend } as const
  const result = plan(planner, horizon, found)
  assert.deepEqual(result.direct, [])
  return limit === undefined ? result : cutPage(result, found, limit)
}

const answers = (result: PlanResult): PlainAnswer[] =>
  result.itineraries.map(j => ({ departure: j.departure, arrival: j.arrival, rides: j.transfers + 1 }))

/** Everything in [begin, end), from the definition. */
function slowly({ footpaths, runs, rules, tt }: World, q: Query, begin: number, end: number): string[] {
  const near = (place: Query['from'], reverse: boolean): Map<number, number> => {
    const stop = (place as { stop: number }).stop
    const found = new Map([[stop, 0]])
    const { outBegin, outTo, outSeconds, inBegin, inFrom, inSeconds } = footpaths
    const [first, other, seconds] = reverse ? [inBegin, inFrom, inSeconds] : [outBegin, outTo, outSeconds]
    for (let e = first[stop]!; e < first[stop + 1]!; e++) if (seconds[e]! <= 900) found.set(other[e]!, seconds[e]!)
    return found
  }
  const vias = q.vias.map(({ place, stay }): PlainVia => {
    const platforms = new Set([(place as { stop: number }).stop])
    return { stay, platforms, into: new Map(), outOf: new Map() }
  })
  if (q.arriveBy) vias.reverse()
  const common = { maxRides: q.maxTransfers + 1, maxTravelTime: q.maxTravelTime, rules, vias }
  const [access, egress] = [near(q.from, false), near(q.to, true)]
  const { stops } = tt.counts
  if (!q.arriveBy) return answerSet(referenceRange(runs, footpaths, stops, { ...common, access, egress }, begin, end))
  const back = { ...common, access: egress, egress: access, rules: mirrorRules(rules) }
  return answerSet(
    referenceRange(backwards(runs), mirrorFootpaths(footpaths), stops, back, -end + 1, -begin + 1).map(a => ({
      departure: -a.arrival,
      arrival: -a.departure,
      rides: a.rides,
    })),
  )
}

describe('on random cities', () => {
  test('a page holds exactly what its window holds, whatever made the window grow', () => {
    for (let seed = 1; seed <= 150; seed++) {
      const r = random(seed)
      const w = world(r, seed)
      const q = query(r, w)
      const result = plan(w.planner, w.horizon, q)
      assert.deepEqual(
        answerSet(answers(result)),
        slowly(w, q, result.windowStart, result.windowEnd),
        `seed ${seed} ${JSON.stringify(q)}`,
      )
      if (result.itineraries.length < q.minJourneys) assert.ok(result.windowEnd - result.windowStart >= 24 * HOUR)
      if (q.vias.length > 0) continue
      for (const j of result.itineraries) assertJourney(j, w.runs, w.footpaths, w.rules)
    }
  })

  test.each([undefined, 1, 2])('pages there and back, at most about %s a page', limit => {
    for (let seed = 500; seed < 600; seed++) {
      const r = random(seed)
      const w = world(r, seed)
      const q = query(r, w)
      const first = plan(w.planner, w.horizon, q)
      const there = [limit === undefined ? first : cutPage(first, q, limit)]
      for (const extend of [r.pick(['earlier', 'later'] as const), r.pick(['earlier', 'later'] as const)])
        for (let n = r.between(1, 4); n > 0; n--) {
          if (extend === 'later') there.push(page(w, q, there.at(-1)!, extend, limit))
          else there.unshift(page(w, q, there[0]!, extend, limit))
        }
      const [begin, end] = [there[0]!.windowStart, there.at(-1)!.windowEnd]
      const context = `seed ${seed} ${JSON.stringify(q)}`
      there.slice(1).forEach((p, i) => {
        assert.equal(p.windowStart, there[i]!.windowEnd, `pages border on each other, ${context}`)
      })
      const told = there.flatMap(answers)
      assert.equal(new Set(answerSet(told)).size, told.length, `nothing twice, ${context}`)
      assert.deepEqual(answerSet(told), slowly(w, q, begin, end), `nothing lost, ${context}`)

      const back: PlainAnswer[] = []
      for (let at = { ...first, windowStart: end }; at.windowStart > begin; ) {
        const earlier = page(w, q, at, 'earlier', limit)
        back.push(...answers(earlier))
        at = earlier
      }
      const inside = back.filter(a => (q.arriveBy ? a.arrival : a.departure) >= begin)
      assert.deepEqual(answerSet(inside), answerSet(told), `there and back, ${context}`)
    }
  })

  test('windows grow earlier as they would from the beginning, ride by ride', () => {
    let grown = 0
    for (let seed = 1500; seed < 1650; seed++) {
      const r = random(seed)
      const w = world(r, 0)
      const drawn = { ...query(r, w), vias: [], minJourneys: 5 }
      const q: Query = { ...drawn, extend: drawn.arriveBy ? 'later' : 'earlier' }
      const [whole, piecewise] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(backwards =>
        plan({ ...w.planner, turning: { ...turning, many: Number.POSITIVE_INFINITY, backwards } }, w.horizon, q),
      )
      assert.deepEqual(whole!.itineraries, piecewise!.itineraries, `seed ${seed} ${JSON.stringify(q)}`)
      if (whole!.windowEnd - whole!.windowStart > q.window + 1) grown++
    }
    expect(grown).toBeGreaterThan(50)
  })

  test('nothing outside the span of the query is looked at', () => {
    for (let seed = 900; seed < 960; seed++) {
      const r = random(seed)
      const w = world(r, seed)
      const q = { ...query(r, w), extend: r.pick(['auto', 'earlier', 'later'] as const) }
      const { windowStart, windowEnd, itineraries } = plan(w.planner, w.horizon, q)
      const span = spanOf(q)
      assert.ok(windowStart >= span.begin && windowEnd <= span.end, `seed ${seed}`)
      for (const j of itineraries) assert.ok(j.departure >= span.begin && j.arrival <= span.end, `seed ${seed}`)
    }
  })
})

describe('single questions', () => {
  const drawn = timetable(`
    S1   A 10:00   B 10:20
    S1   A 10:20   B 10:40
    S1   A 10:40   B 11:00
    S1   A 20:00   B 20:20`)
  const planner = createPlanner(drawn.tt, drawn.footpaths)
  const horizon = horizonOf(drawn.tt, drawn.footpaths)
  const at = (hours: number, minutes = 0): UnixSeconds =>
    (drawn.day * 86_400 + hours * HOUR + minutes * 60) as UnixSeconds
  const clock = (t: number): string => new Date(t * 1000).toISOString().slice(11, 16)
  const ask = (q: Partial<Query>): PlanResult =>
    plan(planner, horizon, {
      ...queryDefaults,
      from: { kind: 'stop', stop: drawn.stop('A') },
      to: { kind: 'stop', stop: drawn.stop('B') },
      time: at(10),
      ...q,
    })

  test('the window grows by what is missing until there is enough', () => {
    const three = ask({ window: 900, minJourneys: 3 })
    expect([clock(three.windowStart), clock(three.windowEnd)]).toEqual(['10:00', '10:40'])
    const four = ask({ window: 900, minJourneys: 4 })
    expect(four.itineraries.map(j => clock(j.departure))).toEqual(['10:00', '10:20', '10:40', '20:00'])
  })

  test('what a grown window holds beyond enough belongs to the next page', () => {
    const night = timetable(`
      U1   A 00:20   B 00:40
      U1   A 05:00   B 05:20   [every 10m until 12:00]`)
    const planner = createPlanner(night.tt, night.footpaths)
    const found = (q: Partial<Query>): PlanResult =>
      plan(planner, horizonOf(night.tt, night.footpaths), {
        ...queryDefaults,
        from: { kind: 'stop', stop: night.stop('A') },
        to: { kind: 'stop', stop: night.stop('B') },
        time: (night.day * 86_400 + 900) as UnixSeconds,
        minJourneys: 4,
        ...q,
      })
    const first = found({})
    expect(first.itineraries.map(j => clock(j.departure))).toEqual(['00:20', '05:00', '05:10', '05:20'])
    const next = found({ time: first.windowEnd, window: 7200, extend: 'later', minJourneys: 1 })
    expect(clock(next.itineraries[0]!.departure)).toBe('05:30')
    // the window asked for stays whole
    expect(found({ window: 6 * HOUR, minJourneys: 2 }).itineraries).toHaveLength(1 + 8)
    const by = found({ time: (night.day * 86_400 + 4 * HOUR) as UnixSeconds, arriveBy: true })
    expect(by.itineraries.map(j => clock(j.arrival))).toEqual(['00:40'])
    const morning = found({ time: (night.day * 86_400 + 16 * HOUR) as UnixSeconds, arriveBy: true, minJourneys: 2 })
    expect(morning.itineraries.map(j => clock(j.arrival))).toEqual(['12:00', '12:10'])
  })

  test('arrive by: it grows towards earlier arrivals', () => {
    const two = ask({ time: at(11), window: 900, minJourneys: 2, arriveBy: true })
    expect(two.itineraries.map(j => clock(j.arrival))).toEqual(['10:40', '11:00'])
    expect([clock(two.windowStart), clock(two.windowEnd)]).toEqual(['10:40', '11:00'])
  })

  test('a page later than an arrive-by query grows later', () => {
    const later = ask({ time: at(13), window: 7140, minJourneys: 1, arriveBy: true, extend: 'later' })
    expect(later.itineraries.map(j => clock(j.arrival))).toEqual(['20:20'])
    expect(clock(later.windowStart)).toBe('11:01')
  })

  test('a window of 0 is a single moment: the wait counts, nothing grows', () => {
    const once = ask({ time: at(10, 1), window: 0, minJourneys: 5 })
    expect(once.itineraries.map(j => clock(j.departure))).toEqual(['10:20'])
    const by = ask({ time: at(10, 59), window: 0, arriveBy: true })
    expect(by.itineraries.map(j => clock(j.arrival))).toEqual(['10:40'])
  })

  test('a page beyond the timetable is empty, a question there is an error', () => {
    const beyond = ask({ time: at(24 * 9), window: 7200, extend: 'later' })
    expect(beyond.itineraries).toEqual([])
    expect(beyond.reasons.map(({ code }) => code)).toEqual(['OUTSIDE_TIMETABLE'])
    expect(() => ask({ time: at(24 * 9) })).toThrow('TIME_OUTSIDE_TIMETABLE')
  })
})
