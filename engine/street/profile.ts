// Who travels, as data. A profile is a plain object: a preset below, or one that a query made from a preset with limits and wishes of its
// own (`withLimits`); it crosses threads as it is. costs.ts turns it into tables for the search. A new kind of traveller is a new row here,
// not new code.
//
// A limit closes ways, a wish makes them dearer: relaxing a limit never loses a way, and no wish makes one longer than `maxDetour` allows.

import { type KindName, Mode, NODE_BIKE_CHARGER, NODE_CHAIR_CHARGER, type Surface } from './graph.ts'

export interface Limits {
  /** Percent, up or down, at most 30: what is steeper than 31 is mapped as 31. */
  readonly maxSlope?: number
  /** Centimetres. */
  readonly maxKerb?: number
  /** Metres. */
  readonly minWidth?: number
  /** false: no stairs and escalators, unless they have a ramp for this traveller. */
  readonly stairs?: boolean
  /** false: no elevators (out of order, or no way to call one). */
  readonly elevators?: boolean
  /** The worst surface and the worst smoothness (OSM's scale) still passable. */
  readonly surface?: keyof typeof Surface
  readonly smoothness?: Smoothness
  /** Metres from one bench to the next, or to an end of the way. */
  readonly maxWithoutRest?: number
  /** Heed what a way says about wheelchairs. */
  readonly wheelchair?: boolean
  /** What no one has mapped: taken for passable, or refused. Whether a way is passable for certain is told either way. */
  readonly unknown?: 'allow' | 'refuse'
}

/** OSM's smoothness=…, best first. */
export const smoothnessNames = [
  'excellent',
  'good',
  'intermediate',
  'bad',
  'very_bad',
  'horrible',
  'very_horrible',
  'impassable',
] as const
export type Smoothness = (typeof smoothnessNames)[number]

/** What makes a way dearer than it is long, each from 0 (does not matter) to 1. */
export interface Weights {
  /** Traffic, and places where accidents happened. */
  readonly safety: number
  /** Climbs. */
  readonly flat: number
  /** Ways without lamps. */
  readonly lit: number
  /** 0.5: all of them together make no way take more than half as long again. */
  readonly maxDetour: number
}

/** What a motor takes, and how it is fed. */
export interface Motor {
  /** Watt-hours for a kilometre on the flat, and for each metre climbed on top. */
  readonly whPerKm: number
  readonly whPerClimb: number
  /** Watt-hours of a full battery, unless the query says more. */
  readonly capacityWh: number
  /** Of its charger. */
  readonly watts: number
  /** Node trait of the places where it is charged. */
  readonly chargedAt: number
}

/** Seconds. Never forbidden: then a place behind a forbidden turn could have no way. */
export interface TurningRound {
  /** Where the street ends. */
  readonly atEnd: number
  /** At junctions: kind → on a street of that kind, and on all others. */
  readonly on: Readonly<Partial<Record<KindName, number>>>
  readonly elsewhere: number
}

/** Metres that vehicles still go: of those it is searched for the weakest and the strongest. */
export interface Range {
  readonly weakest: number
  readonly strongest: number
}

/** The battery that a query speaks of. */
export interface Battery {
  /** Watt-hours at the start, and what must always be left. */
  readonly chargeWh: number
  readonly reserveWh: number
  /** May it be charged on the way? */
  readonly charging: boolean
}

export interface Profile {
  readonly name: string
  readonly mode: Mode
  /** m/s on a good, flat street. */
  readonly speed: number
  /** Kind → how many times longer than a good street of the same length; 1 when not named. */
  readonly slowness: Readonly<Partial<Record<KindName, number>>>
  /** The same by surface. */
  readonly roughness: Readonly<Partial<Record<keyof typeof Surface, number>>>
  /** Longer by this share for each percent of climb. */
  readonly uphill: number
  /** Kind → km/h usual there; a traveller who can go faster does not. */
  readonly usual: Readonly<Partial<Record<KindName, number>>>
  /** Kinds on which it goes only where a bicycle may go as well: motorways are closed to who is slow. */
  readonly asBicycles?: readonly KindName[]
  /** Times dearer (not longer) where only those may drive who begin or end there; not given: as dear as it is long. */
  readonly passing?: number
  /** Does a speed limit bind? */
  readonly heedsLimits: boolean
  /** Waiting for an elevator and riding it. */
  readonly elevatorSeconds: number
  /** Lost at a traffic signal, on average. */
  readonly signalSeconds: number
  /** What it takes to turn round and go back where one came from; not given: nothing. */
  readonly turningRound?: TurningRound
  /** What barriers made to stop bicycles stop: `false` for who is slim enough. */
  readonly wide: boolean
  /** Which ramp beside stairs helps. */
  readonly ramp: 'none' | 'pram' | 'wheelchair' | 'bicycle'
  readonly limits: Limits
  readonly weights: Weights
  readonly motor?: Motor
  /** Only as far as it carries; of who has a motor. */
  readonly battery?: Battery
  /** How far vehicles for rent still go. */
  readonly range?: Range
}

const indifferent: Weights = { safety: 0, flat: 0, lit: 0, maxDetour: 1 }

// A ferry makes nobody faster than his own feet once the waiting is counted: it has no entry for those who walk or ride.
const foot: Profile = {
  name: 'foot',
  mode: Mode.foot,
  speed: 1.2,
  slowness: { steps: 2, escalator: 2, elevator: 20 },
  roughness: {},
  uphill: 0.05,
  usual: {},
  heedsLimits: false,
  elevatorSeconds: 45,
  signalSeconds: 0,
  wide: false,
  ramp: 'pram',
  limits: {},
  weights: indifferent,
}

const wheelchair: Profile = {
  ...foot,
  name: 'wheelchair',
  mode: Mode.wheelchair,
  speed: 0.9,
  slowness: { elevator: 20, track: 1.3, path: 1.3 },
  roughness: { cobbles: 1.5, gravel: 2, ground: 2, compacted: 1.2 },
  uphill: 0.15,
  elevatorSeconds: 60,
  wide: true,
  ramp: 'wheelchair',
  limits: {
    stairs: false,
    maxSlope: 8,
    maxKerb: 3,
    minWidth: 0.8,
    surface: 'ground',
    smoothness: 'bad',
    wheelchair: true,
  },
}

const bike: Profile = {
  name: 'bike',
  mode: Mode.bike,
  speed: 4.8,
  slowness: {
    living_street: 1.2,
    pedestrian: 1.5,
    footway: 1.5,
    path: 1.5,
    sidewalk: 1.5,
    crossing: 1.5,
    track: 1.5,
    platform: 4,
  },
  roughness: { cobbles: 1.4, gravel: 1.6, ground: 1.7, compacted: 1.1 },
  uphill: 0.12,
  usual: {},
  heedsLimits: false,
  elevatorSeconds: 60,
  signalSeconds: 5,
  wide: false,
  ramp: 'bicycle',
  limits: { stairs: false },
  weights: { safety: 0.8, flat: 0.2, lit: 0, maxDetour: 1 },
}

// 500 Wh carry a rider about 60 km on the flat; of 110 kg up a metre (0.3 Wh) the legs do the smaller half. A chair and who sits in it weigh
// 200 kg, its motors waste more.
const bikeMotor: Motor = { whPerKm: 8, whPerClimb: 0.22, capacityWh: 500, watts: 150, chargedAt: NODE_BIKE_CHARGER }
// On level ground an e-scooter goes 100 km with a kilowatt-hour (Agora Verkehrswende: E-Tretroller im Stadtverkehr, 2019), a moped 25; both carry
// more than they weigh, and of the height they get back nothing. Nobody charges what is rented.
const scooterMotor: Motor = { whPerKm: 10, whPerClimb: 0.35, capacityWh: 500, watts: 0, chargedAt: 0 }
const mopedMotor: Motor = { whPerKm: 40, whPerClimb: 0.7, capacityWh: 2000, watts: 0, chargedAt: 0 }
const chairMotor: Motor = { whPerKm: 40, whPerClimb: 0.9, capacityWh: 1200, watts: 200, chargedAt: NODE_CHAIR_CHARGER }

const car: Profile = {
  ...foot,
  name: 'car',
  mode: Mode.car,
  speed: 36,
  slowness: {},
  uphill: 0,
  usual: {
    motorway: 110,
    trunk: 85,
    primary: 60,
    secondary: 55,
    tertiary: 45,
    unclassified: 38,
    residential: 30,
    living_street: 8,
    pedestrian: 7,
    service: 15,
    track: 15,
    ferry: 8,
  },
  passing: 5,
  heedsLimits: true,
  elevatorSeconds: 0,
  signalSeconds: 5,
  turningRound: {
    atEnd: 15,
    on: { unclassified: 20, residential: 20, living_street: 20, service: 15, track: 20 },
    elsewhere: 120,
  },
}

/** Times longer on foot beside it, at 1.2 m/s. */
const PUSHED = 4.6

export const Profile = {
  foot,
  wheelchair,
  electricWheelchair: {
    ...wheelchair,
    name: 'electricWheelchair',
    speed: 1.6,
    uphill: 0.02,
    limits: { ...wheelchair.limits, maxSlope: 12, maxKerb: 6, minWidth: 0.9 },
    motor: chairMotor,
  },
  walker: {
    ...foot,
    name: 'walker',
    speed: 0.8,
    slowness: { elevator: 20 },
    roughness: { cobbles: 1.4, gravel: 1.5, ground: 1.5 },
    uphill: 0.1,
    elevatorSeconds: 60,
    ramp: 'pram',
    limits: { stairs: false, maxSlope: 12, maxKerb: 6, minWidth: 0.7, smoothness: 'very_bad' },
  },
  pram: {
    ...foot,
    name: 'pram',
    speed: 1.1,
    slowness: { elevator: 20 },
    roughness: { cobbles: 1.2, gravel: 1.3, ground: 1.3 },
    uphill: 0.08,
    elevatorSeconds: 60,
    ramp: 'pram',
    limits: { stairs: false, minWidth: 0.7, smoothness: 'horrible' },
  },
  bike,
  eBike: {
    ...bike,
    name: 'eBike',
    speed: 5.8,
    uphill: 0.03,
    // too heavy for the stairs
    ramp: 'none',
    weights: { ...bike.weights, flat: 0 },
    motor: bikeMotor,
  },
  cargoBike: {
    ...bike,
    name: 'cargoBike',
    speed: 4.2,
    uphill: 0.18,
    wide: true,
    ramp: 'none',
    limits: { stairs: false, elevators: false, minWidth: 1.2 },
  },
  /** As Germany has it (eKFV): 20 km/h, on ways for bicycles, else on the road; through pedestrian zones and on pavements it is pushed. */
  eScooter: {
    ...bike,
    name: 'eScooter',
    speed: 5.5,
    slowness: { ...bike.slowness, pedestrian: PUSHED, footway: PUSHED, sidewalk: PUSHED, crossing: PUSHED },
    roughness: { cobbles: 1.6, gravel: 2, ground: 2.2, compacted: 1.2 },
    uphill: 0.05,
    ramp: 'none',
    weights: { ...bike.weights, flat: 0 },
    motor: scooterMotor,
  },
  car,
  /** 45 km/h: wherever cars may go, except on roads that are closed to bicycles because they are fast. */
  moped: {
    ...car,
    name: 'moped',
    speed: 12.5,
    asBicycles: ['motorway', 'trunk'],
    turningRound: { ...car.turningRound!, atEnd: 5, on: { ...car.turningRound!.on, residential: 5, service: 5 } },
    motor: mopedMotor,
  },
} as const satisfies Record<string, Profile>

/** What a query may change about a preset. */
export interface ProfileChanges {
  /** m/s */
  readonly speed?: number | undefined
  readonly limits?: { readonly [K in keyof Limits]?: Limits[K] | undefined }
  readonly weights?: { readonly [K in keyof Weights]?: Weights[K] | undefined }
  readonly battery?: Battery | undefined
}

/** The profile with what is given in place of its own; what is undefined stays. The very same profile when nothing is given. */
export function withChanges(profile: Profile, { speed, limits = {}, weights = {}, battery }: ProfileChanges): Profile {
  if (speed === undefined && !battery && !isGiven(limits) && !isGiven(weights)) return profile
  return {
    ...profile,
    ...(speed !== undefined && { speed }),
    ...(battery && { battery }),
    limits: { ...profile.limits, ...given(limits) },
    weights: { ...profile.weights, ...given(weights) },
  }
}

function isGiven(changes: object): boolean {
  for (const name in changes) if (changes[name as keyof typeof changes] !== undefined) return true
  return false
}

const given = <T extends object>(changes: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as never

/** The same traveller with so many watt-hours in the battery. */
export const withCharge = (profile: Profile, chargeWh: number): Profile =>
  profile.battery ? { ...profile, battery: { ...profile.battery, chargeWh } } : profile
