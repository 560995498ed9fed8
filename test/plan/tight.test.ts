// For a single moment (timetableView=false): who is there first, and leaves no sooner than he has to; arriving by a time, who leaves last, and is there
// no later than he has to be.

import { expect, test } from 'vitest'
import type { UnixSeconds } from '#engine/core/time.ts'
import { createPlanner, plan } from '#engine/plan/plan.ts'
import { type Query, queryDefaults } from '#engine/plan/query.ts'
import type { Journey } from '#engine/transit/journey.ts'
import { disturb, drawCity } from '../helpers/city.ts'
import { horizonOf, liveState } from '../helpers/horizon.ts'
import { random } from '../helpers/random.ts'
import { timetable } from '../helpers/timetable.ts'

const HOUR = 3600
const told = (j: Journey): string => `${j.departure} ${j.arrival} ${j.transfers}`

test('nobody waits half-way for what he could wait for at home', () => {
  const drawn = timetable(`
    S1  A 10:00  B 10:10
    S1  A 10:20  B 10:30
    U2  B 10:40  C 10:50
    U2  B 11:00  C 11:10
    R5  A 10:05  C 11:20`)
  const planner = createPlanner(drawn.tt, drawn.footpaths)
  const horizon = horizonOf(drawn.tt, drawn.footpaths)
  const ask = (hour: number, minute: number, arriveBy: boolean, vias: Query['vias'] = []): string[] =>
    plan(planner, horizon, {
      ...queryDefaults,
      from: { kind: 'stop', stop: drawn.stop('A') },
      to: { kind: 'stop', stop: drawn.stop('C') },
      time: (drawn.day * 86_400 + hour * HOUR + minute * 60) as UnixSeconds,
      window: 0,
      minJourneys: 0,
      tight: true,
      arriveBy,
      vias,
    }).itineraries.map(j => [j.departure, j.arrival].map(t => new Date(t * 1000).toISOString().slice(11, 16)).join())
  expect(ask(9, 55, false)).toEqual(['10:05,11:20', '10:20,10:50'])
  expect(ask(11, 25, true)).toEqual(['10:05,11:20', '10:20,10:50'])
  const via = { place: { kind: 'stop', stop: drawn.stop('B') }, stay: 0 } as const
  for (const arriveBy of [false, true]) expect(ask(arriveBy ? 11 : 9, 55, arriveBy, [via])).toEqual(['10:20,10:50'])
})

test('of all journeys of a day those with the best other end, on random cities with realtime', () => {
  let [found, later] = [0, 0]
  for (let seed = 1; seed <= 300; seed++) {
    const r = random(0x719 + seed)
    const drawn = timetable(drawCity(r), { change: 60 })
    const { tt, day, footpaths } = drawn
    const place = () => ({ kind: 'stop', stop: r.below(tt.counts.stops - tt.counts.roomStops) as never }) as const
    const planner = createPlanner(tt, footpaths)
    const horizon = horizonOf(tt, footpaths, r.chance(0.5) ? liveState(disturb(r, tt)) : undefined)
    const q: Query = {
      ...queryDefaults,
      from: place(),
      to: place(),
      time: (day * 86_400 + r.between(5, 20) * HOUR) as UnixSeconds,
      arriveBy: r.chance(0.5),
      window: 0,
      minJourneys: 0,
      maxTravelTime: 8 * HOUR,
      maxTransfers: r.between(0, 4),
    }
    const { itineraries } = plan(planner, horizon, { ...q, tight: true })
    const wait = plan(planner, horizon, q).itineraries
    const all = plan(planner, horizon, { ...q, window: 12 * HOUR }).itineraries.filter(j =>
      q.arriveBy ? j.arrival <= q.time && j.departure >= q.time - 8 * HOUR : j.arrival <= q.time + 8 * HOUR,
    )
    const best: Journey[] = []
    for (let changes = 0; changes <= q.maxTransfers; changes++) {
      const few = all.filter(j => j.transfers <= changes)
      const [first] = few.sort((a, b) =>
        q.arriveBy
          ? b.departure - a.departure || a.arrival - b.arrival
          : a.arrival - b.arrival || b.departure - a.departure,
      )
      const before = best.at(-1)
      if (first && (!before || (q.arriveBy ? first.departure > before.departure : first.arrival < before.arrival)))
        best.push(first)
    }
    expect(itineraries.map(told).sort(), `seed ${seed} ${JSON.stringify(q)}`).toEqual(best.map(told).sort())
    found += itineraries.length
    if (itineraries.map(told).join() !== wait.map(told).join()) later++
  }
  expect(found).toBeGreaterThan(120)
  expect(later).toBeGreaterThan(15)
})
