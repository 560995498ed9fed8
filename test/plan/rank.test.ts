import { describe, expect, test } from 'vitest'
import type { StopIdx, TripIdx } from '#engine/core/ids.ts'
import type { ServiceDay, UnixSeconds } from '#engine/core/time.ts'
import type { OccupancyStatus } from '#engine/live/occupancy.ts'
import { buildOccupancy } from '#engine/live/occupancy.ts'
import { propose } from '#engine/plan/rank.ts'
import type { Journey } from '#engine/transit/journey.ts'
import { paretoSet } from '#engine/transit/pareto.ts'
import { random } from '../helpers/random.ts'

/** `10:00–10:30 1` with as many trips as rides, by number. */
function journey(text: string, ...trips: number[]): Journey {
  const [, from, to, transfers] = /^(\S+)–(\S+) (\d)$/.exec(text)!
  const at = (hhmm: string): UnixSeconds =>
    (Number(hhmm.split(':')[0]) * 3600 + Number(hhmm.split(':')[1]) * 60) as UnixSeconds
  const [departure, arrival] = [at(from!), at(to!)]
  const legs = trips.map(trip => ({
    kind: 'ride' as const,
    trip: trip as TripIdx,
    day: 0 as ServiceDay,
    shift: 0,
    board: 0,
    alight: 1,
    from: 0 as StopIdx,
    to: 1 as StopIdx,
    departure,
    arrival,
  }))
  return { departure, arrival, transfers: Number(transfers), legs }
}

const plain = { distinct: false, preferRoom: 0 }
const kept = (all: Journey[], proposed: readonly Journey[]): number[] => proposed.map(j => all.indexOf(j))

describe('distinct', () => {
  const distinct = (...texts: string[]): number[] => {
    const all = texts.map(text => journey(text))
    return kept(all, propose(all, { ...plain, distinct: true }, undefined))
  }
  test('one more change has to save three minutes', () => {
    expect(distinct('10:00–10:30 0', '10:00–10:28 1')).toEqual([0])
    expect(distinct('10:00–10:30 0', '10:00–10:27 1')).toEqual([0, 1])
  })
  test('at both ends together', () => {
    expect(distinct('10:00–10:30 0', '10:02–10:29 1')).toEqual([0, 1])
    expect(distinct('10:00–10:30 0', '10:01–10:29 1')).toEqual([0])
  })
  test('two more changes six minutes', () => {
    expect(distinct('10:00–10:30 0', '10:00–10:25 2')).toEqual([0])
    expect(distinct('10:00–10:30 0', '10:00–10:24 2')).toEqual([0, 1])
  })
  test('later departures are different journeys', () => {
    expect(distinct('10:00–10:30 1', '10:05–10:35 1', '10:10–10:40 1')).toEqual([0, 1, 2])
  })
  test('whatever is left out, something kept is about as good', () => {
    const r = random(7)
    for (let n = 0; n < 300; n++) {
      const all = paretoSet(
        Array.from({ length: 20 }, () => {
          const minute = r.below(20)
          return journey(`10:${String(minute).padStart(2, '0')}–10:${30 + r.below(20)} ${r.below(4)}`)
        }),
      )
      const proposed = propose(all, { ...plain, distinct: true }, undefined)
      for (const b of all)
        expect(
          proposed.some(a => {
            const lost = Math.max(0, a.arrival - b.arrival) + Math.max(0, b.departure - a.departure)
            return a === b || (a.transfers < b.transfers && lost < 180 * (b.transfers - a.transfers))
          }),
        ).toBe(true)
    }
  })
})

describe('more room', () => {
  /** Which journeys are proposed; trips by number, how full they are by name. */
  const roomy = (minutes: number, full: Readonly<Record<number, OccupancyStatus>>, ...all: Journey[]): number[] => {
    const vehicles = Object.entries(full).map(([trip, occupancy]) => ({
      ...{ id: trip, source: 0, timestamp: 0, trip: Number(trip), day: 0, shift: 0 },
      occupancy,
    }))
    const occupancy = buildOccupancy({ vehicles, sources: [] })
    return kept(all, propose(all, { ...plain, preferRoom: minutes * 60 }, occupancy))
  }
  const now = journey('10:00–10:20 0', 1)
  const next = journey('10:05–10:25 0', 2)
  const last = journey('10:10–10:30 0', 3)

  test('a later vehicle with seats instead of a full one, for as many minutes as given', () => {
    expect(roomy(5, { 1: 'FULL', 2: 'MANY_SEATS_AVAILABLE' }, now, next)).toEqual([1])
    expect(roomy(4, { 1: 'FULL', 2: 'MANY_SEATS_AVAILABLE' }, now, next)).toEqual([0, 1])
    expect(roomy(0, { 1: 'FULL', 2: 'MANY_SEATS_AVAILABLE' }, now, next)).toEqual([0, 1])
  })
  test('an earlier one costs as well: it leaves earlier', () => {
    expect(roomy(5, { 1: 'EMPTY', 2: 'FULL' }, now, next)).toEqual([0])
    expect(roomy(4, { 1: 'EMPTY', 2: 'FULL' }, now, next)).toEqual([0, 1])
  })
  test('what nobody measured is not called roomier, nor fuller', () => {
    expect(roomy(5, { 1: 'FULL' }, now, next)).toEqual([0, 1])
    expect(roomy(5, { 2: 'EMPTY' }, now, next)).toEqual([0, 1])
  })
  test('the fullest vehicle counts, and every one has to be known', () => {
    const twice = journey('10:00–10:22 1', 4, 5)
    expect(roomy(5, { 4: 'EMPTY', 5: 'FULL', 2: 'FEW_SEATS_AVAILABLE' }, twice, next)).toEqual([1])
    expect(roomy(5, { 4: 'EMPTY', 1: 'FULL' }, now, twice)).toEqual([0, 1])
  })
  test('seats are seats', () => {
    expect(roomy(9, { 1: 'MANY_SEATS_AVAILABLE', 2: 'EMPTY' }, now, next)).toEqual([0, 1])
  })
  test('never more minutes than given, step by step neither', () => {
    const full = { 1: 'FULL', 2: 'STANDING_ROOM_ONLY', 3: 'EMPTY' } as const
    expect(roomy(5, full, now, next, last)).toEqual([0, 2])
  })
})
