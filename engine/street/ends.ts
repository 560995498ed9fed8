// Where a way begins and ends: the streets next to a point or a stop, and whether one gets from there to it.
//
//        ● goal                      who cannot climb the stairs leaves the street at ×, the nearest that he may use; whether the rest can
//   ═════╪ stairs                    be passed nobody knows, and the stairs are told
//        ×──────── street

import { E7 } from '../core/geo.ts'
import type { EdgeIdx, StopIdx } from '../core/ids.ts'
import { Surroundings } from './around.ts'
import { isCarFree } from './car-free.ts'
import { type Costs, judgeWay, type UsedLink, usableSort } from './costs.ts'
import { formOf, Kind, kindOf, Mode, mayUse, type StreetGraph, traitsOf } from './graph.ts'
import { placeOfLink, type StopLinks } from './links.ts'
import type { StreetEnd } from './path.ts'
import type { Profile } from './profile.ts'
import { costsFor, type StreetPoint, type StreetSearch } from './search.ts'
import { type Place, snap } from './snap.ts'
import { offMs } from './start.ts'
import { UnlimitedWays, unlimited } from './unlimited.ts'
import type { Obstacle } from './verdict.ts'

/**
 * Where the present traveller may begin (reverse: end); a stop is where its links say, whatever `maxMetres`. Another place is worth trying only
 * where the first leads nowhere: then it is the way that decides.
 */
export function placesAt(search: StreetSearch, end: StreetEnd, maxMetres: number, reverse: boolean): readonly Place[] {
  return 'stop' in end
    ? placesOfStop(search, search.costs.profile, end.stop, reverse)
    : placesNear(search, end, maxMetres, reverse)
}

/** At which places, if any, this traveller leaves a stop (reverse: comes to it). */
export const placesOfStop = (
  search: StreetSearch,
  traveller: Profile,
  stop: StopIdx,
  reverse: boolean,
): readonly Place[] =>
  linksFor(search, traveller, stop, reverse).map(({ link, moreMs }) => ({
    ...placeOfLink(search.links, link),
    ...(link !== search.links.linksBegin[stop] && { moreMs }),
  }))

/** The link as this traveller uses it, who leaves the stop (reverse: comes to it); undefined if he does not. */
export const usedLink = (search: StreetSearch, traveller: Profile, link: number, reverse: boolean) =>
  linksFor(search, traveller, search.links.linkStop[link] as StopIdx, reverse).find(used => used.link === link)

const noLinks: readonly UsedLink[] = []

/**
 * The links by which this traveller leaves a stop (reverse: comes to it): the second one only who is on foot or on wheels and may not use the first,
 * or comes nowhere by it, if he does not refuse what nobody knows: the way between the two.
 */
function linksFor(search: StreetSearch, traveller: Profile, stop: StopIdx, reverse: boolean): readonly UsedLink[] {
  const { linksBegin } = search.links
  const [first, end] = [linksBegin[stop]!, linksBegin[stop + 1]!]
  // none, or of a stop that only realtime knows
  if (!(first < end)) return noLinks
  if (end - first === 1 || traveller.limits.unknown === 'refuse') return [{ link: first, moreMs: 0 }]
  const costs = costsFor(search, traveller)
  return costs.linked.getOrInsertComputed((stop << 1) | (reverse ? 1 : 0), () => {
    const used = bothLinks(search, costs, first, reverse)
    const free = unlimited(traveller)
    if (free === traveller) return used
    const freeCosts = costsFor(search, free)
    const starts = bothLinks(search, freeCosts, first, reverse).map(({ link }) => placeOfLink(search.links, link))
    const ways = new UnlimitedWays(search.graph, freeCosts, starts, reverse)
    return used.flatMap(({ link }) => {
      const place = ways.placed(placeOfLink(search.links, link), costs)
      return place ? [{ link, moreMs: place.moreMs ?? 0 }] : []
    })
  })
}

function bothLinks({ graph, links }: StreetSearch, costs: Costs, first: number, reverse: boolean): readonly UsedLink[] {
  const { mode } = costs.profile
  const [near, next] = [
    { link: first, moreMs: 0 },
    { link: first + 1, moreMs: 0 },
  ]
  if (mode !== Mode.foot && mode !== Mode.wheelchair) return [near]
  if (isClosed(graph, costs.profile, links.linkEdge[near.link] as EdgeIdx)) return [next]
  const around = new Surroundings(graph, costs, placeOfLink(links, near.link), reverse)
  return around.areMany || around.lead(links.linkEdge[next.link] as EdgeIdx) ? [near] : [near, next]
}

/**
 * Places where the present traveller may begin (reverse: end), the nearest first: beyond one that leads anywhere there are none, and none to which
 * one before leads. So who may use more streets finds a way wherever others do: from the same place, or from one that leads to it. To those where
 * somebody without limits would not begin it takes as long as he takes; who refuses what nobody knows does not begin there, unless at the same junction.
 */
function placesNear(search: StreetSearch, point: StreetPoint, maxMetres: number, reverse: boolean): readonly Place[] {
  const { graph, costs } = search
  const nearest = (costs: Costs, placed?: Placed) => nearestPlaces(search, costs, point, maxMetres, reverse, placed)
  const free = unlimited(costs.profile)
  if (free === costs.profile) return nearest(costs)
  const freeCosts = costsFor(search, free)
  const first = placeNear(search, point, maxMetres, undefined, freeCosts)
  let ways: UnlimitedWays | undefined
  return nearest(costs, place => {
    if (place.edge === first?.edge) return place
    ways ??= new UnlimitedWays(graph, freeCosts, nearest(freeCosts), reverse)
    const placed = ways.placed(place, costs)
    const isDoubtful = (placed?.moreMs ?? 0) > JUNCTION_MS
    return isDoubtful && costs.profile.limits.unknown === 'refuse' ? undefined : placed
  })
}

/** At most, from one street to another at a junction: a millimetre (`besideNodes`). */
const JUNCTION_MS = 4

/** A place that takes so many times as long as the crow flies need not be the best; so many are looked at. */
const DETOUR = 3
const MOST_PLACES = 16

/** The place, with what it takes longer than as the crow flies; undefined: it is not for this traveller. */
type Placed = (place: Place) => Place | undefined

function nearestPlaces(
  search: StreetSearch,
  costs: Costs,
  point: StreetPoint,
  maxMetres: number,
  reverse: boolean,
  placed?: Placed,
): readonly Place[] {
  const found: Place[] = []
  const seen = new Set<EdgeIdx>()
  const before: Surroundings[] = []
  const isNew = (edge: EdgeIdx): boolean => !seen.has(edge) && before.every(around => !around.lead(edge))
  while (!placed || seen.size < MOST_PLACES) {
    const nearest = placeNear(search, point, maxMetres, isNew, costs)
    if (!nearest) return found
    seen.add(nearest.edge)
    const place = placed ? placed(nearest) : nearest
    if (!place) continue
    found.push(place)
    const around = new Surroundings(search.graph, costs, place, reverse)
    if (around.areMany && offMs(costs, place) <= DETOUR * offMs(costs, nearest)) return found
    before.push(around)
  }
  return found
}

/** A street that one may walk on, but not this traveller on foot or in a wheelchair. */
function isClosed(graph: StreetGraph, traveller: Profile, edge: EdgeIdx): boolean {
  const { mode } = traveller
  const traits = traitsOf(graph, edge)
  if ((mode !== Mode.foot && mode !== Mode.wheelchair) || !mayUse(traits, Mode.foot)) return false
  return judgeWay(traveller, traits, formOf(graph, edge)).some(([, passable]) => passable === 'no')
}

/** Metres. Where no street to ride on is as near, one begins and ends on one where a bicycle is pushed: amid a zone of pedestrians, but not on a pavement. */
const RIDDEN = 50

/**
 * The nearest place that the present traveller may use, in 1e-7 degrees; in no elevator: where one comes from is no matter of what works. For a car none from within a zone without cars; for who refuses
 * what nobody knows none beyond a nearer street that is closed to him.
 */
export function placeNear(
  search: StreetSearch,
  point: StreetPoint,
  maxMetres: number,
  accepts: (edge: EdgeIdx) => boolean = () => true,
  costs: Costs = search.costs,
): Place | undefined {
  const { graph } = search
  const { mode, limits } = costs.profile
  if (mode === Mode.car && isCarFree(graph, point.lat, point.lon)) return undefined
  const isUsable = (edge: EdgeIdx): boolean =>
    usableSort(costs, graph.edgeSort[edge]) && kindOf(traitsOf(graph, edge)) !== Kind.elevator && accepts(edge)
  const isRidden = (edge: EdgeIdx): boolean => mayUse(traitsOf(graph, edge), mode) && isUsable(edge)
  const place =
    mode === Mode.bike
      ? (snap(graph, point.lat, point.lon, Math.min(RIDDEN, maxMetres), isRidden) ??
        snap(graph, point.lat, point.lon, maxMetres, isUsable))
      : snap(graph, point.lat, point.lon, maxMetres, isRidden)
  return place && limits.unknown === 'refuse' && nearerClosed(search, point, place, costs) ? undefined : place
}

/** Nearer to the point than its place: a street that one may walk on, but not the present traveller on foot or in a wheelchair. */
function nearerClosed(
  { graph, costs: present }: StreetSearch,
  point: StreetPoint,
  place: Pick<Place, 'offsetMm'>,
  costs: Costs = present,
): Place | undefined {
  const { mode } = costs.profile
  if (mode !== Mode.foot && mode !== Mode.wheelchair) return undefined
  const closed = (edge: EdgeIdx): boolean =>
    mayUse(traitsOf(graph, edge), Mode.foot) && !usableSort(costs, graph.edgeSort[edge])
  const near = snap(graph, point.lat, point.lon, place.offsetMm / 1000, closed)
  return near && near.offsetMm < place.offsetMm ? near : undefined
}

/** A street nearer to the end than its place that one may walk on, but not this traveller: what closes it to him. */
export function obstaclesBefore(
  search: StreetSearch,
  end: StreetEnd,
  place: Pick<Place, 'edge' | 'offsetMm'>,
): Obstacle[] {
  const { graph, costs } = search
  const nearer = 'stop' in end ? linkBefore(search.links, end.stop, place) : nearerClosed(search, end, place)
  if (!nearer) return []
  const at = { osmWay: graph.edgeWay[nearer.edge]!, lat: nearer.lat / E7, lon: nearer.lon / E7 }
  const refused = costs.profile.limits.unknown === 'refuse'
  const judged = judgeWay(costs.profile, traitsOf(graph, nearer.edge), formOf(graph, nearer.edge))
  return judged.flatMap(([limit, passable]) =>
    passable === 'no' || refused ? [{ limit, passable: 'unknown', ...at }] : [],
  )
}

/** The first link of a stop that is reached by its second one. */
function linkBefore(links: StopLinks, stop: StopIdx, place: Pick<Place, 'edge'>): Place | undefined {
  const first = placeOfLink(links, links.linksBegin[stop]!)
  return first.edge === place.edge ? undefined : first
}
