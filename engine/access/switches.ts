// Where somebody changes between walking and riding: takes a vehicle or leaves it. A place is snapped to the streets for either when first
// asked for; the traveller's tables keep that, since what lies between is passed at his own pace.

import type { ParkingReport } from '../conditions/conditions.ts'
import { boxAround, isInside } from '../core/geo.ts'
import type { EdgeIdx } from '../core/ids.ts'
import { placesAt } from '../street/ends.ts'
import type { StreetGraph } from '../street/graph.ts'
import type { Profile } from '../street/profile.ts'
import { type StreetSearch, travelAs } from '../street/search.ts'
import type { Place } from '../street/snap.ts'
import type { ApproachPoint } from '../transit/journey.ts'

export interface SwitchPlace {
  /** 1e-7 degrees. */
  readonly lat: number
  readonly lon: number
  readonly name?: string
  /** Id of the rental station or the car park. */
  readonly station?: string
  /** Of a car park or rack that tells how full it is. */
  readonly report?: ParkingReport
  /** A vehicle that stands alone. */
  readonly vehicle?: string
  /** Metres that the vehicle taken here still goes; undefined: farther than anybody asks. */
  readonly range?: number
}

export interface Switch {
  readonly places: readonly SwitchPlace[]
  /** Beside the places: may it be done here? Undefined: at the places only. */
  readonly anywhere?: (lat: number, lon: number) => boolean
  /** Node → what `anywhere` says of it; not there when it says yes to all. */
  readonly asked?: Map<number, boolean>
  /** Of the places: may it be done there by who comes so many seconds after the query's beginning? */
  readonly accepts?: (place: SwitchPlace, seconds: number) => boolean
  /** Unlocking, locking, parking. */
  readonly seconds: number
}

/** Metres from a station to a street. */
const MATCHING = 100

/** Where this traveller leaves the place (reverse: comes to it). */
export function placesOf(search: StreetSearch, at: SwitchPlace, profile: Profile, reverse: boolean): readonly Place[] {
  const { left, comeTo } = travelAs(search, profile)
  return (reverse ? comeTo : left).getOrInsertComputed(at, () => placesAt(search, at, MATCHING, reverse))
}

/** The places within some metres of a point, as the crow flies. */
export function* placesWithin(s: Switch, lat: number, lon: number, metres: number): Generator<SwitchPlace> {
  const box = boxAround(lat, lon, metres)
  for (const place of s.places) if (isInside(box, place.lat, place.lon)) yield place
}

/** A node as a place on this edge of it. */
export function placeAtEnd(g: StreetGraph, node: number, edge: EdgeIdx): Place {
  const alongMm = g.edgeFrom[edge] === node ? 0 : g.edgeMillimetres[edge]
  return { edge, alongMm, offsetMm: 0, lat: g.nodeLat[node]!, lon: g.nodeLon[node]! }
}

export const pointOf = ({ lat, lon, name, station }: SwitchPlace): ApproachPoint => ({
  lat,
  lon,
  ...(name !== undefined && { name }),
  ...(station !== undefined && { station }),
})

/** Zones have thousands of corners, and courses are asked again. */
export function allowedAt({ anywhere, asked }: Switch, { nodeLat, nodeLon }: StreetGraph): (node: number) => boolean {
  if (!asked) return () => true
  return node => asked.getOrInsertComputed(node, () => anywhere!(nodeLat[node]!, nodeLon[node]!))
}
