import { expect, test } from 'vitest'
import { text } from '#api/render/texts.ts'
import { movingIn } from '#engine/board/moving.ts'
import type { Box } from '#engine/core/geo.ts'
import type { TripIdx } from '#engine/core/ids.ts'
import { parseDate } from '#engine/core/time.ts'
import { RunState } from '#engine/live/state.ts'
import { slotStop } from '#engine/timetable/timetable.ts'
import { at, city } from '../api/city.ts'
import { horizonOf, liveState, plannedRun } from '../helpers/horizon.ts'
import { say, storeOf, trip } from '../helpers/realtime.ts'

const WHOLE: Box = { south: 50e7, west: 7e7, north: 52e7, east: 8e7 }

function moving(from: string, to: string, live?: Parameters<typeof horizonOf>[2], box = WHOLE): string[] {
  const { tt, footpaths } = city
  const horizon = horizonOf(tt, footpaths, live)
  const found = movingIn(horizon, { box, from: at(from), to: at(to), wants: () => true, limit: 100 })
  const name = (trip: number, call: number): string =>
    text(tt, tt.stopId[slotStop(tt.slots[tt.slotBegin[tt.tripPattern[trip as never]]! + call]!)]!)
  return found.map(s => `${name(s.trip, s.fromCall)}–${name(s.trip, s.toCall)}`).sort()
}

test('what is between two stops at some moment of the span', () => {
  expect(moving('10:05', '10:05')).toEqual(['A–H1'])
  // S1 stands in H1 at 10:10:30, U2 leaves at 10:14 and calls at D at 10:20
  expect(moving('10:12', '10:16')).toEqual(['H1–C', 'H2–D'])
  expect(moving('10:12', '10:21')).toEqual(['D–E', 'H1–C', 'H2–D'])
  expect(moving('09:00', '09:30')).toEqual([])
})

test('a run after midnight belongs to the service day before; a line by headway runs once per headway', () => {
  expect(moving('25:35', '25:35')).toEqual(['A–H1'])
  expect(moving('11:12', '11:12')).toEqual(['D–E'])
  expect(moving('11:35', '11:41')).toEqual(['D–E', 'D–E'])
})

test('only in the box', () => {
  expect(moving('10:12', '10:16', undefined, { ...WHOLE, south: 51.525e7 })).toEqual(['H2–D'])
})

test('a late run moves later, a cancelled one not at all; a skipped stop is passed', () => {
  const { tt } = city
  const day = parseDate('20260110')!
  const [s1, u2] = [tripNamed('S1'), tripNamed('U2')]
  const late = plannedRun(tt, s1, day)
  for (const call of late.calls) {
    call.arrival += 600
    call.departure += 600
  }
  const skipping = plannedRun(tt, u2, day)
  skipping.calls[1]!.skipped = true
  const live = liveState([late, skipping])
  expect(moving('10:05', '10:05', live)).toEqual([])
  expect(moving('10:16', '10:16', live)).toEqual(['A–H1', 'H2–E'])
  expect(moving('10:16', '10:16', liveState([{ ...late, state: RunState.cancelled }]))).toEqual(['H2–D'])
})

test('an added run moves, one that another stands for does not; whose stops lie elsewhere is not looked at', () => {
  const { tt } = city
  const store = storeOf(tt)
  const added = trip('extra', { routeId: 'U2', startDate: '20260110' }).is('NEW')
  added
    .stop(1, 'D')
    .departure({ time: at('10:00') })
    .stop(2, 'E')
    .arrival({ time: at('10:10') })
  const detour = trip('S1', { startDate: '20260110' }).is('REPLACEMENT')
  detour
    .stop(1, 'A')
    .departure({ time: at('10:00') })
    .stop(2, 'D')
    .arrival({ time: at('10:30') })
  const { state } = say(store, { timestamp: at('9:00') }, added, detour)
  expect(moving('10:05', '10:05', state)).toEqual(['A–D', 'D–E'])
  expect(moving('10:05', '10:05', state, { ...WHOLE, south: 51.525e7 })).toEqual(['A–D', 'D–E'])
  expect(moving('10:05', '10:05', state, { ...WHOLE, south: 51.535e7 })).toEqual(['D–E'])
})

/** The trip of that id; the drawing names a line's first trip like the line. */
function tripNamed(id: string): TripIdx {
  const { tt } = city
  for (let t = 0; t < tt.counts.trips; t++) if (text(tt, tt.tripId[t]!) === id) return t as TripIdx
  throw new Error(`no trip ${id}`)
}
