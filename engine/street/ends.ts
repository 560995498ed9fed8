// Where a way begins and ends: the streets next to a point or a stop, and whether one gets from there to it.
//
//        ● goal                      who cannot climb the stairs leaves the street at ×, the nearest that he may use; whether the rest can
//   ═════╪ stairs                    be passed nobody knows, and the stairs are told
//        ×──────── street

import { E7 } from '../core/geo.ts'
import type { StopIdx } from '../core/ids.ts'
import { judgeWay, usableSort } from './costs.ts'
import { formOf, traitsOf } from './graph.ts'
import { type StopLinks, stopPlaces } from './links.ts'
import type { StreetEnd } from './path.ts'
import type { Profile } from './profile.ts'
import { nearerClosed, placeNear, type StreetSearch, usesSecondLinks } from './search.ts'
import type { Place } from './snap.ts'
import type { Obstacle } from './verdict.ts'

/** Where the present traveller may begin or end; a stop is where its links say, whatever `maxMetres`. */
export function placesAt(search: StreetSearch, end: StreetEnd, maxMetres: number): readonly Place[] {
  if ('stop' in end) return placesOfStop(search.links, search.costs.profile, end.stop)
  const place = placeNear(search, end, maxMetres)
  return place ? [place] : []
}

/** At which of its places this traveller comes to a stop and leaves it. */
export function placesOfStop(links: StopLinks, profile: Profile, stop: StopIdx): readonly Place[] {
  const places = stopPlaces(links, stop)
  return usesSecondLinks(profile) ? places : places.slice(0, 1)
}

/** A street nearer to the end than its place that one may walk on, but not this traveller: what closes it to him. */
export function obstaclesBefore(
  search: StreetSearch,
  end: StreetEnd,
  place: Pick<Place, 'edge' | 'offsetMm'>,
): Obstacle[] {
  const { graph, costs } = search
  const nearer = 'stop' in end ? closedLink(search, end.stop, place) : nearerClosed(search, end, place)
  if (!nearer) return []
  const at = { osmWay: graph.edgeWay[nearer.edge]!, lat: nearer.lat / E7, lon: nearer.lon / E7 }
  const refused = costs.profile.limits.unknown === 'refuse'
  const judged = judgeWay(costs.profile, traitsOf(graph, nearer.edge), formOf(graph, nearer.edge))
  return judged.flatMap(([limit, passable]) =>
    passable === 'no' || refused ? [{ limit, passable: 'unknown', ...at }] : [],
  )
}

/** The first link of a stop that is reached by its second one, because the first is closed. */
function closedLink(
  { links, graph, costs }: StreetSearch,
  stop: StopIdx,
  place: Pick<Place, 'edge'>,
): Place | undefined {
  const [first] = stopPlaces(links, stop)
  return first && first.edge !== place.edge && !usableSort(costs, graph.edgeSort[first.edge]) ? first : undefined
}
