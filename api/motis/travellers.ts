// Who walks and who rides, as a query says it: MOTIS' parameters for profile, speed and hills, and our own for limits and wishes. What is
// not given is the preset's.

import { type Static, Type } from 'typebox'
import { choice, integer, number, optional, or } from '#api/plugins/parameters.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { isDark } from '#engine/core/sun.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { Surface } from '#engine/street/graph.ts'
import { Profile, smoothnessNames, withChanges } from '#engine/street/profile.ts'

const surfaces = Object.keys(Surface).filter(name => name !== 'unknown') as Exclude<keyof typeof Surface, 'unknown'>[]

/** For who walks, or rolls. All but the first two are our own. */
export const walkerParameters = {
  pedestrianProfile: or(choice('FOOT', 'WHEELCHAIR', 'ELECTRIC_WHEELCHAIR', 'WALKER', 'PRAM'), 'FOOT'),
  pedestrianSpeed: optional(number(0.1, 10)),
  /** Percent; the map tells nothing steeper than 31 apart. */
  maxSlope: optional(number(0, 30)),
  /** Centimetres. */
  maxKerb: optional(number(0, 30)),
  /** Metres. */
  minWidth: optional(number(0, 3)),
  avoidStairs: optional(Type.Boolean()),
  worstSurface: optional(choice(...surfaces)),
  worstSmoothness: optional(choice(...smoothnessNames)),
  /** Ways of which nobody has mapped whether they keep the limits. */
  unknownWays: optional(choice('ALLOW', 'REFUSE')),
  /** Rather under lamps: never, after dark (by the sun), or always. */
  preferLit: or(choice('NEVER', 'DARK', 'ALWAYS'), 'NEVER'),
  /** 0: accidents and traffic do not matter … 1: round them, wherever that takes at most twice as long. */
  pedestrianSafety: optional(number(0, 1)),
}

/** For who rides. All but the first two are our own. */
export const riderParameters = {
  cyclingSpeed: optional(number(0.1, 30)),
  elevationCosts: or(choice('NONE', 'LOW', 'HIGH'), 'NONE'),
  cyclingProfile: or(choice('BIKE', 'E_BIKE', 'CARGO_BIKE'), 'BIKE'),
  /** 0: only time counts, 1: away from traffic wherever that costs no more than `cyclingDetour`. */
  cyclingSafety: optional(number(0, 1)),
  /** By how much longer than the quickest way the safe one may be, as a share of it. */
  cyclingDetour: optional(number(0, 3)),
}

/** All our own: for who does not go on for ever, where a way is planned with its stops. */
export const enduranceParameters = {
  /** Metres from bench to bench. */
  maxWithoutRest: optional(integer(20, 20_000)),
  /** What is in the battery of an e-bike or an electric wheelchair, as metres on the flat, or in watt-hours. */
  batteryRange: optional(integer(1, 500_000)),
  batteryWh: optional(number(1, 10_000)),
  /** What must be left of that, in the same unit. */
  batteryReserve: or(number(0, 500_000), 0),
  /** May it be charged on the way? */
  batteryCharging: or(Type.Boolean(), true),
}

// only for the types derived from them
const WalkerParameters = Type.Object(walkerParameters)
const RiderParameters = Type.Object(riderParameters)
const EnduranceParameters = Type.Object(enduranceParameters)
type Endurance = Partial<Static<typeof EnduranceParameters>>

const walkers = {
  FOOT: Profile.foot,
  WHEELCHAIR: Profile.wheelchair,
  ELECTRIC_WHEELCHAIR: Profile.electricWheelchair,
  WALKER: Profile.walker,
  PRAM: Profile.pram,
} as const
const riders = { BIKE: Profile.bike, E_BIKE: Profile.eBike, CARGO_BIKE: Profile.cargoBike } as const
const hills = { NONE: undefined, LOW: 0.4, HIGH: 1 } as const

/** Where and when the way begins: after dark lamps may be asked for. */
export interface Moment {
  readonly time: UnixSeconds
  /** Degrees. */
  readonly lat: number
  readonly lon: number
}

export function walkerOf(asked: Static<typeof WalkerParameters> & Endurance, moment: Moment | undefined): Profile {
  const preset: Profile = walkers[asked.pedestrianProfile]
  if (preset.motor && asked.maxWithoutRest !== undefined)
    throw new FreifahrtError('BAD_REQUEST', 'maxWithoutRest', `no rest for ${asked.pedestrianProfile}: it has a motor`)
  return withChanges(preset, {
    speed: asked.pedestrianSpeed,
    battery: batteryOf(asked, preset),
    limits: {
      maxSlope: asked.maxSlope,
      maxKerb: asked.maxKerb,
      minWidth: asked.minWidth,
      // `avoidStairs=false` takes no limit from a wheelchair
      stairs: asked.avoidStairs ? false : undefined,
      surface: asked.worstSurface,
      smoothness: asked.worstSmoothness,
      maxWithoutRest: asked.maxWithoutRest,
      unknown: asked.unknownWays && (asked.unknownWays === 'REFUSE' ? 'refuse' : 'allow'),
    },
    weights: { lit: litWeight(asked.preferLit, moment), safety: asked.pedestrianSafety },
  })
}

export const riderOf = (asked: Static<typeof RiderParameters> & Endurance): Profile =>
  withChanges(riders[asked.cyclingProfile], {
    speed: asked.cyclingSpeed,
    battery: batteryOf(asked, riders[asked.cyclingProfile]),
    weights: {
      safety: asked.cyclingSafety,
      maxDetour: asked.cyclingDetour,
      flat: hills[asked.elevationCosts],
    },
  })

/** Of who has a motor. Throws BAD_REQUEST where two say how full it is, or nothing is left to go on. */
function batteryOf(
  { batteryRange, batteryWh, batteryReserve = 0, batteryCharging = true }: Endurance,
  { motor }: Profile,
) {
  if (batteryRange !== undefined && batteryWh !== undefined)
    throw new FreifahrtError('BAD_REQUEST', 'batteryWh', 'either this or batteryRange, not both')
  const [charge, parameter] = batteryRange === undefined ? [batteryWh, 'batteryWh'] : [batteryRange, 'batteryRange']
  if (!motor || charge === undefined) return undefined
  if (batteryReserve >= charge)
    throw new FreifahrtError(
      'BAD_REQUEST',
      'batteryReserve',
      `${batteryReserve} of ${parameter}=${charge} leave nothing`,
    )
  const wh = batteryRange === undefined ? 1 : motor.whPerKm / 1000
  return { chargeWh: charge * wh, reserveWh: batteryReserve * wh, charging: batteryCharging }
}

/** Refuses a battery that nobody here has. Throws BAD_REQUEST. */
export function checkBattery(asked: Endurance, ...travellers: readonly Profile[]): void {
  const parameter = asked.batteryWh === undefined ? 'batteryRange' : 'batteryWh'
  if (asked[parameter] !== undefined && travellers.every(({ motor }) => !motor))
    throw new FreifahrtError(
      'BAD_REQUEST',
      parameter,
      'nobody here has a battery: cyclingProfile=E_BIKE or pedestrianProfile=ELECTRIC_WHEELCHAIR has',
    )
}

/** Who travels by a street mode. WHEELCHAIR is our own, for endpoints where MOTIS has no pedestrianProfile. */
export function travellerFor(
  mode: 'WALK' | 'BIKE' | 'CAR' | 'WHEELCHAIR',
  asked: Parameters<typeof walkerOf>[0] & Parameters<typeof riderOf>[0],
  moment: Moment | undefined,
): Profile {
  if (mode === 'CAR') return Profile.car
  if (mode === 'BIKE') return riderOf(asked)
  return walkerOf(mode === 'WHEELCHAIR' ? { ...asked, pedestrianProfile: 'WHEELCHAIR' } : asked, moment)
}

function litWeight(wish: 'NEVER' | 'DARK' | 'ALWAYS', moment: Moment | undefined): number | undefined {
  if (wish === 'ALWAYS') return 1
  return wish === 'DARK' && moment && isDark(moment.time, moment.lat, moment.lon) ? 1 : undefined
}
