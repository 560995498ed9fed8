// Which stop of the trip an update means (rules C), and other platforms for it (H1–H3).

import { describe, expect, test } from 'vitest'
import { runText, say, storeOf, type TripBuilder, trip } from '../helpers/realtime.ts'
import { seconds, timetable } from '../helpers/timetable.ts'

const DAY = Date.UTC(2026, 0, 10) / 1000
const at = (time: string): number => DAY + seconds(time)

const WORLD = `
  S1   A 10:00   B1 10:10   C 10:20   D 10:30
  U9   B2 8:00   B3 8:10   X 8:20   Y 8:40
  station B: B1 B2
  at B1 51.5,7.42
  at B3 51.503,7.42
  at X 51.6,7.42`

function apply(update: TripBuilder, made = at('06:00'), drawing = WORLD) {
  const { tt, trip: find, day } = timetable(drawing)
  const { state } = say(storeOf(tt), { timestamp: made }, update)
  const { rejected, warnings } = state.sources[0]!
  return { line: runText(tt, state, find('S1'), day), rejected, warnings, state }
}
const ON_TIME_TO_B = 'A 10:00  B1 10:11!  C 10:21~  D 10:31~'

describe('stops', () => {
  test('C1: the sequence decides', () => {
    expect(apply(trip('S1').stop(2).delay(60)).line).toBe(ON_TIME_TO_B)
    expect(apply(trip('S1').stop(2, 'B1').delay(60))).toMatchObject({ line: ON_TIME_TO_B, warnings: {} })
  })

  test('C2: what fits nowhere is skipped, the rest applied', () => {
    const update = trip('S1').stop(2).delay(60).stop(99).delay(900).stop('D').delay(30)
    expect(apply(update)).toMatchObject({
      line: 'A 10:00  B1 10:11!  C 10:21~  D 10:30:30!',
      warnings: { bad_stop_ref: 1 },
      rejected: {},
    })
  })

  test('C2, C9: with more than half of them lost the update is rejected', () => {
    const update = trip('S1').stop(2).delay(60).stop('Q').delay(60).stop('R').delay(60)
    expect(apply(update)).toMatchObject({ line: undefined, rejected: { bad_stop_refs: 1 } })
  })

  test('C3: neither sequence nor id', () => {
    const nowhere = trip('S1').stop('').delay(900).stop('B1').delay(60)
    expect(apply(nowhere)).toMatchObject({ line: ON_TIME_TO_B, warnings: { no_stop_ref: 1 } })
  })

  const LOOP = 'S1   A 10:00   B 10:10   A 10:20'
  test('C4, C5: ids are found in order, so a loop works', () => {
    const all = trip('S1').stop('A').delay(60).stop('B').delay(660).stop('A').delay(660)
    expect(apply(all, at('06:00'), LOOP).line).toBe('A 10:01!  B 10:21!  A 10:31!')
    const last = trip('S1').stop('B').delay(660).stop('A').delay(660)
    expect(apply(last, at('06:00'), LOOP).line).toBe('A 10:00  B 10:21!  A 10:31!')
    const first = trip('S1').stop('A').delay(660).stop('B').delay(660)
    expect(apply(first, at('06:00'), LOOP).line).toBe('A 10:11!  B 10:21!  A 10:31~')
  })

  test('C5: a single ambiguous id means the first visit that has not passed, else the last', () => {
    const only = (): TripBuilder => trip('S1').stop('A').delay(60)
    expect(apply(only(), at('10:05'), LOOP).line).toBe('A 10:01.  B 10:11~  A 10:21~')
    expect(apply(only(), at('10:06'), LOOP).line).toBe('A 10:00  B 10:10  A 10:21!')
    expect(apply(only(), at('10:50'), LOOP).line).toBe('A 10:00  B 10:10  A 10:21.')
  })

  test('C6: with a strange stop_id beside it, the sequence still decides', () => {
    expect(apply(trip('S1').stop(2, 'X').delay(60))).toMatchObject({
      line: ON_TIME_TO_B,
      warnings: { stop_mismatch: 1 },
    })
  })

  test('C6: with a neighbouring platform’s stop_id, that is where the vehicle stops', () => {
    expect(apply(trip('S1').stop(2, 'B2').delay(60))).toMatchObject({
      line: 'A 10:00  B2 10:11!  C 10:21~  D 10:31~',
      warnings: {},
    })
  })

  test('C6: sequences counted from one too many are no change of platforms, however near the next stop is', () => {
    const dense = `
      S1   A 10:00   B 10:02   C 10:04   D 10:06
      at A 51.5,7.42
      at B 51.503,7.42
      at C 51.506,7.42
      at D 51.509,7.42`
    const shifted = trip('S1').stop(2, 'A').delay(60).stop(3, 'B').delay(60).stop(4, 'C').delay(60)
    expect(apply(shifted, at('06:00'), dense)).toMatchObject({
      line: 'A 10:00  B 10:03!  C 10:05!  D 10:07!',
      warnings: { stop_mismatch: 3 },
    })
    // where the feed says that it is one, it is
    expect(apply(trip('S1').stop(2).delay(60).properties({ assignedStopId: 'A' }), at('06:00'), dense).line).toBe(
      'A 10:00  A 10:03!  C 10:05~  D 10:07~',
    )
  })

  test('C7: unordered updates give the same as ordered ones', () => {
    const line = 'A 10:01!  B1 10:12!  C 10:23!  D 10:34!'
    expect(apply(trip('S1').stop(4).delay(240).stop(1).delay(60).stop(3).delay(180).stop(2).delay(120)).line).toBe(line)
    expect(
      apply(trip('S1').stop('D').delay(240).stop('A').delay(60).stop('C').delay(180).stop('B1').delay(120)).line,
    ).toBe(line)
  })

  test('C8: of two updates for one stop the last wins', () => {
    const update = trip('S1').stop(2).delay(900).stop(2).delay(60)
    expect(apply(update)).toMatchObject({ line: ON_TIME_TO_B, warnings: { repeated_stop: 1 } })
  })

  test('C10: numbers begin anywhere and leave some out', () => {
    const { tt, trip: find, day } = timetable(WORLD)
    tt.sequences.set([7, 20, 21, 100], tt.tripSequences[find('S1')]!)
    const { state } = say(storeOf(tt), { timestamp: at('06:00') }, trip('S1').stop(20).delay(60))
    expect(runText(tt, state, find('S1'), day)).toBe(ON_TIME_TO_B)
  })
})

describe('platforms', () => {
  const toPlatform = (id: string): TripBuilder => trip('S1').stop(2).delay(60).properties({ assignedStopId: id })

  test('H1: a platform of the same station is assigned, without a prediction too', () => {
    expect(apply(toPlatform('B2')).line).toBe('A 10:00  B2 10:11!  C 10:21~  D 10:31~')
    expect(apply(trip('S1').stop(2).noData().properties({ assignedStopId: 'B2' })).line).toBe(
      'A 10:00  B2 10:10?  C 10:20?  D 10:30?',
    )
  })

  test('H2: also one within 500 m; a far or unknown one is ignored, the times stay', () => {
    expect(apply(toPlatform('B3')).line).toBe('A 10:00  B3 10:11!  C 10:21~  D 10:31~')
    for (const id of ['X', 'nowhere', 'B'])
      expect(apply(toPlatform(id))).toMatchObject({ line: ON_TIME_TO_B, warnings: { bad_assigned_stop: 1 } })
  })

  test('H3: assigned, assigned elsewhere, assigned back', () => {
    const { tt, trip: find, day, stop } = timetable(WORLD)
    const store = storeOf(tt)
    const changed = (id: string, time: number): number[] => {
      const result = say(store, { timestamp: time }, toPlatform(id))
      expect(runText(tt, result.state, find('S1'), day)).toContain(`${id} 10:11!`)
      return [...result.changedStops]
    }
    changed('B2', 1_768_000_000)
    expect(changed('B3', 1_768_000_030)).toEqual([stop('B1'), stop('B2'), stop('B3')].sort((a, b) => a - b))
    expect(changed('B1', 1_768_000_060)).toEqual([stop('B1'), stop('B3')].sort((a, b) => a - b))
  })
})

test('one sequence number both skipped and served is a change of platform, in either order', () => {
  const world = timetable(`
    station S: B B2
    S1   A 10:00   B 10:10   C 10:20`)
  const made = world.day * 86_400
  const skipped = (t: TripBuilder) => t.stop(2, 'B').skipped()
  const served = (t: TripBuilder) => t.stop(2, 'B2').delay(60)
  for (const update of [served(skipped(trip('S1'))), skipped(served(trip('S1')))]) {
    const { state } = say(storeOf(world.tt), { timestamp: made }, update)
    expect(runText(world.tt, state, world.trip('S1'), world.day)).toBe('A 10:00  B2 10:11!  C 10:21~')
    expect(state.sources[0]!.warnings).toEqual({ platform_by_skipping: 1 })
  }
})
