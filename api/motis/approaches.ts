// In what ways a query comes to its stops, leaves them and goes all the way: MOTIS' mode lists and rental filters. Modes that we do not route
// (HGV, FLEX, ODM, RIDE_SHARING) are left out of the list, as MOTIS does where it has no data for them.

import { type Static, Type } from 'typebox'
import { LEGACY_MODES, STREET_MODES } from '#api/contract/common.ts'
import { choice, list, or, text } from '#api/plugins/parameters.ts'
import type { RentalFilter } from '#engine/access/courses.ts'
import { formFactors, propulsionTypes } from '#engine/conditions/rental.ts'
import type { Approaches, StreetMode } from '#engine/plan/approaches.ts'

const forms = () => or(list(choice(...formFactors)), [])
const propulsions = () => or(list(choice(...propulsionTypes)), [])
const ids = () => or(list(text(200)), [])
const ignore = () => or(Type.Boolean(), false)
export const streetModes = () => or(list(choice(...STREET_MODES, ...LEGACY_MODES, 'ODM', 'RIDE_SHARING')), ['WALK'])
/** Own: what one's own bicycle is left at on the way to a stop, or fetched from. */
export const bikeParking = () => or(choice('ANYWHERE', 'RACK', 'COVERED', 'SECURED'), 'ANYWHERE')

type Part = 'direct' | 'preTransit' | 'postTransit'
type RentalParametersAt<At extends Part> = Record<`${At}RentalFormFactors`, ReturnType<typeof forms>> &
  Record<`${At}RentalPropulsionTypes`, ReturnType<typeof propulsions>> &
  Record<`${At}RentalProviders` | `${At}RentalProviderGroups`, ReturnType<typeof ids>> &
  Record<`ignore${Capitalize<At>}RentalReturnConstraints`, ReturnType<typeof ignore>>
const capital = <T extends string>(text: T): Capitalize<T> =>
  `${text[0]!.toUpperCase()}${text.slice(1)}` as Capitalize<T>

/** For what is rented on one part of the way. */
export const rentalParametersAt = <At extends Part>(at: At) =>
  ({
    [`${at}RentalFormFactors`]: forms(),
    [`${at}RentalPropulsionTypes`]: propulsions(),
    [`${at}RentalProviders`]: ids(),
    [`${at}RentalProviderGroups`]: ids(),
    [`ignore${capital(at)}RentalReturnConstraints`]: ignore(),
  }) as RentalParametersAt<At>

export const rentalParameters = {
  ...rentalParametersAt('direct'),
  ...rentalParametersAt('preTransit'),
  ...rentalParametersAt('postTransit'),
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

/** Of who asks for no way without transit. */
export const noDirectWay = {
  directModes: [],
  directRentalFormFactors: [],
  directRentalPropulsionTypes: [],
  directRentalProviders: [],
  directRentalProviderGroups: [],
  ignoreDirectRentalReturnConstraints: false,
} satisfies Partial<Asked>

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
  const filter = (at: Part): RentalFilter => ({
    formFactors: asked[`${at}RentalFormFactors`],
    propulsions: asked[`${at}RentalPropulsionTypes`],
    providers: asked[`${at}RentalProviders`],
    groups: asked[`${at}RentalProviderGroups`],
    ignoreReturns: asked[`ignore${capital(at)}RentalReturnConstraints`],
  })
  return {
    access: modesOf(asked.preTransitModes),
    egress: modesOf(asked.postTransitModes),
    direct: modesOf(asked.directModes),
    rental: { access: filter('preTransit'), egress: filter('postTransit'), direct: filter('direct') },
  }
}
