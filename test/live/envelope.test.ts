// Which messages are taken, in which order, and what age does to what they said (rules A and K).

import { describe, expect, test } from 'vitest'
import type { UnixSeconds } from '#engine/core/time.ts'
import { ageSources, applyMessage, confirmSource } from '#engine/live/apply.ts'
import { createLiveStore } from '#engine/live/store.ts'
import { alert, apply, feedMessage, proto, raw, runText, say, storeOf, trip, vehicle } from '../helpers/realtime.ts'
import { timetable } from '../helpers/timetable.ts'

const DAY = Date.UTC(2026, 0, 10) / 1000
const T = DAY + 9 * 3600
const world = timetable(`
  S1   A 10:00   B 10:10   C 10:20
  S2   A 9:00   B 9:10   C 9:20`)
const { tt, trip: find, day, stop } = world
const late = (seconds: number) => trip('S1').stop('A').delay(seconds)

describe('header', () => {
  test('A2: unknown versions are taken with a warning', () => {
    expect(say(storeOf(tt), { timestamp: T, version: '3.7' }, late(60)).state.sources[0]).toMatchObject({
      matched: 1,
      warnings: { version: 1 },
    })
  })

  test('A3: no timestamp: that of receipt counts', () => {
    const store = storeOf(tt)
    const { state } = apply(store, feedMessage({}, late(60)), T)
    expect(state.sources[0]).toMatchObject({ timestamp: 0, receivedAt: T, matched: 1, warnings: { no_timestamp: 1 } })
    expect(ageSources(store, (T + 300) as UnixSeconds)).toBeUndefined()
    expect(ageSources(store, (T + 301) as UnixSeconds)).toBeDefined()
  })

  test.each([
    ['2.0', undefined, { no_incrementality: 1 }],
    ['2.0', 0, {}],
    ['1.0', undefined, {}],
  ])(
    'A3: version %s whose incrementality is %s: a full dataset all the same, with the warnings %o',
    (version, incrementality, warnings) => {
      const store = storeOf(tt)
      say(store, { timestamp: T }, trip('S2').stop('A').delay(60))
      const header = { gtfsRealtimeVersion: version, timestamp: T + 1, ...(incrementality === 0 && { incrementality }) }
      const bytes = proto.FeedMessage.encode({ header, entity: [late(60).entity('1')] }).finish()
      const { state } = apply(store, bytes, T + 1)
      expect(state.sources[0]).toMatchObject({ matched: 1 })
      expect(state.sources[0]!.warnings).toEqual(warnings)
      expect([runText(tt, state, find('S1'), day), runText(tt, state, find('S2'), day)]).toEqual([
        'A 10:01!  B 10:11~  C 10:21~',
        undefined,
      ])
    },
  )

  test('K2, K4: the same undated message again is as fresh as its receipt', () => {
    const store = storeOf(tt)
    const same = feedMessage({}, late(60))
    apply(store, same, T)
    const again = apply(store, same, T + 290)
    expect(again).toMatchObject({ changedRuns: 0, state: { sources: [{ receivedAt: T + 290, applied: 1 }] } })
    expect(ageSources(store, (T + 500) as UnixSeconds)).toBeUndefined()
    expect(ageSources(store, (T + 591) as UnixSeconds)).toBeDefined()
  })

  test('K2, K6: what was refused is over when the source says the same as before', () => {
    const store = storeOf(tt)
    const good = feedMessage({ timestamp: T }, late(60))
    apply(store, good, T)
    const failed = applyMessage(store, 0, 'FETCH_FAILED', (T + 15) as UnixSeconds)
    expect(failed.state.sources[0]).toMatchObject({ refused: 'FETCH_FAILED', refusedCount: 1 })
    const { state, changedRuns } = apply(store, good, T + 30)
    expect([state.sources[0]!.refused, state.sources[0]!.refusedCount, changedRuns]).toEqual([undefined, 1, 0])
    // dated: it goes on ageing by its own time, and saying the same is nothing new
    expect([state.sources[0]!.receivedAt, apply(store, good, T + 45).state]).toEqual([T, state])
  })

  test('A6: DIFFERENTIAL is refused, the state stays', () => {
    const store = storeOf(tt)
    say(store, { timestamp: T }, late(60))
    const result = say(store, { timestamp: T + 10, differential: true }, late(120))
    expect(result).toMatchObject({ refused: 'differential_unsupported', changedRuns: 0 })
    expect(runText(tt, result.state, find('S1'), day)).toBe('A 10:01!  B 10:11~  C 10:21~')
    expect(result.state.sources[0]).toMatchObject({
      refused: 'differential_unsupported',
      refusedCount: 1,
      applied: 1,
      timestamp: T,
    })
    expect(say(store, { timestamp: T + 20 }, late(120)).state.sources[0]!.refused).toBeUndefined()
  })

  test('A14: a timestamp in milliseconds is none', () => {
    expect(say(storeOf(tt), { timestamp: T * 1000 }, late(60)).refused).toBe('bad_timestamp')
  })

  test('A16: speaking of another version of the timetable is only worth a warning', () => {
    const versioned = timetable('S1   A 10:00   B 10:10')
    versioned.tt.feedVersion[0] = versioned.tt.tripId[0]! // any text: the version is now "S1"
    const warnings = (feedVersion: string): object =>
      say(storeOf(versioned.tt), { timestamp: T, feedVersion }, late(60)).state.sources[0]!.warnings
    expect(warnings('S1')).toEqual({})
    expect(warnings('v2')).toEqual({ static_mismatch: 1 })
    expect(say(storeOf(tt), { timestamp: T, feedVersion: 'v2' }, late(60)).state.sources[0]!.warnings).toEqual({})
  })
})

describe('a full message replaces the one before', () => {
  test('A4: a trip that is no longer in it has no realtime, and its stops are told', () => {
    const store = storeOf(tt)
    say(store, { timestamp: T }, late(60), trip('S2').stop('B').delay(30))
    const { state, changedRuns, changedStops } = say(store, { timestamp: T + 30 }, trip('S2').stop('B').delay(30))
    expect(runText(tt, state, find('S1'), day)).toBeUndefined()
    expect(runText(tt, state, find('S2'), day)).toBeDefined()
    expect(changedRuns).toBe(1)
    expect([...changedStops]).toEqual([stop('A'), stop('B'), stop('C')])
  })

  test('A5: an empty one takes everything with it', () => {
    const store = storeOf(tt)
    say(store, { timestamp: T }, late(60), alert('a', { informedEntity: [{ stopId: 'A' }] }), vehicle('v', {}))
    const result = say(store, { timestamp: T + 30 })
    expect(result).toMatchObject({ changedRuns: 1, alertsChanged: true, vehiclesChanged: true })
    expect(result.state).toMatchObject({ runs: { runs: 0 }, alerts: [], vehicles: [] })
  })

  test('A7, A9: deleted and empty entities are counted, the rest is kept', () => {
    const { state } = say(storeOf(tt), { timestamp: T }, late(60).isDeleted(), raw({}), trip('S2').stop('B').delay(30))
    expect(state.runs.runs).toBe(1)
    expect(state.sources[0]!.rejected).toEqual({ deleted_in_full_dataset: 1, empty_entity: 1 })
  })

  test('A8: of vehicles’ entities with one id the last wins; no id is none in common', () => {
    const at = (lat: number) => ({ position: { latitude: lat, longitude: 7 } })
    const named = (id: string, label: string, lat: number) =>
      raw({ id, vehicle: { vehicle: { id: label }, ...at(lat) } })
    const { state } = say(
      storeOf(tt),
      { timestamp: T },
      named('x', 'v1', 51),
      named('y', 'v2', 52),
      named('x', 'v3', 53),
      named('', 'v4', 54),
      named('', 'v5', 55),
    )
    expect(state.vehicles.map(({ id }) => id)).toEqual(['v2', 'v3', 'v4', 'v5'])
    expect(state.sources[0]!.rejected).toEqual({ duplicate_entity_id: 1 })
  })

  test('A9: several payloads of one entity are each taken', () => {
    const both = { ...late(60).entity('x'), vehicle: { vehicle: { id: 'v1' }, trip: { tripId: 'S1' } } }
    const { state } = say(storeOf(tt), { timestamp: T }, raw(both), trip('S2').stop('B').delay(30))
    expect([state.runs.runs, state.vehicles.length, state.sources[0]!.rejected]).toEqual([2, 1, {}])
  })

  test('A8: of entities with one id the last wins', () => {
    const { state } = say(
      storeOf(tt),
      { timestamp: T },
      late(60).withId('x'),
      trip('S2').stop('B').delay(30),
      late(120).withId('x'),
    )
    expect(runText(tt, state, find('S1'), day)).toContain('A 10:02!')
    expect(state.runs.runs).toBe(2)
    expect(state.sources[0]!.rejected).toEqual({ duplicate_entity_id: 1 })
  })
})

describe('order', () => {
  test('K1: an older message is refused; the sixth in a row, or one of ten minutes ago, means that a clock was set back', () => {
    const store = storeOf(tt)
    say(store, { timestamp: T }, late(60))
    for (let i = 1; i <= 5; i++) expect(say(store, { timestamp: T - i }, late(600)).refused).toBe('went_backwards')
    expect(say(store, { timestamp: T - 6 }, late(600)).refused).toBeUndefined()
    expect(store.state.sources[0]!.warnings).toEqual({ clock_reset: 1 })
    expect(say(store, { timestamp: T - 700 }, late(60)).refused).toBeUndefined()
  })

  test('K2: the same bytes again change nothing, not even the status', () => {
    const store = storeOf(tt)
    const before = say(store, { timestamp: T }, late(60)).state
    const again = say(store, { timestamp: T }, late(60))
    expect(again.state).toBe(before)
    expect(again).toMatchObject({ changedRuns: 0, alertsChanged: false, vehiclesChanged: false })
  })

  test('K2: other content under the same timestamp is taken, with a warning', () => {
    const store = storeOf(tt)
    say(store, { timestamp: T }, late(60))
    const { state } = say(store, { timestamp: T }, late(120))
    expect(runText(tt, state, find('S1'), day)).toContain('A 10:02!')
    expect(state.sources[0]!.warnings).toEqual({ same_timestamp: 1 })
  })

  test('K3: messages that are old when they come, or seldom newer, are counted', () => {
    const store = storeOf(tt)
    const warnings = (timestamp: number, now: number) =>
      apply(store, feedMessage({ timestamp }, late(60)), now).state.sources[0]!.warnings
    expect(warnings(T, T + 65)).toEqual({})
    expect(warnings(T + 35, T + 101)).toEqual({ old_message: 1 })
    expect(warnings(T + 71, T + 110)).toEqual({})
    confirmSource(store, 0, (T + 120) as UnixSeconds)
    expect(warnings(T + 107, T + 150)).toEqual({ slow_refresh: 1 })
  })

  test('K7: of several producers that are not in step the newest counts; who asks them in turn never goes back', () => {
    const store = storeOf(tt)
    const delays: (string | undefined)[] = []
    for (let i = 0; i < 20; i++) {
      // the second of them is always 8 s behind
      const ahead = T + 15 * i
      apply(store, feedMessage({ timestamp: ahead }, late(60 * i)), ahead)
      const behind = apply(store, feedMessage({ timestamp: ahead - 8 }, late(7)), ahead + 1)
      expect(behind.refused).toBe('went_backwards')
      delays.push(runText(tt, behind.state, find('S1'), day)?.slice(0, 7))
    }
    expect(delays).toEqual(Array.from({ length: 20 }, (_, i) => `A 10:${String(i).padStart(2, '0')}`))
  })

  test('K8: a minute ahead is noted, ten minutes ahead refused', () => {
    expect(apply(storeOf(tt), feedMessage({ timestamp: T + 61 }, late(60)), T).state.sources[0]!.warnings).toEqual({
      clock_skew: 1,
    })
    expect(apply(storeOf(tt), feedMessage({ timestamp: T + 601 }, late(60)), T).refused).toBe('future_timestamp')
  })

  test('a message that could not be read leaves the state and tells in the status', () => {
    const store = storeOf(tt)
    say(store, { timestamp: T }, late(60))
    const result = applyMessage(store, 0, 'REALTIME_UNREADABLE', (T + 15) as UnixSeconds)
    expect(result.refused).toBe('REALTIME_UNREADABLE')
    expect(result.state.runs.runs).toBe(1)
    expect(result.state.sources[0]).toMatchObject({ refused: 'REALTIME_UNREADABLE', refusedCount: 1, timestamp: T })
  })
})

describe('age', () => {
  const age = (store: ReturnType<typeof storeOf>, seconds: number) => ageSources(store, (T + seconds) as UnixSeconds)

  test('K4: after 300 s predictions give way to the schedule, cancellations and skipped stops stay', () => {
    const store = storeOf(tt)
    say(
      store,
      { timestamp: T },
      trip('S1').stop('B').skipped().stop('C').delay(300),
      trip('S2').cancelled(),
      vehicle('v', {}),
    )
    expect(age(store, 300)).toBeUndefined()
    const { state, changedStops, vehiclesChanged } = age(store, 301)!
    expect(runText(tt, state, find('S1'), day)).toBe('A 10:00  (B) 10:10  C 10:20*')
    expect(runText(tt, state, find('S2'), day)).toMatch(/^cancelled/)
    expect([...changedStops]).toEqual([stop('C')])
    expect([vehiclesChanged, state.vehicles]).toEqual([true, []])
    expect(age(store, 400)).toBeUndefined()
  })

  test('K4: what was recorded has happened; the schedule cannot come before it', () => {
    const store = storeOf(tt)
    const made = DAY + 10 * 3600 + 16 * 60
    say(store, { timestamp: made }, trip('S1').stop('A').delay(900))
    const { state } = ageSources(store, (made + 301) as UnixSeconds)!
    expect(runText(tt, state, find('S1'), day)).toBe('A 10:15.  B 10:15*  C 10:20*')
  })

  test('K4: alerts stay for half an hour; a new message brings everything back', () => {
    const store = storeOf(tt)
    const everything = () => [late(60), alert('a', { informedEntity: [{ stopId: 'A' }] }), vehicle('v', {})]
    say(store, { timestamp: T }, ...everything())
    age(store, 301)
    expect(age(store, 1800)).toBeUndefined()
    expect(age(store, 1801)).toMatchObject({ alertsChanged: true, changedRuns: 0, state: { alerts: [] } })
    const { state } = say(store, { timestamp: T + 1900 }, ...everything())
    expect([state.alerts.length, state.vehicles.length]).toEqual([1, 1])
    expect(runText(tt, state, find('S1'), day)).toContain('A 10:01!')
  })

  test('K10: midnight drops nothing; six hours after its last time a run goes', () => {
    const store = storeOf(tt)
    say(store, { timestamp: T }, trip('S2').stop('C').delay(60)) // ends 9:21
    const end = DAY + 9 * 3600 + 21 * 60
    ageSources(store, (T + 400) as UnixSeconds) // stale: its last time is the scheduled 9:20, kept by what was said: 9:21
    expect(ageSources(store, (end + 6 * 3600) as UnixSeconds)).toBeUndefined()
    expect(ageSources(store, (end + 6 * 3600 + 1) as UnixSeconds)!.state.runs.runs).toBe(0)
  })
})

describe('several sources', () => {
  const two = () =>
    createLiveStore(tt, [
      { tag: 'test', url: 'first', feeds: [0 as never] },
      { tag: 'test', url: 'second' },
    ])

  test('each keeps what it said; of a run that two speak of, the first is heard', () => {
    const store = two()
    apply(store, feedMessage({ timestamp: T }, late(300), trip('S2').stop('B').delay(30)), T, 1)
    expect(runText(tt, store.state, find('S1'), day)).toContain('A 10:05!')
    const { state, changedRuns } = apply(store, feedMessage({ timestamp: T + 5 }, late(60)), T + 5, 0)
    expect(runText(tt, state, find('S1'), day)).toContain('A 10:01!')
    expect([state.runs.runs, changedRuns]).toEqual([2, 1])
    expect(state.sources.map(s => s.rejected)).toEqual([{}, { other_source: 1 }])
    // the first falls silent about it: the second is heard again
    const after = apply(store, feedMessage({ timestamp: T + 10 }), T + 10, 0).state
    expect(runText(tt, after, find('S1'), day)).toContain('A 10:05!')
    expect(after.sources.map(s => s.rejected)).toEqual([{}, {}])
  })

  test('one that grows old does not take the other with it', () => {
    const store = two()
    apply(store, feedMessage({ timestamp: T }, late(300)), T, 0)
    apply(store, feedMessage({ timestamp: T + 200 }, trip('S2').stop('C').delay(60)), T + 200, 1)
    const { state } = ageSources(store, (T + 400) as UnixSeconds)!
    expect(runText(tt, state, find('S1'), day)).toBe('A 10:00*  B 10:10*  C 10:20*')
    expect(runText(tt, state, find('S2'), day)).toContain('C 09:21!')
  })

  test('a source of a tag that no feed has is a mistake', () => {
    expect(() => createLiveStore(tt, [{ tag: 'nobody', url: 'x' }])).toThrow('UNKNOWN_TAG')
  })
})

describe('health', () => {
  test('A14: milliseconds are divided where the operator says so', () => {
    const update = () =>
      trip('S1')
        .stop('A')
        .departure({ time: (DAY + 36_060) * 1000 })
    const bytes = () => feedMessage({ timestamp: T * 1000 }, update())
    expect(apply(storeOf(tt), bytes(), T).refused).toBe('bad_timestamp')
    const { state } = apply(storeOf(tt, { milliseconds: true }), bytes(), T)
    expect(runText(tt, state, find('S1'), day)).toBe('A 10:00/10:01!  B 10:11~  C 10:21~')
    const closed = alert('a', {
      activePeriod: [{ start: T * 1000, end: (T + 60) * 1000 }, { start: T * 1000 }],
      informedEntity: [{ stopId: 'A' }],
    })
    const { alerts } = apply(storeOf(tt, { milliseconds: true }), feedMessage({ timestamp: T * 1000 }, closed), T).state
    expect(alerts[0]!.impact).toEqual([{ start: T, end: T + 60 }, { start: T }])
  })

  test('B18: three messages in a row of which hardly a trip is known', () => {
    const store = storeOf(tt)
    for (let n = 0; n < 3; n++)
      say(store, { timestamp: T + n }, trip('x').stop('A').delay(0), trip('y').stop('A').delay(0), late(n))
    expect(store.state.sources[0]!.poorMatches).toBe(3)
    say(store, { timestamp: T + 3 }, late(3))
    expect(store.state.sources[0]!.poorMatches).toBe(0)
  })

  test('K2: the same again is counted, in all and in a row', () => {
    const store = storeOf(tt)
    for (let n = 0; n < 3; n++) say(store, { timestamp: T }, late(60))
    const { state } = say(store, { timestamp: T + 1 }, late(61))
    expect(state.sources[0]).toMatchObject({ applied: 2, unchangedCount: 2, unchangedStreak: 0 })
  })
})
