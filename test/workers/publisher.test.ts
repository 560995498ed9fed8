import { beforeEach, expect, test } from 'vitest'
import { DAY, parseDate, type ServiceDay, type UnixSeconds } from '#engine/core/time.ts'
import type { Horizon } from '#engine/horizon/horizon.ts'
import { readRun } from '#engine/horizon/runs.ts'
import { occupancyOf } from '#engine/live/occupancy.ts'
import { createClock, type SharedClock } from '#workers/clock.ts'
import { HorizonReader } from '#workers/horizon-reader.ts'
import type { PublishMessage } from '#workers/messages.ts'
import { Publisher } from '#workers/publisher.ts'
import { alert, feedMessage, raw, trip, vehicle } from '../helpers/realtime.ts'
import { timetable } from '../helpers/timetable.ts'

const days = Array.from({ length: 20 }, (_, i) => String(20260105 + i))
const drawn = timetable(
  `S1   A 10:00   B 10:10   C 10:20
   S1   A 11:00   B 11:10   C 11:20
   U2   D 10:00   E 10:30`,
  { days },
)
const { tt, footpaths, stop } = drawn
const day = parseDate('20260110') as ServiceDay
const at = (hhmm: string): UnixSeconds => {
  const [h, m] = hhmm.split(':').map(Number)
  return (day * DAY + h! * 3600 + m! * 60) as UnixSeconds
}

let published: PublishMessage[]
let clock: SharedClock
let publisher: Publisher
let reader: HorizonReader

beforeEach(() => {
  published = []
  clock = createClock()
  clock.set(at('10:00'), true)
  reader = new HorizonReader({ timetable: tt, footpaths })
  publisher = new Publisher({
    timetable: tt,
    sources: [
      { tag: 'test', url: 'first:' },
      { tag: 'test', url: 'second:' },
    ],
    clock,
    cut: false,
    firstGeneration: 1,
    publish: message => published.push(message),
  })
  publisher.start()
})

/** What the newest generation says, or another one. */
const horizon = (message = published.at(-1)!): Horizon => reader.read(message.horizon)
const delayAtC = (h: Horizon): number => {
  const call = readRun(h, { trip: drawn.trip('S1'), day, shift: 0 })!.calls[2]!
  return call.arrival - call.scheduledArrival
}
const sorted = (...names: string[]): number[] => names.map(stop).sort((a, b) => a - b)
let seconds = 0
/** A message that makes the first S1 late at B and after. */
const late = (delay: number, clockTime = clock.now()): Uint8Array =>
  feedMessage({ timestamp: clockTime - 100 + seconds++ }, trip('S1', { startDate: '20260110' }).stop('B').delay(delay))
beforeEach(() => {
  seconds = 0
})

test('the first generation is the schedule of the days around now', () => {
  expect(published.length).toBe(1)
  const h = horizon()
  expect(h.generation).toBe(1)
  expect([...h.days.values()].map(d => d.day - day)).toEqual([0, 1, 2, 3])
  expect(delayAtC(h)).toBe(0)
  expect(h.live.counts.runs).toBe(0)
})

test('a message becomes one generation: all of it, and the stops that changed', () => {
  expect(publisher.apply(0, late(300), 1000)).toBeUndefined()
  const message = published.at(-1)!
  expect(message.horizon.generation).toBe(2)
  expect(delayAtC(horizon())).toBe(300)
  // the whole run is live now, so A's board changes as well
  expect([...message.changedStops]).toEqual(sorted('A', 'B', 'C'))
  expect(message.since).toBe(1000)
  expect(message.sources![0]).toMatchObject({ applied: 1, matched: 1 })
})

test('the same message again changes nothing and publishes nothing', () => {
  const bytes = late(300)
  publisher.apply(0, bytes, 1)
  publisher.apply(0, bytes, 2)
  expect(published.length).toBe(2)
})

test('garbage is refused, the state stays, the source says so', () => {
  publisher.apply(0, late(300), 1)
  expect(publisher.apply(0, new TextEncoder().encode('<html>502</html>'), 2)).toBe('REALTIME_UNREADABLE')
  expect(delayAtC(horizon())).toBe(300)
  expect(published.at(-1)!.sources![0]).toMatchObject({ refused: 'REALTIME_UNREADABLE', refusedCount: 1, applied: 1 })
  expect([...published.at(-1)!.changedStops]).toEqual([])
})

test('when only the words change, the live block stays the same one', () => {
  publisher.apply(0, late(300), 1)
  const before = published.at(-1)!.horizon
  publisher.apply(1, new Uint8Array([255]), 2)
  const after = published.at(-1)!.horizon
  expect(after.generation).toBe(before.generation + 1)
  expect(after.live).toEqual(before.live)
})

test('alerts travel as text in shared memory', () => {
  const lift = alert('lift', {
    informedEntity: [{ stopId: 'A' }],
    headerText: { translation: [{ text: 'Aufzug defekt' }] },
  })
  publisher.apply(0, feedMessage({ timestamp: clock.now() }, lift), 1)
  expect(published.at(-1)!.alertsChanged).toBe(true)
  expect(horizon().alerts.map(a => a.header[0]!.text)).toEqual(['Aufzug defekt'])
  publisher.apply(1, late(60), 2)
  expect(published.at(-1)!.alertsChanged).toBe(false)
  expect(horizon().alerts.length).toBe(1)
})

test('a generation that is still read is never written over', () => {
  publisher.apply(0, late(300), 1)
  const pinned = published.at(-1)!
  const copy = new Uint8Array(pinned.horizon.live.buffer).slice()
  for (let delay = 1; delay <= 50; delay++) {
    publisher.apply(0, late(delay * 10), 1)
    const { generation } = published.at(-2)!.horizon
    if (generation !== pinned.horizon.generation) publisher.release(generation)
  }
  expect(published.length).toBe(52)
  expect(new Uint8Array(pinned.horizon.live.buffer)).toEqual(copy)
  expect(delayAtC(new HorizonReader({ timetable: tt, footpaths }).read(pinned.horizon))).toBe(300)
})

test('when everything is still being read, changes wait and are merged into the next generation', () => {
  for (const delay of [60, 120, 180]) publisher.apply(0, late(delay), 1)
  expect(published.at(-1)!.horizon.generation).toBe(4)
  // four blocks in use: generations 1 to 4
  publisher.apply(0, late(240), 5)
  publisher.apply(
    1,
    feedMessage({ timestamp: clock.now() }, trip('U2', { startDate: '20260110' }).stop('E').delay(60)),
    6,
  )
  expect(published.length).toBe(4)
  expect(publisher.settled).toBe(false)
  publisher.release(2)
  expect(published.length).toBe(5)
  expect(publisher.settled).toBe(true)
  expect(delayAtC(horizon())).toBe(240)
  expect([...published.at(-1)!.changedStops]).toEqual(sorted('B', 'C', 'D', 'E'))
  expect(published.at(-1)!.since).toBe(5)
})

test('memory stays what it is over a thousand messages', () => {
  let bytes = 0
  for (let i = 1; i <= 1000; i++) {
    publisher.apply(0, late((i % 7) * 60 + 1), 1)
    publisher.release(published.at(-2)!.horizon.generation)
    if (i === 10) bytes = publisher.pooledBytes
  }
  expect(published.length).toBe(1001)
  expect(publisher.pooledBytes).toBe(bytes)
})

test('without messages predictions grow stale, and that is published', () => {
  publisher.apply(0, late(300), 1)
  publisher.release(1)
  clock.set(at('10:03'), true)
  publisher.tick()
  expect(published.length).toBe(2)
  clock.set(at('10:07'), true)
  publisher.tick()
  expect(published.length).toBe(3)
  expect(delayAtC(horizon())).toBe(0)
  expect(published.at(-1)!.since).toBe(0)
})

test('the next days come without a message, ahead of midnight', () => {
  clock.set(at('23:00'), true)
  publisher.tick()
  expect([...horizon().days.values()].map(d => d.day - day).sort()).toEqual([0, 1, 2, 3])
  clock.set((at('23:00') + DAY) as UnixSeconds, true)
  publisher.tick()
  expect(published.at(-1)!.horizon.daysVersion).toBeGreaterThan(published[0]!.horizon.daysVersion)
  expect([...horizon().days.keys()].length).toBeGreaterThanOrEqual(4)
})

test('a far day is compiled when asked for, once', () => {
  const far = { zone: 0, day: (day + 9) as ServiceDay } as never
  publisher.ensure([far])
  expect(published.length).toBe(2)
  expect([...horizon().days.values()].some(d => d.day === day + 9)).toBe(true)
  publisher.ensure([far])
  expect(published.length).toBe(2)
})

test('realtime of a far day is compiled in as soon as the day is', () => {
  const far = day + 9
  const date = '20260119'
  publisher.apply(0, feedMessage({ timestamp: clock.now() }, trip('S1', { startDate: date }).stop('B').delay(300)), 1)
  expect(horizon().live.counts.lanes).toBe(0)
  publisher.ensure([{ zone: 0, day: far } as never])
  expect(horizon().live.counts.lanes).toBe(1)
})

test('in a network cut to an area, trips it does not know are elsewhere', () => {
  const cut = new Publisher({
    timetable: tt,
    sources: [{ tag: 'test', url: '' }],
    clock,
    cut: true,
    firstGeneration: 1,
    publish: message => published.push(message),
  })
  cut.start()
  cut.apply(
    0,
    feedMessage({ timestamp: clock.now() }, trip('S1').stop('B').delay(60), trip('ICE').stop('X').delay(1)),
    1,
  )
  expect(published.at(-1)!.sources![0]).toMatchObject({ matched: 1, unmatched: 0, outsideArea: 1 })
})

test('a source that could not be reached and then has nothing new is well again', () => {
  publisher.apply(0, late(300), 0)
  publisher.refuse(0, 'FETCH_FAILED')
  expect(published.at(-1)!.sources![0]).toMatchObject({ refused: 'FETCH_FAILED' })
  const { live } = published.at(-1)!.horizon
  publisher.confirm(0)
  const { horizon, sources } = published.at(-1)!
  expect([sources![0]!.refused, sources![0]!.applied, horizon.live]).toEqual([undefined, 1, live])
  const generations = published.length
  publisher.confirm(0)
  publisher.confirm(1)
  expect(published.length).toBe(generations)
})

test('how full a vehicle is reaches the threads, and goes when nobody says it any more', () => {
  const run = { trip: drawn.trip('S1'), day, shift: 0 }
  const occupancy = () => occupancyOf(horizon().occupancy!, run)
  expect(occupancy()).toBeUndefined()
  const says = (percentage: number, timestamp: number): Uint8Array =>
    feedMessage(
      { timestamp },
      vehicle('7', {
        trip: { tripId: 'S1', startDate: '20260110' },
        occupancyStatus: 5,
        occupancyPercentage: percentage,
      }),
    )
  for (let n = 0; n < 20; n++) {
    publisher.apply(0, says(n, at('10:00') + n), 0)
    expect([...published.at(-1)!.changedStops]).toEqual(sorted('A', 'B', 'C'))
    expect(occupancy()).toEqual({ status: 'FULL', percentage: n, measured: at('10:00') + n })
    publisher.release(published.at(-2)!.horizon.generation)
  }
  // measured again, the same is no news to a board
  publisher.apply(0, says(19, at('10:00') + 20), 0)
  expect(published.at(-1)!.changedStops).toHaveLength(0)
  publisher.apply(0, feedMessage({ timestamp: at('10:01') }), 0)
  expect([...published.at(-1)!.changedStops]).toEqual(sorted('A', 'B', 'C'))
  expect(occupancy()).toBeUndefined()
})

test('a stop that only realtime knows is a change there when it comes and when it goes, and goes with its word', () => {
  const named = (stopId: string) =>
    raw({ stop: { stopId, stopName: { translation: [{ text: stopId }] }, stopLat: 51.5, stopLon: 7.4 } })
  const call = trip('x', { routeId: 'S1', startDate: '20260110' })
    .is('NEW')
    .stop(1, 'new')
    .departure({ time: at('10:30') })
    .stop(2, 'C')
    .arrival({ time: at('10:40') })
  const told = (second: number, ...entities: Parameters<typeof feedMessage>[1][]) => {
    publisher.apply(0, feedMessage({ timestamp: clock.now() + second }, ...entities), 0)
    const { changedStops } = published.at(-1)!
    return { stops: horizon().added?.stops ?? [], changed: [...changedStops] }
  }
  const { stops, changed } = told(1, named('new'))
  expect([stops.length, changed]).toEqual([1, stops])
  expect(told(2, named('new'), call).stops).toEqual(stops)
  // the generation before, which is still being read, names it; this one does not
  const gone = told(3)
  expect([gone.stops, gone.changed]).toEqual([[], [...sorted('C'), ...stops]])
})
