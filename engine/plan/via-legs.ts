// Where a journey comes by its query's places, so that another run taken for one of its rides still does.
//
//   A ──S1──▶ V ──S1──▶ B   without a stay: passed in the vehicle, so another run has to call there too
//   A ──S1──▶ V · stay · V ──U2──▶ C        between two rides: another run may only leave this change as much time as there was

import type { Horizon } from '../horizon/horizon.ts'
import { isSkipped, stopOf, viewRun } from '../horizon/run-view.ts'
import type { RunCall } from '../horizon/runs.ts'
import type { Journey, RideLeg } from '../transit/journey.ts'
import { platformsOf } from './access.ts'
import type { Query } from './query.ts'

/** The places of one ride, or of the rides that a rider stays on. */
export interface RidePlaces {
  /** Passed without getting off, in order: the platforms of each. */
  readonly passed: readonly ReadonlySet<number>[]
  /** Is there a stay before it, after it? */
  readonly before: boolean
  readonly after: boolean
  /** Is it left or reached on foot by way of a place that is no stop? */
  readonly walked: boolean
}

const NO_PLACES: RidePlaces = { passed: [], before: false, after: false, walked: false }

/** @param first @param last the legs that the ride begins and ends with */
export function placesOf(
  horizon: Horizon,
  { vias, realtime }: Pick<Query, 'vias' | 'realtime'>,
  { legs }: Journey,
  first: RideLeg,
  last: RideLeg,
): RidePlaces {
  if (vias.length === 0) return NO_PLACES
  const [begin, end] = [legs.indexOf(first), legs.indexOf(last)]
  const passed: ReadonlySet<number>[] = []
  let [before, after, walked, next] = [false, false, false, 0]
  legs.forEach((leg, i) => {
    if (leg.kind === 'walk') {
      if (leg.to.kind !== 'via') return
      next = leg.to.via + 1
      // the walk there, and the one from there right after it
      if (i === begin - 2 || i === end + 1) walked = true
      return
    }
    const run = viewRun(horizon, leg, realtime)
    for (let at = leg.board; at <= leg.alight; at++)
      for (; next < vias.length && !isSkipped(run, at); next++) {
        const { place, stay } = vias[next]!
        if (place.kind !== 'stop') break
        const platforms = new Set<number>(platformsOf(horizon.timetable, place.stop))
        if (!platforms.has(stopOf(run, at))) break
        if (stay === 0) {
          if (i >= begin && i <= end) passed.push(platforms)
          continue
        }
        if (at !== leg.board && at !== leg.alight) break
        const here = at === leg.board ? i : i + 1
        before ||= here === begin || (legs.slice(here, begin).every(l => l.kind === 'walk') && here < begin)
        after ||= here > end && legs.slice(end + 1, here).every(l => l.kind === 'walk')
      }
  })
  return { passed, before, after, walked }
}

/** Does a run between two of its calls pass all of them, in their order? */
export function passesAll(
  passed: readonly ReadonlySet<number>[],
  calls: readonly RunCall[],
  board: number,
  alight: number,
): boolean {
  let next = 0
  for (let at = board; at <= alight; at++)
    while (next < passed.length && !calls[at]!.skipped && passed[next]!.has(calls[at]!.stop)) next++
  return next === passed.length
}
