// What a leg leaves behind: grams of CO₂ (with its equivalents) for one person, beside what the same way by car would. Averages for Germany
// from TREMOD 6.02, as the federal sustainability strategy quotes them: 65 g per person and kilometre in local public transport, 147 g in a
// car with 1.5 persons. Trains and coaches that go far are another matter, and of them, ferries and planes nothing is said.

import type { Leg, Mode } from '#api/contract.ts'
import { metresBetween } from '#engine/core/geo.ts'
import type { Horizon } from '#engine/horizon/horizon.ts'
import type { RideLeg } from '#engine/transit/journey.ts'
import { ridePoints } from './geometry.ts'

/** Grams per person and kilometre. */
const [LOCAL_TRANSIT, CAR] = [65, 147]
const local = new Set<Mode>(['TRAM', 'SUBWAY', 'BUS', 'SUBURBAN', 'METRO', 'REGIONAL_RAIL', 'FUNICULAR'])
const human = new Set<Mode>(['WALK', 'BIKE'])
const car = new Set<Mode>(['CAR', 'CAR_DROPOFF', 'CAR_PARKING'])

/** @param metres that the leg is long */
export function footprint(leg: Pick<Leg, 'mode' | 'rental'>, metres: number): Pick<Leg, 'co2'> {
  const perKm = gramsPerKm(leg)
  if (perKm === undefined) return {}
  const of = (grams: number): number => Math.round((grams * metres) / 1000)
  return { co2: { grams: of(perKm), carGrams: of(CAR) } }
}

function gramsPerKm({ mode, rental }: Pick<Leg, 'mode' | 'rental'>): number | undefined {
  if (human.has(mode) || (mode === 'RENTAL' && rental?.propulsionType === 'HUMAN')) return 0
  if (car.has(mode)) return CAR
  return local.has(mode) ? LOCAL_TRANSIT : undefined
}

/** Along the line that the rides draw. */
export function riddenMetres({ timetable: tt }: Horizon, rides: readonly RideLeg[]): number {
  let metres = 0
  for (const { trip, board, alight } of rides) {
    const points = ridePoints(tt, trip, board, alight)
    for (let i = 2; i + 1 < points.length; i += 2)
      metres += metresBetween(points[i - 2]!, points[i - 1]!, points[i]!, points[i + 1]!)
  }
  return metres
}
