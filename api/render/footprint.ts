// What a leg leaves behind: grams of CO₂ (with its equivalents) for one person, beside what the same way by car would. Averages for Germany
// from TREMOD 6.02, as the federal sustainability strategy quotes them: 65 g per person and kilometre in local public transport, 147 g in a
// car with 1.5 persons. Trains and coaches that go far are another matter, and of them, ferries and planes nothing is said.
//
// And what it takes: kilowatt-hours per person and kilometre as Austria's Umweltbundesamt gives them (Energieeffiziente Mobilität, 2013): 0.56 in a
// car, 0.02 to 0.19 in public transport, of which buses are the upper end and what runs on rails the middle; what the body spends is not counted.

import type { Mode } from '#api/contract/common.ts'
import type { Leg } from '#api/contract/itinerary.ts'
import { metresBetween } from '#engine/core/geo.ts'
import { Profile } from '#engine/street/profile.ts'
import type { RideLeg } from '#engine/transit/journey.ts'
import { ridePointsNow } from './geometry.ts'
import type { Said } from './run.ts'

/** Grams per person and kilometre. */
const [LOCAL_TRANSIT, CAR] = [65, 147]
const local = new Set<Mode>(['TRAM', 'SUBWAY', 'BUS', 'SUBURBAN', 'METRO', 'REGIONAL_RAIL', 'FUNICULAR'])
const human = new Set<Mode>(['WALK', 'BIKE'])
const car = new Set<Mode>(['CAR', 'CAR_DROPOFF', 'CAR_PARKING'])

/** Kilowatt-hours per person and kilometre. */
const [BUS_ENERGY, RAIL_ENERGY, CAR_ENERGY] = [0.19, 0.1, 0.56]

/** @param metres that the leg is long */
export function footprint(leg: Pick<Leg, 'mode' | 'rental' | 'battery'>, metres: number): Pick<Leg, 'co2' | 'energy'> {
  const [grams, energy] = [gramsPerKm(leg), kWhPerKm(leg)]
  const rounded = (perKm: number): number => Math.round((perKm * metres) / 1000)
  const kWh = (perKm: number): number => Math.round(perKm * metres) / 1000
  // a battery knows better than any average
  const used = leg.battery ? Math.round(leg.battery.used) / 1000 : undefined
  return {
    ...(grams !== undefined && { co2: { grams: rounded(grams), carGrams: rounded(CAR) } }),
    ...(energy !== undefined && { energy: { kWh: used ?? kWh(energy), carKWh: kWh(CAR_ENERGY) } }),
  }
}

function kWhPerKm({ mode, rental }: Pick<Leg, 'mode' | 'rental'>): number | undefined {
  if (mode === 'RENTAL' && rental?.propulsionType?.startsWith('ELECTRIC') && rental.formFactor !== 'CAR')
    return rental.formFactor === 'MOPED' ? 0.04 : Profile.eBike.motor.whPerKm / 1000
  if (human.has(mode) || (mode === 'RENTAL' && rental?.propulsionType === 'HUMAN')) return 0
  if (car.has(mode)) return CAR_ENERGY
  return mode === 'BUS' ? BUS_ENERGY : local.has(mode) ? RAIL_ENERGY : undefined
}

function gramsPerKm({ mode, rental }: Pick<Leg, 'mode' | 'rental'>): number | undefined {
  if (human.has(mode) || (mode === 'RENTAL' && rental?.propulsionType === 'HUMAN')) return 0
  if (car.has(mode)) return CAR
  return local.has(mode) ? LOCAL_TRANSIT : undefined
}

/** Along the line that the rides draw. */
export function riddenMetres(view: Said, rides: readonly RideLeg[]): number {
  let metres = 0
  for (const ride of rides) metres += metresAlong(ridePointsNow(view, ride, ride.board, ride.alight))
  return metres
}

/** @param points lat, lon, … in 1e-7 degrees */
export function metresAlong(points: readonly number[]): number {
  let metres = 0
  for (let i = 2; i + 1 < points.length; i += 2)
    metres += metresBetween(points[i - 2]!, points[i - 1]!, points[i]!, points[i + 1]!)
  return metres
}
