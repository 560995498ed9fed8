// From a timetable, its streets and the map's named things to the entries of the gazetteer.

import { metresBetween } from '../core/geo.ts'
import type { EdgeIdx, StopIdx } from '../core/ids.ts'
import { textOf } from '../core/strings.ts'
import { Kind, kindNames, kindOf, type StreetGraph, traitsOf } from '../street/graph.ts'
import { edgePoints } from '../street/stretch.ts'
import type { Timetable } from '../timetable/timetable.ts'
import { translationsOf } from '../timetable/translations.ts'
import { buildPlaces, clusters, type NewAddress, type NewEntry } from './builder.ts'
import { foldWords } from './fold.ts'
import { NearestName } from './nearest.ts'
import { EntryType, type Places } from './places.ts'
import type { Address, NamedPlace } from './rows.ts'

export interface Gathered {
  readonly timetable: Timetable
  /** Stop → departures a day, a station's with those of its platforms. */
  readonly departures: ArrayLike<number>
  readonly streets?: StreetGraph | undefined
  readonly places?: readonly NamedPlace[]
  readonly addresses?: readonly Address[]
}

/** Stops of one name closer than this are one entry: the two sides of a street. */
const SAME_STOP_METRES = 400
/** Pieces of a street closer than this are one street. */
const SAME_STREET_METRES = 600
const ADDRESS_METRES = 2500
const SETTLEMENTS = new Map([
  ['city', 15_000],
  ['town', 6000],
])
const AREAS = new Map([
  ['suburb', 2500],
  ['village', 2500],
  ['quarter', 1500],
  ['hamlet', 1200],
  ['neighbourhood', 1000],
])
const STREET_WORTH: Readonly<Record<string, number>> = {
  primary: 0.4,
  secondary: 0.38,
  tertiary: 0.35,
  pedestrian: 0.35,
  residential: 0.3,
  unclassified: 0.3,
  living_street: 0.3,
}
const NO_STREETS = new Set([Kind.platform, Kind.corridor, Kind.elevator, Kind.escalator, Kind.ferry, Kind.motorway])

/** The gazetteer of a network: its stops, and of its map the streets, addresses and named places, each with the city and area around it. */
export function gatherPlaces(g: Gathered): Places {
  const { places = [], addresses = [] } = g
  const cities = new NearestName(places.filter(p => SETTLEMENTS.has(p.category)).map(p => named(p, SETTLEMENTS)))
  const areas = new NearestName(places.filter(p => AREAS.has(p.category)).map(p => named(p, AREAS)))
  // where the map has no node for the city, its houses know it
  const posted = new NearestName(
    addresses.filter(a => a.city !== '').map(a => ({ name: a.city, lat: a.lat, lon: a.lon, metres: ADDRESS_METRES })),
  )
  const where = ({ lat, lon }: { lat: number; lon: number }) => ({
    area: areas.find(lat, lon),
    city: cities.find(lat, lon) || posted.find(lat, lon),
  })
  const entries: NewEntry[] = [
    ...stopEntries(g),
    ...streetEntries(g.streets, addresses),
    ...places.map(place => ({ ...place, type: EntryType.place, area: '', city: '', addresses: [] })),
  ].map(entry => ({ ...entry, ...where(entry) }))
  return buildPlaces(entries)
}

const named = ({ names, lat, lon, category }: NamedPlace, reach: ReadonlyMap<string, number>) => ({
  name: names[0]!.text,
  lat,
  lon,
  metres: reach.get(category)!,
})

function stopEntries({ timetable: tt, departures }: Gathered): NewEntry[] {
  const roots: StopIdx[] = []
  for (let s = 0 as StopIdx; s < tt.counts.stops; s++)
    if (tt.stopParent[s] >= tt.counts.stops && tt.stopLocationType[s]! <= 1 && tt.stopName[s] !== 0) roots.push(s)
  roots.sort((a, b) => departures[b]! - departures[a]! || a - b)
  const most = Math.log1p(roots.length > 0 ? departures[roots[0]!]! : 0) || 1
  const byName = new Map<number, StopIdx[]>()
  const entries: NewEntry[] = []
  for (const stop of roots) {
    const namesakes = byName.getOrInsertComputed(tt.stopName[stop]!, () => [])
    if (namesakes.some(other => near(tt, stop, other))) continue
    namesakes.push(stop)
    const name = textOf(tt, tt.stopName[stop]!)
    const code = textOf(tt, tt.stopCode[stop]!)
    entries.push({
      type: EntryType.stop,
      stop,
      category: 'stop',
      importance: Math.log1p(departures[stop]!) / most,
      lat: tt.stopLat[stop]!,
      lon: tt.stopLon[stop]!,
      area: '',
      city: '',
      names: [
        { language: '', text: name },
        ...(code !== '' && code !== name ? [{ language: '-', text: code }] : []),
        ...translationsOf(tt, {
          field: 'stops.stop_name',
          feed: tt.stopFeed[stop],
          row: stop,
          text: tt.stopName[stop]!,
        }),
      ],
      addresses: [],
    })
  }
  return entries
}

function near(tt: Timetable, a: StopIdx, b: StopIdx): boolean {
  if (!tt.stopHasPosition[a] || !tt.stopHasPosition[b]) return false
  return metresBetween(tt.stopLat[a]!, tt.stopLon[a]!, tt.stopLat[b]!, tt.stopLon[b]!) < SAME_STOP_METRES
}

interface Piece {
  readonly lat: number
  readonly lon: number
  readonly kind: number
  readonly metres: number
}

/** A street is the connected pieces of one name; addresses go to the nearest street of theirs, or make a place of their own. */
function streetEntries(graph: StreetGraph | undefined, addresses: readonly Address[]): NewEntry[] {
  const pieces = new Map<string, Piece[]>()
  for (let e = 0 as EdgeIdx; graph && e < graph.counts.edges; e++) {
    const kind = kindOf(traitsOf(graph, e))
    if (graph.edgeName[e] === 0 || NO_STREETS.has(kind)) continue
    const points = edgePoints(graph, e)
    const middle = 2 * Math.floor(points.length / 4)
    const piece = { lat: points[middle]!, lon: points[middle + 1]!, kind, metres: graph.edgeMillimetres[e] / 1000 }
    pieces.getOrInsertComputed(textOf(graph, graph.edgeName[e]), () => []).push(piece)
  }
  const entries: (NewEntry & { addresses: NewAddress[] })[] = []
  const byWords = new Map<string, typeof entries>()
  const push = (
    name: string,
    entry: Omit<(typeof entries)[number], 'names' | 'area' | 'city' | 'type' | 'addresses'>,
  ) => {
    const names = [{ language: '', text: name }]
    const whole = { ...entry, type: EntryType.street, names, area: '', city: '', addresses: [] }
    entries.push(whole)
    byWords.getOrInsertComputed(foldWords(name).join(' '), () => []).push(whole)
    return whole
  }
  for (const [name, all] of pieces)
    for (const group of clusters(all, SAME_STREET_METRES)) {
      const { lat, lon } = central(group)
      // what most of it is
      const longest = group.reduce((a, b) => (b.metres > a.metres ? b : a))
      const category = kindNames[longest.kind]!
      push(name, { category, importance: STREET_WORTH[category] ?? 0.2, lat, lon })
    }
  for (const { street, houseNumber, postcode, lat, lon } of addresses) {
    const away = (entry: NewEntry): number => metresBetween(lat, lon, entry.lat, entry.lon)
    const namesakes = byWords.get(foldWords(street).join(' ')) ?? []
    const nearest = namesakes.reduce<(typeof entries)[number] | undefined>(
      (best, entry) => (away(entry) <= ADDRESS_METRES && (!best || away(entry) < away(best)) ? entry : best),
      undefined,
    )
    const entry = nearest ?? push(street, { category: 'address', importance: 0.2, lat, lon })
    entry.addresses.push({ houseNumber, postcode, lat, lon })
  }
  return entries
}

/** The piece nearest to the middle of all. */
function central(group: readonly Piece[]): Piece {
  const lat = group.reduce((sum, p) => sum + p.lat, 0) / group.length
  const lon = group.reduce((sum, p) => sum + p.lon, 0) / group.length
  const away = (p: Piece): number => metresBetween(lat, lon, p.lat, p.lon)
  return group.reduce((a, b) => (away(b) < away(a) ? b : a))
}
