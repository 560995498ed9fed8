// What is known of elevators over the time that a query is about. Most go on as they are. Those that go out of order or work again meanwhile are
// taken to work until a walk comes near one that is out just then; from there on that one is told apart by time, and the search asked again
// (in-time.ts). So only who comes by an outage pays for it, and what is found by walks that can all be made is the best there is: with more
// elevators working nobody is later.

import { isOut, type Outage, onTheWay, outagesOf, outagesThrough } from '../access/elevators.ts'
import type { Horizon } from '../horizon/horizon.ts'
import type { StreetEnd } from '../street/path.ts'
import type { WalkLeg } from '../transit/journey.ts'
import type { Spell } from '../transit/timed.ts'
import { type Asked, lookAt, plannerWithout, statesFor } from './moment.ts'
import type { Planner } from './plan.ts'
import { placeOf, type Query, type QueryPlace } from './query.ts'
import { type Ends, endsOf } from './side.ts'

export interface Outlook {
  readonly base: Planner
  readonly horizon: Horizon
  readonly asked: Asked
  /** Unix seconds; nothing that is asked about lies outside. */
  readonly begin: number
  readonly end: number
  /** Out of order at some time of it, in the network's order. */
  readonly outages: readonly Outage[]
  /** Ids of elevators that are told apart by time. */
  readonly apart: Set<string>
  /** Stops from which the walks of who goes his own ways have to be known (moment.ts), and the planners made with them. */
  readonly looked: Set<number>
  readonly planners: Map<string, Planner>
  readonly ends: Map<Planner, Ends>
}

/** Undefined when every elevator stays as it is from `begin` to `end`. */
export function outlookFor(
  base: Planner,
  horizon: Horizon,
  asked: Asked,
  begin: number,
  end: number,
): Outlook | undefined {
  const outages = outagesThrough(statesFor(base, horizon, asked), begin, end)
  if (outages.every(({ isAlways }) => isAlways)) return undefined
  const made = { planners: new Map<string, Planner>(), ends: new Map<Planner, Ends>() }
  return { base, horizon, asked, begin, end, outages, apart: new Set(), looked: new Set(), ...made }
}

function plannerClosing(o: Outlook, isClosed: (outage: Outage) => boolean): Planner {
  const outages = outagesOf(o.outages.filter(isClosed).map(({ elevator }) => elevator))
  return o.planners.getOrInsertComputed(`${o.looked.size} ${outages.key}`, () => {
    const planner = plannerWithout(o.base, o.horizon, o.asked, outages)
    return lookAt(planner, o.looked) ?? planner
  })
}

const isApart = ({ apart }: Outlook, { elevator, isAlways }: Outage): boolean => !isAlways && apart.has(elevator.id)

/** As if all worked that works at some time. */
export const plannerAtBest = (o: Outlook): Planner => plannerClosing(o, ({ isAlways }) => isAlways)

/** As if what is told apart never worked: who goes by this planner meets none of it. */
export const plannerWithoutApart = (o: Outlook): Planner =>
  plannerClosing(o, outage => outage.isAlways || isApart(o, outage))

/** As all works from one moment to another; undefined where that has been asked of too many sets of elevators. */
export const plannerWhile = (o: Outlook, begin: number, end: number): Planner | undefined =>
  o.planners.size < 2 * MOST_SETS ? plannerClosing(o, outage => isOut(outage, begin, end)) : undefined

/** The stops around a query's places, of the one query that this outlook is for. */
export const endsOn = (o: Outlook, q: Query, planner: Planner): Ends =>
  o.ends.getOrInsertComputed(planner, () => endsOf(planner, q))

/** Planners of different spells are no more than these, and the times at which elevators change that are told apart. */
const [MOST_SETS, MOST_BORDERS] = [6, 64]

/**
 * What can be walked when, by what is told apart: each spell with the planner for who walks within it, the one that is always open last. Where
 * elevators change too often, what lies far from `time` is one spell, over those that work all the while.
 */
export function spellsOf(o: Outlook, time: number): Spell<Planner>[] {
  const apart = o.outages.filter(outage => isApart(o, outage))
  const away = (border: number): number => Math.abs(border - time)
  const changes = new Set(apart.flatMap(({ out }) => out.flat()).filter(t => t > o.begin && t < o.end))
  const borders = [...changes].sort((a, b) => away(a) - away(b)).slice(0, MOST_BORDERS)
  let spells = spellsBetween(apart, borders)
  while (new Set(spells.map(({ holds }) => holds)).size > MOST_SETS) {
    borders.length -= Math.max(1, borders.length >> 3)
    spells = spellsBetween(apart, borders)
  }
  const planners = new Map<string, Planner>()
  const plannerOf = (out: string): Planner =>
    planners.getOrInsertComputed(out, () =>
      plannerClosing(o, outage => outage.isAlways || out[apart.indexOf(outage)] === OUT),
    )
  return spells.map(spell => ({ ...spell, holds: plannerOf(spell.holds) }))
}

const [OUT, WORKS] = ['1', '0']

/** From each border to each other, the longest of those in which the same is out: OUT or WORKS for each. */
function spellsBetween(outages: readonly Outage[], borders: readonly number[]): Spell<string>[] {
  const times = [Number.NEGATIVE_INFINITY, ...borders.toSorted((a, b) => a - b), Number.POSITIVE_INFINITY]
  const last = times.length - 1
  const outIn = (i: number, j: number): string =>
    outages.map(outage => (isOut(outage, times[i]!, times[j]!) ? OUT : WORKS)).join('')
  const spells: Spell<string>[] = []
  for (let i = last - 1; i >= 0; i--)
    for (let j = i + 1; j <= last; j++) {
      const holds = outIn(i, j)
      const isWithin = (i > 0 && outIn(i - 1, j) === holds) || (j < last && outIn(i, j + 1) === holds)
      if (!isWithin) spells.push({ opens: times[i]!, closes: times[j]!, holds })
    }
  return spells
}

/** Is any out of order then that is not told apart? */
export const changesWithin = (o: Outlook, begin: number, end: number): boolean =>
  o.outages.some(outage => !outage.isAlways && !isApart(o, outage) && isOut(outage, begin, end))

/** Elevators that a walk may lead over, that are out at some time from `begin` to `end`, and that are not told apart. @param speed m/s */
export function inTheWay(
  o: Outlook,
  q: Pick<Query, 'from' | 'to' | 'vias'>,
  leg: WalkLeg,
  begin: number,
  end: number,
  speed: number,
): string[] {
  if (!changesWithin(o, begin, end)) return []
  const out = o.outages.filter(outage => !outage.isAlways && !isApart(o, outage) && isOut(outage, begin, end))
  const ends = [leg.from, leg.to].map(at => endOf(placeOf(q, at))) as [StreetEnd, StreetEnd]
  const mayUse = onTheWay(o.base.timetable, ...ends, leg.arrival - leg.departure, { speed })
  return out.flatMap(({ elevator }) => (mayUse(elevator) ? [elevator.id] : []))
}

/** Stations as well, which nobody walks to as such. */
const endOf = (place: QueryPlace): StreetEnd => (place.kind === 'stop' ? { stop: place.stop } : place)
