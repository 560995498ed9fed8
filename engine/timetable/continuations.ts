// Which trip a vehicle goes on as, so that riders may stay seated: transfers.txt types 4 and 5 between trips, else block_id (rules S31,
// S35). Which trips run together differs from day to day, so the answer is for one set of active services.

import { E7, METRES_PER_DEGREE, metresBetween } from '../core/geo.ts'
import { NONE, type PatternIdx, type StopIdx, type TripIdx } from '../core/ids.ts'
import { LONGEST_TRIP } from './patterns.ts'
import { CAN_ALIGHT, patternLength, rootStop, slotStop, type Timetable, zoneOfTrip } from './timetable.ts'

/** Seconds a vehicle of a block may wait between two trips for its riders to stay. */
const MAX_LAYOVER = 3600
/** Metres between the last stop of a trip and the first of the next in its block. */
const MAX_SHIFT = 150
/** Trips that one rider stays on, at most. */
const MAX_PARTS = 4

interface BlockTables {
  /** Trips of every block with at least two, blocks one after the other, each by start. */
  readonly trips: Uint32Array
  readonly begin: Uint32Array
  readonly stay: ReadonlyMap<number, readonly number[]>
  readonly leave: ReadonlySet<string>
}

const tables = new WeakMap<Timetable, BlockTables>()

function blockTables(tt: Timetable): BlockTables {
  const known = tables.get(tt)
  if (known) return known
  const blocks = new Map<string, number[]>()
  for (let t = 0; t < tt.counts.trips; t++) {
    if (tt.tripBlock[t] === 0 || isRepeated(tt, t)) continue
    const trip = t as TripIdx
    const key = `${tt.tripFeed[trip]} ${zoneOfTrip(tt, trip)} ${tt.tripBlock[t]}`
    blocks.getOrInsertComputed(key, () => []).push(t)
  }
  const trips: number[] = []
  const begin = [0]
  for (const block of blocks.values()) {
    if (block.length < 2) continue
    block.sort((a, b) => tt.tripStart[a]! - tt.tripStart[b]! || a - b)
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
  const made = { trips: Uint32Array.from(trips), begin: Uint32Array.from(begin), stay, leave }
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

/** Trip → the trip its vehicle goes on as, among the trips whose services are active. */
export function nextTrips(tt: Timetable, active: Uint8Array): Map<number, number> {
  const { trips, begin, stay, leave } = blockTables(tt)
  const next = new Map<number, number>()
  const runs = (t: number): boolean => active[tt.tripService[t as TripIdx]] === 1
  for (const [from, candidates] of stay) {
    const to = candidates.find(t => runs(t) && tt.tripStart[t]! >= lastArrival(tt, from))
    if (to !== undefined && runs(from)) next.set(from, to)
  }
  for (let b = 0; b + 1 < begin.length; b++) {
    let before = -1
    for (let i = begin[b]!; i < begin[b + 1]!; i++) {
      const t = trips[i]!
      if (!runs(t)) continue
      if (before >= 0 && !next.has(before) && !stay.has(before) && !leave.has(`${before} ${t}`)) {
        const layover = tt.tripStart[t]! - lastArrival(tt, before)
        if (layover >= 0 && layover <= MAX_LAYOVER && meet(tt, lastStop(tt, before), firstStop(tt, t)))
          next.set(before, t)
      }
      before = t
    }
  }
  return next
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

/**
 * The chains of trips that a rider of `trip` may stay on, itself first; none when staying is of no use. A trip that only goes back to where
 * the vehicle has been ends the chain: nobody boards to ride back. The beginning of a chain is a chain of its own where the next trip is of
 * another route or not as accessible: some may use the beginning only.
 */
export function throughTrips(tt: Timetable, next: ReadonlyMap<number, number>, trip: number): number[][] {
  const chain = [trip]
  const been = new Set<number>()
  const visit = (t: number, from: number): boolean => {
    const pattern = tt.tripPattern[t as TripIdx]
    let somewhereNew = false
    for (let i = from; i < patternLength(tt, pattern as PatternIdx); i++) {
      const word = tt.slots[tt.slotBegin[pattern]! + i]!
      const root = rootStop(tt, slotStop(word))
      if (!been.has(root) && (word & CAN_ALIGHT) !== 0) somewhereNew = true
      been.add(root)
    }
    return somewhereNew
  }
  visit(trip, 0)
  let calls = callsOf(tt, trip)
  for (let t = next.get(trip); t !== undefined && chain.length < MAX_PARTS; t = next.get(t)) {
    calls += callsOf(tt, t) - 1
    if (calls > LONGEST_TRIP || !visit(t, 1)) break
    chain.push(t)
  }
  const like = (a: number, b: number): boolean =>
    tt.tripAccess[a] === tt.tripAccess[b] &&
    tt.patternRoute[tt.tripPattern[a as TripIdx]] === tt.patternRoute[tt.tripPattern[b as TripIdx]]
  const chains: number[][] = []
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
