// The lines: trams and buses through towns until every stop has one, buses from village to village, regional trains along corridors, and
// trains between the large cities. Each knows its stops, its platforms and how long it takes, not yet when it runs (runs.ts).

import { type Random, random } from '../../test/helpers/random.ts'
import { distance, latticeKey, type Stop, type Town } from './land.ts'

export type LineKind = 'tram' | 'city' | 'town' | 'village' | 'regional' | 'express'

export interface Line {
  readonly kind: LineKind
  readonly name: string
  /** Number of the town whose operator runs it. */
  readonly operator: number
  readonly stops: readonly Stop[]
  /** Platform at each stop: of its bays, or for trains of its tracks; for the way there and the way back. */
  readonly platforms: readonly [readonly number[], readonly number[]]
  /** Seconds from each stop to the next, standing there included. */
  readonly seconds: readonly number[]
}

const METRES_PER_SECOND: Readonly<Record<LineKind, number>> = {
  tram: 9,
  city: 7.5,
  town: 9,
  village: 13,
  regional: 24,
  express: 42,
}
const STANDING: Readonly<Record<LineKind, number>> = {
  tram: 20,
  city: 15,
  town: 15,
  village: 15,
  regional: 60,
  express: 180,
}
const WITH_TRAMS = 250
/** Stops from which on a place has buses of its own; the others are on the lines of the village buses. */
export const TOWN = 14

export function buildLines(towns: readonly Town[], seed: number): Line[] {
  const r = random(seed)
  const lines: Line[] = []
  const add = (kind: LineKind, operator: number, stops: readonly Stop[]): void => {
    if (stops.length >= 2) lines.push(lineOf(kind, operator, stops, lines.length, r))
  }
  towns.forEach((town, operator) => {
    if (town.stops.length >= TOWN) for (const { kind, stops } of townLines(town, r)) add(kind, operator, stops)
  })
  for (const { operator, stops } of villageLines(towns)) add('village', operator, stops)
  for (const { operator, stops } of railways(towns, r)) add('regional', operator, stops)
  for (const stops of expresses(towns, r)) add('express', 0, stops)
  return lines
}

const PREFIX: Readonly<Record<LineKind, string>> = {
  tram: 'U',
  city: '',
  town: '',
  village: '',
  regional: 'RB',
  express: 'ICE ',
}

function lineOf(kind: LineKind, operator: number, stops: readonly Stop[], number: number, r: Random): Line {
  const rail = kind === 'regional' || kind === 'express'
  const platform = (stop: Stop, back: 0 | 1): number =>
    rail ? stop.bays + ((2 * number + back) % stop.tracks) : (2 * number + back) % stop.bays
  const seconds: number[] = []
  for (let i = 1; i < stops.length; i++) {
    const way = distance(stops[i - 1]!, stops[i]!) * 1.25
    // timetables are written in minutes
    seconds.push(60 * Math.max(1, Math.round((way / METRES_PER_SECOND[kind] + STANDING[kind] + r.below(20)) / 60)))
  }
  return {
    kind,
    name: `${PREFIX[kind]}${(number % 998) + 1}`,
    operator,
    stops,
    platforms: [stops.map(stop => platform(stop, 0)), stops.map(stop => platform(stop, 1))],
    seconds,
  }
}

function* townLines(town: Town, r: Random): Generator<{ kind: LineKind; stops: Stop[] }> {
  const { stops } = town
  const edge = (): Stop => stops[r.between(Math.floor(stops.length * 0.7), stops.length - 1)]!
  const kind = stops.length >= 60 ? 'city' : 'town'
  const trams = stops.length >= WITH_TRAMS ? 4 + Math.floor(stops.length / 250) : 0
  for (let i = 0; i < trams; i++) yield { kind: 'tram', stops: through(town, edge(), stops[0]!, edge(), r) }
  let next = stops.length - 1
  for (let i = 0; ; i++) {
    // from the outermost stop that nobody serves to or through the middle, or across
    while (next > 0 && stops[next]!.served) next--
    if (next === 0 && i >= stops.length / 12) return
    const from = next > 0 ? stops[next]! : edge()
    const middle = r.chance(0.6) ? stops[0]! : r.pick(stops)
    yield { kind, stops: through(town, from, middle, edge(), r) }
    from.served = true
  }
}

const LONGEST = 34

function through(town: Town, from: Stop, middle: Stop, to: Stop, r: Random): Stop[] {
  const way = [from]
  const used = new Set(way)
  for (const target of [middle, to])
    while (way.length < LONGEST) {
      const here = way.at(-1)!
      const next = here === target ? undefined : step(town, here, target, used, r)
      if (!next) break
      used.add(next)
      way.push(next)
    }
  for (const stop of way) stop.served = true
  return way
}

/** The neighbour that leads on, rather one that has no line yet. */
function step(town: Town, here: Stop, target: Stop, used: ReadonlySet<Stop>, r: Random): Stop | undefined {
  const left = (s: Stop): number => Math.hypot(s.column - target.column, s.row - target.row)
  let best: Stop | undefined
  let lowest = left(here) + 0.6
  for (let dx = -1; dx <= 1; dx++)
    for (let dy = -1; dy <= 1; dy++) {
      const stop = town.at.get(latticeKey(here.column + dx, here.row + dy))
      if (!stop || used.has(stop)) continue
      const cost = left(stop) - (stop.served ? 0 : 0.5) + r.below(40) / 100
      if (cost < lowest) {
        lowest = cost
        best = stop
      }
    }
  return best
}

/** From a town out through some villages of one direction and on to the next town; each village is on two such lines. */
function* villageLines(towns: readonly Town[]): Generator<{ operator: number; stops: Stop[] }> {
  const centres = towns.filter(town => town.stops.length >= TOWN)
  const nearest = nearestOf(centres)
  const around = new Map<Town, Town[]>()
  for (const town of towns) {
    if (town.stops.length >= TOWN) continue
    const [centre] = nearest(town, 1)
    if (centre) around.getOrInsertComputed(centre, () => []).push(town)
  }
  for (const [centre, villages] of around) {
    const angle = (v: Town): number => Math.atan2(v.y - centre.y, v.x - centre.x)
    villages.sort((a, b) => angle(a) - angle(b))
    for (const shift of [0, 3])
      for (let i = 0; i < villages.length; i += 6) {
        const group = Array.from(
          { length: Math.min(6, villages.length) },
          (_, k) => villages[(i + shift + k) % villages.length]!,
        )
        group.sort((a, b) => distance(a, centre) - distance(b, centre))
        const last = group.at(-1)!
        const on = nearest(last, 2).find(town => town !== centre && distance(town, last) < 25_000)
        const stops = [
          centre.stops[0]!,
          ...group.flatMap(village => village.stops.filter((_, k) => k === 0 || k % 2 === (shift & 1))),
          ...(on ? [on.stops[0]!] : []),
        ]
        yield { operator: towns.indexOf(centre), stops }
      }
  }
}

/** Trains from each town to a near and a farther city, calling at every station on the way. */
function* railways(towns: readonly Town[], r: Random): Generator<{ operator: number; stops: Stop[] }> {
  const stations = towns.filter(town => town.railway)
  const served = new Set<Town>()
  for (const [i, from] of stations.entries()) {
    // small stations only get a line when none passes by
    if (i > stations.length * 0.14 && served.has(from)) continue
    const larger = stations.slice(0, Math.max(2, Math.min(i, Math.ceil(stations.length * 0.05))))
    larger.sort((a, b) => distance(a, from) - distance(b, from))
    const targets = larger.filter(town => town !== from)
    for (const to of i > stations.length * 0.14
      ? [targets[0]!]
      : new Set([targets[0]!, targets[Math.min(4, targets.length - 1)]!])) {
      const way = corridor(from, to, stations, 1.04 + r.below(4) / 100).slice(0, 28)
      for (const town of way) served.add(town)
      yield { operator: towns.indexOf(to), stops: way.map(town => town.stops[0]!) }
    }
  }
}

/** Between the largest cities, calling at cities only. */
function* expresses(towns: readonly Town[], r: Random): Generator<Stop[]> {
  const cities = towns.filter(town => town.rank <= 150 && town.railway)
  for (const from of cities.slice(0, Math.ceil(cities.length / 2)))
    for (let i = 0; i < 2; i++) {
      const to = r.pick(cities)
      if (to !== from) yield corridor(from, to, cities, 1.12).map(town => town.stops[0]!)
    }
}

/** The stations near the straight line from one to the other, in order. */
function corridor(from: Town, to: Town, stations: readonly Town[], detour: number): Town[] {
  const direct = distance(from, to)
  const between = stations.filter(
    town => town !== from && town !== to && distance(from, town) + distance(town, to) < direct * detour,
  )
  between.sort((a, b) => distance(from, a) - distance(from, b))
  // nobody stops twice within four kilometres
  const way = [from]
  for (const town of between) if (distance(way.at(-1)!, town) > 4_000 && distance(town, to) > 3_000) way.push(town)
  return [...way, to]
}

/** The `n` nearest of some towns: looked for in ever wider squares of cells. */
function nearestOf(towns: readonly Town[]): (from: { x: number; y: number }, n: number) => Town[] {
  const cell = 12_000
  const cells = new Map<string, Town[]>()
  const key = (cx: number, cy: number): string => `${cx},${cy}`
  for (const town of towns)
    cells.getOrInsertComputed(key(Math.floor(town.x / cell), Math.floor(town.y / cell)), () => []).push(town)
  return (from, n) => {
    const [cx, cy] = [Math.floor(from.x / cell), Math.floor(from.y / cell)]
    for (let reach = 1; reach <= 64; reach *= 2) {
      const found: Town[] = []
      for (let x = cx - reach; x <= cx + reach; x++)
        for (let y = cy - reach; y <= cy + reach; y++) found.push(...(cells.get(key(x, y)) ?? []))
      found.sort((a, b) => distance(a, from) - distance(b, from))
      if (found.length >= n && distance(found[n - 1]!, from) <= reach * cell) return found.slice(0, n)
    }
    return towns.slice(0, n)
  }
}
