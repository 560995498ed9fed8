// A question to a drawn world, its journeys as lines of text: ask(world, 'A', 'C', '09:55') or with a window '09:00–10:00'.

import type { Journey } from '#engine/transit/journey.ts'
import { type ChangedRun, horizonOf, liveState } from './horizon.ts'
import { search } from './search.ts'
import { journeyText } from './text.ts'
import { type Drawn, seconds } from './timetable.ts'

export interface AskOptions {
  readonly live?: readonly ChangedRun[]
  readonly maxRides?: number
  /** The time or window is of the arrival. */
  readonly arriveBy?: boolean
  readonly realtime?: boolean
}

export function journeys(world: Drawn, from: string, to: string, when: string, o: AskOptions = {}): Journey[] {
  const dayStart = world.day * 86_400
  const [begin, end] = when.split('–').map(t => dayStart + seconds(t))
  return search(horizonOf(world.tt, world.footpaths, liveState(o.live ?? [])), {
    from: new Map(from.split(' ').map(s => [world.stop(s), 0])),
    to: new Map(to.split(' ').map(s => [world.stop(s), 0])),
    time: end === undefined ? begin! : [begin!, end],
    backwards: o.arriveBy ?? false,
    realtime: o.realtime ?? true,
    maxRides: o.maxRides ?? 4,
    maxTravelTime: 24 * 3600,
  })
}

export const ask = (world: Drawn, from: string, to: string, when: string, o: AskOptions = {}): string[] =>
  journeys(world, from, to, when, o)
    .sort((a, b) => a.departure - b.departure || a.arrival - b.arrival)
    .map(j => journeyText(world.tt, j, world.day * 86_400))
