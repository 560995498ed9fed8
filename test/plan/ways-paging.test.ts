// Several ways to come to the stops: what one page holds, pages laid together hold, nothing twice, nothing lost, there and back; and no page
// holds more than was asked for, except for who leaves at the same time, and for the first that can be made on foot.

import assert from 'node:assert/strict'
import { expect, test } from 'vitest'
import { E7 } from '#engine/core/geo.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { onFoot } from '#engine/plan/approaches.ts'
import { createPlanner, type PlanResult, plan } from '#engine/plan/plan.ts'
import { type Query, queryDefaults } from '#engine/plan/query.ts'
import { buildStopLinks } from '#engine/street/links.ts'
import type { Journey } from '#engine/transit/journey.ts'
import { horizonOf } from '../helpers/horizon.ts'
import { random } from '../helpers/random.ts'
import { metresToPoint, streets } from '../helpers/streets.ts'
import { timetable } from '../helpers/timetable.ts'

//   start ── 600 m ── A ──── 2 km ──── B              and from A and B to C, now and then
const s = streets(`
  at z 0,0  at a 600,0  at b 2600,0
  z-a highway=residential
  a-b highway=residential`)
const degrees = (east: number): string => {
  const { lat, lon } = metresToPoint(east, 0)
  return `${lat / E7},${lon / E7}`
}
const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
const HOUR = 3600

function world(seed: number) {
  const r = random(seed)
  const lines: string[] = []
  for (const stop of ['A', 'B'])
    for (let at = 360 + r.below(60); at < 1320; at += r.between(5, 90))
      lines.push(`L${stop}${r.below(2)} ${stop} ${clock(at)} C ${clock(at + r.between(8, 40))}`)
  const drawn = timetable(`${lines.join('\n')}
    at A ${degrees(600)}
    at B ${degrees(2600)}
    at C ${degrees(20_000)}`)
  const planner = createPlanner(drawn.tt, drawn.footpaths, {
    graph: s.graph,
    links: buildStopLinks(s.graph, drawn.tt),
  })
  const horizon = horizonOf(drawn.tt, drawn.footpaths)
  const q: Query = {
    ...queryDefaults,
    from: { kind: 'coordinate', ...metresToPoint(0, 0) },
    to: { kind: 'stop', stop: drawn.stop('C') },
    time: (drawn.day * 86_400 + r.between(7, 16) * HOUR) as UnixSeconds,
    arriveBy: r.chance(0.5),
    window: r.pick([900, 1800, 3600]),
    minJourneys: r.pick([1, 3, 5]),
    maxDirect: 0,
    approaches: { ...onFoot, access: ['WALK', 'BIKE'] },
  }
  return { ...drawn, r, q, ask: (more: Partial<Query>) => plan(planner, horizon, { ...q, ...more }) }
}

const walks = ({ legs }: Journey): boolean => !legs.some(leg => leg.kind === 'walk' && leg.by)
const told = (j: Journey): string => `${j.departure} ${j.arrival} ${j.transfers} ${walks(j) ? 'on foot' : 'by bicycle'}`
const timeOf = (q: Query, j: Journey): number => (q.arriveBy ? j.arrival : j.departure)

test('pages laid together are one large window, there and back', () => {
  let journeys = 0
  for (let seed = 1; seed <= 60; seed++) {
    const { q, r, ask } = world(seed)
    const next = (before: PlanResult, extend: 'earlier' | 'later'): PlanResult => {
      const [begin, end] =
        extend === 'later'
          ? [before.windowEnd, before.windowEnd + 2 * HOUR]
          : [before.windowStart - 2 * HOUR, before.windowStart]
      const asked = q.arriveBy
        ? { time: end - 1, window: end - begin - 1 }
        : { time: extend === 'later' ? begin : end, window: end - begin }
      return ask({ ...asked, time: asked.time as UnixSeconds, extend })
    }
    const pages = [ask({})]
    for (let n = r.between(1, 4); n > 0; n--)
      if (r.chance(0.5)) pages.push(next(pages.at(-1)!, 'later'))
      else pages.unshift(next(pages[0]!, 'earlier'))
    const [begin, end] = [pages[0]!.windowStart, pages.at(-1)!.windowEnd]
    const whole = q.arriveBy
      ? ask({ time: (end - 1) as UnixSeconds, window: end - begin - 1, minJourneys: 0, extend: 'later' })
      : ask({ time: begin, window: end - begin, minJourneys: 0, extend: 'later' })
    assert.deepEqual([whole.windowStart, whole.windowEnd], [begin, end])
    const together = pages.flatMap(({ itineraries }) => itineraries.map(told)).sort()
    assert.deepEqual(together, whole.itineraries.map(told).sort(), `seed ${seed}`)
    journeys += together.length
  }
  expect(journeys).toBeGreaterThan(300)
})

test('a window that grew ends where there is enough, or with the first that walks', () => {
  let grown = 0
  for (let seed = 100; seed < 220; seed++) {
    const { q, ask } = world(seed)
    const { itineraries, windowStart, windowEnd } = ask({})
    if (windowEnd - windowStart <= q.window + 1 || itineraries.length <= q.minJourneys) continue
    grown++
    const times = itineraries.map(j => timeOf(q, j)).sort((a, b) => (q.arriveBy ? b - a : a - b))
    const onFeet = itineraries.filter(walks).map(j => timeOf(q, j))
    const first = q.arriveBy ? Math.max(...onFeet) : Math.min(...onFeet)
    const enough = times[q.minJourneys - 1]!
    // what is beyond both comes on the next page
    const last = q.arriveBy ? Math.min(enough, first) : Math.max(enough, first)
    expect(times.at(-1), `seed ${seed}`).toBe(last)
  }
  expect(grown).toBeGreaterThan(3)
})
