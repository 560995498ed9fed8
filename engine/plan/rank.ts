// From the Pareto set to what is proposed. The set itself is what MOTIS clients expect in a window, but for rides round and back to where one
// got on; the other filters are wishes of the asker, and none makes up a journey that is not in the set.

import { metresBetween } from '../core/geo.ts'
import type { StopIdx } from '../core/ids.ts'
import { textOf } from '../core/strings.ts'
import { crowding, type OccupancyTable, occupancyOf } from '../live/occupancy.ts'
import { rootStop, type Timetable } from '../timetable/timetable.ts'
import type { Journey } from '../transit/journey.ts'
import type { Query } from './query.ts'

/** Seconds that one more change has to save to be worth it. */
const WORTH_A_CHANGE = 180

/** Metres between two stops of one name that are one place, where the feed knows no stations. */
const ONE_PLACE = 150

/**
 * Without those that bring the rider back to the station where he got on, if he asks so: whoever goes on from there on foot need not ride first. By
 * way of some place he may.
 */
export function leadingOn(
  tt: Timetable,
  q: Pick<Query, 'leadingOn' | 'vias'>,
  journeys: readonly Journey[],
): readonly Journey[] {
  if (!q.leadingOn || q.vias.length > 0) return journeys
  const returns = ({ legs }: Journey): boolean => {
    const first = legs.find(leg => leg.kind === 'ride')
    const last = legs.findLast(leg => leg.kind === 'ride')
    return first !== undefined && last !== undefined && isOneStation(tt, first.from, last.to)
  }
  return journeys.some(returns) ? journeys.filter(j => !returns(j)) : journeys
}

const isOneStation = (tt: Timetable, a: StopIdx, b: StopIdx): boolean =>
  rootStop(tt, a) === rootStop(tt, b) ||
  (textOf(tt, tt.stopName[a]) === textOf(tt, tt.stopName[b]) &&
    metresBetween(tt.stopLat[a], tt.stopLon[a], tt.stopLat[b], tt.stopLon[b]) <= ONE_PLACE)

/** The journeys to propose for a query, in the order they came. */
export function propose(
  journeys: readonly Journey[],
  { distinct, preferRoom }: Pick<Query, 'distinct' | 'preferRoom'>,
  occupancy: OccupancyTable | undefined,
): readonly Journey[] {
  const different = distinct ? worthTheirChanges(journeys) : journeys
  return preferRoom > 0 && occupancy ? roomier(different, preferRoom, occupancy) : different
}

/** Seconds that b saves against a, at both ends together. */
const saved = (a: Journey, b: Journey): number =>
  Math.max(0, a.arrival - b.arrival) + Math.max(0, b.departure - a.departure)

/**
 * Without journeys that nearly are another one with a needless change. What they are dropped for may itself be dropped: savings add up, so
 * then there is a third that is worth more than both.
 */
function worthTheirChanges(journeys: readonly Journey[]): Journey[] {
  return journeys.filter(
    b => !journeys.some(a => a.transfers < b.transfers && saved(a, b) < WORTH_A_CHANGE * (b.transfers - a.transfers)),
  )
}

/**
 * Without journeys for which a proposed one has more room and costs at most `seconds`, later arrival and earlier departure together. What
 * nobody has measured is never called roomier.
 */
function roomier(journeys: readonly Journey[], seconds: number, occupancy: OccupancyTable): Journey[] {
  const rows = journeys.map(journey => ({ journey, ...crowdingOf(journey, occupancy) }))
  const proposed: typeof rows = []
  for (const a of rows.toSorted((x, y) => x.level - y.level)) {
    const better = proposed.some(b => b.known && b.level < a.level && saved(b.journey, a.journey) <= seconds)
    if (!better) proposed.push(a)
  }
  return journeys.filter(journey => proposed.some(p => p.journey === journey))
}

/**
 * For a single moment, of which the Pareto set has only who is there first: in place of each the one with the most room among `others`, if it
 * costs at most `seconds` and no more changes.
 */
export function withRoom(
  first: readonly Journey[],
  others: readonly Journey[],
  seconds: number,
  occupancy: OccupancyTable,
): Journey[] {
  const rows = others.map(journey => ({ journey, ...crowdingOf(journey, occupancy) })).filter(({ known }) => known)
  const instead = (a: Journey): Journey => {
    const { level } = crowdingOf(a, occupancy)
    const better = rows.filter(
      b => b.level < level && b.journey.transfers <= a.transfers && saved(b.journey, a) <= seconds,
    )
    return better.sort((x, y) => x.level - y.level || saved(x.journey, a) - saved(y.journey, a))[0]?.journey ?? a
  }
  return [...new Set(first.map(instead))]
}

/** The fullest of its vehicles; `known` if all of them say how full they are, on the trip on which they are boarded. Walking is roomy. */
function crowdingOf(j: Journey, occupancy: OccupancyTable): { readonly level: number; readonly known: boolean } {
  let level = 0
  let known = true
  for (const leg of j.legs) {
    if (leg.kind === 'walk' || leg.stayed) continue
    const said = occupancyOf(occupancy, leg)
    if (said) level = Math.max(level, crowding(said))
    else known = false
  }
  return { level, known }
}
