// Where a way begins and ends: the streets next to a point or a stop, and whether one gets from there to it.
//
//        ● goal                      who cannot climb the stairs leaves the street at ×, the nearest that he may use; whether the rest can
//   ═════╪ stairs                    be passed nobody knows, and the stairs are told
//        ×──────── street

import { E7 } from '../core/geo.ts'
import type { EdgeIdx, StopIdx } from '../core/ids.ts'
import { Surroundings } from './around.ts'
import { isCarFree } from './car-free.ts'
import { type Costs, judgeWay, usableSort } from './costs.ts'
import { formOf, Kind, kindOf, Mode, mayUse, type StreetGraph, traitsOf } from './graph.ts'
import { placeOfLink, type StopLinks } from './links.ts'
import type { StreetEnd } from './path.ts'
import type { Profile } from './profile.ts'
import { costsFor, type StreetPoint, type StreetSearch } from './search.ts'
import { type Place, snap } from './snap.ts'
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
): readonly Place[] => linksFor(search, traveller, stop, reverse).map(link => placeOfLink(search.links, link))

const noLinks: readonly number[] = []

/**
 * The links by which this traveller leaves a stop (reverse: comes to it): the second one only who is on foot or on wheels and may not use the first,
 * or comes nowhere by it, if he does not refuse what nobody knows: the way between the two.
 */
export function linksFor(search: StreetSearch, traveller: Profile, stop: StopIdx, reverse: boolean): readonly number[] {
  const { linksBegin } = search.links
  const [first, end] = [linksBegin[stop]!, linksBegin[stop + 1]!]
  // none, or of a stop that only realtime knows
  if (!(first < end)) return noLinks
  if (end - first === 1 || traveller.limits.unknown === 'refuse') return [first]
  const costs = costsFor(search, traveller)
  return costs.linked.getOrInsertComputed((stop << 1) | (reverse ? 1 : 0), () =>
    bothLinks(search, costs, first, reverse),
  )
}

function bothLinks({ graph, links }: StreetSearch, costs: Costs, first: number, reverse: boolean): readonly number[] {
  const { mode } = costs.profile
  if (mode !== Mode.foot && mode !== Mode.wheelchair) return [first]
  const second = first + 1
  const [near, next] = [first, second].map(link => placeOfLink(links, link)) as [Place, Place]
  if (isClosed(graph, costs.profile, near.edge)) return [second]
  const around = new Surroundings(graph, costs, near, reverse)
  return around.areMany || around.lead(next.edge) ? [first] : [first, second]
}

/**
 * Places where the present traveller may begin (reverse: end), the nearest first: beyond one that leads anywhere there are none, and none to which
 * one before leads. So who may use more streets finds a way wherever others do: from the same place, or from one that leads to it.
 */
function placesNear(search: StreetSearch, point: StreetPoint, maxMetres: number, reverse: boolean): readonly Place[] {
  const { graph, costs } = search
  const found: Place[] = []
  const before: Surroundings[] = []
  const isNew = (edge: EdgeIdx): boolean =>
    found.every(place => place.edge !== edge) && before.every(around => !around.lead(edge))
  for (;;) {
    const place = placeNear(search, point, maxMetres, isNew)
    if (!place) return found
    found.push(place)
    const around = new Surroundings(graph, costs, place, reverse)
    if (around.areMany) return found
    before.push(around)
  }
}

/** A street that one may walk on, but not this traveller on foot or in a wheelchair. */
function isClosed(graph: StreetGraph, traveller: Profile, edge: EdgeIdx): boolean {
  const { mode } = traveller
  const traits = traitsOf(graph, edge)
  if ((mode !== Mode.foot && mode !== Mode.wheelchair) || !mayUse(traits, Mode.foot)) return false
  return judgeWay(traveller, traits, formOf(graph, edge)).some(([, passable]) => passable === 'no')
}

/**
 * The nearest place that the present traveller may use, in 1e-7 degrees; in no elevator: where one comes from is no matter of what works. For a car none from within a zone without cars; for who refuses
 * what nobody knows none beyond a nearer street that is closed to him.
 */
export function placeNear(
  search: StreetSearch,
  point: StreetPoint,
  maxMetres: number,
  accepts: (edge: EdgeIdx) => boolean = () => true,
): Place | undefined {
  const { graph, costs } = search
  const { mode, limits } = costs.profile
  if (mode === Mode.car && isCarFree(graph, point.lat, point.lon)) return undefined
  const isUsable = (edge: EdgeIdx): boolean =>
    usableSort(costs, graph.edgeSort[edge]) && kindOf(traitsOf(graph, edge)) !== Kind.elevator && accepts(edge)
  const place = snap(graph, point.lat, point.lon, maxMetres, isUsable)
  return place && limits.unknown === 'refuse' && nearerClosed(search, point, place) ? undefined : place
}

/** Nearer to the point than its place: a street that one may walk on, but not the present traveller on foot or in a wheelchair. */
export function nearerClosed(
  { graph, costs }: StreetSearch,
  point: StreetPoint,
  place: Pick<Place, 'offsetMm'>,
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
