// Where vehicles are parked on the way to a stop: what the map has of racks and car parks, joined with what is reported of them now.

import { COUNT_HOLDS, type Conditions, type ParkingReport } from '../conditions/conditions.ts'
import { metresBetween } from '../core/geo.ts'
import type { StreetGraph } from '../street/graph.ts'
import { Profile } from '../street/profile.ts'
import { SpotKind, spotName, spotsOf, spotTraits } from '../street/spots.ts'
import type { Course } from './course.ts'
import type { SwitchPlace } from './switches.ts'

/** One place, known from the map, from a report, or from both. */
export interface ParkingPlace extends SwitchPlace {
  readonly spot?: number
}

export interface ParkingPlaces {
  readonly cars: readonly ParkingPlace[]
  readonly bicycles: readonly ParkingPlace[]
}

/** What one's own bicycle is left at; `anywhere` where nobody has asked. */
const bikeParkings = ['anywhere', 'rack', 'covered', 'secured'] as const
export type BikeParking = (typeof bikeParkings)[number]

/** A report and a place of the map this near each other are one. Metres. */
const SAME_CAR_PARK = 150
const SAME_RACK = 50
/** Begins the ids of places that only the map knows. */
const FROM_MAP = 'map:'

/** The map's places to leave a bicycle or a car, and the reports'; those of both that are near each other are one, told by the report. */
export function parkingPlaces(g: StreetGraph, { lots }: Conditions): ParkingPlaces {
  const join = (kind: SpotKind, reports: readonly ParkingReport[], metres: number): ParkingPlace[] => {
    const spotOf = new Map<ParkingReport, number>()
    const places: ParkingPlace[] = []
    for (const spot of spotsOf(g, kind)) {
      const [lat, lon] = [g.spotLat[spot]!, g.spotLon[spot]!]
      const report = reports.find(r => metresBetween(r.lat, r.lon, lat, lon) <= metres)
      if (report) spotOf.set(report, spotOf.get(report) ?? spot)
      else places.push({ lat, lon, name: spotName(g, spot), station: `${FROM_MAP}${spot}`, spot })
    }
    for (const report of reports) {
      const spot = spotOf.get(report)
      const { lat, lon, name, id } = report
      places.push({ lat, lon, name, station: id, report, ...(spot !== undefined && { spot }) })
    }
    return places
  }
  return {
    cars: join(
      SpotKind.carParking,
      lots.filter(lot => !lot.bicycles),
      SAME_CAR_PARK,
    ),
    bicycles: join(
      SpotKind.bikeParking,
      lots.filter(lot => lot.bicycles),
      SAME_RACK,
    ),
  }
}

/** What is known of the place with this id. */
export interface ParkingFacts {
  readonly capacity: number | undefined
  /** Expected to be free at that time. */
  readonly free: number | undefined
  readonly covered: boolean | undefined
  readonly secured: boolean | undefined
  readonly fee: boolean | undefined
}

/** @param time Unix seconds */
export function parkingFacts(
  g: StreetGraph,
  { cars, bicycles }: ParkingPlaces,
  station: string,
  time: number,
): ParkingFacts | undefined {
  const place = [...cars, ...bicycles].find(p => p.station === station)
  if (!place) return undefined
  const { spot, report } = place
  const traits = spot === undefined ? undefined : spotTraits(g.spotTraits[spot]!)
  const said = (value: number | undefined): boolean | undefined => (value ? value === 1 : undefined)
  return {
    capacity: report?.total ?? (spot === undefined ? undefined : g.spotCapacity[spot]! || undefined),
    free: report && freeAt(report, time),
    covered: said(traits?.covered),
    secured: traits?.secured ? true : undefined,
    fee: said(traits?.fee),
  }
}

/** Seconds. */
const [PARK_BIKE, PARK_CAR] = [30, 120]

/** Not closed, and not expected to be full by who gets there so many seconds after `begins`; undefined: the vehicle is fetched there. */
const hasRoom =
  (begins: number | undefined) =>
  ({ report }: SwitchPlace, seconds: number): boolean =>
    begins === undefined || !report || freeAt(report, begins + seconds) !== 0

/** One's own bicycle that comes along: nobody parks it. */
export const bikeAlong = (graph: StreetGraph, rider: Profile): Course => ({
  mode: 'BIKE',
  ride: rider,
  take: undefined,
  leave: { places: [], anywhere: () => true, seconds: 0 },
  graph,
})

/** One's own bicycle, left wherever riding ends, or at what was asked for. */
export function bikeCourse(
  g: StreetGraph,
  rider: Profile,
  wanted: BikeParking,
  { bicycles }: ParkingPlaces,
  begins: number | undefined,
): Course {
  const fits = ({ spot, report }: ParkingPlace): boolean => {
    const traits = spot === undefined ? undefined : spotTraits(g.spotTraits[spot]!)
    return (
      report?.open !== false &&
      (wanted === 'rack' || (wanted === 'covered' ? traits?.covered === 1 : traits?.secured === true))
    )
  }
  const leave =
    wanted === 'anywhere'
      ? { places: [], anywhere: () => true }
      : { places: bicycles.filter(fits), accepts: hasRoom(begins) }
  return { mode: 'BIKE', ride: rider, take: undefined, leave: { ...leave, seconds: PARK_BIKE }, graph: g }
}

/**
 * Park and ride: open car parks that are not expected to be full when the car gets there; those in a zone without cars touch no street for it.
 * @param begins when the query's way begins, Unix seconds; undefined: the car is fetched there, which needs no free space
 */
export function parkingCourse(graph: StreetGraph, { cars }: ParkingPlaces, begins: number | undefined): Course {
  const places = cars.filter(({ report }) => report?.open !== false)
  return {
    mode: 'CAR_PARKING',
    ride: Profile.car,
    take: undefined,
    leave: { places, accepts: hasRoom(begins), seconds: PARK_CAR },
    graph,
  }
}

/** How long a trend is believed. Seconds. */
const TREND_HOLDS = 3600

/** Spaces expected to be free at a time (Unix seconds), by how the lot has been filling; undefined when nobody knows. */
export function freeAt({ free, total, trend, measured }: ParkingReport, time: number): number | undefined {
  if (free === undefined || time - measured > COUNT_HOLDS) return undefined
  const hours = Math.min(Math.max(0, time - measured), TREND_HOLDS) / 3600
  return Math.max(0, Math.min(total ?? Number.POSITIVE_INFINITY, Math.floor(free + trend * hours)))
}
