// H4: what realtime says of boarding and alighting stands for what the timetable says, in both directions.

import { describe, expect, test } from 'vitest'
import { say, storeOf, trip } from '../helpers/realtime.ts'
import { riderOf } from '../helpers/rider.ts'
import { timetable } from '../helpers/timetable.ts'

const world = timetable(`
  S1   A 10:00   B 10:10   -C- 10:20   D 10:30   [id=run]`)
const T = world.day * 86_400 + 9 * 3600 + 55 * 60
const RUN = '20260110_10:00_test_run'

/** @param types stop_sequence → pickup_type, drop_off_type */
const told = (types: Record<number, readonly [number, number]>) => {
  const update = trip('run').stop(1).delay(0)
  for (const [sequence, [pickupType, dropOffType]] of Object.entries(types))
    update.stop(Number(sequence)).delay(0).properties({ pickupType, dropOffType })
  return say(storeOf(world.tt), { timestamp: T }, update).state
}
const seen = (types: Record<number, readonly [number, number]>) => riderOf(world, told(types), T)

describe('H4: pickup_type and drop_off_type of realtime stand for the plan’s', () => {
  test('1 takes away what is planned: in plan, stoptimes, board row and trip row', async () => {
    const rider = seen({ 2: [1, 1] })
    expect(await rider.plan('B', 'D')).toEqual([])
    expect(await rider.plan('A', 'B')).toEqual([])
    expect(await rider.plan('A', 'D')).toHaveLength(1)
    expect((await rider.stoptimes('B'))[0]).toMatchObject({
      cancelled: true,
      pickupDropoffType: 'NOT_ALLOWED',
      place: { pickupType: 'NOT_ALLOWED', dropoffType: 'NOT_ALLOWED' },
    })
    expect(rider.board('B')[0]!.state).toBe('skipped')
    expect(rider.calls(RUN).rows[1]).toMatchObject({ boarding: false, alighting: false, state: 'skipped' })
  })

  test('0 opens what the plan closes', async () => {
    const closed = seen({ 2: [0, 0] })
    expect(await closed.plan('C', 'D')).toEqual([])
    expect(await closed.stoptimes('C')).toEqual([])
    const rider = seen({ 3: [0, 0] })
    expect((await rider.plan('C', 'D')).map(i => i.startTime.slice(11, 16))).toEqual(['10:20'])
    expect((await rider.plan('A', 'C')).map(i => i.endTime.slice(11, 16))).toEqual(['10:20'])
    expect(await rider.plan('A', 'C', `arriveBy=true&time=2026-01-10T10:25:00Z`)).toHaveLength(1)
    expect((await rider.stoptimes('C'))[0]).toMatchObject({
      cancelled: false,
      pickupDropoffType: 'NORMAL',
      place: { pickupType: 'NORMAL', dropoffType: 'NORMAL' },
    })
    expect(await rider.stoptimes('C', `arriveBy=true&n=1&time=2026-01-10T10:25:00Z`)).toHaveLength(1)
    expect(rider.board('C')[0]!.state).toBe('normal')
    expect(rider.calls(RUN).rows[2]).toMatchObject({ boarding: true, alighting: true, state: 'normal' })
    expect((await rider.trip(RUN)).intermediateStops!.map(stop => stop.name)).toEqual(['B', 'C'])
  })

  test('2 and 3 allow, by phone or with the driver, and say so', async () => {
    for (const stop of [2, 3]) {
      const name = stop === 2 ? 'B' : 'C'
      const rider = seen({ [stop]: [2, 3] })
      const way = { pickupArrangement: 'PHONE_AGENCY', dropoffArrangement: 'COORDINATE_WITH_DRIVER' }
      expect(await rider.plan('A', name)).toHaveLength(1)
      const [itinerary] = await rider.plan(name, 'D')
      expect(itinerary!.legs[0]!.from).toMatchObject({ pickupType: 'NORMAL', ...way })
      expect((await rider.stoptimes(name))[0]!.place).toMatchObject({ pickupType: 'NORMAL', ...way })
      expect(rider.board(name)[0]).toMatchObject({ state: 'normal', pickupArrangement: 'PHONE_AGENCY' })
      expect(rider.calls(RUN).rows[stop - 1]).toMatchObject({ boarding: true, alighting: true, ...way })
    }
    // 0 takes it back where the plan says it
    const [plain] = await seen({ 2: [0, 0] }).stoptimes('B')
    expect(plain!.place.pickupArrangement).toBeUndefined()
  })

  test('nobody gets off where the run begins or on where it ends, whatever is said', async () => {
    const rider = seen({ 1: [0, 0], 4: [0, 0] })
    expect(rider.calls(RUN).rows.map(row => [row.boarding, row.alighting])).toEqual([
      [true, false],
      [true, true],
      [false, false],
      [false, true],
    ])
    expect(await rider.stoptimes('D')).toEqual([])
    expect(await rider.stoptimes('A', 'arriveBy=true&n=1&time=2026-01-10T10:30:00Z')).toEqual([])
  })
})
