// What is told of a way along the streets, on a leg and on its own: line, steps, stops on the way, what is left in the battery.

import type { Leg } from '#api/contract/itinerary.ts'
import type { StreetPath } from '#engine/street/path.ts'
import type { Profile } from '#engine/street/profile.ts'
import type { HotSpot } from '#engine/street/verdict.ts'
import { polyline } from './geometry.ts'
import { stepsOf } from './steps.ts'

export type Along = Pick<
  Leg,
  'distance' | 'legGeometry' | 'steps' | 'pauses' | 'battery' | 'hotSpotsAvoided' | 'accessible' | 'obstacles'
>

/** What a leg says of its way along the streets. @param precision decimals of its line */
export const alongPath = (
  path: StreetPath,
  profile: Profile,
  avoided: readonly HotSpot[],
  precision: number,
): Along => ({
  distance: Math.round(path.metres),
  legGeometry: polyline(path.points, precision),
  steps: stepsOf(path, precision),
  ...enduredOn(path, profile),
  ...(avoided.length > 0 && { hotSpotsAvoided: [...avoided] }),
})

const tenths = (n: number): number => Math.round(n * 10) / 10

/** Nothing of who has neither legs that tire nor a battery. */
export function enduredOn(
  { endured: { pauses, battery } }: StreetPath,
  { motor }: Profile,
): Pick<Leg, 'pauses' | 'battery'> {
  return {
    ...(pauses.length > 0 && {
      pauses: pauses.map(({ kind, name, lat, lon, seconds, metres }) => ({
        kind: kind === 'rest' ? ('REST' as const) : ('CHARGE' as const),
        name,
        lat,
        lon,
        duration: seconds,
        distance: Math.round(metres),
      })),
    }),
    ...(battery && {
      battery: {
        used: tenths(battery.used),
        charged: tenths(battery.charged),
        left: tenths(battery.left),
        leftDistance: Math.round((battery.left / motor!.whPerKm) * 1000),
      },
    }),
  }
}
