// Alternatives for single rides: MOTIS' own example, then on random cities: put in place of the ride they make a possible journey, and none
// nearer in time is missing.

import assert from 'node:assert/strict'
import { expect, test } from 'vitest'
import { formatTime, type UnixSeconds } from '#engine/core/time.ts'
import { type Alternative, alternativesFor } from '#engine/plan/alternatives.ts'
import { createPlanner, plan } from '#engine/plan/plan.ts'
import { type Query, type QueryPlace, queryDefaults } from '#engine/plan/query.ts'
import type { Journey, Leg } from '#engine/transit/journey.ts'
import { disturb, drawCity } from '../helpers/city.ts'
import { horizonOf, liveState } from '../helpers/horizon.ts'
import { assertJourney } from '../helpers/invariants.ts'
import { allRuns } from '../helpers/plain-runs.ts'
import { random } from '../helpers/random.ts'
import { type DrawnOptions, timetable } from '../helpers/timetable.ts'

/** A small world that is asked for one journey: that, and what else its rides could be. */
function world(drawing: string, options?: DrawnOptions) {
  const drawn = timetable(drawing, options)
  const planner = createPlanner(drawn.tt, drawn.footpaths)
  const horizon = horizonOf(drawn.tt, drawn.footpaths)
  const start = drawn.day * 86_400
  const place = (name: string): QueryPlace => ({ kind: 'stop', stop: drawn.stop(name) })
  const ask = (from: string, to: string, time: string, more: Partial<Query>) => {
    const [hours, minutes] = time.split(':').map(Number)
    const q: Query = {
      ...queryDefaults,
      from: place(from),
      to: place(to),
      time: (start + hours! * 3600 + minutes! * 60) as UnixSeconds,
      minJourneys: 1,
      ...more,
    }
    return { journey: plan(planner, horizon, q).itineraries[0]!, find: alternativesFor(planner, horizon, q) }
  }
  return { place, ask, clock: (...times: number[]) => times.map(t => formatTime(t - start).slice(0, 5)).join(' ') }
}

test('by way of a place: another run calls there too, or leaves the stay its time', () => {
  const { place, ask, clock } = world(
    `
    T1   A 10:00   V 10:10   B 10:30
    X1   A 10:05             B 10:25
    T1   A 09:30   V 09:40   B 10:00
    X3   V 10:15   B 10:35
    T1   A 10:20   V 10:30   B 10:50
    T1   A 10:40   V 10:50   B 11:10`,
    { change: 60 },
  )
  const told = (minutes: number, time: string, i: number): string[] => {
    const vias = [{ place: place('V'), stay: 60 * minutes }]
    const { journey, find } = ask('A', 'B', time, { vias, window: 60 })
    const rides = journey.legs.flatMap((leg, at) => (leg.kind === 'ride' ? [at] : []))
    return find(journey, rides[i]!, 9).map(([, ride]) => clock(ride.departure, ride.arrival))
  }
  // in the vehicle: not X1, which passes by
  expect(told(0, '10:00', 0)).toEqual(['09:30 10:00', '10:20 10:50', '10:40 11:10'])
  // a stay of ten minutes, from 10:10 to the run at 10:30: X3 at 10:15 leaves five; earlier to come there leaves more
  expect(told(10, '10:00', 0)).toEqual(['09:30 09:40'])
  expect(told(10, '10:00', 1)).toEqual(['10:50 11:10'])
})

test('a vehicle that drives by a place without stopping has not been there', () => {
  const { place, ask, clock } = world(`
    S1   A 10:00   -V- 10:05   B 10:10
    U2   B 10:15    V  10:20   C 10:30
    X3   B 10:16              C 10:25
    X4   B 10:17   -V- 10:19   C 10:26
    U2   B 10:25    V  10:30   C 10:40`)
  const { journey, find } = ask('A', 'C', '9:54', { vias: [{ place: place('V'), stay: 0 }] })
  const second = journey.legs.findLastIndex(leg => leg.kind === 'ride')
  expect(find(journey, second, 9).map(([, ride]) => clock(ride.departure))).toEqual(['10:25'])
})

test('what comes before or after and still fits: earlier for the first ride, later for the last, between for the one in between', () => {
  const { ask, clock } = world(
    `
    T1   A 06:00  B 06:15
    T1   A 06:30  B 06:45
    T1   A 07:00  B 07:15
    X1   A 07:00  B 07:15
    T2   B 07:30  C 08:00
    X2   B 07:30  C 08:00
    T2   B 07:45  C 08:15
    T3   C 08:30  D 09:00
    T3   C 09:00  D 09:30
    T3   C 09:30  D 10:00`,
    { change: 120 },
  )
  const { journey, find } = ask('A', 'D', '7:00', { window: 7200 })
  const told = (i: number, limit: number): string[] =>
    find(journey, i, limit).map(([before, ride, after]) =>
      clock(before.departure, ride.departure, ride.arrival, after.arrival),
    )
  // the walk before and after is the change, none at the very start and end
  expect([0, 1, 2].map(i => told(i, 5))).toEqual([
    ['06:00 06:00 06:15 06:17', '06:30 06:30 06:45 06:47', '07:00 07:00 07:15 07:17'],
    ['07:28 07:30 08:00 08:02', '07:43 07:45 08:15 08:17'],
    ['08:58 09:00 09:30 09:30', '09:28 09:30 10:00 10:00'],
  ])
  expect(told(0, 2)).toEqual(['06:30 06:30 06:45 06:47', '07:00 07:00 07:15 07:17'])
})

/** The journey with one ride, and the walks around it, exchanged. */
function exchange(j: Journey, index: number, alternative: Alternative): Journey {
  const walks = (leg: Leg | undefined): boolean => leg?.kind === 'walk'
  const [before, ride, after] = alternative
  const legs = [
    ...j.legs.slice(0, walks(j.legs[index - 1]) ? index - 1 : index),
    ...(isHere(before) ? [] : [before]),
    ride,
    ...(isHere(after) ? [] : [after]),
    ...j.legs.slice(walks(j.legs[index + 1]) ? index + 2 : index + 1),
  ]
  return { ...j, departure: legs[0]!.departure, arrival: legs.at(-1)!.arrival, legs }
}

/** A change at one stop is no walk; nor is being where the journey begins or ends. */
const isHere = (leg: Leg): boolean =>
  leg.kind === 'walk' &&
  ((leg.from.kind === 'stop' && leg.to.kind === 'stop' && leg.from.stop === leg.to.stop) ||
    ((leg.from.kind === 'start' || leg.to.kind === 'end') && leg.departure === leg.arrival))

test('on random cities with realtime every alternative fits in its ride’s place', () => {
  let tried = 0
  for (let seed = 1; seed <= 150; seed++) {
    const r = random(seed)
    const drawing = drawCity(r)
    const drawn = timetable(drawing, { change: 60 })
    const { tt, day } = drawn
    const live = r.chance(0.7) ? liveState(disturb(r, tt)) : undefined
    const planner = createPlanner(tt, drawn.footpaths)
    const horizon = horizonOf(tt, drawn.footpaths, live)
    const runs = allRuns(tt, live)
    const q: Query = {
      ...queryDefaults,
      from: { kind: 'stop', stop: r.below(tt.counts.stops - tt.counts.roomStops) as never },
      to: { kind: 'stop', stop: r.below(tt.counts.stops - tt.counts.roomStops) as never },
      time: (day * 86_400 + r.between(0, 30 * 3600)) as UnixSeconds,
      window: 4 * 3600,
      minJourneys: 0,
    }
    const find = alternativesFor(planner, horizon, q)
    for (const j of plan(planner, horizon, q).itineraries) {
      if (j.legs.some(leg => leg.kind === 'ride' && leg.stayed)) continue
      j.legs.forEach((leg, i) => {
        if (leg.kind !== 'ride') return
        const all = find(j, i, 100)
        for (const alternative of all) assertJourney(exchange(j, i, alternative), runs, drawn.footpaths)
        tried += all.length
        const few = find(j, i, 2).map(([, ride]) => Math.abs(ride.departure - leg.departure))
        const nearest = all.map(([, ride]) => Math.abs(ride.departure - leg.departure)).sort((a, b) => a - b)
        assert.deepEqual(
          few.sort((a, b) => a - b),
          nearest.slice(0, 2),
          `seed ${seed}`,
        )
      })
    }
  }
  assert.ok(tried > 100, `${tried} alternatives`)
})
