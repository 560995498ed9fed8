// How this rider travels, kept on the device and nowhere else: told to the server with each question, never stored there.

import { useState } from 'preact/hooks'
import { storage } from '../../shared/storage.ts'
import type { ReachMode } from '../reach/modes.ts'

export const SPEEDS = ['slow', 'normal', 'fast'] as const
/** What can be left out of a journey, by MOTIS' modes. */
export const MODE_GROUPS = {
  tram: ['TRAM', 'SUBWAY'],
  bus: ['BUS', 'COACH'],
  train: ['RAIL', 'REGIONAL_RAIL', 'REGIONAL_FAST_RAIL', 'SUBURBAN', 'LONG_DISTANCE', 'HIGHSPEED_RAIL', 'NIGHT_RAIL'],
  other: ['FERRY', 'FUNICULAR', 'AERIAL_LIFT', 'OTHER', 'ODM', 'RIDE_SHARING', 'AIRPLANE'],
} as const
export type ModeGroup = keyof typeof MODE_GROUPS

/** Who walks, by the server's profiles. */
export const WALKERS = {
  ...{ foot: 'FOOT', walker: 'WALKER', pram: 'PRAM', wheelchair: 'WHEELCHAIR', electric: 'ELECTRIC_WHEELCHAIR' },
} as const
export type Walker = keyof typeof WALKERS

/** What one may ride besides transit: all of it, to the stop, or from it. */
export const VEHICLES = ['bike', 'rental', 'car'] as const
export type Vehicle = (typeof VEHICLES)[number]
export const CYCLES = ['BIKE', 'E_BIKE', 'CARGO_BIKE'] as const

/** What a traveller can manage; the least and the most that can be meant. */
export const LIMITS = {
  /** Percent. */
  maxSlope: { least: 0, most: 30, step: 0.5 },
  /** Centimetres. */
  maxKerb: { least: 0, most: 30, step: 0.5 },
  /** Metres. */
  maxWithoutRest: { least: 20, most: 20_000, step: 10 },
  /** Kilometres. */
  battery: { least: 0.1, most: 200, step: 0.1 },
} as const
export type Limit = keyof typeof LIMITS

export interface Wishes extends Readonly<Record<Limit, number | undefined>> {
  readonly walker: Walker
  readonly speed: (typeof SPEEDS)[number]
  /** A bicycle comes along. */
  readonly bike: boolean
  /** More time for each change. */
  readonly calmChanges: boolean
  readonly without: readonly ModeGroup[]
  readonly with: readonly Vehicle[]
  readonly cycle: (typeof CYCLES)[number]
  /** 0: the quickest way by bicycle, 4: away from traffic; undefined: as the server thinks. */
  readonly safety: number | undefined
}

export const noWishes: Wishes = {
  ...{ walker: 'foot', speed: 'normal', bike: false, calmChanges: false, without: [], with: [] },
  ...{ cycle: 'BIKE', safety: undefined },
  ...{ maxSlope: undefined, maxKerb: undefined, maxWithoutRest: undefined, battery: undefined },
}
/** Steps of the choice between fast and safe. */
export const SAFEST = 4

/** The limits that mean something to this traveller. */
export function limitsOf({ walker, cycle, with: vehicles }: Wishes): readonly Limit[] {
  const motor = walker === 'electric' || (cycle === 'E_BIKE' && vehicles.includes('bike'))
  return [
    ...(walker === 'foot' ? [] : (['maxSlope', 'maxKerb'] as const)),
    ...(walker === 'electric' ? [] : (['maxWithoutRest'] as const)),
    ...(motor ? (['battery'] as const) : []),
  ]
}

/** A number within its limits, or undefined for what is none. */
export function limitOf(limit: Limit, value: unknown): number | undefined {
  const { least, most } = LIMITS[limit]
  return typeof value === 'number' && value >= least && value <= most ? value : undefined
}

const METRES_PER_SECOND = { slow: 0.8, fast: 1.8 } as const
const CALM_MINUTES = 4
/** Seconds: by bicycle one goes further than on foot. */
const MAX_DIRECT = 3600

/** As parameters of `plan`. @param offered what there is to ride in this city */
export function wishParameters(wishes: Wishes, offered: readonly Vehicle[]) {
  const vehicles = wishes.with.filter(vehicle => offered.includes(vehicle))
  const limits = limitsOf({ ...wishes, with: vehicles })
  const battery = limits.includes('battery') ? wishes.battery : undefined
  return {
    ...walkerParameters(wishes),
    maxWithoutRest: limits.includes('maxWithoutRest') ? wishes.maxWithoutRest : undefined,
    batteryRange: battery === undefined ? undefined : Math.round(battery * 1000),
    ...(vehicles.includes('bike') ? cycleParameters(wishes) : {}),
    ...streetModes(vehicles, wishes.bike),
    ...rideParameters(wishes),
  }
}

/** As parameters of what tells how far one gets, which knows neither rests nor batteries. */
export const reachParameters = (wishes: Wishes, mode: ReachMode) =>
  mode === 'BIKE'
    ? cycleParameters(wishes)
    : { ...walkerParameters(wishes), ...(mode === 'TRANSIT' ? rideParameters(wishes) : {}) }

function walkerParameters(wishes: Wishes) {
  const limits = limitsOf(wishes)
  const limit = (name: Limit) => (limits.includes(name) ? wishes[name] : undefined)
  return {
    pedestrianSpeed: wishes.speed === 'normal' ? undefined : METRES_PER_SECOND[wishes.speed],
    pedestrianProfile: wishes.walker === 'foot' ? undefined : WALKERS[wishes.walker],
    maxSlope: limit('maxSlope'),
    maxKerb: limit('maxKerb'),
  }
}

const cycleParameters = (wishes: Wishes) => ({
  cyclingProfile: wishes.cycle === 'BIKE' ? undefined : wishes.cycle,
  cyclingSafety: wishes.safety === undefined ? undefined : wishes.safety / SAFEST,
})

function rideParameters(wishes: Wishes) {
  const groups = Object.keys(MODE_GROUPS) as ModeGroup[]
  const modes = groups.filter(group => !wishes.without.includes(group)).flatMap(group => MODE_GROUPS[group])
  return {
    requireBikeTransport: wishes.bike || undefined,
    additionalTransferTime: wishes.calmChanges ? CALM_MINUTES : undefined,
    // without any vehicle there would be nothing to ask
    transitModes: wishes.without.length > 0 && modes.length > 0 ? modes.join() : undefined,
  }
}

/** Own wheels are left at the stop where a ride begins, or come along and are ridden from the last one; what is for rent stands at both ends. */
function streetModes(vehicles: readonly Vehicle[], comesAlong: boolean) {
  if (vehicles.length === 0) return {}
  const [bike, rental, car] = VEHICLES.map(vehicle => vehicles.includes(vehicle))
  const rented = rental ? ['RENTAL'] : []
  return {
    directModes: ['WALK', ...(bike ? ['BIKE'] : []), ...rented].join(),
    preTransitModes: ['WALK', ...(bike ? ['BIKE'] : []), ...rented, ...(car ? ['CAR_PARKING'] : [])].join(),
    postTransitModes: ['WALK', ...(bike && comesAlong ? ['BIKE'] : []), ...rented].join(),
    maxDirectTime: MAX_DIRECT,
  }
}

const KEPT = 'freifahrt.wishes'

export function useWishes(): readonly [Wishes, (change: Partial<Wishes>) => void] {
  const [wishes, setWishes] = useState(readWishes)
  const change = (next: Partial<Wishes>): void => {
    const all = { ...wishes, ...next }
    storage.setItem(KEPT, JSON.stringify(all))
    setWishes(all)
  }
  return [wishes, change]
}

type Kept = Partial<Wishes & { readonly stepFree: boolean }>

/** What was kept by another version of this page may look otherwise: each part is taken only if it can be meant. */
function readWishes(): Wishes {
  try {
    const kept = JSON.parse(storage.getItem(KEPT) ?? '{}') as Kept
    const limits = (Object.keys(LIMITS) as Limit[]).map(name => [name, limitOf(name, kept[name])])
    return {
      ...noWishes,
      ...(Object.fromEntries(limits) as Record<Limit, number | undefined>),
      walker: walkerOf(kept),
      speed: SPEEDS.find(speed => speed === kept.speed) ?? noWishes.speed,
      bike: kept.bike === true,
      calmChanges: kept.calmChanges === true,
      without: (Object.keys(MODE_GROUPS) as ModeGroup[]).filter(group => kept.without?.includes?.(group)),
      with: VEHICLES.filter(vehicle => kept.with?.includes?.(vehicle)),
      cycle: CYCLES.find(cycle => cycle === kept.cycle) ?? noWishes.cycle,
      safety: [0, 1, 2, 3, SAFEST].find(step => step === kept.safety),
    }
  } catch {
    return noWishes
  }
}

/** Before there were walkers, a battery was a wheelchair's, and who wished for no steps was given one. */
function walkerOf(kept: Kept): Walker {
  const named = (Object.keys(WALKERS) as Walker[]).find(walker => walker === kept.walker)
  return (
    named ??
    (limitOf('battery', kept.battery) !== undefined ? 'electric' : kept.stepFree === true ? 'wheelchair' : 'foot')
  )
}
