// Is it dark? After the low-precision formulas of the Astronomical Almanac (good to a hundredth of a degree from 1950 to 2050).

import type { UnixSeconds } from './time.ts'

const RAD = Math.PI / 180
/** Degrees below the horizon at which lamps are needed: the end of civil twilight. */
const DUSK = -6

/** Degrees of the sun's middle above the horizon, without refraction; lat, lon in degrees. */
export function sunHeight(time: UnixSeconds, lat: number, lon: number): number {
  const days = time / 86_400 - 10_957.5 // since noon of 1 January 2000
  const anomaly = (357.528 + 0.985_600_3 * days) * RAD
  const longitude = (280.46 + 0.985_647_4 * days + 1.915 * Math.sin(anomaly) + 0.02 * Math.sin(2 * anomaly)) * RAD
  const tilt = (23.439 - 0.000_000_4 * days) * RAD
  const rightAscension = Math.atan2(Math.cos(tilt) * Math.sin(longitude), Math.cos(longitude))
  const declination = Math.asin(Math.sin(tilt) * Math.sin(longitude))
  const sidereal = ((18.697_374_558 + 24.065_709_824_419_08 * days) % 24) * 15 * RAD
  const hourAngle = sidereal + lon * RAD - rightAscension
  const height =
    Math.sin(lat * RAD) * Math.sin(declination) + Math.cos(lat * RAD) * Math.cos(declination) * Math.cos(hourAngle)
  return Math.asin(height) / RAD
}

export const isDark = (time: UnixSeconds, lat: number, lon: number): boolean => sunHeight(time, lat, lon) < DUSK
