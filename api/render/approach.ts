// A street leg made with a vehicle, written out as MOTIS writes it: a leg for each part, walking, riding or driving, with the station or the
// car park between them.

import type { Place } from '#api/contract/common.ts'
import type { Leg, Rental } from '#api/contract/itinerary.ts'
import { polylinePrecision } from '#api/contract/versions.ts'
import { rentedBy } from '#engine/access/courses.ts'
import { positionOf } from '#engine/access/doors.ts'
import { parkingFacts } from '#engine/access/parking.ts'
import { findOffer, isKnownAt, type RentalSystem, systemAt } from '#engine/conditions/rental.ts'
import { E7, metresBetween } from '#engine/core/geo.ts'
import type { EdgeIdx } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import { Kind, kindOf, traitsOf } from '#engine/street/graph.ts'
import { type StreetEnd, streetPath } from '#engine/street/path.ts'
import { Profile, withCharge } from '#engine/street/profile.ts'
import { avoidedHotSpots } from '#engine/street/route.ts'
import { snap } from '#engine/street/snap.ts'
import type { Approach, ApproachPart, ApproachPoint, WalkLeg } from '#engine/transit/journey.ts'
import { type Along, alongPath } from './along.ts'
import { footprint } from './footprint.ts'
import { polyline } from './geometry.ts'
import { streetTimes } from './legs.ts'
import { coordinatePlace } from './place.ts'
import type { PlanView } from './plan-view.ts'
import { utc } from './texts.ts'
import { endPlace, groundAlong, streetEnd, walkAlong } from './walks.ts'

export function approachLegs(view: PlanView, leg: WalkLeg, by: Approach): Leg[] {
  const system = by.rental && view.horizon.conditions?.rentals.find(s => s.id === by.rental!.system)
  const ends = { from: endPlace(view, leg.from), to: endPlace(view, leg.to) }
  let at = leg.departure as number
  let chargeWh = leg.chargeWh
  return by.parts.map((part, i) => {
    const begin = Math.round(at)
    at = i === by.parts.length - 1 ? leg.arrival : at + part.seconds
    const end = Math.round(at)
    const from = {
      ...placeOf(view, part.from, ends.from, by, system),
      departure: utc(begin),
      scheduledDeparture: utc(begin),
    }
    const to = { ...placeOf(view, part.to, ends.to, by, system), arrival: utc(end), scheduledArrival: utc(end) }
    const profile = profileOfPart(view, by, part, system)
    const drawn: Leg = {
      ...streetTimes(partMode(part, by), from, to, begin, end),
      ...draw(view, leg, by, part, chargedWith(profile, chargeWh), begin, end),
      ...(part.mode !== 'WALK' && parkingOf(view, part, part.to ? end : begin)),
      ...(part.mode === 'RENTAL' && system && { rental: rentalOf(view, system, by, part) }),
    }
    chargeWh = drawn.battery?.left ?? chargeWh
    return {
      ...drawn,
      ...footprint(drawn, drawn.distance ?? 0, profile),
      ...(i === 0 && leg.stay && { stay: leg.stay }),
    }
  })
}

/** Where one's own vehicle is left, or fetched. */
function parkingOf(view: PlanView, { to, from }: ApproachPart, time: number): Pick<Leg, 'parking'> {
  const station = (to ?? from)?.station
  const facts =
    view.streets && view.parking && station !== undefined
      ? parkingFacts(view.streets.graph, view.parking(), station, time)
      : undefined
  return facts ? { parking: facts } : {}
}

export const partMode = (part: ApproachPart, { mode }: Approach) =>
  part.mode === 'CAR' && (mode === 'CAR_PARKING' || mode === 'CAR_DROPOFF') ? mode : part.mode

function placeOf(
  view: PlanView,
  point: ApproachPoint | undefined,
  end: Place,
  { mode }: Approach,
  system: RentalSystem | undefined,
): Place {
  if (!point) return end
  const name = point.name || (mode === 'RENTAL' ? (system?.name ?? 'rental') : streetNear(view, point))
  const place = coordinatePlace(view, name, point.lat / E7, point.lon / E7)
  return mode === 'RENTAL' ? { ...place, vertexType: 'BIKESHARE' } : place
}

/** Farthest from a rack or a car park without a name to the street that it is told by. Metres. */
const BY_STREET = 60

function streetNear({ streets }: PlanView, { lat, lon }: ApproachPoint): string {
  if (!streets) return ''
  const { graph } = streets
  const isNamed = (edge: EdgeIdx): boolean =>
    graph.edgeName[edge] !== 0 && kindOf(traitsOf(graph, edge)) !== Kind.platform
  const place = snap(graph, lat, lon, BY_STREET, isNamed)
  return place ? textOf(graph, graph.edgeName[place.edge]) : ''
}

/** As far as it was known when the way was chosen (kept-courses.ts). */
function rentalOf({ query }: PlanView, system: RentalSystem, by: Approach, part: ApproachPart): Rental {
  const time = query.realtime ? query.time : undefined
  const offer = part.from && findOffer(systemAt(system, time), by.rental!.type, part.from)
  const type = system.types.find(t => t.id === by.rental!.type)
  const from = system.stations.find(s => s.id === part.from?.station)
  const free = from ? undefined : system.vehicles.find(v => v.lat === part.from?.lat && v.lon === part.from?.lon)
  const uris = from?.uris ?? free?.uris
  return {
    providerId: system.id,
    providerGroupId: system.group,
    systemId: system.systemId,
    systemName: system.name,
    url: system.url,
    color: system.color && `#${system.color}`,
    stationName: part.from?.name,
    fromStationName: part.from?.name,
    toStationName: part.to?.name,
    rentalUriAndroid: uris?.android,
    rentalUriIOS: uris?.ios,
    rentalUriWeb: uris?.web,
    formFactor: type?.formFactor,
    propulsionType: type?.propulsion,
    returnConstraint: type?.returns,
    rangeMeters: offer?.told === undefined ? undefined : Math.round(offer.told),
    availability: isKnownAt(system, time) ? 'KNOWN' : 'UNKNOWN',
  }
}

export function profileOfPart(
  { query: { walker, rider } }: Pick<PlanView, 'query'>,
  by: Approach,
  part: ApproachPart,
  system: RentalSystem | undefined,
): Profile {
  if (part.mode === 'WALK') return walker
  if (part.mode === 'BIKE' || (part.mode === 'RENTAL' && !by.rental)) return rider
  const type = system?.types.find(t => t.id === by.rental?.type)
  if (!type) return Profile.car
  const { metres } = by.rental!
  return { ...rentedBy(rider, type), ...(metres !== undefined && { range: { weakest: metres, strongest: metres } }) }
}

const chargedWith = (profile: Profile, chargeWh: number | undefined): Profile =>
  chargeWh === undefined ? profile : withCharge(profile, chargeWh)

function draw(
  view: PlanView,
  leg: WalkLeg,
  { rental }: Approach,
  part: ApproachPart,
  profile: Profile,
  begin: number,
  end: number,
): Along {
  const tt = view.horizon.timetable
  const ends: [StreetEnd, StreetEnd] = [part.from ?? streetEnd(view, leg.from), part.to ?? streetEnd(view, leg.to)]
  if (part.mode === 'WALK' && view.detailedLegs)
    return walkAlong(view, ...ends, profile, { departure: begin, arrival: end })
  const precision = polylinePrecision(view.version)
  const [from, to] = ends.map(e => positionOf(tt, e)) as [Point, Point]
  const options = {
    profile,
    maxSeconds: 2 * part.seconds + 600,
    maxMatchingDistance: view.query.maxMatchingDistance,
  }
  const streets = view.detailedLegs ? groundAlong(view, ...ends, options, begin, end).streets : undefined
  const search = streets && rental && part.mode === 'RENTAL' && view.riding ? view.riding(streets, rental) : streets
  // the way that was told: where the one he would rather go takes longer, the quickest
  const within = (maxSeconds: number) => search && streetPath(search, from, to, { ...options, maxSeconds })
  const path = within(Math.ceil(part.seconds) + 1) ?? within(options.maxSeconds)
  if (search && path) return alongPath(path, profile, avoidedHotSpots(search, from, to, options, path), precision)
  const points = [from.lat, from.lon, to.lat, to.lon]
  return {
    distance: Math.round(metresBetween(from.lat, from.lon, to.lat, to.lon)),
    legGeometry: polyline(view.detailedLegs ? points : [], precision),
  }
}

type Point = ReturnType<typeof positionOf>
