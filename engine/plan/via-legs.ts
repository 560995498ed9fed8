// Where a journey comes by its query's places, so that another run taken for one of its rides still does.
//
//   A ──S1──▶ V ──S1──▶ B   without a stay: passed in the vehicle, so another run has to call there too
//   A ──S1──▶ V · stay · V ──U2──▶ C        between two rides: another run may only leave this change as much time as there was

import type { StopIdx } from '../core/ids.ts'
import type { RunCall } from '../horizon/runs.ts'
import type { Timetable } from '../timetable/timetable.ts'
import type { Journey, Leg, RideLeg } from '../transit/journey.ts'
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
  tt: Timetable,
  vias: Query['vias'],
  { legs }: Journey,
  first: RideLeg,
  last: RideLeg,
): RidePlaces {
  if (vias.length === 0) return NO_PLACES
  const platforms = (via: number): ReadonlySet<number> => {
    const { place } = vias[via]!
    return new Set(place.kind === 'stop' ? platformsOf(tt, place.stop) : [])
  }
  /** Before the journey's first ride, or after its last. */
  const staysAt = (stop: StopIdx, walks: readonly Leg[]): boolean => {
    const ends = walks.flatMap(({ from, to }) => [from, to])
    const stops = [stop, ...ends.flatMap(end => (typeof end === 'object' && end.kind === 'stop' ? [end.stop] : []))]
    return vias.some(({ stay }, via) => stay > 0 && stops.some(one => platforms(via).has(one)))
  }
  const [begin, end] = [legs.indexOf(first), legs.indexOf(last)]
  const ridden = legs.slice(begin, end + 1).filter(leg => leg.kind === 'ride')
  const rideBefore = legs.slice(0, begin).findLast(leg => leg.kind === 'ride')
  const hasRideAfter = legs.slice(end + 1).some(leg => leg.kind === 'ride')
  return {
    passed: ridden.flatMap(({ passes = [] }) => passes.map(platforms)),
    before: rideBefore ? rideBefore.placeAfter === true : staysAt(first.from, legs.slice(0, begin)),
    after: hasRideAfter ? last.placeAfter === true : staysAt(last.to, legs.slice(end + 1)),
    // the walk there, and the one from there right after it
    walked: leadsToPlace(legs[begin - 2]) || leadsToPlace(legs[end + 1]),
  }
}

const leadsToPlace = (leg: Leg | undefined): boolean => leg?.kind === 'walk' && leg.to.kind === 'via'

/** Does a run between two of its calls pass all of them, in their order? */
export function passesAll(
  passed: readonly ReadonlySet<number>[],
  calls: readonly RunCall[],
  board: number,
  alight: number,
): boolean {
  let next = 0
  for (let at = board; at <= alight; at++) {
    const { stop, canBoard, canAlight } = calls[at]!
    if (canBoard || canAlight) while (next < passed.length && passed[next]!.has(stop)) next++
  }
  return next === passed.length
}
