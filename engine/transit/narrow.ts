// In a large network the first look in all directions costs far more than the answer. So the same is asked several times, each time for less:
//
//   1  only journeys that are not much longer than the lower bound says (an ellipse around the straight way): nearly always some are there,
//      and every longer one that is worth anything needs fewer rides than these
//   2  then longer ones of so few rides, longer still of even fewer …; stops that cannot lie on a way of so few rides are closed, and
//      mostly there is no such way at all, which ends it
//
// What is found, laid together (pareto.ts), is exactly what the plain search finds.

import { NEVER } from '../core/time.ts'
import type { Footpaths } from '../footpaths/footpaths.ts'
import { emptyBounds, type LowerBounds, leastSeconds } from './bounds.ts'
import type { SearchNetwork } from './network.ts'
import { departuresAt, leaveAt, leaveBefore, type Reach, searchAt, searchRange, type TransitQuery } from './range.ts'
import { FAR, fewestRides, linesIn } from './rides.ts'
import type { SearchState } from './state.ts'

export type Found = (rides: number, departure: number) => void

/** Seconds that a journey usually takes at most when it takes at least so many; what the first look is about. */
const firstLook = (least: number): number => 1.25 * least + 2700
/** How much further to look when nothing was found, and when something was. */
const [A_LITTLE, FURTHER] = [1.3, 2]

/** `searchAt`, for a network that is large beside what the query is about. */
export function narrowAt(
  network: SearchNetwork,
  footpaths: Footpaths,
  bounds: LowerBounds,
  q: TransitQuery,
  s: SearchState,
  time: number,
  found: Found,
): void {
  const ask = (usable: LowerBounds, part: TransitQuery, tell: Found): void =>
    searchAt(network, footpaths, usable, part, s, time, tell)
  widenAt(network, footpaths, bounds, q, s, found, ask)
}

/** For one departure time, whatever search that is: `ask` tells what it finds within these bounds. */
export function widenAt(
  network: SearchNetwork,
  footpaths: Footpaths,
  bounds: LowerBounds,
  q: TransitQuery,
  s: SearchState,
  found: Found,
  ask: (usable: LowerBounds, part: TransitQuery, found: Found) => void,
): void {
  widen(network, footpaths, bounds, q, s, 0, (usable, part) => {
    let fewest = NEVER
    ask(usable, part, (rides, departure) => {
      fewest = Math.min(fewest, rides)
      found(rides, departure)
    })
    return fewest
  })
}

/** `searchRange`, likewise. */
export function narrowRange(
  network: SearchNetwork,
  footpaths: Footpaths,
  bounds: LowerBounds,
  q: TransitQuery,
  s: SearchState,
  from: number,
  to: number,
  found: Found,
): void {
  const window = to - from
  widen(network, footpaths, bounds, q, s, window, (usable, part) => {
    if (part.maxTravelTime === q.maxTravelTime) {
      searchRange(network, footpaths, usable, part, s, from, to, found)
      return NEVER
    }
    // Whoever is there only at `to` betters all who arrive after them with as many rides.
    const longest = part.maxTravelTime - window
    const latest = leaveAt(network, footpaths, usable, { ...part, maxTravelTime: longest }, s, to)
    if (latest === undefined) return NEVER
    // the journeys with as few rides as there may be were found first, and their labels are gone
    const fewest = latest <= to + longest ? leastRides(q.access, usable) : s.target.findIndex(at => at < NEVER)
    if (fewest < 0) return NEVER
    const arrival = Math.min(latest, s.target[fewest]!)
    const departures = departuresAt(network, q.access, usable, from, to)
    const { maxTravelTime } = q
    leaveBefore(network, footpaths, usable, { ...part, maxTravelTime }, s, departures, arrival, found)
    return fewest
  })
}

/**
 * Asks for ever longer journeys of ever fewer rides.
 * @param spare seconds by which the first limit is larger
 * @param ask searches with these bounds; gives the fewest rides of what nothing longer with as many can better, NEVER if there is none
 */
export function widen(
  network: SearchNetwork,
  footpaths: Footpaths,
  bounds: LowerBounds,
  q: TransitQuery,
  s: SearchState,
  spare: number,
  ask: (usable: LowerBounds, part: TransitQuery) => number,
): void {
  const least = leastSeconds(q.access, bounds.seconds)
  if (least === NEVER) return
  let limit = firstLook(least) + spare
  let maxRides = q.maxRides
  let usable = bounds
  for (;;) {
    const maxTravelTime = limit * A_LITTLE > q.maxTravelTime ? q.maxTravelTime : limit
    const fewest = ask(usable, { ...q, maxTravelTime, maxRides })
    if (maxTravelTime === q.maxTravelTime || fewest === 1) return
    limit = (limit - spare) * (fewest === NEVER ? A_LITTLE : FURTHER) + spare
    if (fewest === NEVER) continue
    maxRides = fewest - 1
    const narrowed = corridor(network, footpaths, bounds, q, scratchOf(s), maxRides)
    if (!narrowed) return
    usable = narrowed
  }
}

function leastRides({ count, stops }: Reach, { rides }: LowerBounds): number {
  let least = FAR
  for (let i = 0; i < count; i++) least = Math.min(least, Math.max(1, rides[stops[i]!]!))
  return least
}

/** Reused between queries. */
interface Scratch {
  readonly ridesFrom: Uint8Array
  readonly ridesTo: Uint8Array
  readonly queue: Uint32Array
  readonly closed: Int32Array
}

const scratches = new WeakMap<SearchState, Scratch>()

const scratchOf = (s: SearchState): Scratch =>
  scratches.getOrInsertComputed(s, () => ({
    ridesFrom: new Uint8Array(s.stops),
    ridesTo: new Uint8Array(s.stops),
    queue: new Uint32Array(s.stops),
    closed: emptyBounds(s.stops).seconds,
  }))

/** The bounds with every stop closed that is on no way of at most `rides` rides; undefined when there is no such way at all. */
function corridor(
  network: SearchNetwork,
  { outBegin, outTo, inBegin, inFrom }: Footpaths,
  bounds: LowerBounds,
  q: TransitQuery,
  { ridesFrom, ridesTo, queue, closed }: Scratch,
  rides: number,
): LowerBounds | undefined {
  const lines = linesIn(network)
  const [out, back] = [
    { begin: outBegin, to: outTo },
    { begin: inBegin, to: inFrom },
  ]
  // half the way from the end, so that from the start only what can still meet it is looked at
  const half = rides >> 1
  fewestRides(lines, q.egress, back, -1, queue, ridesTo, half)
  for (let stop = 0; stop < ridesTo.length; stop++) if (ridesTo[stop] === FAR) ridesTo[stop] = half + 1
  fewestRides(lines, q.access, out, 1, queue, ridesFrom, rides, ridesTo)
  let reachable = false
  for (let i = 0; i < q.egress.count; i++) reachable ||= ridesFrom[q.egress.stops[i]!]! <= rides
  if (!reachable) return undefined
  fewestRides(lines, q.egress, back, -1, queue, ridesTo, rides, ridesFrom)
  for (let stop = 0; stop < ridesTo.length; stop++)
    closed[stop] = ridesFrom[stop]! + ridesTo[stop]! <= rides ? bounds.seconds[stop]! : NEVER
  return { seconds: closed, rides: ridesTo }
}
