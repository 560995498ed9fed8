// Stops that only realtime knows (H9): their numbers, and changes at them.

import { expect, test } from 'vitest'
import { readBoard } from '#api/live/board.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { addWalks, changeBetween } from '#engine/footpaths/footpaths.ts'
import { extraTripsIn } from '#engine/live/runs.ts'
import { createPlanner, plan } from '#engine/plan/plan.ts'
import { type Query, queryDefaults } from '#engine/plan/query.ts'
import { Profile } from '#engine/street/profile.ts'
import { horizonOf } from '../helpers/horizon.ts'
import { random } from '../helpers/random.ts'
import { type Entity, raw, say, storeOf, trip } from '../helpers/realtime.ts'
import { journeyText } from '../helpers/text.ts'
import { seconds, timetable } from '../helpers/timetable.ts'

// A, B … 700 m from each other; E is 150 m from where "new" will be
const world = () =>
  timetable(`
    at E 51.5013,7.405
    S1   A 11:00   B 11:10   C 11:20
    U2   E 10:15   C 10:30   [wheelchair=1]
    station H: P1 P2
    U3   P1 10:40   C 10:50`)
const midnight = Date.UTC(2026, 0, 10) / 1000
const T = midnight + seconds('9:00')
const clock = (time: string): number => midnight + seconds(time)
const newStop = (stopId: string, more: object = {}): Entity =>
  raw({
    id: `stop ${stopId}`,
    stop: { stopId, stopName: { translation: [{ text: `at ${stopId}` }] }, stopLat: 51.5, stopLon: 7.405, ...more },
  })
const runTo = (tripId: string, stopId: string): Entity =>
  trip(tripId, { routeId: 'S1', startDate: '20260110' })
    .withId(tripId)
    .is('NEW')
    .stop(1, 'A')
    .departure({ time: clock('10:00') })
    .stop(2, stopId)
    .arrival({ time: clock('10:05') })
    .stop(3, 'B')
    .arrival({ time: clock('10:10') })

test('a number that nobody names any more is given to another stop', () => {
  const { tt } = world()
  const store = storeOf(tt)
  for (let i = 0; i < 3 * tt.counts.roomStops; i++) {
    const { state } = say(store, { timestamp: T + i }, newStop(`n${i}`), runTo('x', `n${i}`))
    expect(state.sources[0]!.warnings).toEqual({})
    expect(textOf(tt, tt.stopId[state.runs.eventStop[1]!]!)).toBe(`n${i}`)
    expect(store.stops.added().stops.length).toBeLessThanOrEqual(1)
  }
  say(store, { timestamp: T + 1000 })
  expect(store.stops.added().stops).toEqual([])
})

test('what is not taken is counted by its reason', () => {
  const many = Array.from({ length: world().tt.counts.roomStops + 2 }, (_, i) => newStop(`n${i}`))
  const warnings = (...entities: Entity[]) =>
    say(storeOf(world().tt), { timestamp: T }, ...entities).state.sources[0]!.warnings
  expect(warnings(...many)).toEqual({ no_room_for_stop: 2 })
  expect(
    warnings(
      newStop('A'),
      newStop('x', { stopLat: 91 }),
      newStop('y', { stopName: { translation: [{ text: 'y'.repeat(999) }] } }),
    ),
  ).toEqual({ bad_stop: 1, stop_exists: 1, stop_too_long: 1 })
})

test('said twice in a message it is one stop; the same again is the same number', () => {
  const { tt } = world()
  const store = storeOf(tt)
  const number = (...entities: Entity[]): StopIdx => {
    say(store, { timestamp: T }, ...entities, runTo('x', 'n'))
    return store.state.runs.eventStop[1]! as StopIdx
  }
  const first = number(newStop('n'), { entity: () => ({ ...newStop('n', { stopLat: 51.6 }).entity(''), id: 'again' }) })
  expect(store.stops.added().stops).toEqual([first])
  expect([number(newStop('n', { stopLat: 51.6 })), number(newStop('n', { stopLat: 51.6 }))]).toEqual([first, first])
})

test('whatever comes and goes, a run in use calls where it was told to', () => {
  const { tt } = world()
  const store = storeOf(tt)
  const { below, chance } = random(0x57095)
  // generations that somebody still reads
  const held: { trips: readonly number[]; names: string }[] = []
  const namesOf = (trips: readonly number[]): string =>
    trips
      .map(t => {
        const slot = tt.slotBegin[tt.tripPattern[t as never]]!
        return textOf(tt, tt.stopName[(tt.slots[slot + 1]! >>> 2) as StopIdx]!)
      })
      .join()
  for (let i = 0; i < 400; i++) {
    const ids = Array.from({ length: below(8) }, () => `n${below(300)}`)
    const { runs, sources } = say(
      store,
      { timestamp: T + i },
      ...[...new Set(ids)].flatMap(id => [newStop(id), runTo(`t${id}`, id)]),
    ).state
    expect(sources[0]!.rejected).toEqual({})
    const trips = extraTripsIn(tt, runs)
    const told = trips.map(t => `at ${textOf(tt, tt.tripId[t]!).slice(1)}`).join()
    expect(namesOf(trips)).toBe(told)
    for (const t of trips) store.extras.keep(t)
    held.push({ trips, names: told })
    if (chance(0.5) || held.length > 5)
      for (const { trips } of held.splice(0, 1 + below(held.length)))
        for (const t of trips) store.extras.release(t as never)
    for (const { trips, names } of held) expect(namesOf(trips)).toBe(names)
  }
})

test('one changes there: by foot to what is near, in the run that stops there too; a wheelchair only there', () => {
  const w = world()
  const { tt, footpaths } = w
  const planner = createPlanner(tt, footpaths)
  const { state } = say(storeOf(tt), { timestamp: T }, newStop('new'), runTo('x', 'new'))
  const horizon = horizonOf(tt, footpaths, state)
  const added = horizon.added!.stops[0]!
  const query = (walker: Profile, realtime = true): Query => ({
    ...queryDefaults,
    vias: [],
    from: { kind: 'stop', stop: w.stop('A') },
    to: { kind: 'stop', stop: w.stop('C') },
    time: clock('9:50') as UnixSeconds,
    walker,
    realtime,
  })
  const found = (q: Query): string[] => plan(planner, horizon, q).itineraries.map(j => journeyText(tt, j, midnight))
  // 145 m as the crow flies, a third more on foot
  const walked = `A 10:00 ~S1~ 10:05 at new ~walk 157s~ E 10:15 ~U2~ 10:30 C`
  expect(found(query(Profile.foot)).filter(text => text.startsWith(walked))).toHaveLength(1)
  expect(found(query(Profile.wheelchair)).filter(text => text.startsWith(walked))).toEqual([])
  expect(found(query(Profile.foot, false)).filter(text => text.includes('new'))).toEqual([])
  expect(readBoard(horizon, [added], T as UnixSeconds, []).rows.map(row => row.state)).toEqual(['new'])
})

test('walks to the stations it belongs to, and nothing else changes in the table', () => {
  const w = world()
  const { tt, footpaths } = w
  say(storeOf(tt), { timestamp: T }, newStop('new', { parentStation: 'H', stopLat: 51.6 }))
  const { stops, walks } = horizonOf(tt, footpaths).added!
  const [added] = stops as [StopIdx]
  const wide = addWalks(footpaths, stops, walks)
  const to = (stop: string): unknown[] => [
    changeBetween(wide, added, w.stop(stop)),
    changeBetween(wide, w.stop(stop), added),
  ]
  expect([to('E'), to('P1')[0] === to('P1')[1], changeBetween(wide, added, added)]).toEqual([
    [undefined, undefined],
    true,
    120,
  ])
  expect(to('P1')[0]).toBeGreaterThan(5000)
  for (let from = 0; from < tt.counts.stops - tt.counts.roomStops; from++)
    for (let other = 0; other < tt.counts.stops - tt.counts.roomStops; other++)
      expect(changeBetween(wide, from, other)).toBe(changeBetween(footpaths, from, other))
})
