// Producers whose trip_ids are not the timetable's (B18), and how an operator says so.

import { describe, expect, test } from 'vitest'
import { sourceOf } from '#api/cli/realtime.ts'
import { runText, say, storeOf, trip } from '../helpers/realtime.ts'
import { timetable } from '../helpers/timetable.ts'

describe('trip ids by pattern (B18)', () => {
  const world = timetable(`
    S1   A 10:00   B 10:10   [id=AFA23-Weekday-00_060000_A..N55R days=20260109]
    S1   A 10:00   B 10:10   [id=AFA23-Saturday-00_060000_A..N55R days=20260110]
    S1   A 11:00   B 11:10   [id=AFA23-Saturday-00_066000_A..N55R days=20260110]
    S1   A 11:30   B 11:40   [id=AFA24-Saturday-00_066000_A..N55R days=20260110]`)
  const tripIds = { timetable: '_(\\d+_.+?\\.\\.[NS])', realtime: '^(\\d+_.+?\\.\\.[NS])' }
  const made = (world.day + 1) * 86_400 + 9 * 3600
  const told = (id: string, startDate: string) => {
    const { state } = say(
      storeOf(world.tt, { tripIds }),
      { timestamp: made },
      trip(id, { startDate }).stop('A').delay(60),
    )
    return { state, rejected: state.sources[0]!.rejected }
  }
  test('of two trips with one key the one that runs that day', () => {
    const { state } = told('060000_A..N', '20260110')
    const id = world.trip('AFA23-Saturday-00_060000_A..N55R')
    expect(runText(world.tt, state, id, (world.day + 1) as never)).toBe('A 10:01!  B 10:11~')
  })
  test('two that run that day are one too many', () => {
    expect(told('066000_A..N', '20260110').rejected).toEqual({ ambiguous_trip: 1 })
  })
  test('an id without the key is nobody’s', () => {
    expect(told('x', '20260110').rejected).toEqual({ trip_not_found: 1 })
  })
  test('a pattern that is none is refused at once', () => {
    expect(() => storeOf(world.tt, { tripIds: { timetable: '(', realtime: '(.)' } })).toThrow(/BAD_REQUEST at tripIds/)
  })
})

test('options of a source stand behind its address', () => {
  expect(sourceOf('de=https://example.org/tu.pb?key=1#milliseconds&addedWithoutRoute')).toEqual({
    tag: 'de',
    url: 'https://example.org/tu.pb?key=1',
    options: { milliseconds: true, addedWithoutRoute: true },
  })
  expect(sourceOf('https://example.org/#timetableIds=_(.*)%24&realtimeIds=(.*)').options).toEqual({
    tripIds: { timetable: '_(.*)$', realtime: '(.*)' },
  })
  expect(sourceOf('https://example.org/tu.pb')).toEqual({ tag: '', url: 'https://example.org/tu.pb' })
  expect(() => sourceOf('https://example.org/#seconds')).toThrow(/BAD_REQUEST at --gtfs-rt: 'seconds' is none of/)
  expect(() => sourceOf('https://example.org/#realtimeIds=(.*)')).toThrow(/belong together/)
})
