// What happens to a run as a whole (rules F), and which stops a message changes.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LiveRunIdx } from '#engine/core/ids.ts'
import type { LiveRuns } from '#engine/live/state.ts'
import { patternLength } from '#engine/timetable/timetable.ts'
import { type Entity, raw, runText, say, storeOf, trip } from '../helpers/realtime.ts'
import { timetable } from '../helpers/timetable.ts'

const T = Date.UTC(2026, 0, 10, 9) / 1000
const {
  tt,
  trip: find,
  day,
  stop,
} = timetable(`
  S1   A 10:00   B 10:10   C 10:20
  S2   D 10:00   E 10:10`)
const names = 'ABCDE'
const stops = (changed: Uint32Array): string => [...names].filter(name => changed.includes(stop(name))).join('')
const s1 = (state: Parameters<typeof runText>[1]): string | undefined => runText(tt, state, find('S1'), day)

describe('trip by relationship', () => {
  test('F1: SCHEDULED without any update says nothing', () => {
    const { state } = say(storeOf(tt), { timestamp: T }, trip('S1'))
    expect([s1(state), state.sources[0]!.rejected]).toEqual([undefined, { no_updates: 1 }])
    expect(s1(say(storeOf(tt), { timestamp: T }, trip('S1').delay(60)).state)).toBe('A 10:01~  B 10:11~  C 10:21~')
  })

  test('F2: CANCELED wins over all its stops', () => {
    expect(s1(say(storeOf(tt), { timestamp: T }, trip('S1').cancelled().stop('A').delay(60)).state)).toBe(
      'cancelled: A 10:00  B 10:10  C 10:20',
    )
  })

  test('F3: DELETED likewise, to be shown nowhere', () => {
    expect(s1(say(storeOf(tt), { timestamp: T }, trip('S1').is('DELETED')).state)).toMatch(/^deleted: /)
  })

  test('F4, F5: changed, cancelled, running again', () => {
    const store = storeOf(tt)
    say(store, { timestamp: T }, trip('S1').stop('B').skipped())
    expect(s1(say(store, { timestamp: T + 1 }, trip('S1').cancelled()).state)).toBe(
      'cancelled: A 10:00  B 10:10  C 10:20',
    )
    const result = say(store, { timestamp: T + 2 })
    expect([s1(result.state), stops(result.changedStops)]).toEqual([undefined, 'ABC'])
  })
})

describe('what changed', () => {
  test('a run that appears or vanishes changes all its stops, one that stays only those that differ', () => {
    const store = storeOf(tt)
    const change = (seconds: number, ...updates: Parameters<typeof say>[2][]): string => {
      const { changedRuns, changedStops } = say(store, { timestamp: T + seconds }, ...updates)
      return `${changedRuns} ${stops(changedStops)}`
    }
    const other = () => trip('S2').stop('D').delay(0)
    expect(change(0, trip('S1').stop('A').delay(0), other())).toBe('2 ABCDE')
    expect(change(1, trip('S1').stop('A').delay(0), other())).toBe('0 ')
    expect(change(2, trip('S1').stop('A').delay(0).stop('C').delay(60), other())).toBe('1 C')
    expect(change(3, trip('S1').stop('A').delay(0).stop('B').skipped().stop('C').delay(60), other())).toBe('1 B')
    expect(change(4, trip('S1').cancelled(), other())).toBe('1 ABC')
    expect(change(5, other())).toBe('1 ABC')
    expect(change(6)).toBe('1 DE')
  })

  test('a state that was given out is never changed', () => {
    const store = storeOf(tt)
    const first = say(store, { timestamp: T }, trip('S1').stop('A').delay(60)).state
    const copy = structuredClone(first)
    say(store, { timestamp: T + 1 }, trip('S1').stop('A').delay(120))
    say(store, { timestamp: T + 2 }, trip('S1').cancelled())
    expect(first).toEqual(copy)
  })

  test('one bad update does not take the others with it (A15)', () => {
    const { state } = say(
      storeOf(tt),
      { timestamp: T },
      trip('?'),
      trip('S1', { startDate: 'x' }),
      trip('S2').stop('D').delay(60),
    )
    expect(runText(tt, state, find('S2'), day)).toBe('D 10:01!  E 10:11~')
    expect(state.sources[0]).toMatchObject({
      entities: 3,
      tripUpdates: 3,
      matched: 1,
      unmatched: 2,
      rejected: { bad_start_date: 1, trip_not_found: 1 },
    })
  })
})

describe('whatever a feed says', () => {
  const event = fc.record(
    {
      delay: fc.oneof(fc.integer({ min: -900, max: 900 }), fc.integer()),
      time: fc.oneof(fc.integer({ min: T, max: T + 9000 }), fc.nat(2 ** 48)),
    },
    { requiredKeys: [] },
  )
  const stopUpdate = fc.record(
    {
      stopSequence: fc.nat(4),
      stopId: fc.constantFrom('A', 'B', 'C', 'D', 'Z', ''),
      arrival: event,
      departure: event,
      scheduleRelationship: fc.nat(4),
      stopTimeProperties: fc.record(
        { assignedStopId: fc.constantFrom('A', 'E', 'Z'), pickupType: fc.nat(5) },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: [] },
  )
  const descriptor = fc.record(
    {
      tripId: fc.constantFrom('S1', 'S2', 'x', ''),
      routeId: fc.constantFrom('S1', 'x'),
      startDate: fc.constantFrom('20260110', '20260111', '99999999', 'x'),
      startTime: fc.constantFrom('10:00:00', '34:00:00', 'x'),
      directionId: fc.nat(2),
      scheduleRelationship: fc.nat(9),
    },
    { requiredKeys: [] },
  )
  const update = fc.record(
    {
      trip: descriptor,
      stopTimeUpdate: fc.array(stopUpdate, { maxLength: 5 }),
      delay: fc.integer(),
      timestamp: fc.nat(),
    },
    { requiredKeys: ['trip'] },
  )
  const entities = fc
    .array(update, { maxLength: 6 })
    .map(list => list.map((tripUpdate): Entity => raw({ tripUpdate: tripUpdate as never })))

  test('times never run back, rows are ordered, every update is accounted for', () => {
    fc.assert(
      fc.property(entities, entities, (first, second) => {
        const store = storeOf(tt)
        say(store, { timestamp: T }, ...first)
        const { state } = say(store, { timestamp: T + 30 }, ...second)
        assertRuns(state.runs)
        const { matched, unmatched, tripUpdates, rejected } = state.sources[0]!
        expect(matched + unmatched + (rejected.added_twice ?? 0)).toBe(tripUpdates)
      }),
      { numRuns: 500 },
    )
  })

  function assertRuns(runs: LiveRuns): void {
    for (let r = 0 as LiveRunIdx; r < runs.runs; r++) {
      const [begin, end] = [runs.eventBegin[r], runs.eventBegin[(r + 1) as LiveRunIdx]]
      expect(end - begin).toBe(patternLength(tt, tt.tripPattern[runs.runTrip[r]]))
      let floor = Number.NEGATIVE_INFINITY
      for (let e = begin; e < end; e++) {
        expect(runs.eventArrival[e]).toBeGreaterThanOrEqual(floor)
        expect(runs.eventDeparture[e]).toBeGreaterThanOrEqual(runs.eventArrival[e]!)
        expect(runs.eventStop[e]).toBeLessThan(tt.counts.stops)
        floor = runs.eventDeparture[e]!
      }
      if (r > 0)
        expect(
          runs.runTrip[r] > runs.runTrip[(r - 1) as LiveRunIdx] || runs.runDay[r] > runs.runDay[(r - 1) as LiveRunIdx],
        ).toBe(true)
    }
  }
})
