// How a way with a vehicle that was found before can be made now: its parts, on foot and riding, one after the other, between the places where it
// was to be taken and left. When, is as of a walk (walk-again.ts).

import type { Ground } from '#engine/access/ground.ts'
import { insideOf } from '#engine/access/ground.ts'
import { passage } from '#engine/access/passage.ts'
import { Profile } from '#engine/street/profile.ts'
import type { Approach, WalkLeg } from '#engine/transit/journey.ts'
import { profileOfPart } from './approach.ts'
import type { PlanView } from './plan-view.ts'
import type { WayAgain } from './walk-again.ts'
import { streetEnd, type WalkView } from './walks.ts'

/** m/s of whoever goes fastest on the way. */
export const fastestOf = ({ query: { walker, rider } }: WalkView, { parts }: Approach): number =>
  Math.max(walker.speed, rider.speed, ...parts.map(({ mode }) => (mode === 'CAR' ? Profile.car.speed : 0)))

/** Undefined: some part of it leads nowhere. @param longest seconds of each part */
export function rideOn(
  view: PlanView,
  { by, from, to }: WalkLeg & { readonly by: Approach },
  ground: Ground,
  longest: number,
): WayAgain | undefined {
  const system = view.horizon.conditions?.rentals.find(({ id }) => id === by.rental?.system)
  const parts: WayAgain['parts'][number][] = []
  for (const part of by.parts) {
    const riding = by.rental && part.mode === 'RENTAL' && ground.streets && view.riding?.(ground.streets, by.rental)
    const on = riding ? { ...ground, streets: riding } : ground
    const ends = [part.from ?? streetEnd(view, from), part.to ?? streetEnd(view, to)] as const
    const { maxMatchingDistance, walker } = view.query
    const travel = { profile: profileOfPart(view, by, part, system), maxSeconds: longest, maxMatchingDistance }
    const way = passage(on, ...ends, travel, insideOf(walker))
    if (!way) return undefined
    parts.push({ ground: on, way })
  }
  return { parts }
}

/** So much longer than with everything working takes each part. */
export const withParts = (by: Approach, longer: readonly number[]): Approach => ({
  ...by,
  parts: by.parts.map((part, i) => ({ ...part, seconds: part.seconds + longer[i]! })),
})
