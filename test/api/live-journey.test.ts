// Watched journeys: A 10:00 ─S1─ 10:10 Hbf, two minutes' walk, 10:14 ─U2─ 10:30 E. Two minutes to spare at the change.

import { expect, test } from 'vitest'
import type { Itinerary, PlanResponse } from '#api/contract/itinerary.ts'
import type { DeltaOf } from '#api/live/messages.ts'
import type { JourneyNotice, LegRow } from '#api/live/rows/journey.ts'
import type { ServiceDay } from '#engine/core/time.ts'
import { RunState } from '#engine/live/state.ts'
import { appFor, get } from '../helpers/api.ts'
import { type ChangedRun, lateRun, liveState } from '../helpers/horizon.ts'
import { join, world } from '../helpers/live.ts'
import { type Entity, say, storeOf, trip, tripBy } from '../helpers/realtime.ts'
import { at, city, detour, iso, newCity } from './city.ts'

const day = (city.day + 1) as ServiceDay

const late = (trip: string, seconds: number) => lateRun(city.tt, city.trip(trip), day, seconds)

async function watching(hhmm = '9:50') {
  const w = world(hhmm)
  const url = `/api/v6/plan?fromPlace=test_A&toPlace=test_E&time=${iso('9:50')}`
  const [itinerary] = (await get<PlanResponse>(appFor(w.service), url)).itineraries
  const listener = join<'journey'>(w, `journey:${itinerary!.id}`)
  return {
    ...w,
    listener,
    id: itinerary!.id,
    /** What was said after this state was published; searches for other ways are through. */
    async after(...runs: ChangedRun[]): Promise<DeltaOf<'journey'> | undefined> {
      const seen = listener.deltas.length
      w.service.publish(liveState(runs))
      await new Promise(resolve => setImmediate(resolve))
      w.pass(2)
      const deltas = listener.deltas.slice(seen)
      return deltas.length > 0 ? Object.assign({}, ...deltas) : undefined
    },
    get told(): string {
      const { notices } = listener.display.members as { notices: JourneyNotice[] }
      return notices.map(({ kind, leg }) => `${kind} ${leg}`).join(', ')
    },
  }
}

test('as planned: its legs, and nothing to tell', async () => {
  const { listener, id, hub, told } = await watching()
  const [snap] = listener.snaps
  expect(snap!.ch).toMatch(/^journey:[\w-]{22}$/)
  expect(hub.open(`journey:${id}`).name).toBe(snap!.ch)
  expect(snap!.journey).toEqual({
    state: 'ok',
    departure: at('10:00'),
    arrival: at('10:30'),
    schedArrival: at('10:30'),
    delay: 0,
  })
  expect(snap!.rows.map(row => [row.line ?? row.mode, row.from.name, row.to.name, row.departure, row.slack])).toEqual([
    ['S1', 'A', 'Hbf', at('10:00'), undefined],
    ['WALK', 'Hbf', 'Hbf', at('10:10'), undefined],
    ['U2', 'Hbf', 'E', at('10:14'), 120],
  ])
  expect([told, snap!.alternative]).toEqual(['', null])
})

test('a minute late: delayed, and the change is at risk; on time again: nothing', async () => {
  const w = await watching()
  await w.after(late('S1', 60))
  expect(w.told).toBe('delay 0, transfer_at_risk 2')
  expect(w.listener.display.members.journey).toMatchObject({ state: 'at_risk', delay: 0 })
  await w.after(late('S1', 0))
  expect(w.told).toBe('')
  await w.after(late('U2', 90))
  expect(w.told).toBe('delay 2')
  expect(w.listener.display.members.journey).toMatchObject({ state: 'delayed', arrival: at('10:31') + 30, delay: 90 })
})

test('five minutes late: broken, and the way on stands ready', async () => {
  const w = await watching('10:06')
  const delta = await w.after(late('S1', 300))
  expect(w.told).toBe('delay 0, transfer_broken 2')
  expect(delta!.journey).toMatchObject({ state: 'broken' })
  // on the way already: from Hbf at 10:15
  const rides = delta!.alternative!.legs.filter(leg => leg.mode !== 'WALK')
  // the next U2 lets nobody off at E
  expect(rides.map(leg => [leg.displayName, leg.startTime])).toEqual([
    ['U2', iso('10:44')],
    ['B3', iso('11:00')],
  ])
})

test('cancelled before it begins: the way on starts at the start', async () => {
  const w = await watching()
  const delta = await w.after({ ...late('S1', 0), state: RunState.cancelled })
  expect(w.told).toBe('cancelled 0')
  expect(delta!.alternative!.legs[0]).toMatchObject({ displayName: 'S1', startTime: iso('10:30') })
})

test('another platform, though none of them has a name', async () => {
  const w = await watching()
  const run = late('S1', 0)
  run.calls[1]!.stop = city.stop('H2')
  const delta = await w.after(run)
  expect(w.listener.display.rows.get('0')).toMatchObject({ to: { stop: 'test_H2', stopPlanned: 'test_H1' } })
  expect(delta!.notices).toEqual([{ kind: 'platform', leg: '0', end: 'to', stop: 'Hbf' }])
})

test('a ride that another run takes the place of is read there, and where it was planned once that is over', async () => {
  const w = await watching()
  const store = storeOf(city.tt)
  const S1 = () => trip('S1', { startDate: '20260110' })
  const publish = (time: number, ...entities: Entity[]) => {
    w.service.publish(say(store, { timestamp: at('9:50') + time }, ...entities).state)
    w.pass(2)
    return w.listener.display.rows.get('0') as LegRow
  }
  const instead = (arrives: string) =>
    S1()
      .is('REPLACEMENT')
      .stop(1, 'A')
      .departure({ time: at('10:00') })
      .stop(2, 'H1')
      .arrival({ time: at(arrives) })
      .stop(3, 'D')
      .arrival({ time: at('10:50') })
  // the same stops as planned, as far as this rider goes
  expect(publish(0, instead('10:10'))).toMatchObject({ state: 'normal', arrival: at('10:10') })
  expect([w.told, w.listener.display.members.alternative]).toEqual(['', null])
  expect(publish(10, instead('10:11'))).toMatchObject({ arrival: at('10:11') })
  expect(publish(20, S1().stop(2).delay(0))).toMatchObject({ state: 'normal', arrival: at('10:10') })
  expect(publish(30, S1().cancelled())).toMatchObject({ state: 'cancelled' })
})

/** A world of its own that hears whole messages; searches for other ways are through when one has been heard. */
function hearing() {
  const network = newCity()
  const w = world('9:50', network)
  const store = storeOf(network.tt)
  const app = appFor(w.service)
  return {
    ...w,
    app,
    async publish(second: number, ...entities: Entity[]) {
      w.service.publish(say(store, { timestamp: at('9:50') + second }, ...entities).state)
      await new Promise(resolve => setImmediate(resolve))
      w.pass(2)
    },
    async watch() {
      const url = `/api/v6/plan?fromPlace=test_A&toPlace=test_E&time=${iso('9:50')}`
      const [itinerary] = (await get<PlanResponse>(app, url)).itineraries
      return join<'journey'>(w, `journey:${itinerary!.id}`).display
    },
  }
}

test.each([
  ['S1', '0', 'to', 2],
  ['U2', '2', 'from', 1],
] as const)(
  'a ride at a stop that only realtime knows (%s): watched, and cancelled without it',
  async (line, leg, end, n) => {
    const { publish, watch } = hearing()
    await publish(0, ...detour(line))
    const display = await watch()
    const told = () => {
      const row = display.rows.get(leg) as LegRow
      const { journey, alternative } = display.members as { journey: { state: string }; alternative: Itinerary | null }
      const way = alternative?.legs.find(({ mode }) => mode !== 'WALK')
      return [journey.state, row.state, row[end].name, way && `${way.displayName} ${way.startTime}`]
    }
    expect(told()).toEqual(['ok', 'normal', 'Neu', undefined])
    await publish(10, ...detour(line, 'Anders'))
    expect(told()).toEqual(['ok', 'normal', 'Anders', undefined])
    const modified = tripBy({
      modifiedTrip: { modificationsId: 'detour', affectedTripId: line, startDate: '20260110' },
    })
    await publish(20, ...detour(line, 'Anders'), modified.stop(n).delay(60))
    expect(told()).toEqual(['delayed', 'normal', 'Anders', undefined])
    // it goes with the detour: the stop nearest to where it was, and the way over Hbf again
    await publish(30)
    expect(told()).toEqual(['broken', 'cancelled', 'Hbf', `S1 ${iso('10:00')}`])
    await publish(40, ...detour(line))
    expect(told()).toEqual(['ok', 'normal', 'Neu', undefined])
  },
)

test('stranded at a stop that only realtime knows: the way on begins there, and can be read again', async () => {
  const { publish, watch, app, service } = hearing()
  await publish(0, ...detour('S1'))
  const display = await watch()
  service.time = at('10:05')
  await publish(10, ...detour('S1'), trip('U2', { startDate: '20260110' }).cancelled())
  const { alternative } = display.members as { alternative: Itinerary }
  expect(alternative.legs[0]).toMatchObject({ from: { stopId: 'test_new' }, to: { stopId: 'test_H2' } })
  const again = await get<Itinerary>(app, `/api/v6/refresh-itinerary?itineraryId=${alternative.id}`)
  const rides = ({ legs }: Itinerary) =>
    legs.filter(({ mode }) => mode !== 'WALK').map(leg => [leg.displayName, leg.startTime, leg.endTime])
  expect([rides(again), again.broken]).toEqual([rides(alternative), undefined])
})

test('what happens to others is not read, and arriving ends it', async () => {
  const w = await watching()
  const before = w.maker.reads
  expect(await w.after(late('U2#2', 60))).toBeUndefined()
  expect(w.maker.reads).toBe(before)
  w.service.time = at('10:31')
  w.pass(1)
  expect(w.listener.display.members.journey).toMatchObject({ state: 'over' })
})

test('ids that are none, and a walk all the way', async () => {
  const { hub } = world()
  for (const id of ['x', 'W10', Buffer.from('[["test_A",60,9],[],["test_C",0]]').toString('base64url')])
    expect(() => hub.open(`journey:${id}`)).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' }))
})
