// What the cases of OpenTripPlanner's tests have in common: small worlds, and one message about them.

import type { LiveState } from '#engine/live/state.ts'
import { runText, say, storeOf, type TripBuilder } from '../helpers/realtime.ts'
import { type Drawn, seconds, timetable } from '../helpers/timetable.ts'

export const MADE = '04:00'
/** One message about a world of one day, made at 04:00 UTC before anything has happened. */
export function told(world: Drawn, ...updates: readonly TripBuilder[]): LiveState {
  return say(storeOf(world.tt), { timestamp: clock(world, MADE) }, ...updates).state
}
export const clock = (world: Drawn, time: string): number => world.day * 86_400 + seconds(time)
export const run = (world: Drawn, id: string, ...updates: readonly TripBuilder[]): string | undefined =>
  runText(world.tt, told(world, ...updates), world.trip(id), world.day)
export const rejected = (world: Drawn, ...updates: readonly TripBuilder[]) =>
  told(world, ...updates).sources[0]!.rejected

export const T1 = timetable('S1   A 10:00:10/10:00:11   B 10:00:20/10:00:21', { days: ['20260110', '20260111'] })
export const T2 = timetable('S1   A 10:01:00/10:01:01   B 10:01:10/10:01:11   C 10:01:20/10:01:21')
export const LOOP = timetable('S1   A 10:00   B 10:10   A 10:20')
export const HOURLY = timetable('S1   A 10:00   B 10:10   C 10:20   D 10:30')
