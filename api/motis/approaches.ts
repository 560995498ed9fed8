// In what ways a query comes to its stops, leaves them and goes all the way: MOTIS' mode lists and rental filters. Modes that we do not route
// (HGV, FLEX, ODM, RIDE_SHARING) are left out of the list, as MOTIS does where it has no data for them.

import { type Static, Type } from 'typebox'
import { choice, list, or, text } from '#api/plugins/parameters.ts'
import type { RentalFilter } from '#engine/access/courses.ts'
import { formFactors, propulsionTypes } from '#engine/conditions/rental.ts'
import type { Approaches, StreetMode } from '#engine/plan/approaches.ts'

const forms = () => or(list(choice(...formFactors)), [])
const propulsions = () => or(list(choice(...propulsionTypes)), [])
const ids = () => or(list(text(200)), [])
const ignore = () => or(Type.Boolean(), false)

export const rentalParameters = {
  directRentalFormFactors: forms(),
  preTransitRentalFormFactors: forms(),
  postTransitRentalFormFactors: forms(),
  directRentalPropulsionTypes: propulsions(),
  preTransitRentalPropulsionTypes: propulsions(),
  postTransitRentalPropulsionTypes: propulsions(),
  directRentalProviders: ids(),
  preTransitRentalProviders: ids(),
  postTransitRentalProviders: ids(),
  directRentalProviderGroups: ids(),
  preTransitRentalProviderGroups: ids(),
  postTransitRentalProviderGroups: ids(),
  ignoreDirectRentalReturnConstraints: ignore(),
  ignorePreTransitRentalReturnConstraints: ignore(),
  ignorePostTransitRentalReturnConstraints: ignore(),
}
const RentalParameters = Type.Object(rentalParameters)
type Asked = Static<typeof RentalParameters> & {
  readonly directModes: readonly string[]
  readonly preTransitModes: readonly string[]
  readonly postTransitModes: readonly string[]
}

const routed = new Set<string>(['WALK', 'BIKE', 'CAR', 'CAR_DROPOFF', 'CAR_PARKING', 'RENTAL'])
const modesOf = (asked: readonly string[]): StreetMode[] =>
  [...new Set(asked)].filter((mode): mode is StreetMode => routed.has(mode))

const names: readonly (keyof Asked)[] = [
  ...(Object.keys(rentalParameters) as (keyof typeof rentalParameters)[]),
  'directModes',
  'preTransitModes',
  'postTransitModes',
]
let newest: { readonly asked: Asked; readonly approaches: Approaches } | undefined

/** The very same as for the caller before when that one asked for the same: nearly all say nothing of it (see plan-thread.ts). */
export function approachesOf(asked: Asked): Approaches {
  // a default is the same list for every caller
  if (newest && names.every(name => asked[name] === newest!.asked[name])) return newest.approaches
  const approaches = readApproaches(asked)
  newest = { asked, approaches }
  return approaches
}

function readApproaches(asked: Asked): Approaches {
  const filter = (at: 'direct' | 'preTransit' | 'postTransit'): RentalFilter => {
    const upper = `${at[0]!.toUpperCase()}${at.slice(1)}` as 'Direct' | 'PreTransit' | 'PostTransit'
    return {
      formFactors: asked[`${at}RentalFormFactors`],
      propulsions: asked[`${at}RentalPropulsionTypes`],
      providers: asked[`${at}RentalProviders`],
      groups: asked[`${at}RentalProviderGroups`],
      ignoreReturns: asked[`ignore${upper}RentalReturnConstraints`],
    }
  }
  return {
    access: modesOf(asked.preTransitModes),
    egress: modesOf(asked.postTransitModes),
    direct: modesOf(asked.directModes),
    rental: { access: filter('preTransit'), egress: filter('postTransit'), direct: filter('direct') },
  }
}
