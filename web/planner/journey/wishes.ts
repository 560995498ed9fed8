// How this rider travels, kept on the device and nowhere else: told to the server with each question, never stored there.

import { useState } from 'preact/hooks'

export const SPEEDS = ['slow', 'normal', 'fast'] as const
/** What can be left out of a journey, by MOTIS' modes. */
export const MODE_GROUPS = {
  tram: ['TRAM', 'SUBWAY'],
  bus: ['BUS', 'COACH'],
  train: ['RAIL', 'REGIONAL_RAIL', 'REGIONAL_FAST_RAIL', 'SUBURBAN', 'LONG_DISTANCE', 'HIGHSPEED_RAIL', 'NIGHT_RAIL'],
  other: ['FERRY', 'FUNICULAR', 'AERIAL_LIFT', 'OTHER', 'ODM', 'RIDE_SHARING', 'AIRPLANE'],
} as const
export type ModeGroup = keyof typeof MODE_GROUPS

export interface Wishes {
  readonly speed: (typeof SPEEDS)[number]
  /** Ways and vehicles without steps only. */
  readonly stepFree: boolean
  /** Kilometres that the battery of an electric wheelchair is good for; undefined: none. */
  readonly battery: number | undefined
  /** A bicycle comes along. */
  readonly bike: boolean
  /** More time for each change. */
  readonly calmChanges: boolean
  readonly without: readonly ModeGroup[]
}

export const noWishes: Wishes = {
  ...{ speed: 'normal', stepFree: false, battery: undefined, bike: false, calmChanges: false, without: [] },
}

/** Kilometres of the longest range that can be meant. */
export const MOST_RANGE = 200
/** A range, or undefined for what is none. */
export const rangeOf = (value: unknown): number | undefined =>
  typeof value === 'number' && value >= 0.1 && value <= MOST_RANGE ? value : undefined

const METRES_PER_SECOND = { slow: 0.8, fast: 1.8 } as const
const CALM_MINUTES = 4

/** As parameters of `plan`. */
export function wishParameters({ speed, stepFree, battery, bike, calmChanges, without }: Wishes) {
  const groups = Object.keys(MODE_GROUPS) as ModeGroup[]
  const modes = groups.filter(group => !without.includes(group)).flatMap(group => MODE_GROUPS[group])
  return {
    pedestrianSpeed: speed === 'normal' ? undefined : METRES_PER_SECOND[speed],
    pedestrianProfile: battery !== undefined ? 'ELECTRIC_WHEELCHAIR' : stepFree ? 'WHEELCHAIR' : undefined,
    batteryRange: battery !== undefined ? Math.round(battery * 1000) : undefined,
    requireBikeTransport: bike || undefined,
    additionalTransferTime: calmChanges ? CALM_MINUTES : undefined,
    // without any vehicle there would be nothing to ask
    transitModes: without.length > 0 && modes.length > 0 ? modes.join() : undefined,
  }
}

const KEPT = 'freifahrt.wishes'

export function useWishes(): readonly [Wishes, (change: Partial<Wishes>) => void] {
  const [wishes, setWishes] = useState(readWishes)
  const change = (next: Partial<Wishes>): void => {
    const all = { ...wishes, ...next }
    localStorage.setItem(KEPT, JSON.stringify(all))
    setWishes(all)
  }
  return [wishes, change]
}

/** What was kept by another version of this page may look otherwise: each part is taken only if it can be meant. */
function readWishes(): Wishes {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? '{}') as Partial<Wishes>
    return {
      speed: SPEEDS.find(speed => speed === kept.speed) ?? noWishes.speed,
      stepFree: kept.stepFree === true,
      battery: rangeOf(kept.battery),
      bike: kept.bike === true,
      calmChanges: kept.calmChanges === true,
      without: (Object.keys(MODE_GROUPS) as ModeGroup[]).filter(group => kept.without?.includes?.(group)),
    }
  } catch {
    return noWishes
  }
}
