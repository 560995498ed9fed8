// One small world in which realtime adds runs, and what the tests of them say.

import type { LiveState } from '#engine/live/state.ts'
import { horizonOf } from '../helpers/horizon.ts'
import { trip } from '../helpers/realtime.ts'
import { at, search } from '../helpers/search.ts'
import { journeyText } from '../helpers/text.ts'
import { seconds, timetable } from '../helpers/timetable.ts'

export const world = timetable(
  `
  S1   A 10:00   B 10:10   C 10:20   D 10:30
  S1   A 11:00   B 11:10   C 11:20   D 11:30
  U2   C 10:25   E 10:40   [headsign=Zoo]
  B3   A 12:00   D 12:30   [about every 10m until 13:00]
  B4   A 12:00   D 12:30   [every 10m until 13:00]
  walk D–E 5m`,
  { days: ['20260110', '20260111'] },
)
export const { tt, day } = world
export const midnight = day * 86_400
export const T = midnight + seconds('9:00')
export const clock = (time: string): number => midnight + seconds(time)
/** Arrival and departure at one time. */
export const event = (time: string, more: object = {}) => ({ time: clock(time), ...more })
export const added = (id: string, relationship: 'NEW' | 'ADDED' = 'NEW', rest: object = { startDate: '20260110' }) =>
  trip(id, { routeId: 'U2', ...rest }).is(relationship)
/** Journeys found in this state, as text. */
export const routes = (state: LiveState, from: string, to: string, time: string): string[] =>
  search(horizonOf(tt, world.footpaths, state), {
    from: at(world.stop(from)),
    to: at(world.stop(to)),
    time: clock(time),
    maxRides: 4,
    maxTravelTime: 7200,
  }).map(j => journeyText(tt, j, midnight))
