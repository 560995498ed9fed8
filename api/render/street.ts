// A way along the streets, its steps and its reasons. Own form; steps and polyline as in MOTIS (precision 6).

import { type Static, Type } from 'typebox'
import { EncodedPolyline } from '#api/contract/common.ts'
import { BatteryUse, HotSpot, Obstacle, Pause, Reason, Step } from '#api/contract/itinerary.ts'
import { maybe } from '#api/contract/values.ts'
import type { Profile } from '#engine/street/profile.ts'
import type { StreetRoute } from '#engine/street/route.ts'
import type { Verdict } from '#engine/street/verdict.ts'
import { enduredOn } from './along.ts'
import { polyline } from './geometry.ts'
import { stepsOf } from './steps.ts'

export const STREET_PRECISION = 6

/** YES, NO, or UNKNOWN: somebody would have to go and look. */
const Passable = Type.Unsafe<'YES' | 'UNKNOWN' | 'NO'>({ type: 'string', enum: ['YES', 'UNKNOWN', 'NO'] })

export const StreetResponse = Type.Object({
  /** Missing when there is no way within the limits; then `blocking` says what is in the way of the quickest one. */
  route: Type.Optional(
    Type.Object({
      duration: Type.Integer(),
      distance: Type.Number(),
      geometry: EncodedPolyline,
      steps: Type.Array(Step),
      pauses: maybe(Type.Array(Pause)),
      battery: maybe(BatteryUse),
      accessible: Passable,
      obstacles: Type.Array(Obstacle),
      hotSpotsPassed: Type.Array(HotSpot),
      hotSpotsAvoided: Type.Array(HotSpot),
    }),
  ),
  blocking: Type.Array(Obstacle),
  /** Why there is no route. */
  reasons: maybe(Type.Array(Reason)),
})
export type StreetResponse = Static<typeof StreetResponse>

export function renderStreet({ path, blocking, avoided, passed }: StreetRoute, profile: Profile): StreetResponse {
  return {
    ...(path && {
      route: {
        duration: path.seconds,
        distance: Math.round(path.metres),
        geometry: polyline(path.points, STREET_PRECISION),
        steps: stepsOf(path, STREET_PRECISION),
        ...enduredOn(path, profile),
        ...verdictOf(path.verdict),
        hotSpotsPassed: [...passed],
        hotSpotsAvoided: [...avoided],
      },
    }),
    blocking: blocking.map(obstacle => ({ ...obstacle, passable: upper(obstacle.passable) })),
  }
}

/** What is told of whether a way is passable. */
export interface Told {
  readonly accessible: 'YES' | 'UNKNOWN' | 'NO'
  readonly obstacles: Obstacle[]
}

export const verdictOf = ({ passable, obstacles }: Verdict): Told => ({
  accessible: upper(passable),
  obstacles: obstacles.map(obstacle => ({ ...obstacle, passable: upper(obstacle.passable) })),
})

/** Of ways that are not told themselves: what closes the streets beside their ends to this traveller, so that nobody knows of the last metres. */
export const toldOfEnds = (obstacles: readonly Verdict['obstacles'][number][]): Partial<Told> =>
  obstacles.length > 0 ? verdictOf({ passable: 'unknown', obstacles }) : {}

const upper = <T extends string>(word: T) => word.toUpperCase() as Uppercase<T>
