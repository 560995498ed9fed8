// Where each stop touches the streets, for those who arrive on foot or in a wheelchair (nobody rides up to the edge of a platform). Made once
// per network, saved beside the graph:
//
//        stop ● ┄┄ offset ┄┄ ┬ place on the edge            per link: edge, how far along, how far off
//                            │                              per node: the links on its edges, so that a search that has
//   node a ────── along ─────┴──────────────── node b       reached the node knows whom it can reach next
//
// A stop beside stairs has a second link, to the nearest street that wheels can use. A platform of the same track number, or any platform about
// as near as the next street, is preferred to that street; an entrance is never on one.

import { createTable, openTable, type Table, type TableFormat } from '../core/columns.ts'
import type { EdgeIdx, StopIdx } from '../core/ids.ts'
import { textOf } from '../core/strings.ts'
import { buildInsides, ENTRANCE } from '../station/insides.ts'
import type { Timetable } from '../timetable/timetable.ts'
import { costsOf, usableSort } from './costs.ts'
import { Kind, kindOf, Mode, mayUse, type StreetGraph, traitsOf } from './graph.ts'
import { Profile } from './profile.ts'
import { besideNodes, type Place, snap } from './snap.ts'

export interface LinkCounts extends Readonly<Record<string, number>> {
  readonly stops: number
  readonly links: number
  readonly nodes: number
  readonly entries: number
}

const specOf = (c: LinkCounts) =>
  ({
    // stop → range of its links: none when no street is near, a second one where wheels cannot use the first
    linksBegin: [Uint32Array, c.stops + 1],
    // link → its stop and its place
    linkStop: [Uint32Array, c.links],
    linkEdge: [Uint32Array, c.links],
    linkAlongMm: [Uint32Array, c.links],
    linkOffsetMm: [Uint32Array, c.links],
    linkLat: [Int32Array, c.links], // 1e-7 degrees
    linkLon: [Int32Array, c.links],
    // where the stop itself is
    stopLat: [Int32Array, c.stops],
    stopLon: [Int32Array, c.stops],
    // node → range of entries: links on its edges of stops that one comes to from the street (platforms, entrances of stations with pathways);
    // the arc that leads there and how far on it
    entriesBegin: [Uint32Array, c.nodes + 1],
    entryLink: [Uint32Array, c.entries],
    entryArc: [Uint32Array, c.entries],
    entryMm: [Uint32Array, c.entries],
  }) as const

const linkFormat: TableFormat<LinkCounts, ReturnType<typeof specOf>> = {
  name: 'links',
  version: 3,
  countNames: ['stops', 'links', 'nodes', 'entries'],
  specOf,
}

export type StopLinks = Table<LinkCounts, ReturnType<typeof specOf>>

export const openStopLinks = (buffer: SharedArrayBuffer): StopLinks => openTable(linkFormat, buffer)

/** Farthest from a stop to the street that serves it. */
const MAX_STOP_METRES = 250
const SAME_TRACK_METRES = 40
const PLATFORM_DETOUR_METRES = 10
/** Farthest from a stop to the street by which wheels come to it, when nearer ones are not for them: beyond, a track may lie between. */
const MAX_WHEELS_METRES = 15

/** Where every stop with a position touches the streets; none where no street is within MAX_STOP_METRES. */
export function buildStopLinks(graph: StreetGraph, tt: Timetable): StopLinks {
  const placesOf = placer(graph, tt)
  const found: [stop: number, place: Place][] = []
  for (let s = 0; s < tt.counts.stops; s++)
    if (tt.stopHasPosition[s] === 1) for (const place of placesOf(s as StopIdx)) found.push([s, place])
  const { onStreet } = buildInsides(tt)
  const meeting = found.filter(([stop]) => onStreet[stop] === 1)

  const begin = new Uint32Array(graph.counts.nodes + 1)
  for (const [, { edge }] of meeting) {
    begin[graph.edgeFrom[edge] + 1]!++
    begin[graph.edgeTo[edge] + 1]!++
  }
  for (let n = 0; n < graph.counts.nodes; n++) begin[n + 1]! += begin[n]!

  const links = createTable(linkFormat, {
    stops: tt.counts.stops,
    links: found.length,
    nodes: graph.counts.nodes,
    entries: 2 * meeting.length,
  })
  links.entriesBegin.set(begin)
  links.stopLat.set(tt.stopLat)
  links.stopLon.set(tt.stopLon)
  for (const [link, [stop, { edge, alongMm, offsetMm, lat, lon }]] of found.entries()) {
    links.linksBegin[stop + 1]!++
    links.linkStop[link] = stop
    links.linkEdge[link] = edge
    links.linkAlongMm[link] = alongMm
    links.linkOffsetMm[link] = offsetMm
    links.linkLat[link] = lat
    links.linkLon[link] = lon
    if (onStreet[stop] !== 1) continue
    const length = graph.edgeMillimetres[edge]
    for (const backward of [0, 1]) {
      const at = begin[backward ? graph.edgeTo[edge] : graph.edgeFrom[edge]]!++
      links.entryLink[at] = link
      links.entryArc[at] = (edge << 1) | backward
      links.entryMm[at] = backward ? length - alongMm : alongMm
    }
  }
  for (let s = 0; s < tt.counts.stops; s++) links.linksBegin[s + 1]! += links.linksBegin[s]!
  return links
}

/** Where a link touches the streets. */
export const placeOfLink = (links: StopLinks, link: number): Place => ({
  edge: links.linkEdge[link] as EdgeIdx,
  alongMm: links.linkAlongMm[link]!,
  offsetMm: links.linkOffsetMm[link]!,
  lat: links.linkLat[link]!,
  lon: links.linkLon[link]!,
})

/** Is there a street near this stop? */
export const isLinked = ({ linksBegin }: StopLinks, stop: number): boolean => linksBegin[stop]! < linksBegin[stop + 1]!

/**
 * Where the stop touches the streets: nowhere, at one place, or beside that at another one for wheels. Stops that only realtime knows are in no
 * table of links (timetable/room.ts).
 */
export function stopPlaces(links: StopLinks, stop: StopIdx): readonly Place[] {
  const places: Place[] = []
  for (let i = links.linksBegin[stop]!; i < links.linksBegin[stop + 1]!; i++) places.push(placeOfLink(links, i))
  return places
}

function placer(g: StreetGraph, tt: Timetable): (stop: StopIdx) => readonly Place[] {
  const wheels = costsOf(g, Profile.wheelchair)
  const forWheels = (edge: EdgeIdx): boolean =>
    usableSort(wheels, g.edgeSort[edge]) && mayUse(traitsOf(g, edge), Mode.foot)
  return stop => {
    const first = placeOfStop(g, tt, stop)
    if (!first) return []
    // a platform that is not for wheels is no better from the street beside it
    if (forWheels(first.edge) || kindOf(traitsOf(g, first.edge)) === Kind.platform) return [first]
    const second = snap(g, tt.stopLat[stop]!, tt.stopLon[stop]!, MAX_WHEELS_METRES, forWheels)
    return second ? [first, besideNodes(g, second)] : [first]
  }
}

function placeOfStop(g: StreetGraph, tt: Timetable, stop: StopIdx): Place | undefined {
  const [lat, lon] = [tt.stopLat[stop]!, tt.stopLon[stop]!]
  const walkable = (edge: EdgeIdx): boolean => mayUse(traitsOf(g, edge), Mode.foot)
  const isPlatform = (edge: EdgeIdx): boolean => kindOf(traitsOf(g, edge)) === Kind.platform && walkable(edge)
  const nearest = snap(g, lat, lon, MAX_STOP_METRES, walkable)
  if (tt.stopLocationType[stop] === ENTRANCE)
    return snap(g, lat, lon, MAX_STOP_METRES, edge => walkable(edge) && !isPlatform(edge)) ?? nearest
  if (!nearest || isPlatform(nearest.edge)) return nearest
  const track = textOf(tt, tt.stopPlatform[stop]!)
  const namesTrack = (edge: EdgeIdx): boolean =>
    textOf(g, g.edgeName[edge])
      .split(/[;,/]/)
      .some(t => t.trim() === track)
  const sameTrack = track && snap(g, lat, lon, SAME_TRACK_METRES, edge => isPlatform(edge) && namesTrack(edge))
  return sameTrack || (snap(g, lat, lon, nearest.offsetMm / 1000 + PLATFORM_DETOUR_METRES, isPlatform) ?? nearest)
}
