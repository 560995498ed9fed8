// Places to come by in random cities, against the slow twin, both ways, with realtime and transfer rules.

import assert from 'node:assert/strict'
import { expect, test } from 'vitest'
import type { StopIdx } from '#engine/core/ids.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { stopsAround } from '#engine/plan/access.ts'
import { createPlanner, plan } from '#engine/plan/plan.ts'
import { type Query, type QueryPlace, queryDefaults, type Via } from '#engine/plan/query.ts'
import type { Journey } from '#engine/transit/journey.ts'
import { mirrorFootpaths } from '#engine/transit/mirror.ts'
import { disturb, drawCity } from '../helpers/city.ts'
import { horizonOf, liveState } from '../helpers/horizon.ts'
import { mirrorRules, plainRules } from '../helpers/plain-rules.ts'
import { allRuns, backwards, type PlainRun } from '../helpers/plain-runs.ts'
import { type Random, random } from '../helpers/random.ts'
import { answerSet, type PlainVia, referenceRange } from '../helpers/reference.ts'
import { type Drawn, timetable } from '../helpers/timetable.ts'

const HOUR = 3600

/** Does a journey come by all places in their order? Written for the test: stop by stop, with the time there is at each change. */
function comesBy(j: Journey, vias: readonly Via[], runs: readonly PlainRun[]): boolean {
  let next = 0
  const pass = (stops: readonly number[], numbers: readonly number[], seconds: number): void => {
    for (; next < vias.length; next++) {
      const { place, stay } = vias[next]!
      if (place.kind === 'stop' ? !stops.includes(place.stop) : !numbers.includes(next)) return
      if (stay > seconds) return
      seconds -= stay
    }
  }
  let stops: number[] = []
  let numbers: number[] = []
  let since: number = j.departure
  for (const leg of j.legs) {
    if (leg.kind === 'walk') {
      // from where the journey begins, too: who starts at a place has been there
      for (const end of [leg.from, leg.to]) if (end.kind === 'stop') stops.push(end.stop)
      if (leg.to.kind === 'via') numbers.push(leg.to.via)
      continue
    }
    if (!leg.stayed) {
      stops.push(leg.from)
      pass(stops, numbers, leg.departure - since)
    }
    const run = runs.find(r => !r.parts && r.trip === leg.trip && r.day === leg.day && r.shift === leg.shift)!
    for (const call of run.calls.slice(leg.board, leg.alight + 1))
      if (call.board || call.alight) pass([call.stop], [], 0)
    ;[stops, numbers, since] = [[leg.to], [], leg.arrival]
  }
  pass(stops, numbers, j.arrival - since)
  return next === vias.length
}

/** Places that a ride is said to pass and that neither it nor a leg for which the rider then stays calls at. */
function passesElsewhere({ legs }: Journey, vias: readonly Via[], runs: readonly PlainRun[]): number[] {
  return legs.flatMap((leg, i) => {
    if (leg.kind !== 'ride') return []
    const onward = legs.findIndex((l, k) => k > i && !(l.kind === 'ride' && l.stayed))
    const stops = legs.slice(i, onward < 0 ? legs.length : onward).flatMap(l => {
      if (l.kind !== 'ride') return []
      const run = runs.find(r => !r.parts && r.trip === l.trip && r.day === l.day && r.shift === l.shift)!
      return run.calls.slice(l.board, l.alight + 1).map(call => call.stop)
    })
    return (leg.passes ?? []).filter(n => {
      const { place } = vias[n]!
      return place.kind !== 'stop' || !stops.includes(place.stop)
    })
  })
}

/** Two or three places, of which one may be no stop. */
const drawVias = (r: Random, { tt }: Drawn): Via[] =>
  Array.from({ length: r.between(1, 3) }, () => {
    const stop = r.below(tt.counts.stops - tt.counts.roomStops) as StopIdx
    const place: QueryPlace = r.chance(0.25)
      ? { kind: 'coordinate', lat: tt.stopLat[stop]! + r.below(20_000), lon: tt.stopLon[stop]! + r.below(20_000) }
      : { kind: 'stop', stop }
    return { place, stay: r.chance(0.5) ? 0 : r.between(0, 30) * 60 }
  })

test.each([1, 51, 101, 151])(
  'equals the slow twin on 50 random cities from %i on, both ways, with realtime and transfer rules',
  first => {
    let found = 0
    for (let seed = first; seed < first + 50; seed++) {
      const r = random(7000 + seed)
      const wild = seed % 3 === 0
      const drawing = drawCity(r, wild ? { longestWalk: 60 } : {})
      const world = timetable(drawing, { change: 60 })
      const { tt, day, footpaths } = world
      const live = r.chance(0.5) ? liveState(disturb(r, tt, wild ? 3600 : 180)) : undefined
      const planner = createPlanner(tt, footpaths)
      const vias = drawVias(r, world)
      const q: Query = {
        ...queryDefaults,
        vias,
        from: { kind: 'stop', stop: r.below(tt.counts.stops - tt.counts.roomStops) as StopIdx },
        to: { kind: 'stop', stop: r.below(tt.counts.stops - tt.counts.roomStops) as StopIdx },
        time: (day * 86_400 + r.between(0, 40 * HOUR)) as UnixSeconds,
        arriveBy: r.chance(0.5),
        window: r.pick([HOUR, 4 * HOUR, 8 * HOUR]),
        minJourneys: r.pick([0, 2]),
        maxTransfers: r.between(0, 5),
      }
      const horizon = horizonOf(tt, footpaths, live)
      // what was asked before leaves nothing behind
      plan(planner, horizon, { ...q, vias: [], extend: 'earlier' })
      const result = plan(planner, horizon, q)
      const context = `seed ${seed} ${JSON.stringify(q)}\n${drawing}`

      const around = (place: QueryPlace, reverse: boolean): Map<number, number> => {
        const options = { maxSeconds: 900, profile: q.walker, maxMatchingDistance: 250, reverse }
        const { stops, seconds } = stopsAround(planner, place, options)
        return new Map(Array.from(stops, (stop, i) => [stop, seconds[i]!]))
      }
      const plain = vias.map(({ place, stay }): PlainVia => {
        if (place.kind === 'stop') return { stay, platforms: new Set([place.stop]), into: new Map(), outOf: new Map() }
        const [into, outOf] = [around(place, !q.arriveBy), around(place, q.arriveBy)]
        return { stay, platforms: new Set(), into, outOf }
      })
      const rules = plainRules(tt, footpaths)
      const common = { maxRides: q.maxTransfers + 1, maxTravelTime: q.maxTravelTime }
      const [access, egress] = [around(q.from, false), around(q.to, true)]
      const runs = allRuns(tt, live)
      const { stops } = tt.counts
      const [begin, end] = [result.windowStart, result.windowEnd]
      const slow = q.arriveBy
        ? referenceRange(
            backwards(runs),
            mirrorFootpaths(footpaths),
            stops,
            { ...common, access: egress, egress: access, rules: mirrorRules(rules), vias: plain.reverse() },
            -end + 1,
            -begin + 1,
          ).map(a => ({ departure: -a.arrival, arrival: -a.departure, rides: a.rides }))
        : referenceRange(runs, footpaths, stops, { ...common, access, egress, rules, vias: plain }, begin, end)
      const fast = result.itineraries.map(j => ({ departure: j.departure, arrival: j.arrival, rides: j.transfers + 1 }))
      assert.deepEqual(answerSet(fast), answerSet(slow), context)
      for (const j of result.itineraries) {
        assert.ok(comesBy(j, vias, runs), `comes by its places, ${context}`)
        for (const place of passesElsewhere(j, vias, runs)) assert.fail(`${place} is not on its ride, ${context}`)
        j.legs.forEach((leg, i) => {
          if (i === 0 || (leg.kind === 'ride' && leg.stayed)) return
          assert.ok(leg.departure >= j.legs[i - 1]!.arrival, `time never runs back, ${context}`)
        })
      }
      found += fast.length
    }
    expect(found).toBeGreaterThan(30)
  },
)

test('the checker knows that who walks from a place has been there', () => {
  const end = (stop: number) => ({ kind: 'stop', stop }) as const
  const j = {
    departure: 0,
    arrival: 200,
    legs: [
      { kind: 'walk', from: end(1), to: end(3), departure: 0, arrival: 60 },
      { kind: 'ride', trip: 7, day: 0, shift: 0, board: 0, alight: 0, from: 3, to: 4, departure: 60, arrival: 200 },
    ],
  } as unknown as Journey
  const runs = [{ trip: 7, day: 0, shift: 0, calls: [] }] as unknown as PlainRun[]
  const via = (stop: number): Via[] => [{ place: { kind: 'stop', stop: stop as StopIdx }, stay: 0 }]
  expect([1, 3, 4, 5].map(stop => comesBy(j, via(stop), runs))).toEqual([true, true, true, false])
})
