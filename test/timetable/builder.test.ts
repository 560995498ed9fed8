import { describe, expect, test } from 'vitest'
import { textOf } from '#engine/core/strings.ts'
import { DAY, formatTime } from '#engine/core/time.ts'
import { dayStart, openTimetable, runsOn, slotStop, zoneOfTrip } from '#engine/timetable/timetable.ts'
import { timetable } from '../helpers/timetable.ts'

describe('patterns', () => {
  const { tt, trip } = timetable(`
    S1   A 10:00   B 10:10/10:11   C 10:40
    S1   A 09:00   B 09:10/09:11   C 09:40
    S1   A 10:00   C 10:30
    U2   A 10:00   B 10:10/10:11   C 10:40
    S1   A 11:00   B- 11:10/11:11  C 11:40`)
  const patternOf = (id: string) => tt.tripPattern[trip(id)]

  test('are one route with one stop list and one set of flags', () => {
    expect(patternOf('S1')).toBe(patternOf('S1#2'))
    expect(new Set(['S1', 'S1#3', 'U2', 'S1#4'].map(patternOf)).size).toBe(4)
    expect(tt.counts.patterns).toBe(4)
  })

  test('of one route lie together', () => {
    const routes = Array.from({ length: 4 }, (_, p) => tt.patternRoute[p as never])
    expect(routes).toEqual([...routes].sort())
  })

  test('hold their trips as a range, sorted by start', () => {
    const p = patternOf('S1')
    expect(tt.tripBegin[p + 1]! - tt.tripBegin[p]!).toBe(2)
    expect([...tt.tripStart.slice(tt.tripBegin[p], tt.tripBegin[p + 1])].map(formatTime)).toEqual([
      '09:00:00',
      '10:00:00',
    ])
  })

  test('share the travel times of equal trips', () => {
    expect(tt.tripProfile[trip('S1')]).toBe(tt.tripProfile[trip('S1#2')])
    expect([...tt.profileTimes.slice(tt.tripProfile[trip('U2')], tt.tripProfile[trip('U2')]! + 6)]).toEqual([
      0, 0, 600, 660, 2400, 2400,
    ])
  })

  test('nobody alights at the first stop or boards at the last (S24)', () => {
    const words = [...tt.slots.slice(tt.slotBegin[patternOf('S1')], tt.slotBegin[patternOf('S1') + 1])]
    expect(words.map(w => [textOf(tt, tt.stopName[slotStop(w)]!), w & 3])).toEqual([
      ['A', 1],
      ['B', 3],
      ['C', 2],
    ])
  })

  test('a stop with a minus after it takes nobody in', () => {
    const begin = tt.slotBegin[patternOf('S1#4')]!
    expect(tt.slots[begin + 1]! & 3).toBe(2)
    expect(tt.slotTypes[begin + 1]! & 3).toBe(1)
  })
})

test('the same bytes opened by another thread are the same timetable', () => {
  const { tt, trip } = timetable('S1   A 10:00   B 10:10   [block=x wheelchair=1 bikes=2 headsign=Zoo]')
  const copy = openTimetable(tt.buffer)
  expect(textOf(copy, copy.tripHeadsign[trip('S1')]!)).toBe('Zoo')
  expect(textOf(copy, copy.tripBlock[trip('S1')]!)).toBe('x')
  expect(copy.tripAccess[trip('S1')]).toBe(1 | (2 << 2))
})

test('service days are bits; nothing runs outside the range', () => {
  const { tt, trip, day } = timetable(`
    S1   A 10:00   B 10:10   [days=20260110,20260228]
    S2   A 10:00   B 10:10   [days=20260111]`)
  const runs = (id: string) =>
    Array.from({ length: 60 }, (_, d) => d - 2).filter(d => runsOn(tt, tt.tripService[trip(id)], (day + d) as never))
  expect(runs('S1')).toEqual([0, 49])
  expect(runs('S2')).toEqual([1])
})

test('a service day begins where its zone says', () => {
  const { tt, trip, day } = timetable('S1   A 10:00   B 10:10', { zone: 'Europe/Berlin' })
  expect(dayStart(tt, zoneOfTrip(tt, trip('S1')), day)).toBe(day * DAY - 3600)
})

test('stations know their platforms', () => {
  const { tt, stop } = timetable(`
    station S: A B
    S1   A 10:00   B 10:10   C 10:20`)
  const of = (i: number) => tt.children[tt.childrenBegin[stop('S')]! + i]
  expect([of(0), of(1)]).toEqual([stop('A'), stop('B')])
  expect(tt.stopParent[stop('A')]).toBe(stop('S'))
})

test('frequencies belong to their trip', () => {
  const { tt, trip } = timetable(`
    U3   A 06:00   B 06:20   [every 10m until 12:00]
    U3   A 05:00   B 05:20   [about every 10m until 06:00]
    U3   A 05:30   B 05:50`)
  const rows = (id: string) => [tt.tripFrequencyBegin[trip(id)]!, tt.tripFrequencyBegin[trip(id) + 1]!]
  const [at, end] = rows('U3')
  expect(end! - at!).toBe(1)
  expect([tt.frequencyStart[at!], tt.frequencyEnd[at!], tt.frequencyHeadway[at!], tt.frequencyExact[at!]]).toEqual([
    6 * 3600,
    12 * 3600,
    600,
    1,
  ])
  expect(tt.frequencyExact[rows('U3#2')[0]!]).toBe(0)
  expect(rows('U3#3')[0]).toBe(rows('U3#3')[1])
})
