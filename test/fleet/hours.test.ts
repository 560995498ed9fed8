// An hour of a line every ten minutes (helpers/ten-minute-line.ts). Every number worked out on paper.

import { expect, test } from 'vitest'
import type { UnixSeconds } from '#engine/core/time.ts'
import { Hours } from '#engine/fleet/hours.ts'
import { Observations } from '#engine/fleet/observations.ts'
import { fleetDefaults } from '#engine/fleet/rules.ts'
import { RunState, type SourceStatus } from '#engine/live/state.ts'
import { horizonOf, liveState } from '../helpers/horizon.ts'
import { at, late, route, world } from '../helpers/ten-minute-line.ts'

// of T4 nobody says anything
const said = [late('T0', 0), late('T1', 420), late('T2', -120), { ...late('T3', 0), state: RunState.cancelled }]

type Slices = ConstructorParameters<typeof Hours>[2]

function watch(since: string, times: readonly string[], state = liveState(said), atOnce?: Slices) {
  const seen = new Observations(at(since))
  const hours = new Hours(seen, fleetDefaults, atOnce)
  const horizon = horizonOf(world.tt, world.footpaths, state)
  for (const hhmm of times) {
    seen.take(horizon, at(hhmm))
    hours.take(horizon, [], at(hhmm))
  }
  return hours.counted
}
const ten = (...of: Parameters<typeof watch>) => watch(...of).find(({ from }) => from === at('10:00'))

// T0 at B; T1, T2, T3, T4 at A and B
const counted = { planned: 9, observed: 5, early: 2, onTime: 1, late: 2, cancelled: 2, missing: 2, delaySeconds: 600 }

test('an hour is counted half an hour after its end: what left, what was called off, what nobody spoke of', () => {
  expect(ten('9:00', ['9:46', '10:31', '11:29'])).toBeUndefined()
  const hour = ten('9:00', ['9:46', '10:31', '11:29', '11:30', '11:31'])!
  expect(hour.seconds).toBe(3600)
  expect(hour.routes.get(route)).toMatchObject(counted)
})

test('in slices as at once, whatever realtime adds meanwhile', () => {
  const slices = { lanes: 1, runs: 2, directions: 1 }
  const times = ['10:00', '11:30', '11:31', '11:32', '11:33']
  expect(ten('10:00', times.slice(0, 3), liveState(said), slices)).toBeUndefined()
  const all = ten('9:00', ['9:46', '11:30', '11:31'])!.routes.get(route)
  expect(ten('9:00', ['9:46', ...times.slice(1)], liveState(said), slices)!.routes.get(route)).toEqual(all)
})

test('runs are found by when they were planned, however late they are', () => {
  const hours = watch('9:00', ['9:46', '11:30', '11:31'], liveState([late('T1', 5 * 3600)]))
  expect(hours[1]!.routes.get(route)).toMatchObject({ planned: 9, observed: 2, late: 2, delaySeconds: 10 * 3600 })
})

test('what is still to come when the hour is counted is late', () => {
  // T4 leaves at 11:40 and 11:50 instead of 10:30 and 10:40
  const hour = ten('9:00', ['9:46', '11:30', '11:31'], liveState([...said, late('T4', 4200)]))!
  expect(hour.routes.get(route)).toMatchObject({
    ...counted,
    observed: 7,
    late: 4,
    missing: 0,
    delaySeconds: 600 + 2 * 4200,
  })
})

test('headways are judged where most vehicles call, of those that were seen', () => {
  // at B, to the vehicle ahead:  T0 10:00   T1 10:10 after 600 s   T2 10:10:30 after 30 s   T4 10:40 after 1770 s   T3 was called off
  const runs = [late('T0', 0), late('T1', 0), late('T2', -570), { ...late('T3', 0), state: RunState.cancelled }]
  const hour = ten('9:00', ['9:46', '11:30', '11:31'], liveState([...runs, late('T4', 0)]))!
  expect(hour.routes.get(route)).toMatchObject({ headways: 3, bunched: 1, gaps: 1 })
  // of T4 nobody says anything
  expect(ten('9:00', ['9:46', '11:30', '11:31'], liveState(runs))!.routes.get(route)).toMatchObject({
    headways: 2,
    bunched: 1,
  })
})

test('how full a vehicle left is what was measured before its next stop', () => {
  const seen = new Observations(at('9:00'))
  const hours = new Hours(seen, fleetDefaults)
  const state = liveState([late('T1', 0)])
  for (const [now, measured, occupancy] of [
    ['10:01', '9:59', 'FULL'], // before it left A
    ['10:05', '10:04', 'FEW_SEATS_AVAILABLE'],
    ['10:12', '10:11', 'STANDING_ROOM_ONLY'],
    ['11:30', '10:19', 'STANDING_ROOM_ONLY'],
    ['11:31', '10:19', 'STANDING_ROOM_ONLY'],
  ] as const) {
    const vehicle = { id: 'v', source: 0, timestamp: at(measured), occupancy }
    const vehicles = [{ ...vehicle, trip: world.trip('T1'), day: world.day, shift: 0 }] as never
    const horizon = horizonOf(world.tt, world.footpaths, { ...state, vehicles })
    seen.take(horizon, at(now))
    hours.take(horizon, [], at(now))
  }
  expect(hours.counted.at(-1)!.routes.get(route)).toMatchObject({ observed: 2, withOccupancy: 2, crowded: 1 })
})

test('an hour in which somebody looked from its middle on has half of it', () => {
  const hour = ten('10:30', ['10:30', '11:30', '11:31'])!
  expect(hour.seconds).toBe(1800)
  // T3 at B, T4 at A and B
  expect(hour.routes.get(route)).toMatchObject({ planned: 3, cancelled: 1, missing: 2 })
})

test('two days are kept, and a clock that is set far away begins anew', () => {
  const seen = new Observations(at('0:00'))
  const hours = new Hours(seen, fleetDefaults)
  const horizon = horizonOf(world.tt, world.footpaths, liveState([]))
  for (let h = 0; h < 60; h++) hours.take(horizon, [], (at('0:30') + h * 3600) as UnixSeconds)
  expect(hours.counted).toHaveLength(48)
  expect(hours.counted.at(-1)!.from).toBe(at('0:00') + 58 * 3600)
  hours.take(horizon, [], (at('0:30') + 1000 * 3600) as UnixSeconds)
  hours.take(horizon, [], (at('1:30') + 1000 * 3600) as UnixSeconds)
  expect(hours.counted.at(-1)!.from).toBe(at('0:00') + 1000 * 3600)
})

test('sources are looked at once a minute: how fresh they are, and what share of their runs is known', () => {
  const seen = new Observations(at('10:00'))
  const hours = new Hours(seen, fleetDefaults)
  const horizon = horizonOf(world.tt, world.footpaths, liveState([]))
  const source = (hhmm: string, matched: number, unmatched: number): SourceStatus =>
    ({ tag: 'x', url: '', timestamp: at(hhmm), receivedAt: at(hhmm), matched, unmatched }) as unknown as SourceStatus
  for (const [now, status] of [
    ['10:01', source('10:00', 1, 1)],
    ['10:02', source('10:02', 0, 0)],
    ['10:05', source('10:02', 3, 1)],
  ] as const) {
    hours.take(horizon, [status], at(now))
    hours.take(horizon, [status], (at(now) + 5) as UnixSeconds) // the same minute
  }
  hours.take(horizon, [], at('11:30'))
  expect(hours.counted[0]!.feeds).toEqual([{ looks: 3, fresh: 2, rated: 2, matched: 0.5 + 0.75 }])
})
