// G5: several vehicles on one run of a line that goes "every so often", told apart by their ids.

import { beforeEach, expect, test } from 'vitest'
import type { LiveRunIdx } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { plannedTrip } from '#engine/horizon/runs.ts'
import { extraTripsOf } from '#engine/live/extra-trips.ts'
import type { LiveState } from '#engine/live/state.ts'
import type { LiveStore } from '#engine/live/store.ts'
import { encodeHorizon } from '#feeds/realtime/encode.ts'
import { horizonOf } from '../helpers/horizon.ts'
import { apply, type Entity, extraTexts, proto, raw, runText, say, storeOf, vehicle } from '../helpers/realtime.ts'
import { stateHash } from '../helpers/state-hash.ts'
import { timetable } from '../helpers/timetable.ts'
import { clock, day, routes, T, tt, world } from './added.ts'

let store: LiveStore
beforeEach(() => {
  store = storeOf(tt)
})

const run = (tripId = 'B3') => ({ tripId, startDate: '20260110', startTime: '12:00:00' })
/** Vehicle `id` on the run of noon: from A at `leaves`, at D when the message says so. */
const on = (id: string, leaves: string, arrives: string, rest: object = {}, tripId = 'B3'): Entity =>
  raw({
    tripUpdate: {
      trip: run(tripId),
      vehicle: { id },
      stopTimeUpdate: [
        { stopSequence: 1, departure: { time: clock(leaves) } },
        { stopSequence: 2, arrival: { time: clock(arrives) } },
      ],
      ...rest,
    },
  })
const first = (state: LiveState) => runText(tt, state, world.trip('B3'), day)
/** Runs that only realtime knows, without the part of their names that the vehicle's id hashes to. */
const others = (state: LiveState) =>
  extraTexts(tt, state)
    .map(line => line.replace(/~\w+/, '~…'))
    .sort()

test('G5: each is a run, searched and shown, whatever the order in which they are told', () => {
  const said = [on('w', '12:06', '12:38'), on('v', '12:02', '12:31'), on('x', '12:09', '12:44')]
  const { state } = say(store, { timestamp: T }, ...said)
  expect(first(state)).toBe('A 12:00/12:02!  D 12:31!/12:31~')
  expect(others(state)).toEqual([
    'B3~… 20260110 added: A 12:00/12:06!  D 12:38!/12:38~',
    'B3~… 20260110 added: A 12:00/12:09!  D 12:44!/12:44~',
  ])
  expect(state.sources[0]!).toMatchObject({ matched: 3, unmatched: 0, rejected: {} })
  expect(routes(state, 'A', 'D', '12:03')).toEqual(['A 12:06 ~B3~ 12:38 D'])
  const { state: other } = say(storeOf(tt), { timestamp: T }, ...said.toReversed())
  expect(stateHash(tt, other)).toBe(stateHash(tt, state))
})

test('G5: said again it is the same run, and with its vehicle it goes', () => {
  const number = ({ runs }: LiveState) => runs.runTrip[(runs.runs - 1) as LiveRunIdx]
  const { state } = say(store, { timestamp: T }, on('v', '12:02', '12:31'), on('w only here', '12:06', '12:38'))
  const { state: later } = say(
    store,
    { timestamp: T + 30 },
    on('v', '12:03', '12:32'),
    on('w only here', '12:08', '12:40'),
  )
  expect(others(later)).toEqual(['B3~… 20260110 added: A 12:00/12:08!  D 12:40!/12:40~'])
  expect(number(later)).toBe(number(state))
  const { inUse } = extraTripsOf(tt)
  say(store, { timestamp: T + 60 }, on('v', '12:03', '12:32'))
  expect([others(store.state), extraTripsOf(tt).inUse]).toEqual([[], inUse - 1])
})

test('G1, G5: a delay alone means nothing for any of them, and none is implausibly early', () => {
  const late = { stopTimeUpdate: [{ stopSequence: 1, departure: { delay: 60 } }] }
  const { state } = say(
    store,
    { timestamp: T },
    on('v', '11:30', '12:05'),
    on('w', '11:31', '12:06'),
    on('x', '12:00', '12:00', late),
  )
  expect(others(state)).toEqual(['B3~… 20260110 added: A 11:31/11:31!  D 12:06!/12:06~'])
  expect(state.sources[0]!).toMatchObject({ rejected: { no_updates: 1 }, warnings: { delay_without_schedule: 1 } })
})

test('B15: of one vehicle, of none and of exact starts one update counts', () => {
  for (const said of [
    [on('v', '12:02', '12:31', { timestamp: T }), on('v', '12:06', '12:38', { timestamp: T - 60 })],
    [on('v', '12:02', '12:31', { timestamp: T }), on('', '12:06', '12:38', { timestamp: T - 60 })],
  ]) {
    const { state } = say(storeOf(tt), { timestamp: T }, ...said)
    expect([first(state), others(state), state.sources[0]!.rejected]).toEqual([
      'A 12:00/12:02!  D 12:31!/12:31~',
      [],
      { duplicate_trip_update: 1 },
    ])
  }
  const { state } = say(
    store,
    { timestamp: T },
    on('v', '12:02', '12:31', {}, 'B4'),
    on('w', '12:06', '12:38', {}, 'B4'),
  )
  expect([others(state), state.sources[0]!.rejected]).toEqual([[], { duplicate_trip_update: 1 }])
})

test('G6: who cancels speaks of the run, whatever vehicle it names', () => {
  const cancelled = { trip: { ...run(), scheduleRelationship: 3 }, stopTimeUpdate: [], timestamp: T }
  const { state } = say(store, { timestamp: T }, on('v', '12:02', '12:31'), on('w', '12:00', '12:00', cancelled))
  expect([first(state), others(state)]).toEqual(['cancelled: A 12:00  D 12:30', []])
  const two = [on('v', '12:02', '12:31'), on('w', '12:06', '12:38'), on('', '12:00', '12:00', cancelled)]
  for (const said of [two, two.toReversed()]) {
    const { state: both } = say(storeOf(tt), { timestamp: T }, ...said)
    expect([first(both), others(both)]).toEqual(['cancelled: A 12:00  D 12:30', []])
  }
})

test('G5, I7: positions are on their own vehicle’s run; alerts of the trip are for all of them', () => {
  const { state } = say(
    store,
    { timestamp: T },
    on('v', '12:02', '12:31'),
    on('w', '12:06', '12:38'),
    vehicle('w', { trip: run() }),
    vehicle('v', { trip: run() }),
    vehicle('y', { trip: run() }),
  )
  const names = state.vehicles.map(({ id, trip }) => [id, textOf(tt, tt.tripId[trip!]!).split('~').length])
  expect(names).toEqual([
    ['v', 1],
    ['w', 2],
    ['y', 1],
  ])
  // nobody has said that y is on it as well
  expect(state.sources[0]!.warnings).toEqual({ no_position: 3, other_vehicle: 1, undated_position: 3 })
  const trip = state.vehicles[1]!.trip! as never
  expect(plannedTrip(horizonOf(tt, world.footpaths, state), { trip, day, shift: 0 })).toBe(world.trip('B3'))
})

test('G5: nobody’s name becomes another’s, whoever comes and goes', () => {
  const told = (second: number, ...entities: Entity[]) => {
    const { state } = say(store, { timestamp: T + second }, ...entities)
    return [first(state), ...others(state)]
  }
  const [u, v, w] = [on('u', '12:01', '12:30'), on('v', '12:02', '12:31'), on('w', '12:06', '12:38')]
  const copyOf = (times: string) => `B3~… 20260110 added: A 12:00/${times}`
  const [asRun, asU, asW] = [
    'A 12:00/12:02!  D 12:31!/12:31~',
    copyOf('12:01!  D 12:30!/12:30~'),
    copyOf('12:06!  D 12:38!/12:38~'),
  ]
  expect(told(0, v)).toEqual([asRun])
  expect(told(30, v, w)).toEqual([asRun, asW])
  // u sorts before v, who was there first
  expect(told(60, w, u, v)).toEqual([asRun, asU, asW])
  // the run has no vehicle any more; the others are who they were, alone as well, and when v comes back
  const planned = first(say(storeOf(tt), { timestamp: T }).state)
  expect(told(90, u, w)).toEqual([planned, asU, asW])
  expect(told(120, w)).toEqual([planned, asW])
  expect(told(150)).toEqual([planned])
  expect(told(180, w)).toEqual([planned, asW])
  expect(told(210, v, w)).toEqual([asRun, asW])
})

test('G5: what is remembered of a run goes with its day', () => {
  say(store, { timestamp: T }, on('v', '12:02', '12:31'), on('w', '12:06', '12:38'))
  expect(store.sources[0]!.holders.size).toBe(1)
  say(store, { timestamp: T + 4 * 86_400 })
  expect(store.sources[0]!.holders.size).toBe(0)
})

test('G5: told to other programs it is a run that the timetable does not have', () => {
  const { state } = say(store, { timestamp: T }, on('v', '12:02', '12:31'), on('w', '12:06', '12:38'))
  const told = encodeHorizon(horizonOf(tt, world.footpaths, state), undefined, T as UnixSeconds)
  expect(proto.FeedMessage.decode(told).entity.map(({ tripUpdate }) => tripUpdate?.trip.scheduleRelationship)).toEqual([
    0, 8,
  ])
  const again = apply(storeOf(tt), told, T).state
  expect([first(again), others(again)]).toEqual([first(state), others(state)])
})

test('G5: those for which there is no room are counted', () => {
  const { tt } = timetable('B3   A 12:00   D 12:30   [about every 10m until 13:00]', { days: ['20260110'] })
  const vehicles = Array.from({ length: tt.counts.roomTrips + 3 }, (_, i) => on(`v${i}`, '12:02', '12:31'))
  const { state } = say(storeOf(tt), { timestamp: T }, ...vehicles)
  expect([extraTexts(tt, state).length, state.sources[0]!.rejected]).toEqual([tt.counts.roomTrips, { no_room: 2 }])
})

test('G5: another vehicle instead of the only one there has ever been is the run', () => {
  for (const [second, id] of ['v', 'w', 'u'].entries()) {
    const { state } = say(store, { timestamp: T + second }, on(id, '12:02', '12:31'))
    expect([first(state), others(state)]).toEqual(['A 12:00/12:02!  D 12:31!/12:31~', []])
  }
})
