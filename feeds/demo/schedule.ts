// When the demo city's vehicles run: headways by hour and kind of day → trips, trips → blocks (what one vehicle does in a day).
// All of it is invented. Trips carry the same ids whatever date the city is made for.

import type { City, Pattern } from './city.ts'
import type { Track } from './lines.ts'

/** The three kinds of day; a service each. */
export const SERVICES = ['weekday', 'saturday', 'sunday'] as const

export interface Trip {
  readonly id: string
  readonly pattern: Pattern
  /** Index into SERVICES. */
  readonly service: number
  /** Departure at the first stop, seconds of the service day. */
  readonly start: number
  readonly block: string
  /** Seconds until this vehicle's next trip starts: delays up to this long stay with this trip. */
  readonly layover: number
}

/** [from hour, to hour, minutes between vehicles]: at the line's anchor, hours of the service day (24.5 = half past midnight). */
type Band = readonly [number, number, number]

const HEADWAYS: Record<'stadtbahn' | 'sbahn' | 'night', readonly (readonly Band[])[]> = {
  stadtbahn: [
    [
      [4.5, 5.5, 20],
      [5.5, 20, 10],
      [20, 24.75, 20],
    ],
    [
      [4.5, 8, 30],
      [8, 20, 10],
      [20, 24.75, 20],
    ],
    [
      [4.5, 9, 30],
      [9, 20, 15],
      [20, 24.75, 20],
    ],
  ],
  sbahn: [
    [
      [4.5, 6, 30],
      [6, 20, 15],
      [20, 24.75, 30],
    ],
    [[4.5, 24.75, 30]],
    [[4.5, 24.75, 30]],
  ],
  night: [[[24.5, 28.75, 20]], [[24.5, 28.75, 20]], [[24.5, 28.75, 20]]],
}

const headwaysOf: Record<Track, keyof typeof HEADWAYS> = {
  I: 'stadtbahn',
  II: 'stadtbahn',
  III: 'stadtbahn',
  H: 'stadtbahn',
  S: 'sbahn',
  bus: 'night',
}

/** The least time in which a vehicle turns round, seconds. */
const TURNAROUND = 180

/** All trips, by service, then by start. */
export function buildTrips(city: City): Trip[] {
  const trips: Trip[] = []
  for (let service = 0; service < SERVICES.length; service++) {
    for (const line of city.lines) {
      const [there, back] = city.patterns.filter(p => p.line === line) as [Pattern, Pattern]
      trips.push(...link(line.name, service, [...departures(there, service), ...departures(back, service)]))
    }
  }
  return trips.sort((a, b) => a.service - b.service || a.start - b.start || (a.id < b.id ? -1 : 1))
}

interface Departure {
  readonly pattern: Pattern
  readonly start: number
}

function* departures(pattern: Pattern, service: number): Generator<Departure> {
  const toAnchor = pattern.departures[pattern.anchor]!
  for (const [from, to, headway] of HEADWAYS[headwaysOf[pattern.line.track]][service]!) {
    const step = headway * 60
    // the way back passes half a headway later
    const phase = pattern.line.facts.minute * 60 + (pattern.direction * step) / 2
    const first = from * 3600 + ((((phase - from * 3600) % step) + step) % step)
    for (let t = first; t < to * 3600; t += step) yield { pattern, start: t - toAnchor }
  }
}

/** Gives each trip the vehicle that has waited longest where it starts, or a new one. */
function link(line: string, service: number, planned: readonly Departure[]): Trip[] {
  const sorted = planned.toSorted((a, b) => a.start - b.start || a.pattern.direction - b.pattern.direction)
  const next: (number | undefined)[] = []
  const blocks: number[] = []
  // trips that have ended and wait, by the direction that they came in; ends are in order because a line's trips all take equally long
  const waiting: [number[], number[]] = [[], []]
  let vehicles = 0
  for (const [i, { pattern, start }] of sorted.entries()) {
    const queue = waiting[pattern.direction === 0 ? 1 : 0]
    const before = queue[0]
    if (before !== undefined && endOf(sorted[before]!) + TURNAROUND <= start) {
      queue.shift()
      next[before] = i
      blocks[i] = blocks[before]!
    } else {
      blocks[i] = ++vehicles
    }
    waiting[pattern.direction].push(i)
  }
  const letter = SERVICES[service]!.slice(0, 2)
  return sorted.map(({ pattern, start }, i) => ({
    id: `${line}-${letter}-${pattern.direction === 0 ? 'a' : 'b'}${String(Math.floor(start / 60)).padStart(4, '0')}`,
    pattern,
    service,
    start,
    block: `${line}-${letter}-${blocks[i]}`,
    layover: next[i] === undefined ? 600 : sorted[next[i]]!.start - endOf(sorted[i]!),
  }))
}

const endOf = ({ pattern, start }: Departure): number => start + pattern.arrivals.at(-1)!
