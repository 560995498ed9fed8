// Where each stop touches the streets, for those who arrive on foot or in a wheelchair (nobody rides up to the edge of a platform). Made once
// per network, saved beside the graph:
//
//        stop ● ┄┄ offset ┄┄ ┬ place on the edge            per stop: edge, how far along, how far off
//                            │                              per node: the stops on its edges, so that a search that has
//   node a ────── along ─────┴──────────────── node b       reached the node knows whom it can reach next
//
// A platform of the same track number, or any platform about as near as the next street, is preferred to that street; an entrance is never on one.

import { createTable, openTable, type Table, type TableFormat } from '../core/columns.ts'
import { type EdgeIdx, NONE, type StopIdx } from '../core/ids.ts'
import { textOf } from '../core/strings.ts'
import { buildInsides, ENTRANCE } from '../station/insides.ts'
import type { Timetable } from '../timetable/timetable.ts'
import { Kind, kindOf, Mode, mayUse, type StreetGraph, traitsOf } from './graph.ts'
import { type Place, snap } from './snap.ts'

export interface LinkCounts extends Readonly<Record<string, number>> {
  readonly stops: number
  readonly nodes: number
  readonly entries: number
}

const specOf = (c: LinkCounts) =>
  ({
    // stop → its place; edge NONE when no street is near
    linkEdge: [Uint32Array, c.stops],
    linkAlongMm: [Uint32Array, c.stops],
    linkOffsetMm: [Uint32Array, c.stops],
    linkLat: [Int32Array, c.stops], // 1e-7 degrees
    linkLon: [Int32Array, c.stops],
    // where the stop itself is
    stopLat: [Int32Array, c.stops],
    stopLon: [Int32Array, c.stops],
    // node → range of entries: stops on its edges that one comes to from the street (platforms, entrances of stations with pathways); the arc that leads there and how far on it
    entriesBegin: [Uint32Array, c.nodes + 1],
    entryStop: [Uint32Array, c.entries],
    entryArc: [Uint32Array, c.entries],
    entryMm: [Uint32Array, c.entries],
  }) as const

const linkFormat: TableFormat<LinkCounts, ReturnType<typeof specOf>> = {
  name: 'links',
  version: 2,
  countNames: ['stops', 'nodes', 'entries'],
  specOf,
}

export type StopLinks = Table<LinkCounts, ReturnType<typeof specOf>>

export const openStopLinks = (buffer: SharedArrayBuffer): StopLinks => openTable(linkFormat, buffer)

/** Farthest from a stop to the street that serves it. */
const MAX_STOP_METRES = 250
const SAME_TRACK_METRES = 40
const PLATFORM_DETOUR_METRES = 10

export function buildStopLinks(graph: StreetGraph, tt: Timetable): StopLinks {
  const places: (Place | undefined)[] = []
  for (let s = 0; s < tt.counts.stops; s++)
    places.push(tt.stopHasPosition[s] === 1 ? placeOfStop(graph, tt, s as StopIdx) : undefined)
  const { onStreet } = buildInsides(tt)
  const meetsStreet = (s: number): boolean => places[s] !== undefined && onStreet[s] === 1

  const begin = new Uint32Array(graph.counts.nodes + 1)
  let entries = 0
  for (let s = 0; s < places.length; s++) {
    if (!meetsStreet(s)) continue
    begin[graph.edgeFrom[places[s]!.edge] + 1]!++
    begin[graph.edgeTo[places[s]!.edge] + 1]!++
    entries += 2
  }
  for (let n = 0; n < graph.counts.nodes; n++) begin[n + 1]! += begin[n]!

  const links = createTable(linkFormat, { stops: places.length, nodes: graph.counts.nodes, entries })
  links.entriesBegin.set(begin)
  links.stopLat.set(tt.stopLat)
  links.stopLon.set(tt.stopLon)
  for (const [s, place] of places.entries()) {
    links.linkEdge[s] = place?.edge ?? NONE
    if (!place) continue
    links.linkAlongMm[s] = place.alongMm
    links.linkOffsetMm[s] = place.offsetMm
    links.linkLat[s] = place.lat
    links.linkLon[s] = place.lon
    if (!meetsStreet(s)) continue
    const length = graph.edgeMillimetres[place.edge]
    for (const backward of [0, 1]) {
      const at = begin[backward ? graph.edgeTo[place.edge] : graph.edgeFrom[place.edge]]!++
      links.entryStop[at] = s
      links.entryArc[at] = (place.edge << 1) | backward
      links.entryMm[at] = backward ? length - place.alongMm : place.alongMm
    }
  }
  return links
}

/** Where the stop touches the streets, undefined if it does not. Stops that only realtime knows are in no table of links (timetable/room.ts). */
export const stopPlace = (links: StopLinks, stop: StopIdx): Place | undefined =>
  (links.linkEdge[stop] ?? NONE) === NONE
    ? undefined
    : {
        edge: links.linkEdge[stop] as EdgeIdx,
        alongMm: links.linkAlongMm[stop]!,
        offsetMm: links.linkOffsetMm[stop]!,
        lat: links.linkLat[stop]!,
        lon: links.linkLon[stop]!,
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
