// What a leg leaves behind: grams of CO₂ (with its equivalents) for one person, beside what the same way by car would. Averages for Germany
// from TREMOD 6.02, as the federal sustainability strategy quotes them: 65 g per person and kilometre in local public transport, 147 g in a
// car with 1.5 persons. Trains and coaches that go far are another matter, and of them, ferries and planes nothing is said.
//
// And what it takes: kilowatt-hours per person and kilometre as Austria's Umweltbundesamt gives them (Energieeffiziente Mobilität, 2013): 0.56 in a
// car, 0.02 to 0.19 in public transport, of which buses are the upper end and what runs on rails the middle; what the body spends is not counted.
//
// Small motors take what their profile says (engine/street/profile.ts), and leave what the power for it does: 380 g a kilowatt-hour in Germany in
// 2024, with equivalents (IINAS, 2025). An electric car goes 6 km with one (Agora Verkehrswende, 2019); a moped with a combustion engine burns some
// 2.5 l of petrol on 100 km, of 2.3 kg of CO₂ and 8.8 kWh each; a fuel cell takes 1 kg of hydrogen, of 10 kg (from natural gas, as most is; IEA: The
// Future of Hydrogen, 2019) and 33 kWh. Hybrids count as cars. How vehicles are made, brought and fetched is not counted.

import type { Mode } from '#api/contract/common.ts'
import type { Leg, Rental } from '#api/contract/itinerary.ts'
import { metresBetween } from '#engine/core/geo.ts'
import { Profile } from '#engine/street/profile.ts'
import type { RideLeg } from '#engine/transit/journey.ts'
import { ridePointsNow } from './geometry.ts'
import type { Said } from './run.ts'

/** Grams per person and kilometre. */
const [LOCAL_TRANSIT, CAR] = [65, 147]
const local = new Set<Mode>(['TRAM', 'SUBWAY', 'BUS', 'SUBURBAN', 'METRO', 'REGIONAL_RAIL', 'FUNICULAR'])
const car = new Set<Mode>(['CAR', 'CAR_DROPOFF', 'CAR_PARKING'])

/** Kilowatt-hours per person and kilometre. */
const [BUS_ENERGY, RAIL_ENERGY, CAR_ENERGY] = [0.19, 0.1, 0.56]

/** For one person on a kilometre; in cars 1.5 of them sit. */
interface PerKm {
  readonly grams?: number | undefined
  readonly kWh?: number | undefined
}
/** Grams per kilowatt-hour. */
const POWER = 380
const powered = (kWh: number): PerKm => ({ grams: kWh * POWER, kWh })
const burning: PerKm = { grams: CAR, kWh: CAR_ENERGY }
const electricCar = powered(1 / 6 / 1.5)
const fuelCellCar: PerKm = { grams: 100 / 1.5, kWh: 0.33 / 1.5 }
const petrolMoped: PerKm = { grams: 0.025 * 2300, kWh: 0.025 * 8.8 }

/**
 * @param metres that the leg is long
 * @param traveller who walks or rides, where nobody is taken along
 */
export function footprint(
  leg: Pick<Leg, 'mode' | 'rental' | 'battery'>,
  metres: number,
  traveller?: Pick<Profile, 'motor'>,
): Pick<Leg, 'co2' | 'energy'> {
  const { grams: average, kWh: energy } = perKm(leg, traveller)
  const rounded = (perKm: number): number => Math.round((perKm * metres) / 1000)
  const kWh = (perKm: number): number => Math.round(perKm * metres) / 1000
  // a battery knows better than any average
  const used = leg.battery ? Math.round(leg.battery.used) / 1000 : undefined
  const grams = used !== undefined ? Math.round(used * POWER) : average === undefined ? undefined : rounded(average)
  return {
    ...(grams !== undefined && { co2: { grams, carGrams: rounded(CAR) } }),
    ...(energy !== undefined && { energy: { kWh: used ?? kWh(energy), carKWh: kWh(CAR_ENERGY) } }),
  }
}

function perKm({ mode, rental }: Pick<Leg, 'mode' | 'rental'>, traveller: Pick<Profile, 'motor'> | undefined): PerKm {
  if (mode === 'RENTAL') return rental ? rented(rental, traveller) : {}
  if (mode === 'WALK' || mode === 'BIKE') return powered((traveller?.motor?.whPerKm ?? 0) / 1000)
  if (car.has(mode)) return burning
  return {
    ...(local.has(mode) && { grams: LOCAL_TRANSIT }),
    kWh: mode === 'BUS' ? BUS_ENERGY : local.has(mode) ? RAIL_ENERGY : undefined,
  }
}

function rented({ formFactor, propulsionType: by }: Rental, traveller: Pick<Profile, 'motor'> | undefined): PerKm {
  if (by === undefined || formFactor === undefined) return {}
  if (by === 'HUMAN') return powered(0)
  const electric = by === 'ELECTRIC' || by === 'ELECTRIC_ASSIST'
  if (formFactor === 'CAR') return electric ? electricCar : by === 'HYDROGEN_FUEL_CELL' ? fuelCellCar : burning
  if (electric) return powered((traveller?.motor ?? Profile.eBike.motor).whPerKm / 1000)
  // of small fuel cells nobody says what they take
  return by === 'HYDROGEN_FUEL_CELL' ? {} : petrolMoped
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
