// Rules that no other test names.

import { expect, test } from 'vitest'
import { readBoard } from '#api/live/board.ts'
import type { View } from '#api/render/place.ts'
import { headsign, lineMembers } from '#api/render/run.ts'
import type { LiveRunIdx } from '#engine/core/ids.ts'
import type { ServiceDay, UnixSeconds } from '#engine/core/time.ts'
import { readRun } from '#engine/horizon/runs.ts'
import { ageSources, applyMessage } from '#engine/live/apply.ts'
import type { LiveState } from '#engine/live/state.ts'
import { APPROXIMATE } from '#engine/timetable/patterns.ts'
import { makeRoom } from '#engine/timetable/room.ts'
import { load, smallFeed } from '../helpers/gtfs.ts'
import { horizonOf } from '../helpers/horizon.ts'
import { alert, extraTexts, runText, say, storeOf, trip, tripBy } from '../helpers/realtime.ts'
import { riderOf } from '../helpers/rider.ts'
import { timetable } from '../helpers/timetable.ts'
import { added, clock, day, event, T, tt, world } from './added.ts'

const S1 = (state: LiveState): string | undefined => runText(tt, state, world.trip('S1'), day)
const told = (...entities: Parameters<typeof say>[2][]) => say(storeOf(tt), { timestamp: T }, ...entities).state
const dated = { startDate: '20260110' }

test('A17: every entity not taken has its reason, and its count', () => {
  const { rejected } = told(trip('nobody').stop('A').delay(0), trip('S1', { startDate: 'x' }), trip('S1', dated))
    .sources[0]!
  expect(rejected).toEqual({ trip_not_found: 1, bad_start_date: 1, no_updates: 1 })
})

test('B2: what fits two runs is none of them', () => {
  const two = timetable('S1   A 10:00   B 10:10\n    S1   A 10:00   C 10:10   [id=other]')
  const store = storeOf(two.tt)
  const update = tripBy({ routeId: 'S1', startTime: '10:00:00', ...dated })
    .stop('A')
    .departure({ time: clock('10:05') })
  const { runs, sources } = say(store, { timestamp: T }, update).state
  expect([runs.runs, sources[0]!.rejected]).toEqual([0, { ambiguous_trip: 1 }])
})

test('B17, D22: a delay stays with its trip, whatever vehicle drives the next', () => {
  const block = timetable('S1   A 10:00   B 10:10   [block=1]\n    S2   B 10:12   C 10:20   [block=1]')
  const { state } = say(storeOf(block.tt), { timestamp: T }, trip('S1', dated).stop('A').delay(600))
  expect(runText(block.tt, state, block.trip('S1'), block.day)).toBe('A 10:10!  B 10:20~')
  expect(runText(block.tt, state, block.trip('S2'), block.day)).toBeUndefined()
})

test('D14: a delay is one to the interpolated time where the timetable has none', async () => {
  const gaps = smallFeed['stop_times.txt']!.replace('t1,10:10:00,10:11:00,B,2', 't1,,,B,2')
  const { tt: loaded } = await load({ 'stop_times.txt': gaps })
  const small = makeRoom(loaded)
  const update = trip('t1', { startDate: '20260105' }).stop(2).delay(90)
  const { state } = say(storeOf(small), { timestamp: Date.UTC(2026, 0, 5, 8) / 1000 }, update)
  const name = { trip: state.runs.runTrip[0 as LiveRunIdx], day: state.runs.runDay[0 as LiveRunIdx] as ServiceDay }
  expect(runText(small, state, name.trip, name.day)).toBe('A 10:00  B 10:11:30!  C 10:21:30~')
  const flags = small.tripProfile[name.trip]!
  expect([0, 1, 2].map(i => small.profileFlags[flags + 2 * i]! & APPROXIMATE)).toEqual([0, APPROXIMATE, 0])
})

test('D17: how far off a time may be is told on with it wherever it is shown, and rejects nothing', async () => {
  const told = (event: object) => ({ time: clock('10:12'), ...event })
  const update = trip('S1', dated)
    .stop('B')
    .arrival(told({ uncertainty: 0 }))
    .departure(told({ uncertainty: 90 }))
    .stop('C')
    .arrival({ time: clock('10:22'), uncertainty: 7200 })
    .stop('D')
    .arrival({ uncertainty: 5 })
    .noData()
  const store = storeOf(tt)
  const { state } = say(store, { timestamp: T }, update)
  expect(S1(state)).toBe('A 10:00  B 10:12!  C 10:22!/10:22~  D 10:30?')
  const read = (live: LiveState) =>
    readRun(horizonOf(tt, world.footpaths, live), { trip: world.trip('S1'), day, shift: 0 }).calls.map(
      ({ arrivalUncertainty, departureUncertainty }) => [arrivalUncertainty, departureUncertainty],
    )
  const none = [undefined, undefined]
  expect(read(state)).toEqual([none, [0, 90], [7200, undefined], none])
  const rider = riderOf(world, state, T)
  const [first] = await rider.stoptimes('B')
  expect(first!.place).toMatchObject({ arrivalUncertainty: 0, departureUncertainty: 90 })
  expect(first!.nextStops).toBeUndefined()
  expect(rider.board('B')[0]).toMatchObject({ uncertainty: 90 })
  expect(
    rider.calls('20260110_10:00_test_S1').rows.map(row => [row.arrivalUncertainty, row.departureUncertainty]),
  ).toEqual([none, [0, 90], [7200, undefined], none])
  const [itinerary] = await rider.plan('B', 'C')
  expect(itinerary!.legs[0]).toMatchObject({ from: { departureUncertainty: 90 }, to: { arrivalUncertainty: 7200 } })
  // what is stale says nothing of the time that stands there now
  expect(read(ageSources(store, (T + 301) as UnixSeconds)!.state)).toEqual([none, none, none, none])
})

test('D18: a scheduled_time is nothing to a run of the timetable', () => {
  const arrival = { time: clock('10:12'), scheduledTime: clock('10:05') }
  const state = told(trip('S1', dated).stop('B').arrival(arrival))
  expect(S1(state)).toBe('A 10:00  B 10:12!/10:12~  C 10:22~  D 10:32~')
  expect(state.sources[0]!.warnings).toEqual({ scheduled_time_ignored: 1 })
  // to one that the timetable does not have it is the plan
  const extra = added('x').stop(1, 'A').departure(arrival).stop(2, 'C').arrival(arrival)
  expect(told(extra).sources[0]!.warnings).toEqual({})
})

test('D19: of a stop that was passed early and is no longer told of nothing is known, though it is still to come by the plan', async () => {
  const store = storeOf(tt)
  const early = () => trip('S1', dated).stop('C').delay(-120)
  const before = early().stop('A').departure(event('9:59')).stop('B').delay(-120)
  expect(S1(say(store, { timestamp: clock('10:05') }, before).state)).toBe(
    'A 09:59/09:59.  B 10:08!  C 10:18!  D 10:28~',
  )
  const { state } = say(store, { timestamp: clock('10:09') }, early())
  expect(S1(state)).toBe('A 10:00  B 10:10  C 10:18!  D 10:28~')
  const rider = riderOf(world, state, clock('10:09'))
  expect(rider.board('B')[0]).toMatchObject({
    line: 'S1',
    rt: 'scheduled',
    source: 'scheduled',
    pred: null,
    delay: null,
  })
  expect((await rider.stoptimes('B'))[0]).toMatchObject({ timeState: 'scheduled', realTime: false })
  expect(rider.calls('20260110_10:00_test_S1').rows.map(row => row.departureSource)).toEqual([
    'scheduled',
    'scheduled',
    'predicted',
    'propagated',
  ])
  // of a run that no timetable has the list is all there is
  const run = () => added('extra').stop(2, 'C').departure(event('9:30')).stop(3, 'E').arrival(event('9:50'))
  expect(extraTexts(tt, say(store, { timestamp: clock('10:10') }, run()).state)).toEqual([
    'extra 20260110 added: C 09:30/09:30.  E 09:50./09:50~',
  ])
})

test('D20: a run that has left early is off the board, whatever the schedule says', () => {
  const { state } = say(
    storeOf(tt),
    { timestamp: clock('10:16') },
    trip('S1', dated)
      .stop('C')
      .departure({ time: clock('10:15') }),
  )
  const board = (now: LiveState | undefined) =>
    readBoard(horizonOf(tt, world.footpaths, now), [world.stop('C')], clock('10:16') as UnixSeconds, []).rows.map(
      r => r.line,
    )
  expect(board(undefined)[0]).toBe('S1')
  expect(board(state)[0]).toBe('U2')
})

test('D21: of a run that nobody speaks of the schedule is told, and that it is the schedule', () => {
  const [row] = readBoard(horizonOf(tt, world.footpaths, told()), [world.stop('A')], T as UnixSeconds, []).rows
  expect(row).toMatchObject({ line: 'S1', rt: 'scheduled', source: 'scheduled', pred: null, delay: null })
})

test('D23: to the second', () => {
  expect(S1(told(trip('S1', dated).stop('B').delay(7)))).toBe('A 10:00  B 10:10:07!  C 10:20:07~  D 10:30:07~')
})

test('E3: a skipped stop is passed between what is known before and after it', () => {
  const update = trip('S1', dated).stop('A').delay(60).stop('B').skipped().stop('C').delay(90)
  expect(S1(told(update))).toBe('A 10:01!  (B) 10:11:15~  C 10:21:30!  D 10:31:30~')
})

test('E8: NO_DATA with NEW: the stop list, and no prediction', () => {
  const planned = (time: string) => ({ scheduledTime: clock(time) })
  const run = added('extra')
    .stop(1, 'A')
    .departure(planned('9:30'))
    .noData()
    .stop(2, 'C')
    .arrival(planned('9:50'))
    .noData()
  expect(extraTexts(tt, told(run))).toEqual(['extra 20260110 added: A 09:30?  C 09:50?'])
})

test('E8, F17: a run whose stops only have their scheduled times is there, without a prediction', async () => {
  const planned = (time: string) => ({ scheduledTime: clock(time) })
  for (const run of [trip('S1', dated).is('REPLACEMENT'), added('extra')]) {
    run.stop(1, 'A').departure(planned('10:02')).stop(2, 'E').arrival(planned('10:20'))
    const state = told(run)
    expect(state.sources[0]).toMatchObject({ matched: 1, rejected: {}, warnings: {} })
    expect(extraTexts(tt, state)).toEqual([expect.stringMatching(/A 10:02 {2}E 10:20$/)])
    const rider = riderOf(world, state, T)
    expect((await rider.plan('A', 'E'))[0]!.legs.map(leg => [leg.startTime, leg.realTime])).toEqual([
      ['2026-01-10T10:02:00Z', false],
    ])
    expect(rider.board('A').find(row => row.sched === clock('10:02'))).toMatchObject({ rt: 'scheduled', pred: null })
  }
})

test('F14: nobody gets off where an added run begins, on where it ends, or on or off where it is SKIPPED', async () => {
  const run = added('extra')
    .stop(1, 'A')
    .departure(event('9:30'))
    .stop(2, 'B')
    .arrival(event('9:40'))
    .stop(3, 'C')
    .arrival(event('9:45'))
    .skipped()
    .stop(4, 'D')
    .arrival(event('9:50'))
  const id = '20260110_09:30_test_extra'
  const rider = riderOf(world, told(run), T)
  expect(rider.calls(id).rows.map(row => [row.stop, row.boarding, row.alighting, row.state])).toEqual([
    ['test_A', true, false, 'normal'],
    ['test_B', true, true, 'normal'],
    ['test_C', false, false, 'skipped'],
    ['test_D', false, true, 'normal'],
  ])
  const first = async (from: string, to: string) => (await rider.plan(from, to))[0]!.legs[0]!.tripId
  expect(await first('A', 'B')).toBe(id)
  expect(await first('A', 'D')).toBe(id)
  expect(await first('A', 'C')).toBe('20260110_10:00_test_S1')
  expect(await first('C', 'D')).toBe('20260110_10:00_test_S1')
  expect((await rider.stoptimes('C'))[0]).toMatchObject({
    tripId: id,
    cancelled: true,
    pickupDropoffType: 'NOT_ALLOWED',
  })
  expect(rider.board('C')[0]).toMatchObject({ trip: id, state: 'skipped' })
  expect((await rider.stoptimes('D')).filter(row => row.tripId === id)).toEqual([])
})

test('F20: a copy of a trip that does not run within the next 30 days is made, with a warning', () => {
  const idle = timetable('S1   A 10:00   B 10:10   [days=20260101]\n    S2   A 10:00   B 10:10', {
    range: ['20260101', '20260401'],
  })
  const copy = (id: string) =>
    trip(id)
      .is('DUPLICATED')
      .becomes({ tripId: `${id}x`, startDate: '20260110', startTime: '12:00:00' })
      .stop('A')
      .delay(0)
  const { state } = say(storeOf(idle.tt), { timestamp: T }, copy('S1'), copy('S2'))
  expect(extraTexts(idle.tt, state)).toEqual([
    'S1x 20260110 added: A 12:00!  B 12:10~',
    'S2x 20260110 added: A 12:00!  B 12:10~',
  ])
  expect(state.sources[0]!.warnings).toEqual({ duplicate_of_idle_trip: 1 })
})

test('F21: an UNSCHEDULED run is one of a line that goes "about every …"', () => {
  const run = trip('B3', { startTime: '12:07:00', ...dated })
    .is('UNSCHEDULED')
    .stop('A')
    .departure({ time: clock('12:08') })
  expect(runText(tt, told(run), world.trip('B3'), day, 420)).toMatch(/^A 12:07\/12:08! {2}D 12:/)
})

test('F23: the relationship in an alert’s trip is not looked at', () => {
  const selector = { trip: { tripId: 'S1', scheduleRelationship: 3, ...dated } }
  expect(told(alert('a', { informedEntity: [selector] })).alerts[0]!.selectors).toMatchObject([
    { trip: world.trip('S1'), day },
  ])
})

test('G7: a delay is one to the start of an exact frequency', () => {
  const run = trip('B4', { startTime: '12:20:00', ...dated })
    .stop('A')
    .delay(-2)
  expect(runText(tt, told(run), world.trip('B4'), day, 1200)).toBe('A 12:19:58!  D 12:49:58~')
})

test('H5: what the feed has a run say stands on boards and pages, of this run, while it is told', () => {
  const store = storeOf(tt)
  const update = () =>
    trip('S1', dated)
      .becomes({ tripHeadsign: 'Depot', tripShortName: '4711' })
      .stop(1)
      .delay(0)
      .stop(2)
      .delay(0)
      .properties({ stopHeadsign: 'Depot via C' })
      .stop(3)
      .delay(0)
      .properties({ stopHeadsign: 'D' })
  const signs = (state: LiveState, id = 'S1', realtime = true) => {
    const horizon = horizonOf(tt, world.footpaths, state)
    const view: View = { horizon, version: 6, language: [], realtime, now: T as UnixSeconds }
    const run = { trip: world.trip(id), day, shift: 0 }
    const board = readBoard(horizon, [world.stop('A')], T as UnixSeconds, []).rows.find(({ trip }) =>
      trip.endsWith('10:00_test_S1'),
    )
    return [0, 1, 2].map(i => headsign(view, run, i)).concat(lineMembers(view, run).tripShortName, board!.headsign)
  }
  const planned = ['D', 'D', 'D', '', 'D']
  const told = say(store, { timestamp: T }, update())
  expect(signs(told.state)).toEqual(['Depot', 'Depot via C', 'D', '4711', 'Depot'])
  expect(told.state.runSigns).toEqual([
    {
      trip: world.trip('S1'),
      day,
      shift: 0,
      headsign: 'Depot',
      shortName: '4711',
      stops: { 1: 'Depot via C', 2: 'D' },
    },
  ])
  expect(signs(told.state, 'S1', false)).toEqual([...planned.slice(0, 4), 'Depot'])
  expect(signs(told.state, 'S1#2').slice(0, 4)).toEqual(planned.slice(0, 4))
  // the same again is nothing new; another sign alone changes the stops' boards
  expect(say(store, { timestamp: T + 1 }, update())).toMatchObject({ signsChanged: false, changedRuns: 0 })
  const other = say(store, { timestamp: T + 2 }, update().becomes({ tripHeadsign: 'D' }))
  expect([other.signsChanged, other.changedRuns, [...other.changedStops]]).toEqual([true, 0, [0, 1, 2, 3]])
  expect(signs(ageSources(store, (T + 400) as UnixSeconds)!.state)).toEqual(planned)
})

test('H5: a copy says what its update has it say, at each stop', async () => {
  const copy = trip('S1')
    .is('DUPLICATED')
    .becomes({
      tripId: 'copy',
      startDate: '20260110',
      startTime: '10:30:00',
      tripHeadsign: 'Depot',
      tripShortName: '4711',
    })
    .stop(1)
    .delay(0)
    .stop(2)
    .delay(0)
    .properties({ stopHeadsign: 'Depot via C' })
  const rider = riderOf(world, told(copy), T)
  const id = '20260110_10:30_test_copy'
  expect(rider.calls(id).run.headsign).toBe('Depot')
  const at = async (stop: string) => (await rider.stoptimes(stop)).find(row => row.tripId === id)
  expect(await at('A')).toMatchObject({ headsign: 'Depot', tripShortName: '4711' })
  expect(await at('B')).toMatchObject({ headsign: 'Depot via C' })
  expect(rider.board('B').find(row => row.trip === id)!.headsign).toBe('Depot via C')
})

test('K5: when a source cannot be reached what it said last stays', () => {
  const store = storeOf(tt)
  const { runs } = say(store, { timestamp: T }, trip('S1', dated).stop('A').delay(60)).state
  expect(applyMessage(store, 0, 'FETCH_FAILED', (T + 200) as UnixSeconds).state.runs).toBe(runs)
})
