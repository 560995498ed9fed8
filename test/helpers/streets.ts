// Streets drawn in the test, in metres and in OSM's own tags:
//
//   at a 0,0   at b 100,0   at c 100,50              metres east and north of the origin
//   a-b-c      highway=footway name=Main_Street      a way; `_` in a name is a space
//   node b     barrier=gate access=private           tags of a node
//   stop P 50,3 2                                    a stop, with its track number if it has one
//   turn 1 b 2 restriction=no_left_turn              from the first way drawn over b into the second
//   turn 1 3+4 2 restriction=no_u_turn               the same over the ways 3 and 4
//   spot 50,3 amenity=bench                          something beside the streets
//   door b entrance=main                             the same at a node
//
// 1 m/s makes seconds of metres.

import { type Box, METRES_PER_DEGREE } from '#engine/core/geo.ts'
import type { EdgeIdx, StopIdx } from '#engine/core/ids.ts'
import { StringPool, textOf } from '#engine/core/strings.ts'
import { StreetBuilder } from '#engine/street/builder.ts'
import { type KindName, kindNames, kindOf, type StreetGraph, traitsOf } from '#engine/street/graph.ts'
import type { IslandReport } from '#engine/street/islands.ts'
import { buildStopLinks, type StopLinks } from '#engine/street/links.ts'
import { createStreetSearch, type StreetSearch } from '#engine/street/search.ts'
import { edgePoints } from '#engine/street/stretch.ts'
import { createTimetable, type Timetable, timetableFormat } from '#engine/timetable/timetable.ts'
import { readNode } from '#feeds/osm/node-tags.ts'
import { readSpot } from '#feeds/osm/spot-tags.ts'
import { readRestriction, readStreet } from '#feeds/osm/tags.ts'
import type { Random } from './random.ts'

export interface Point {
  readonly lat: number
  readonly lon: number
}

export interface StreetLine {
  readonly kind: KindName
  readonly name: string
  /** lat, lon, … in 1e-7 degrees */
  readonly points: readonly number[]
}

/** Lines of the edges that touch the box. */
export const streetLines = (g: StreetGraph, { south, west, north, east }: Box): StreetLine[] =>
  (g.index.search(west, south, east, north) as EdgeIdx[]).map(edge => ({
    kind: kindNames[kindOf(traitsOf(g, edge))]!,
    name: textOf(g, g.edgeName[edge]),
    points: edgePoints(g, edge),
  }))

export interface DrawnStreets {
  readonly graph: StreetGraph
  readonly islands: IslandReport
  readonly brokenRestrictions: number
  readonly links: StopLinks
  readonly tt: Timetable
  readonly search: StreetSearch
  stop(name: string): StopIdx
  stopName(stop: number): string
  /** A named node, or a place in metres. */
  at(place: string | readonly [east: number, north: number]): Point
}

const ORIGIN = { lat: 51.5, lon: 7.46 }
const SHRINK = Math.cos((ORIGIN.lat * Math.PI) / 180)

export const metresToPoint = (east: number, north: number): Point => ({
  lat: Math.round((ORIGIN.lat + north / METRES_PER_DEGREE) * 1e7),
  lon: Math.round((ORIGIN.lon + east / METRES_PER_DEGREE / SHRINK) * 1e7),
})

export function streets(drawing: string, minIslandMetres = 0): DrawnStreets {
  const words = drawing
    .split('\n')
    .flatMap(line => line.split(/(?=\bat )/))
    .map(line => line.trim().split(/\s+/))
    .filter(line => line[0] !== '')
  const tagsOf = (pairs: string[]): Map<string, string> =>
    new Map(
      pairs
        .map(pair => pair.split('=') as [string, string])
        .map(([k, v]) => [k, k === 'name' ? v.replaceAll('_', ' ') : v]),
    )
  const metres = (text: string): [number, number] => text.split(',').map(Number) as [number, number]
  const said = (word: string): string[][] => words.filter(w => w[0] === word).map(w => w.slice(1))

  const builder = new StreetBuilder()
  const traits = new Map(said('node').map(([name, ...tags]) => [name!, readNode(tagsOf(tags))]))
  const places = new Map(said('at').map(([name, where]) => [name!, metresToPoint(...metres(where!))]))
  const nodes = new Map([...places].map(([name, p]) => [name, builder.addNode(p.lat, p.lon, traits.get(name) ?? 0)]))
  let id = 1
  for (const [line, ...tags] of words) {
    if (!line!.includes('-')) continue
    const street = readStreet(tagsOf(tags))
    const names = line!.split('-')
    if (street)
      builder.addWay(
        { id: id++, ...street },
        names.map(name => nodes.get(name)!),
      )
  }
  for (const [from, via, to, ...tags] of said('turn')) {
    const restriction = readRestriction(tagsOf(tags))
    if (restriction)
      builder.addRestriction({
        ...restriction,
        fromWay: Number(from),
        toWay: Number(to),
        via: nodes.has(via!) ? { node: nodes.get(via!)! } : { ways: via!.split('+').map(Number) },
      })
  }
  for (const [where, ...tags] of said('spot')) {
    const spot = readSpot(tagsOf(tags))
    if (spot) builder.addSpot({ ...spot, ...metresToPoint(...metres(where!)) })
  }
  for (const [node, ...tags] of said('door')) {
    const spot = readSpot(tagsOf(tags))
    if (spot) builder.addSpot({ ...spot, ...places.get(node!)! }, nodes.get(node!)!)
  }
  const stops = said('stop').map(([name, where, platform]) => ({
    name: name!,
    at: metresToPoint(...metres(where!)),
    platform,
  }))
  const built = builder.finish(minIslandMetres)!
  const tt = stopsOnly(stops.map(s => ({ ...s.at, platform: s.platform ?? '' })))
  const links = buildStopLinks(built.graph, tt)
  return {
    ...built,
    links,
    tt,
    search: createStreetSearch(built.graph, links),
    stop: name => stops.findIndex(s => s.name === name) as StopIdx,
    stopName: stop => stops[stop]!.name,
    at: place => (typeof place === 'string' ? places.get(place)! : metresToPoint(...place)),
  }
}

/** A timetable that holds platforms and nothing else. */
export function stopsOnly(stops: readonly (Point & { platform?: string })[]): Timetable {
  const texts = new StringPool()
  const platforms = stops.map(s => texts.intern(s.platform ?? ''))
  const none = Object.fromEntries(timetableFormat.countNames.map(name => [name, 0])) as Record<string, number>
  const tt = createTimetable({
    ...none,
    stops: stops.length,
    translations: 0,
    strings: texts.begin.length - 1,
    stringBytes: texts.bytes.length,
  } as unknown as Timetable['counts'])
  tt.stringBegin.set(texts.begin.view())
  tt.stringBytes.set(texts.bytes.view())
  tt.stopPlatform.set(platforms)
  tt.stopHasPosition.fill(1)
  for (const [i, s] of stops.entries()) {
    tt.stopLat[i] = s.lat
    tt.stopLon[i] = s.lon
  }
  return tt as unknown as Timetable
}

/** A crooked grid with gaps, one-ways, stairs, gates, elevators, a cul-de-sac loop and stops beside the streets. */
export function drawStreets(r: Random): string {
  const [columns, rows] = [r.between(2, 6), r.between(2, 6)]
  const name = (x: number, y: number): string => `n${x}_${y}`
  const lines: string[] = []
  const kinds = [
    'highway=residential',
    'highway=footway',
    'highway=steps',
    'highway=residential oneway=yes',
    'highway=path surface=gravel',
    'highway=residential motor_vehicle=destination',
  ]
  const way = (): string => (r.chance(0.1) ? `${r.pick(kinds)} oneway:foot=yes` : r.pick(kinds))
  for (let x = 0; x < columns; x++) {
    for (let y = 0; y < rows; y++) {
      lines.push(`at ${name(x, y)} ${x * 90 + r.between(-30, 30)},${y * 70 + r.between(-25, 25)}`)
      if (x > 0 && r.chance(0.85)) lines.push(`${name(x - 1, y)}-${name(x, y)} ${way()}`)
      if (y > 0 && r.chance(0.85)) lines.push(`${name(x, y - 1)}-${name(x, y)} ${way()}`)
      if (r.chance(0.08)) lines.push(`node ${name(x, y)} barrier=gate access=private`)
      if (r.chance(0.08)) lines.push(`node ${name(x, y)} highway=elevator`)
    }
  }
  const ways = lines.filter(line => line.includes('-') && !line.startsWith('at')).length
  for (let n = ways; n > 0; n -= 2) {
    const [from, to] = [r.between(1, ways), r.between(1, ways)]
    const drawn = lines.filter(line => /^n\d_\d-n/.test(line))
    const ends = (way: number): string[] => drawn[way - 1]!.split(' ')[0]!.split('-')
    const via = ends(from).find(node => ends(to).includes(node))
    if (via) lines.push(`turn ${from} ${via} ${to} restriction=${r.pick(['no_left_turn', 'only_right_turn'])}`)
  }
  lines.push(`at l1 ${-60},${-40}`, `at l2 ${-80},${20}`, `n0_0-l1-l2-n0_0 highway=residential`)
  for (let s = r.between(1, 8); s > 0; s--)
    lines.push(`stop S${s} ${r.between(-60, columns * 90)},${r.between(-40, rows * 70)}`)
  for (let n = ways; n > 0; n -= 2) {
    const drawn = lines.filter(line => /^n\d_\d-n/.test(line)).map(line => line.split(' ')[0]!.split('-'))
    const over = r.between(1, ways)
    const at = (end: number): number[] =>
      [...drawn.keys()].filter(way => way !== over - 1 && drawn[way]!.includes(drawn[over - 1]![end]!))
    const [from, to] = [at(0), at(1)]
    if (from.length > 0 && to.length > 0)
      lines.push(
        `turn ${r.pick(from) + 1} ${over} ${r.pick(to) + 1} restriction=${r.pick(['no_u_turn', 'only_right_turn'])}`,
      )
  }
  return lines.join('\n')
}
