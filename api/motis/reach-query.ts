// What one-to-all, one-to-many-intermodal and the isochrone with transit are asked in the same words, most of them those of plan.

import { type Static, Type } from 'typebox'
import { about, capped, integer, optional, or, size, time } from '#api/plugins/parameters.ts'
import type { BikeParking } from '#engine/access/parking.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { MAX_TRANSFERS, type QueryPlace, queryDefaults } from '#engine/plan/query.ts'
import type { ReachQuery } from '#engine/plan/reach.ts'
import type { TransitService } from '#workers/service.ts'
import { approachesOf, bikeParking, noDirectWay, rentalParametersAt, streetModes } from './approaches.ts'
import { momentAt } from './plan.ts'
import { riderOf, riderParameters, walkerOf, walkerParameters } from './travellers.ts'
import { unheededParameters } from './unheeded.ts'
import { toWishes, wishParameters } from './wishes.ts'

const AT_THE_ONE =
  'In one-to-all and the isochrone the end at the one counts: preTransitModes, or arriving by a time postTransitModes. At their other ends are stops, which are walked to.'

export const reachParameters = {
  time: optional(time()),
  arriveBy: or(Type.Boolean(), false),
  maxTransfers: or(integer(0, 100), MAX_TRANSFERS),
  maxMatchingDistance: or(capped(0, 250), 250),
  ...wishParameters,
  ...walkerParameters,
  ...riderParameters,
  preTransitModes: about(AT_THE_ONE, streetModes()),
  postTransitModes: about(AT_THE_ONE, streetModes()),
  ...rentalParametersAt('preTransit'),
  ...rentalParametersAt('postTransit'),
  bikeParking: bikeParking(),
  ...unheededParameters,
  maxPreTransitTime: or(size(0, 3600), queryDefaults.maxAccess),
  maxPostTransitTime: or(size(0, 3600), queryDefaults.maxEgress),
}
const ReachParameters = Type.Object(reachParameters)

/** Throws BAD_REQUEST for what nobody knows. */
export function toReachQuery(
  service: TransitService,
  asked: Static<typeof ReachParameters>,
  one: QueryPlace,
  at: UnixSeconds,
): Omit<ReachQuery, 'maxTravelTime'> {
  return {
    one,
    time: at,
    arriveBy: asked.arriveBy,
    maxTransfers: Math.min(MAX_TRANSFERS, asked.maxTransfers),
    maxAccess: asked.maxPreTransitTime,
    maxEgress: asked.maxPostTransitTime,
    approaches: approachesOf({ ...noDirectWay, ...asked }),
    walker: walkerOf(asked, momentAt(service, one, at)),
    rider: riderOf(asked),
    bikeParking: asked.bikeParking.toLowerCase() as BikeParking,
    maxMatchingDistance: asked.maxMatchingDistance,
    ...toWishes(service, asked),
  }
}
