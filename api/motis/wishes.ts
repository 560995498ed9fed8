// What plan, one-to-all, one-to-many-intermodal and the isochrone are asked in the same words: which rides, and how long changes take.

import { type Static, Type } from 'typebox'
import { LEGACY_MODES, TRANSIT_MODES } from '#api/contract/common.ts'
import { wantedModes } from '#api/contract/versions.ts'
import { choice, integer, list, number, optional, or, text } from '#api/plugins/parameters.ts'
import { modeOfRouteType } from '#api/render/modes.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import type { RouteIdx } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import type { Query } from '#engine/plan/query.ts'
import { findRoute } from '#engine/timetable/lookup.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'
import type { Need, Wishes } from '#engine/transit/options.ts'
import type { TransitService } from '#workers/service.ts'

export const wishParameters = {
  /** Minutes. */
  minTransferTime: or(integer(0, 24 * 60), 0),
  additionalTransferTime: or(integer(0, 24 * 60), 0),
  transferTimeFactor: or(number(1, 100), 1),
  transitModes: or(list(choice('TRANSIT', ...TRANSIT_MODES, ...LEGACY_MODES)), ['TRANSIT']),
  requireBikeTransport: or(Type.Boolean(), false),
  requireCarTransport: or(Type.Boolean(), false),
  realtimeMode: or(choice('REALTIME', 'REALTIME_ANNOTATION_ONLY', 'OFF'), 'REALTIME'),
  /** Own: rides of which nobody says whether they take a wheelchair, a bicycle or a car; when not given, only wheelchairs try. */
  unknownRides: optional(choice('ALLOW', 'REFUSE')),
  /** Own: stops of which nobody says whether a wheelchair can board there. */
  unknownStops: or(choice('ALLOW', 'REFUSE'), 'ALLOW'),
  /** Own: routes and agencies not to use, by the ids that answers carry. */
  bannedRoutes: optional(list(text(300), 100)),
  bannedAgencies: optional(list(text(300), 100)),
}
// only for the type derived from it
const WishParameters = Type.Object(wishParameters)
type Asked = Static<typeof WishParameters>

/** Throws BAD_REQUEST for a ban nobody knows. */
export function toWishes(
  service: TransitService,
  asked: Asked & { readonly pedestrianProfile: string },
): Wishes & Pick<Query, 'transferTimes' | 'realtime'> {
  const inWheelchair = asked.pedestrianProfile.endsWith('WHEELCHAIR')
  const need = (asksFor: boolean, unknown: 'ALLOW' | 'REFUSE'): Need =>
    !asksFor ? 'no' : unknown === 'ALLOW' ? 'yes-or-unknown' : 'yes'
  return {
    // few feeds say anything of wheelchairs, and a no is said as such; who is turned away with a bicycle stands at the stop
    wheelchair: need(inWheelchair, asked.unknownRides ?? 'ALLOW'),
    wheelchairStops: need(inWheelchair, asked.unknownStops),
    bikes: need(asked.requireBikeTransport, asked.unknownRides ?? 'REFUSE'),
    cars: need(asked.requireCarTransport, asked.unknownRides ?? 'REFUSE'),
    transferTimes: {
      min: asked.minTransferTime * 60,
      additional: asked.additionalTransferTime * 60,
      factor: asked.transferTimeFactor,
    },
    realtime: asked.realtimeMode === 'REALTIME',
    ...allowedRoutes(service, asked),
  }
}

/** The routes that were asked for, by mode and without those banned; nothing when all are. */
function allowedRoutes(
  { timetable: tt, lookup }: TransitService,
  { transitModes, bannedRoutes = [], bannedAgencies = [] }: Asked,
): { allowedRoutes?: Uint8Array } {
  const wanted = wantedModes(transitModes)
  if (!wanted && bannedRoutes.length === 0 && bannedAgencies.length === 0) return {}
  const allowed = Uint8Array.from(tt.routeType, type => (!wanted || wanted(modeOfRouteType(type)) ? 1 : 0))
  for (const id of bannedRoutes) {
    const route = findRoute(lookup, id)
    if (route === undefined) throw new FreifahrtError('BAD_REQUEST', 'bannedRoutes', `no route '${id}'`)
    allowed[route] = 0
  }
  const agencies = new Set(bannedAgencies.map(id => findAgency(tt, id)))
  for (let route = 0; route < allowed.length; route++)
    if (agencies.has(tt.routeAgency[route as RouteIdx])) allowed[route] = 0
  return { allowedRoutes: allowed }
}

/** By the agency_id that answers carry. */
function findAgency(tt: Timetable, id: string): number {
  const agency = tt.agencyId.findIndex(text => textOf(tt, text) === id)
  if (agency < 0) throw new FreifahrtError('BAD_REQUEST', 'bannedAgencies', `no agency '${id}'`)
  return agency
}
