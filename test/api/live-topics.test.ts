// What each kind of channel says: trip, vehicle, fleet, alerts, feed. Boards are in live-board.test.ts, journeys in live-journey.test.ts.

import { expect, test } from 'vitest'
import { AlertRow, SourceRow } from '#api/live/rows/feed.ts'
import type { CallRow, RunHead } from '#api/live/rows/run.ts'
import { readTiles, tileBox, tilesAround, writeTiles } from '#api/live/tiles.ts'
import { toE7 } from '#engine/core/geo.ts'
import type { ServiceDay } from '#engine/core/time.ts'
import { type LiveAlert, type LiveState, type LiveVehicle, RunState, type SourceStatus } from '#engine/live/state.ts'
import { type ChangedRun, liveState, plannedRun } from '../helpers/horizon.ts'
import { join, world } from '../helpers/live.ts'
import { type Entity, alert as notice, say, storeOf, trip } from '../helpers/realtime.ts'
import { timetable } from '../helpers/timetable.ts'
import { at, city } from './city.ts'

const day = (city.day + 1) as ServiceDay
const S1 = '20260110_10:00_test_S1'

/** The city without S1. */
const smaller = timetable(
  `
  station Hbf: H1 H2
  U2   H2 10:14   D 10:20   E 10:30                      [headsign=Zoo]
  U2   H2 10:44   D 10:50   -E 10:55   F 11:00
  walk H1–H2 2m
  at Hbf 51.51,7.42
  at H1 51.5101,7.4201
  at H2 51.5099,7.4199`,
  { change: 60, range: ['20260109', '20260112'] },
)

const late = (seconds: number, trip = 'S1'): ChangedRun => {
  const run = plannedRun(city.tt, city.trip(trip), day)
  for (const call of run.calls) {
    call.arrival += seconds
    call.departure += seconds
  }
  return run
}

const source: SourceStatus = {
  tag: 'test',
  url: 'https://user:secret@example.org/rt?key=secret',
  timestamp: at('10:00'),
  receivedAt: at('10:00'),
  entities: 3,
  tripUpdates: 2,
  matched: 1,
  unmatched: 1,
  outsideArea: 0,
  vehicles: 1,
  alerts: 0,
  rejected: { unknown_trip: 1 },
  warnings: {},
  applied: 1,
  refusedCount: 0,
  unchangedCount: 0,
  unchangedStreak: 0,
  poorMatches: 0,
}

const vehicle = (change: Partial<LiveVehicle> = {}): LiveVehicle => ({
  id: 'tram-7',
  source: 0,
  label: '7',
  trip: city.trip('S1'),
  day,
  shift: 0,
  lat: toE7(51.505),
  lon: toE7(7.41),
  bearing: 45,
  slot: 1,
  status: 'IN_TRANSIT_TO',
  timestamp: at('10:00'),
  occupancy: 'FEW_SEATS_AVAILABLE',
  ...change,
})

const saying = (runs: readonly ChangedRun[], more: Partial<LiveState> = {}): LiveState => ({
  ...liveState(runs),
  sources: [source],
  ...more,
})

test('trip: every call with its times and where they come from; what changes is sent', () => {
  const w = world()
  const listener = join<'trip'>(w, `trip:${S1}`)
  const [snap] = listener.snaps
  expect(snap!.run).toMatchObject({ trip: S1, line: 'S1', headsign: 'Castrop', state: 'normal', wheelchair: true })
  expect(snap!.rows.map(row => [row.id, row.name, row.schedArrival, row.schedDeparture, row.departureSource])).toEqual([
    ['1', 'A', null, at('10:00'), 'scheduled'],
    ['2', 'Hbf', at('10:10'), at('10:11'), 'scheduled'],
    ['3', 'C', at('10:40'), null, 'scheduled'],
  ])
  const run = late(90)
  run.calls[1]!.stop = city.stop('H2')
  w.service.publish(saying([run], { vehicles: [vehicle()] }), [city.stop('H1'), city.stop('H2')])
  expect(listener.deltas[0]!.up.map(row => row.arrival)).toEqual([null, at('10:11') + 30, at('10:41') + 30])
  expect(listener.deltas[0]!.run).toMatchObject({ vehicle: 'test_tram-7', occupancy: 'FEW_SEATS_AVAILABLE' })
  expect(listener.deltas[0]!.up[1]!.stop).toBe('test_H2')
  w.pass(2)
  w.service.publish(saying([{ ...run, state: RunState.cancelled }]))
  expect(listener.deltas.at(-1)).toMatchObject({ run: { state: 'cancelled' }, up: [{ state: 'cancelled' }, {}, {}] })
  expect(() => join(w, 'trip:20260110_10:00_test_X')).toThrow(expect.objectContaining({ code: 'UNKNOWN_TRIP' }))
})

test('F17: trip: the run that takes its place, and itself once that is over', () => {
  const w = world()
  const listener = join<'trip'>(w, `trip:${S1}`)
  const store = storeOf(city.tt)
  const told = (time: number, ...entities: Entity[]) => {
    w.service.publish(say(store, { timestamp: at('9:50') + time }, ...entities).state)
    w.pass(2)
    const { run } = listener.display.members as { run: RunHead }
    return [run.trip, run.state, [...listener.display.rows.values()].map(row => (row as CallRow).stop)]
  }
  const instead = trip('S1', { startDate: '20260110' })
    .is('REPLACEMENT')
    .stop(1, 'A')
    .departure({ time: at('10:02') })
    .stop(2, 'D')
    .arrival({ time: at('10:20') })
  expect(told(0, instead)).toEqual([S1, 'replaced', ['test_A', 'test_D']])
  expect(told(10)).toEqual([S1, 'normal', ['test_A', 'test_H1', 'test_C']])
})

test('route: hears at once of a run that calls where the line never does', () => {
  const w = world()
  const listener = join<'route'>(w, 'route:test_U2')
  const runs = () => [...listener.display.rows.keys()]
  const before = runs()
  const store = storeOf(city.tt)
  const tell = (time: number, ...entities: Entity[]) => {
    const { state, changedStops } = say(store, { timestamp: at('10:00') + time }, ...entities)
    w.service.publish(state, changedStops)
  }
  const extra = trip('extra', { routeId: 'U2', startDate: '20260110' })
    .is('NEW')
    .stop(1, 'A')
    .departure({ time: at('9:58') })
    .stop(2, 'C')
    .arrival({ time: at('10:20') })
  tell(1, extra)
  w.pass(1)
  expect(runs()).toEqual([...before, '20260110_09:58_test_extra'])
  w.pass(1)
  tell(3)
  w.pass(1)
  expect(runs()).toEqual(before)
})

test('trip: a run that has moved to wholly other stops, or was away, is heard of as promptly as any other', () => {
  const w = world()
  const store = storeOf(city.tt)
  const told = (time: number, ...entities: Entity[]) => {
    const { state, changedStops } = say(store, { timestamp: at('9:50') + time }, ...entities)
    w.service.publish(state, changedStops)
    w.pass(2)
  }
  const run = (tripId: string, from: string, to: string, arrival: string) =>
    trip(tripId, { startDate: '20260110', routeId: 'S1' })
      .is(tripId === 'S1' ? 'REPLACEMENT' : 'NEW')
      .stop(1, from)
      .departure({ time: at('10:02') })
      .stop(2, to)
      .arrival({ time: at(arrival) })
  told(0, run('x', 'A', 'C', '10:30'))
  const [moved, extra] = [join<'trip'>(w, `trip:${S1}`), join<'trip'>(w, 'trip:20260110_10:02_test_x')].map(
    ({ display }) => {
      return () => [...display.rows.values()].map(row => `${(row as CallRow).stop} ${(row as CallRow).arrival ?? ''}`)
    },
  )
  told(10, run('S1', 'E', 'F', '10:20'))
  expect([moved!(), extra!()]).toEqual([['test_E ', `test_F ${at('10:20')}`], []])
  told(20, run('S1', 'E', 'F', '10:21'), run('x', 'D', 'E', '10:22'))
  expect([moved!(), extra!()]).toEqual([
    ['test_E ', `test_F ${at('10:21')}`],
    ['test_D ', `test_E ${at('10:22')}`],
  ])
})

test('M7: vehicle: where it is, what it serves, how late, and how old that is', () => {
  const w = world()
  const listener = join<'vehicles'>(w, 'vehicle:test_tram-7')
  expect(listener.snaps[0]!.rows).toEqual([])
  w.service.publish(saying([late(400)], { vehicles: [vehicle()] }))
  const row = listener.deltas[0]!.up[0]!
  expect(row).toMatchObject({ id: 'test_tram-7', label: '7', trip: S1, line: 'S1', lat: 51.505, lon: 7.41, delay: 400 })
  expect([row.stopName, row.status, row.state, row.at]).toEqual(['Hbf', 'IN_TRANSIT_TO', 'late', at('10:00')])
  w.pass(106) // looked at every 15 s
  expect(listener.deltas.at(-1)!.up[0]!.state).toBe('no_gps')
  w.pass(270)
  expect(listener.deltas.at(-1)!.up[0]!.state).toBe('silent')
  w.pass(600)
  expect(listener.deltas.at(-1)!.rm).toEqual(['test_tram-7'])
})

test('vehicle: all vehicles are looked through once a publish, however many names are watched', () => {
  let looks = 0
  const counted = (i: number) =>
    Object.defineProperty({ ...vehicle() }, 'id', { enumerable: true, get: () => `tram-${i + 0 * looks++}` })
  const looksWith = (watched: number): number => {
    const w = world()
    for (let i = 0; i < watched; i++) join<'vehicles'>(w, `vehicle:test_nobody-${i}`)
    looks = 0
    w.service.publish(saying([], { vehicles: Array.from({ length: 20 }, (_, i) => counted(i)) }))
    w.scheduler.advance(0)
    return looks
  }
  expect(looksWith(1)).toBeGreaterThan(0)
  expect(looksWith(100)).toBe(looksWith(1))
})

test.each([
  [-61, 'early'],
  [-60, 'on_time'],
  [300, 'on_time'],
  [301, 'late'],
  [601, 'very_late'],
])('a vehicle %i s behind plan is %s', (seconds, state) => {
  const w = world()
  w.service.publish(saying([late(seconds)], { vehicles: [vehicle()] }))
  expect(join<'vehicles'>(w, 'vehicle:test_tram-7').snaps[0]!.rows[0]!.state).toBe(state)
})

test('fleet: by feed all, by box those within its tiles; a box is told what it was rounded to', () => {
  const w = world()
  const elsewhere = vehicle({ id: 'bus-9', lat: toE7(52), lon: toE7(8) })
  const { trip: _trip, ...unassigned } = vehicle({ id: 'bus-8' })
  w.service.publish(saying([], { vehicles: [vehicle(), elsewhere, unassigned] }))
  const ids = (name: string): string[] => join<'vehicles'>(w, name).snaps[0]!.rows.map(row => row.id)
  expect(ids('fleet:test')).toEqual(['test_tram-7', 'test_bus-9', 'test_bus-8'])
  const all = join<'vehicles'>(w, 'fleet:test').snaps[0]!.rows
  expect(all.map(row => row.state)).toEqual(['unknown', 'unknown', 'unassigned'])
  expect(ids('fleet:7.40,51.50,7.42,51.51')).toEqual(['test_tram-7', 'test_bus-8'])
  const nearly = [w.hub.open('fleet:7.40,51.50,7.42,51.51'), w.hub.open('fleet:7.4001,51.5001,7.4199,51.5099')]
  expect(nearly[0]).toBe(nearly[1])
  for (const bad of ['fleet:1,2,3', 'fleet:nobody', 'fleet:12/1-900/1-2'])
    expect(() => w.hub.open(bad)).toThrow(expect.objectContaining({ code: 'UNKNOWN_TAG' }))
  for (const bad of ['fleet:7,52,6,53', 'fleet:7,52,x,53', 'fleet:7,52,900,53'])
    expect(() => w.hub.open(bad)).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' }))
})

test('a vehicle that drives over the edge leaves one box and enters the other', () => {
  const w = world()
  w.service.publish(saying([], { vehicles: [vehicle()] }))
  const [here, there] = [join<'vehicles'>(w, 'fleet:7.40,51.50,7.42,51.51'), join<'vehicles'>(w, 'fleet:7.9,52,8,52.1')]
  w.service.publish(saying([], { vehicles: [vehicle({ lat: toE7(52.05), lon: toE7(7.95) })] }), [])
  expect(here.deltas.at(-1)!.rm).toEqual(['test_tram-7'])
  expect(there.deltas.at(-1)!.up.map(row => row.id)).toEqual(['test_tram-7'])
})

test('tiles: a few that cover the box, and back', () => {
  const range = tilesAround(7.4, 51.48, 7.52, 51.55)
  expect(range.x[1] - range.x[0]).toBeLessThan(4)
  const [west, south, east, north] = tileBox(range)
  expect(west <= 7.4 && south <= 51.48 && east >= 7.52 && north >= 51.55).toBe(true)
  expect(readTiles(writeTiles(range))).toEqual(range)
  expect(tilesAround(-180, -90, 180, 90)).toEqual({ z: 2, x: [0, 3], y: [0, 3] })
})

test('alerts: what is said now (J10, J14, J15) and what it is about; over when its time is', () => {
  const alert: LiveAlert = {
    id: 'test_a1',
    source: 0,
    communication: [{ end: at('10:30') }],
    impact: [
      { start: at('8:00'), end: at('9:00') },
      { start: at('9:00'), end: at('10:20') },
      { start: at('10:25'), end: at('10:40') },
    ],
    selectors: [{ stop: city.stop('Hbf') }, { route: city.tt.patternRoute[city.tt.tripPattern[city.trip('U2')]] }],
    cause: 'CONSTRUCTION',
    effect: 'DETOUR',
    severity: 'WARNING',
    header: [
      { text: 'Umleitung', language: 'de' },
      { text: 'Detour', language: 'en' },
    ],
    causeDetail: [{ text: 'Gleisbau', language: 'de' }],
    effectDetail: [{ text: 'über Nordring', language: 'de' }],
    description: [],
    ttsHeader: [{ text: 'Achtung', language: 'de' }],
    ttsDescription: [],
    url: [],
    images: [{ text: 'https://example.org/a.png', mediaType: 'image/png' }],
    imageText: [{ text: 'Plan' }],
  }
  const w = world()
  const [german, english] = [join<'alerts'>(w, 'alerts:test;lang=de'), join<'alerts'>(w, 'alerts:test;lang=en')]
  w.service.publish(saying([], { alerts: [alert] }), [])
  expect(german.deltas[0]!.up[0]).toMatchObject({ id: 'test_a1', header: 'Umleitung', exp: at('10:30') })
  // J10, J14, J15: all that it says
  expect(german.deltas[0]!.up[0]).toMatchObject({
    severity: 'WARNING',
    cause: 'CONSTRUCTION',
    causeDetail: 'Gleisbau',
    effect: 'DETOUR',
    effectDetail: 'über Nordring',
    ttsHeader: 'Achtung',
    imageUrl: 'https://example.org/a.png',
    imageMediaType: 'image/png',
    imageAlternativeText: 'Plan',
  })
  expect(english.deltas[0]!.up[0]).toMatchObject({ header: 'Detour', stops: ['test_Hbf'], routes: ['test_U2'] })
  // of its times in effect the present one, or the next
  expect(german.deltas[0]!.up[0]).toMatchObject({ start: at('9:00'), end: at('10:20') })
  w.service.time = at('10:20')
  w.scheduler.advance(1000)
  expect(german.deltas.at(-1)!.up[0]).toMatchObject({ start: at('10:25'), end: at('10:40') })
  w.service.time = at('10:30')
  w.scheduler.advance(1000)
  expect(german.deltas.at(-1)!.rm).toEqual(['test_a1'])
  expect(() => w.hub.open('alerts:nobody')).toThrow(expect.objectContaining({ code: 'UNKNOWN_TAG' }))
})

test('alerts: trips of no day, route types and directions are told', () => {
  const w = world()
  const listener = join<'alerts'>(w, 'alerts:test')
  const { state } = say(
    storeOf(w.service.timetable),
    { timestamp: at('9:55') },
    notice('about', {
      headerText: { translation: [{ text: 'Umleitung' }] },
      informedEntity: [
        { trip: { tripId: 'S1' } },
        { trip: { tripId: 'S1', startDate: '20260110' } },
        { routeType: 3 },
        { routeId: 'S1', directionId: 1, stopId: 'A' },
        { routeId: 'S1', directionId: 1, stopId: 'C' },
      ],
    }),
  )
  w.service.publish(saying([], { alerts: state.alerts }), [])
  const [row] = listener.deltas[0]!.up
  expect(row).toMatchObject({
    trips: [S1],
    everyDay: ['test_S1'],
    routeTypes: [3],
    directions: [{ route: 'test_S1', direction: 1 }],
  })
  expect(Object.keys(row!).filter(name => !(name in AlertRow.properties) && name !== 'v')).toEqual([])
})

test('feed: each source with its counts, without its secrets', () => {
  const w = world()
  const listener = join<'feed'>(w, 'feed:test')
  w.service.publish(saying([]), [])
  expect(listener.deltas[0]!.up).toMatchObject([
    { id: '0', url: 'https://example.org/rt', state: 'live', unmatched: 1 },
  ])
  const isDescribed = (name: string): boolean => name in SourceRow.properties || name === 'v'
  expect(Object.keys(listener.deltas[0]!.up[0]!).filter(name => !isDescribed(name))).toEqual([])
  w.pass(316)
  expect(listener.deltas.at(-1)!.up).toMatchObject([{ state: 'stale' }])
})

test('another network: ids, numbers and watchers stay; what it does not have is gone', () => {
  const w = world()
  const [stays, goes] = [join(w, 'stop:test_H1'), join<'trip'>(w, `trip:${S1}`)]
  const without = world('10:00', smaller)
  w.maker.moveTo(without.service)
  w.scheduler.advance(0)
  expect(stays.deltas[0]).toMatchObject({ p: 0, s: 1, up: [] })
  expect(stays.deltas[0]!.rm.map(id => id.replace(/_test.*/, ''))).toEqual([
    '20260110_10:00',
    '20260110_10:30',
    '20260110_25:30',
  ])
  expect(goes.messages.at(-1)).toMatchObject({ type: 'gone', ch: `trip:${S1}` })
  expect(stays.display.state).toEqual(join(without, 'stop:test_H1').display.state)
})
