// A line every ten minutes, A ─10─ B ─10─ C.
//
//   planned   T0 9:50   T1 10:00   T2 10:10   T3 10:20   T4 10:30            at A; ten minutes later at B

import type { ServiceDay, UnixSeconds } from '#engine/core/time.ts'
import { type ChangedRun, lateRun } from './horizon.ts'
import { timetable } from './timetable.ts'

export const world = timetable(
  `
  L   A 9:50    B 10:00   C 10:10   [id=T0]
  L   A 10:00   B 10:10   C 10:20   [id=T1]
  L   A 10:10   B 10:20   C 10:30   [id=T2]
  L   A 10:20   B 10:30   C 10:40   [id=T3]
  L   A 10:30   B 10:40   C 10:50   [id=T4]`,
  { days: ['20260110'] },
)
export const route = world.route('L')

export const at = (hhmm: string): UnixSeconds => {
  const [h, m] = hhmm.split(':').map(Number)
  return (world.day * 86_400 + h! * 3600 + m! * 60) as UnixSeconds
}

export const late = (id: string, seconds: number): ChangedRun =>
  lateRun(world.tt, world.trip(id), world.day as ServiceDay, seconds)
