// Predictions from positions alone (rule I15).

import { expect, test } from 'vitest'
import { apply, feedMessage, runText, say, storeOf, trip, vehicle } from '../helpers/realtime.ts'
import { seconds, timetable } from '../helpers/timetable.ts'

const DAY = Date.UTC(2026, 0, 10) / 1000
const at = (time: string): number => DAY + seconds(time)
const {
  tt,
  trip: find,
  day,
} = timetable(`
  S1   A 10:00   B 10:10/10:11   C 10:20   D 10:30
  at A 51.50,7.40
  at B 51.50,7.41
  at C 51.50,7.43
  at D 51.50,7.44`)
const S1 = { tripId: 'S1', startDate: '20260110' }
const seen = (time: string, stop: number, lon: number, status = 2) =>
  vehicle('v', {
    trip: S1,
    position: { latitude: 51.5, longitude: lon },
    currentStopSequence: stop,
    currentStatus: status,
    timestamp: at(time),
  })
const STOPPED = 1
const after = (time: string, ...entities: Parameters<typeof say>[2][]) => {
  const store = storeOf(tt, { predictFromPositions: true })
  return runText(tt, say(store, { timestamp: at(time) }, ...entities).state, find('S1'), day)
}

test('I15: off unless the source says so', () => {
  const store = storeOf(tt)
  expect(say(store, { timestamp: at('10:13') }, seen('10:13', 2, 7.41, STOPPED)).state.runs.runs).toBe(0)
})

test('at a stop: late from its planned departure on, in time while it stands as planned', () => {
  expect(after('10:13', seen('10:13', 2, 7.41, STOPPED))).toBe('A 10:00  B 10:12~/10:13~  C 10:22~  D 10:32~')
  expect(after('10:10:30', seen('10:10:30', 2, 7.41, STOPPED))).toBe('A 10:00  B 10:10~/10:11~  C 10:20~  D 10:30~')
  expect(after('10:02', seen('10:02', 1, 7.4, STOPPED))).toBe('A 10:02~  B 10:12~/10:13~  C 10:22~  D 10:32~')
  expect(after('09:58', seen('09:58', 1, 7.4, STOPPED))).toMatch(/^A 09:58~\/10:00~ {2}B 10:10~/)
})

test('on the way: by the part that lies behind it', () => {
  // half-way from B (10:11) to C (10:20) it should be at 10:15:30
  expect(after('10:18:30', seen('10:18:30', 3, 7.42))).toBe('A 10:00  B 10:10/10:11  C 10:23~  D 10:33~')
  // early it arrives, and leaves as planned
  expect(after('10:13:30', seen('10:13:30', 3, 7.42))).toMatch(/C 10:18~\/10:20~ {2}D 10:28~\/10:30~$/)
})

test('a TripUpdate counts before it, of the same source or another, whichever comes first', () => {
  const delayed = trip('S1').stop('B').delay(60)
  const told = 'A 10:00  B 10:11!/10:12!  C 10:21~  D 10:31~'
  expect(after('10:05', seen('10:05', 2, 7.405), delayed)).toBe(told)
  const store = storeOf(tt, { predictFromPositions: true }, {})
  const position = feedMessage({ timestamp: at('10:05') }, seen('10:05', 2, 7.405))
  const update = feedMessage({ timestamp: at('10:05') }, delayed)
  apply(store, position, at('10:05'), 0)
  apply(store, update, at('10:05'), 1)
  expect(runText(tt, store.state, find('S1'), day)).toBe(told)
  const cancelled = feedMessage({ timestamp: at('10:06') }, trip('S1').cancelled())
  apply(store, cancelled, at('10:06'), 1)
  apply(store, feedMessage({ timestamp: at('10:06') }, seen('10:06', 2, 7.405)), at('10:06'), 0)
  expect(runText(tt, store.state, find('S1'), day)).toMatch(/^cancelled/)
})

test('one far from its plan, or not heard of for five minutes, says nothing', () => {
  expect(after('12:13', seen('12:13', 2, 7.41, STOPPED))).toBeUndefined()
  expect(after('10:19', seen('10:13', 2, 7.41, STOPPED))).toBeUndefined()
})
