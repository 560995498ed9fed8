// Which trip a vehicle goes on as, so that riders may stay seated: transfers.txt types 4 and 5 between trips, else block_id (rules S31,
// S35). Which trips run together differs from day to day, so the answer is for one service day; a vehicle that is under way when its day
// ends may go on as a trip of the next one.
//
//   Friday's trip    23:40 ─── 24:20                      and as seconds of Friday's service day
//   Saturday's trip            00:25 ─── 01:10            24:25 ─── 25:10, on most Fridays

import { E7, METRES_PER_DEGREE, metresBetween } from '../core/geo.ts'
import { NONE, type PatternIdx, type StopIdx, type TripIdx, type ZoneIdx } from '../core/ids.ts'
import { DAY, type ServiceDay, SHORTEST_DAY } from '../core/time.ts'
import { LONGEST_TRIP } from './patterns.ts'
import {
  CAN_ALIGHT,
  dayStart,
  patternLength,
  rootStop,
  runsOn,
  slotStop,
  type Timetable,
  zoneOfTrip,
} from './timetable.ts'

/** Seconds a vehicle of a block may wait between two trips for its riders to stay. */
const MAX_LAYOVER = 3600
/** Metres between the last stop of a trip and the first of the next in its block. */
const MAX_SHIFT = 150
/** Trips that one rider stays on, at most. */
const MAX_PARTS = 4
/** A block of more patterns is taken to lead somewhere without asking each for each. */
const FEW_PATTERNS = 8

interface BlockTables {
  /** Trips of every block in which riders may get somewhere by staying, blocks one after the other, each by start. */
  readonly trips: Uint32Array
  readonly begin: Uint32Array
  readonly stay: ReadonlyMap<number, readonly number[]>
  readonly leave: ReadonlySet<string>
  /** Blocks that a vehicle could go on with on the next service day. */
  readonly overnight: readonly number[]
}

const tables = new WeakMap<Timetable, BlockTables>()

function blockTables(tt: Timetable): BlockTables {
  const known = tables.get(tt)
  if (known) return known
  const blocks = new Map<number, number[]>()
  for (let t = 0; t < tt.counts.trips; t++) {
    if (tt.tripBlock[t] === 0 || isRepeated(tt, t)) continue
    const trip = t as TripIdx
    const key = (tt.tripBlock[t]! * tt.counts.feeds + tt.tripFeed[trip]) * tt.counts.zones + zoneOfTrip(tt, trip)
    blocks.getOrInsertComputed(key, () => []).push(t)
  }
  const trips: number[] = []
  const begin = [0]
  const overnight: number[] = []
  for (const block of blocks.values()) {
    if (!isLeading(tt, block)) continue
    block.sort((a, b) => tt.tripStart[a]! - tt.tripStart[b]! || a - b)
    const end = block.reduce((latest, t) => Math.max(latest, lastArrival(tt, t)), 0)
    if (end >= tt.tripStart[block[0]!]! + SHORTEST_DAY - MAX_LAYOVER) overnight.push(begin.length - 1)
    // one by one: some feeds put every trip into one block, too many for a spread
    for (const t of block) trips.push(t)
    begin.push(trips.length)
  }
  const stay = new Map<number, number[]>()
  const leave = new Set<string>()
  for (let i = 0; i < tt.counts.transfers; i++) {
    const [from, to] = [tt.transferFromTrip[i]!, tt.transferToTrip[i]!]
    if (from === NONE || to === NONE) continue
    if (tt.transferType[i] === 4 && canFollow(tt, from, to)) stay.getOrInsertComputed(from, () => []).push(to)
    if (tt.transferType[i] === 5) leave.add(`${from} ${to}`)
  }
  const made = { trips: Uint32Array.from(trips), begin: Uint32Array.from(begin), stay, leave, overnight }
  tables.set(tt, made)
  return made
}

/** A trip of frequencies.txt does not run at its own times (S28): nobody knows which of its runs would go on as which. */
const isRepeated = (tt: Timetable, t: number): boolean => tt.tripFrequencyBegin[t + 1]! > tt.tripFrequencyBegin[t]!

/** Chains are laid out in one clock, so their trips keep the time of one zone. */
const canFollow = (tt: Timetable, from: number, to: number): boolean =>
  !isRepeated(tt, from) && !isRepeated(tt, to) && zoneOfTrip(tt, from as TripIdx) === zoneOfTrip(tt, to as TripIdx)

/** Does the feed say anything that could keep riders seated? */
export function hasContinuations(tt: Timetable): boolean {
  const { trips, stay } = blockTables(tt)
  return trips.length > 0 || stay.size > 0
}

const lastArrival = (tt: Timetable, t: number): number =>
  tt.tripStart[t]! + tt.profileTimes[tt.tripProfile[t]! + 2 * patternLength(tt, tt.tripPattern[t as TripIdx]) - 2]!

/** What vehicles go on as on one service day. */
interface NextTrips {
  /** Trip → the one of the same service day. */
  readonly sameDay: ReadonlyMap<number, number>
  /** Trip → the one of the next service day, where none of its own follows. */
  readonly nextDay: ReadonlyMap<number, number>
}

/** Trip → the trip its vehicle goes on as on the same service day, among those of one zone whose services are active. */
function sameDayTrips(tt: Timetable, zone: ZoneIdx, day: ServiceDay): Map<number, number> {
  const { trips, begin, stay, leave } = blockTables(tt)
  const runs = runsOnDay(tt, day)
  const next = new Map<number, number>()
  for (const [from, candidates] of stay) {
    if (zoneOfTrip(tt, from as TripIdx) !== zone || !runs(from)) continue
    const to = candidates.find(t => runs(t) && tt.tripStart[t]! >= lastArrival(tt, from))
    if (to !== undefined && leadsOn(tt, from, to)) next.set(from, to)
  }
  for (let b = 0; b + 1 < begin.length; b++) {
    if (zoneOfTrip(tt, trips[begin[b]!]! as TripIdx) !== zone) continue
    let before = -1
    for (let i = begin[b]!; i < begin[b + 1]!; i++) {
      const t = trips[i]!
      if (!runs(t)) continue
      if (before >= 0 && !stay.has(before) && waits(tt, before, t, 0) && !isLeft(leave, before, t)) next.set(before, t)
      before = t
    }
  }
  return next
}

/**
 * Trip → the trip of the next service day its vehicle goes on as. transfers.txt means the next day where the second trip leaves before
 * the first one has come (S35), by half a day or more: by less it is a slip. Of a block the last trip of one day goes on as the first one of the next.
 */
function nextDayTrips(tt: Timetable, zone: ZoneIdx, day: ServiceDay): Map<number, number> {
  const { trips, begin, stay, leave, overnight } = blockTables(tt)
  const next = new Map<number, number>()
  const tomorrow = (day + 1) as ServiceDay
  if ((stay.size === 0 && overnight.length === 0) || tomorrow >= tt.counts.firstDay + tt.counts.days) return next
  const [runs, runsTomorrow] = [runsOnDay(tt, day), runsOnDay(tt, tomorrow)]
  const length = dayStart(tt, zone, tomorrow) - dayStart(tt, zone, day)
  for (const [from, candidates] of stay) {
    if (zoneOfTrip(tt, from as TripIdx) !== zone || !runs(from)) continue
    const end = lastArrival(tt, from)
    if (candidates.some(t => runs(t) && tt.tripStart[t]! >= end)) continue
    const to = candidates.find(t => {
      const start = tt.tripStart[t]!
      return runsTomorrow(t) && start + DAY / 2 <= end && start + DAY >= end && start + length >= end
    })
    if (to !== undefined && leadsOn(tt, from, to)) next.set(from, to)
  }
  for (const b of overnight) {
    const block = trips.subarray(begin[b]!, begin[b + 1]!)
    if (zoneOfTrip(tt, block[0]! as TripIdx) !== zone) continue
    const [from, to] = [block.findLast(runs), block.find(runsTomorrow)]
    if (from === undefined || to === undefined || stay.has(from)) continue
    if (waits(tt, from, to, length) && !isLeft(leave, from, to)) next.set(from, to)
  }
  return next
}

const runsOnDay =
  (tt: Timetable, day: ServiceDay) =>
  (t: number): boolean =>
    runsOn(tt, tt.tripService[t as TripIdx], day)

const isLeft = (leave: ReadonlySet<string>, from: number, to: number): boolean =>
  leave.size > 0 && leave.has(`${from} ${to}`)

/**
 * Can the second trip of a block, whose times count from `later` seconds after the first one's, be the first one's vehicle waiting, and do
 * riders have a reason to wait with it?
 */
function waits(tt: Timetable, from: number, to: number, later: number): boolean {
  const layover = tt.tripStart[to]! + later - lastArrival(tt, from)
  return (
    layover >= 0 && layover <= MAX_LAYOVER && leadsOn(tt, from, to) && meet(tt, lastStop(tt, from), firstStop(tt, to))
  )
}

/** May riders get somewhere by staying in the vehicle of this block? Asked of patterns: days differ in which of the trips run. */
function isLeading(tt: Timetable, block: readonly number[]): boolean {
  const trips = new Map<PatternIdx, number>()
  for (const t of block) {
    trips.set(tt.tripPattern[t as TripIdx], t)
    if (trips.size > FEW_PATTERNS) return true
  }
  return trips
    .values()
    .some(a => trips.values().some(b => leadsOn(tt, a, b) && meet(tt, lastStop(tt, a), firstStop(tt, b))))
}

// the first trip's pattern * patterns + the second one's → leadsOn
const leadingOn = new WeakMap<Timetable, Map<number, boolean>>()

/** May one get anywhere in the second trip where the first one has not been? Most vehicles go back and forth, and nobody stays on for that. */
function leadsOn(tt: Timetable, from: number, to: number): boolean {
  const [first, second] = [tt.tripPattern[from as TripIdx], tt.tripPattern[to as TripIdx]]
  const known = leadingOn.getOrInsertComputed(tt, () => new Map())
  return known.getOrInsertComputed(first * tt.counts.patterns + second, () => {
    const been = new Set<number>()
    visit(tt, been, first)
    return visit(tt, been, second)
  })
}

/** Adds the stations of a pattern to those where the vehicle has been. @returns whether one may get to any that is new */
function visit(tt: Timetable, been: Set<number>, pattern: PatternIdx): boolean {
  let somewhereNew = false
  const begin = tt.slotBegin[pattern]!
  for (let slot = begin + 1; slot < tt.slotBegin[pattern + 1]!; slot++) {
    const word = tt.slots[slot]!
    const root = rootStop(tt, slotStop(word))
    if (!been.has(root) && (word & CAN_ALIGHT) !== 0) somewhereNew = true
    been.add(root)
  }
  been.add(rootStop(tt, slotStop(tt.slots[begin]!)))
  return somewhereNew
}

const firstStop = (tt: Timetable, t: number): StopIdx =>
  slotStop(tt.slots[tt.slotBegin[tt.tripPattern[t as TripIdx]]!]!)
const lastStop = (tt: Timetable, t: number): StopIdx =>
  slotStop(tt.slots[tt.slotBegin[tt.tripPattern[t as TripIdx] + 1]! - 1]!)

const callsOf = (tt: Timetable, t: number): number => patternLength(tt, tt.tripPattern[t as TripIdx])

/** Is a trip that ends at the one stop and another that begins at the other the same vehicle standing still? */
function meet(tt: Timetable, a: StopIdx, b: StopIdx): boolean {
  if (a === b || rootStop(tt, a) === rootStop(tt, b)) return true
  if (tt.stopHasPosition[a] === 0 || tt.stopHasPosition[b] === 0) return false
  return metresBetween(tt.stopLat[a]!, tt.stopLon[a]!, tt.stopLat[b]!, tt.stopLon[b]!) <= MAX_SHIFT
}

/** One trip of those that a rider stays on. */
export interface Part {
  readonly trip: number
  /** Service days after the first one's. */
  readonly days: number
}

/** What vehicles go on as on a service day and those after it, each looked at when a chain comes to it. */
function nextTripsFrom(tt: Timetable, zone: ZoneIdx, day: ServiceDay): (days: number) => NextTrips {
  const known: NextTrips[] = []
  return days => {
    const on = (day + days) as ServiceDay
    known[days] ??= { sameDay: sameDayTrips(tt, zone, on), nextDay: nextDayTrips(tt, zone, on) }
    return known[days]
  }
}

function onward(nextOn: (days: number) => NextTrips, { trip, days }: Part): Part | undefined {
  const { sameDay, nextDay } = nextOn(days)
  const next = sameDay.get(trip)
  if (next !== undefined) return { trip: next, days }
  const later = nextDay.get(trip)
  return later === undefined ? undefined : { trip: later, days: days + 1 }
}

/** Does the feed say anything of what the vehicle of this trip goes on as? */
export const mayGoOn = (tt: Timetable, trip: TripIdx): boolean =>
  (tt.tripBlock[trip] ?? 0) !== 0 || blockTables(tt).stay.has(trip)

/** All chains of trips that riders of a service day may stay on. */
export function* throughTrips(tt: Timetable, zone: ZoneIdx, day: ServiceDay): Generator<readonly Part[]> {
  if (!hasContinuations(tt)) return
  const nextOn = nextTripsFrom(tt, zone, day)
  for (const next of Object.values(nextOn(0)) as NextTrips[keyof NextTrips][])
    for (const trip of next.keys()) yield* chainsOf(tt, nextOn, trip)
}

/** The same of one trip at a time; what vehicles go on as is looked up once a day. */
export function throughTripsOf(tt: Timetable, zone: ZoneIdx, day: ServiceDay): (trip: TripIdx) => readonly Part[][] {
  if (!hasContinuations(tt)) return () => []
  const nextOn = nextTripsFrom(tt, zone, day)
  return trip => chainsOf(tt, nextOn, trip)
}

/** Tells days apart that have the same services, but whose vehicles go on as other trips the day after; empty where none does. */
export function overnightSignature(tt: Timetable, zone: ZoneIdx, day: ServiceDay): string {
  const over = nextDayTrips(tt, zone, day)
  if (over.size === 0) return ''
  const nextOn = nextTripsFrom(tt, zone, day)
  const start = dayStart(tt, zone, day)
  return Array.from(over.keys(), trip => {
    const chain: string[] = [`${trip}`]
    for (let p = onward(nextOn, { trip, days: 0 }); p && chain.length < MAX_PARTS; p = onward(nextOn, p))
      chain.push(`${p.trip}+${dayStart(tt, zone, (day + p.days) as ServiceDay) - start}`)
    return chain.join('>')
  }).join()
}

/**
 * The chains of trips that a rider of `trip` may stay on, itself first; none when staying is of no use. A trip that only goes back to where
 * the vehicle has been ends the chain: nobody boards to ride back. The beginning of a chain is a chain of its own where the next trip is of
 * another route or not as accessible: some may use the beginning only.
 */
function chainsOf(tt: Timetable, nextOn: (days: number) => NextTrips, trip: number): Part[][] {
  const chain: Part[] = [{ trip, days: 0 }]
  const been = new Set<number>()
  visit(tt, been, tt.tripPattern[trip as TripIdx])
  let calls = callsOf(tt, trip)
  for (let part = onward(nextOn, chain[0]!); part && chain.length < MAX_PARTS; part = onward(nextOn, part)) {
    calls += callsOf(tt, part.trip) - 1
    if (calls > LONGEST_TRIP || !visit(tt, been, tt.tripPattern[part.trip as TripIdx])) break
    chain.push(part)
  }
  const like = ({ trip: a }: Part, { trip: b }: Part): boolean =>
    tt.tripAccess[a] === tt.tripAccess[b] &&
    tt.patternRoute[tt.tripPattern[a as TripIdx]] === tt.patternRoute[tt.tripPattern[b as TripIdx]]
  const chains: Part[][] = []
  for (let length = 2; length <= chain.length; length++)
    if (length === chain.length || !like(chain[length]!, chain[length - 1]!)) chains.push(chain.slice(0, length))
  return chains
}

/** Pairs of different stops, end of a trip and beginning of another, between which some vehicle takes its riders along. */
export function* junctions(tt: Timetable): Generator<{ from: StopIdx; to: StopIdx }> {
  const { trips, begin, stay } = blockTables(tt)
  const seen = new Set<number>()
  const fresh = (from: StopIdx, to: StopIdx): boolean => {
    const key = from * tt.counts.stops + to
    if (from === to || seen.has(key)) return false
    seen.add(key)
    return true
  }
  const near = nearFirstStops(tt, trips)
  for (let b = 0; b + 1 < begin.length; b++) {
    const block = trips.subarray(begin[b]!, begin[b + 1]!)
    const starts = new Set(Array.from(block, t => firstStop(tt, t)))
    for (const from of new Set(Array.from(block, t => lastStop(tt, t))))
      for (const to of near(from)) if (starts.has(to) && fresh(from, to)) yield { from, to }
  }
  for (const [trip, candidates] of stay)
    for (const t of candidates) {
      const [from, to] = [lastStop(tt, trip), firstStop(tt, t)]
      if (fresh(from, to)) yield { from, to }
    }
}

/** Stop → the first stops of trips that a trip which ends there can meet. Few are near, though a block may begin at all stops there are. */
function nearFirstStops(tt: Timetable, trips: Uint32Array): (stop: StopIdx) => readonly StopIdx[] {
  const starts = [...new Set(Array.from(trips, t => firstStop(tt, t)))]
  const ofRoot = Map.groupBy(starts, stop => rootStop(tt, stop))
  // bands of latitude, each as wide as MAX_SHIFT
  const row = (stop: StopIdx): number => Math.floor(tt.stopLat[stop]! / BAND)
  const ofRow = Map.groupBy(starts, row)
  const known = new Map<StopIdx, readonly StopIdx[]>()
  const find = (stop: StopIdx): StopIdx[] => {
    const found = new Set(ofRoot.get(rootStop(tt, stop)))
    for (let r = row(stop) - 1; r <= row(stop) + 1; r++)
      for (const to of ofRow.get(r) ?? []) if (meet(tt, stop, to)) found.add(to)
    return [...found]
  }
  return stop => known.getOrInsertComputed(stop, () => find(stop))
}

/** MAX_SHIFT in 1e-7 degrees of latitude, a little more. */
const BAND = Math.ceil((MAX_SHIFT / METRES_PER_DEGREE) * E7) + 1
