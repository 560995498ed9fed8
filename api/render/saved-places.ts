// Places on the way in the id of an itinerary: the walks to, between and from them, and how long one stays.
//
//   [[to or '', seconds, stay, apart, approach?] for each walk, stay before the ride]         walked.ts; '': to the ride, or the end

import type { StopIdx } from '#engine/core/ids.ts'
import { DAY } from '#engine/core/time.ts'
import type { SavedPlaces, SavedWalk } from '#engine/plan/walked.ts'
import type { Journey, Leg, LegEnd, WalkLeg } from '#engine/transit/journey.ts'
import { readApproach, writeApproach } from './saved-approach.ts'

export interface NamedPlaces extends SavedPlaces {
  readonly walks: readonly (SavedWalk & { readonly to: string })[]
}

type TextOf = (end: LegEnd) => string
type Found = { readonly places?: NamedPlaces }

export const stopAt = (end: LegEnd): StopIdx => (end as { readonly stop: StopIdx }).stop

/**
 * Between the ride before leg `i` and that one (or the end).
 * @param planned when the ride before was to arrive
 */
export function placesBetween(legs: readonly Leg[], i: number, planned: number, textOf: TextOf): Found {
  const first = legs.findLastIndex((leg, n) => n < i && leg.kind === 'ride') + 1
  const [before, after] = [legs[first - 1]!, legs[i]]
  const walks = legs.slice(first, i) as WalkLeg[]
  const stays = staysIn(walks, after)
  const isPlace = before.kind === 'ride' && (before.placeAfter || walks.length > 1 || stays.some(stay => stay > 0))
  if (!isPlace) return {}
  const idle = idles(before.arrival, walks)
  return {
    places: {
      walks: walks.map((walk, n) =>
        savedWalk(walks, n, stays[n]!, idle[n]! > stays[n]! ? walk.departure - planned : 0, textOf),
      ),
      stay: stays.at(-1)!,
    },
  }
}

/** Before the first ride, or all the way. @param planned when that was to leave; undefined: there is none */
export function placesAtStart({ legs, departure }: Journey, planned: number | undefined, textOf: TextOf): Found {
  const first = legs.findIndex(leg => leg.kind === 'ride')
  const walks = legs.slice(0, first < 0 ? legs.length : first) as WalkLeg[]
  const stays = staysIn(walks, legs[first])
  if (walks.length < 2 && stays.every(stay => stay === 0)) return {}
  const idle = idles(departure, walks)
  const last = first < 0 ? 0 : legs[first]!.departure - walks.at(-1)!.arrival
  const apart = (walk: WalkLeg, n: number): number => {
    if (planned === undefined) return idle[n]! > stays[n]! ? walk.departure - departure : 0
    return (idle[n + 1] ?? last) > stays[n + 1]! ? Math.max(0, planned - walk.arrival) : 0
  }
  return {
    places: {
      walks: walks.map((walk, n) => savedWalk(walks, n, stays[n]!, apart(walk, n), textOf)),
      stay: stays.at(-1)!,
    },
  }
}

const savedWalk = (walks: readonly WalkLeg[], n: number, stay: number, apart: number, textOf: TextOf) => {
  const { to, departure, arrival, by } = walks[n]!
  const there = n < walks.length - 1 ? textOf(to) : ''
  return { via: undefined, to: there, seconds: arrival - departure, stay, apart, ...(by && { by }) }
}

/** Seconds before each walk. */
const idles = (begin: number, walks: readonly WalkLeg[]): number[] =>
  walks.map((walk, n) => walk.departure - (walks[n - 1]?.arrival ?? begin))

/** Seconds that have to be spent before each walk, and before the ride after them. */
const staysIn = (walks: readonly WalkLeg[], ride: Leg | undefined): number[] =>
  [...walks, ride].map(leg => leg?.stay ?? 0)

export const writePlaces = ({ walks, stay }: NamedPlaces): unknown[] => [
  walks.map(({ to, seconds, stay, apart, by }) => [to, seconds, stay, apart, ...(by ? [writeApproach(by)] : [])]),
  stay,
]

/** In all of an itinerary: each may have to be made anew. */
const MOST_WALKS = 32

/** Reads those of one itinerary after the other, and numbers them. @throws what `bad` makes */
export function placesReader(bad: (detail: string) => Error): (value: unknown) => Found {
  let [number, count] = [0, 0]
  const isSpan = (value: unknown, most = 7 * DAY): boolean =>
    Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most
  const walkOf = (value: unknown): NamedPlaces['walks'][number] => {
    const [to, seconds, stay, apart, by] = Array.isArray(value) ? (value as unknown[]) : []
    if (typeof to !== 'string' || to.length > 400 || !isSpan(seconds, DAY) || !isSpan(stay) || !isSpan(apart))
      throw bad('names a place on the way that is none')
    const spans = { seconds, stay, apart } as Record<'seconds' | 'stay' | 'apart', number>
    const vehicle = by === undefined ? {} : { by: readApproach(by) }
    return { to, via: to === '' ? undefined : number++, ...spans, ...vehicle }
  }
  return value => {
    if (value === undefined) return {}
    const [walks, stay] = Array.isArray(value) ? (value as unknown[]) : []
    if (!Array.isArray(walks) || !isSpan(stay)) throw bad('has places that are none')
    count += walks.length
    if (count > MOST_WALKS) throw bad(`more than ${MOST_WALKS} walks by way of places`)
    return { places: { walks: walks.map(walkOf), stay: stay as number } }
  }
}
