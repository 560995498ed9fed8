// The slow twin: journeys found by looking at every run at every stop in every round, straight from the timetable and the live state.
// No horizon, no lanes, no bounds, no range trick, no mirror of columns: only what the words mean.

import type { PatternIdx, ServiceIdx, TripIdx } from '#engine/core/ids.ts'
import { NEVER, type ServiceDay } from '#engine/core/time.ts'
import type { Footpaths } from '#engine/footpaths/footpaths.ts'
import { type LiveState, RunState, SKIPPED } from '#engine/live/state.ts'
import { nextTrips, throughTrips } from '#engine/timetable/continuations.ts'
import { frequencyShifts } from '#engine/timetable/frequencies.ts'
import {
  CAN_ALIGHT,
  CAN_BOARD,
  dayStart,
  runsOn,
  slotStop,
  type Timetable,
  zoneOfTrip,
} from '#engine/timetable/timetable.ts'
import type { Need, Wishes } from '#engine/transit/options.ts'
import type { PlainRules } from './plain-rules.ts'

export interface PlainCall {
  readonly stop: number
  readonly arrival: number
  readonly departure: number
  readonly board: boolean
  readonly alight: boolean
  readonly trip: number
}

export interface PlainRun {
  readonly trip: TripIdx
  readonly day: ServiceDay
  readonly shift: number
  readonly calls: PlainCall[]
  /** The trips of one vehicle laid end to end, for riders who stay: boarded in the first, left in a later one. */
  readonly parts?: readonly number[]
}

/** Every run of every day as it really goes, in UnixSeconds. */
export function allRuns(tt: Timetable, live?: LiveState): PlainRun[] {
  const runs: PlainRun[] = []
  const changed = new Map<string, number>()
  for (let r = 0; r < (live?.runs.runs ?? 0); r++) {
    const { runTrip, runDay, runShift } = live!.runs as unknown as Record<string, number[]>
    changed.set(`${runTrip![r]}@${runDay![r]}+${runShift![r]}`, r)
  }
  for (let t = 0; t < tt.counts.trips; t++) {
    const trip = t as TripIdx
    const pattern = tt.tripPattern[trip] as PatternIdx
    const shifts = tt.tripFrequencyBegin[t + 1]! > tt.tripFrequencyBegin[t]! ? [...frequencyShifts(tt, trip)] : [0]
    for (let d = 0; d < tt.counts.days; d++) {
      const day = (tt.counts.firstDay + d) as ServiceDay
      if (!runsOn(tt, tt.tripService[trip], day)) continue
      const start = dayStart(tt, zoneOfTrip(tt, trip), day)
      for (const shift of shifts) {
        const r = changed.get(`${t}@${day}+${shift}`)
        const runsLive = live?.runs as unknown as Record<string, number[]>
        if (r !== undefined && runsLive.runState![r] !== RunState.running) continue
        const calls: PlainCall[] = []
        const length = tt.slotBegin[pattern + 1]! - tt.slotBegin[pattern]!
        for (let i = 0; i < length; i++) {
          const word = tt.slots[tt.slotBegin[pattern]! + i]!
          const at = tt.tripProfile[t]! + 2 * i
          const e = r === undefined ? -1 : runsLive.eventBegin![r]! + i
          const skipped = e >= 0 && (runsLive.eventFlags![e]! & SKIPPED) !== 0
          calls.push({
            stop: e < 0 ? slotStop(word) : runsLive.eventStop![e]!,
            arrival: start + (e < 0 ? tt.tripStart[t]! + shift + tt.profileTimes[at]! : runsLive.eventArrival![e]!),
            departure:
              start + (e < 0 ? tt.tripStart[t]! + shift + tt.profileTimes[at + 1]! : runsLive.eventDeparture![e]!),
            board: (word & CAN_BOARD) !== 0 && !skipped,
            alight: (word & CAN_ALIGHT) !== 0 && !skipped,
            trip,
          })
        }
        runs.push({ trip, day, shift, calls })
      }
    }
  }
  return [...runs, ...throughRuns(tt, runs)]
}

function throughRuns(tt: Timetable, runs: readonly PlainRun[]): PlainRun[] {
  const through: PlainRun[] = []
  for (let d = 0; d < tt.counts.days; d++) {
    const day = (tt.counts.firstDay + d) as ServiceDay
    const active = Uint8Array.from({ length: tt.counts.services }, (_, s) => (runsOn(tt, s as ServiceIdx, day) ? 1 : 0))
    const next = nextTrips(tt, active)
    for (const first of next.keys())
      for (const chain of throughTrips(tt, next, first))
        for (let n = 2; n <= chain.length; n++) {
          const parts = chain.slice(0, n)
          const ridden = parts.map(trip => runs.find(r => r.trip === trip && r.day === day))
          if (ridden.includes(undefined)) break
          let latest = Number.NEGATIVE_INFINITY
          const calls = ridden.flatMap((run, p) =>
            run!.calls.slice(p === 0 ? 0 : 1).map(c => {
              const arrival = Math.max(latest, c.arrival)
              latest = Math.max(arrival, c.departure)
              return { ...c, arrival, departure: latest, board: c.board && p === 0, alight: c.alight && p > 0 }
            }),
          )
          through.push({ trip: first as TripIdx, day, shift: 0, calls, parts })
        }
  }
  return through
}

/** The runs that a traveller with these wishes can use, doors closed at stops that are no good. */
export function usableRuns(
  tt: Timetable,
  runs: readonly PlainRun[],
  { allowedRoutes, bikes, wheelchair }: Wishes,
): PlainRun[] {
  const good = (need: Need, value: number): boolean =>
    need === 'no' || value === 1 || (need === 'yes-or-unknown' && value === 0)
  return runs
    .filter(({ trip, parts = [trip] }) =>
      parts.every(part => {
        const access = tt.tripAccess[part]!
        const route = tt.patternRoute[tt.tripPattern[part as TripIdx]]
        return (
          (!allowedRoutes || allowedRoutes[route] === 1) &&
          good(wheelchair, access & 3) &&
          good(bikes, (access >> 2) & 3)
        )
      }),
    )
    .map(run => ({
      ...run,
      calls: run.calls.map(c => {
        const open = good(wheelchair, tt.stopWheelchair[c.stop]!)
        return { ...c, board: c.board && open, alight: c.alight && open }
      }),
    }))
}

/** The same runs with time running backwards. */
export const backwards = (runs: readonly PlainRun[]): PlainRun[] =>
  runs.map(run => ({
    ...run,
    calls: run.calls
      .map(c => ({ ...c, arrival: -c.departure, departure: -c.arrival, board: c.alight, alight: c.board }))
      .reverse(),
  }))

export interface PlainAnswer {
  readonly departure: number
  readonly arrival: number
  readonly rides: number
}

export interface PlainQuery {
  /** stop → seconds between it and the place */
  readonly access: ReadonlyMap<number, number>
  readonly egress: ReadonlyMap<number, number>
  readonly maxRides: number
  readonly maxTravelTime: number
  /** What transfers.txt says about routes and trips; the footpaths hold for everybody else. */
  readonly rules?: PlainRules | undefined
}

function lower(map: Map<number, number>, key: number, value: number): void {
  if (value < (map.get(key) ?? Number.POSITIVE_INFINITY)) map.set(key, value)
}

/** When those who change by a rule are ready for the run at this call. */
function ruledReady(
  rules: PlainRules,
  arrivals: ReadonlyMap<number, ReadonlyMap<number, number>>,
  { stop, trip }: PlainCall,
): number {
  let ready = Number.POSITIVE_INFINITY
  for (const from of rules.from.get(stop) ?? [])
    for (const [other, arrival] of arrivals.get(from) ?? [])
      ready = Math.min(ready, arrival + (rules.seconds(from, other, stop, trip) ?? Number.POSITIVE_INFINITY))
  return ready
}

/** Earliest arrivals for one departure time, Pareto over arrival and rides. */
export function referenceAt(
  runs: readonly PlainRun[],
  footpaths: Footpaths,
  stops: number,
  q: PlainQuery,
  time: number,
): PlainAnswer[] {
  const answers: PlainAnswer[] = []
  let ready = new Map<number, number>()
  for (const [stop, seconds] of q.access) ready.set(stop, time + seconds)
  let best = Number.POSITIVE_INFINITY
  let before: ReadonlyMap<number, ReadonlyMap<number, number>> | undefined
  for (let rides = 1; rides <= q.maxRides; rides++) {
    const arrivals = new Map<number, number>()
    const arrivalsOf = new Map<number, Map<number, number>>()
    const known = new Map<number, number>()
    const last = before
    const ruled = (call: PlainCall): number =>
      last && q.rules!.from.has(call.stop)
        ? known.getOrInsertComputed(call.trip * stops + call.stop, () => ruledReady(q.rules!, last, call))
        : Number.POSITIVE_INFINITY
    for (const run of runs) {
      let boarded = false
      for (const call of run.calls) {
        if (boarded && call.alight) {
          lower(arrivals, call.stop, call.arrival)
          lower(
            arrivalsOf.getOrInsertComputed(call.stop, () => new Map()),
            call.trip,
            call.arrival,
          )
        }
        if (!call.board || boarded) continue
        if ((ready.get(call.stop) ?? Number.POSITIVE_INFINITY) <= call.departure) boarded = true
        else if (q.rules && ruled(call) <= call.departure) boarded = true
      }
    }
    before = arrivalsOf
    let earliest = Number.POSITIVE_INFINITY
    for (const [stop, seconds] of q.egress)
      earliest = Math.min(earliest, (arrivals.get(stop) ?? Number.POSITIVE_INFINITY) + seconds)
    if (earliest < best && earliest <= time + q.maxTravelTime) {
      best = earliest
      answers.push({ departure: time, arrival: earliest, rides })
    }
    const next = new Map<number, number>()
    const offer = (stop: number, t: number): void => {
      if (t < (next.get(stop) ?? Number.POSITIVE_INFINITY)) next.set(stop, t)
    }
    for (let stop = 0; stop < stops; stop++) {
      const arrival = arrivals.get(stop)
      if (arrival === undefined) continue
      const isRuled = (to: number): boolean => q.rules?.from.get(to)?.has(stop) ?? false
      if (footpaths.changeSeconds[stop]! < NEVER && !isRuled(stop))
        offer(stop, arrival + footpaths.changeSeconds[stop]!)
      for (let e = footpaths.outBegin[stop]!; e < footpaths.outBegin[stop + 1]!; e++)
        if (!isRuled(footpaths.outTo[e]!)) offer(footpaths.outTo[e]!, arrival + footpaths.outSeconds[e]!)
    }
    ready = next
  }
  return answers
}

/**
 * Every departure in [from, to) that just catches some run, each searched by itself; what remains when those are dropped that another one
 * betters, one that leaves at `to` or later included (it belongs to the next window, so it does not count here).
 */
export function referenceRange(
  runs: readonly PlainRun[],
  footpaths: Footpaths,
  stops: number,
  q: PlainQuery,
  from: number,
  to: number,
): PlainAnswer[] {
  // time → the access stops at which some run is just caught then: a journey of the window does not leave early to wait
  const departures = new Map<number, Map<number, number>>()
  for (const run of runs)
    run.calls.forEach((call, i) => {
      const seconds = q.access.get(call.stop)
      if (seconds === undefined || !call.board || i === run.calls.length - 1) return
      const t = call.departure - seconds
      if (t >= from && t < to) departures.getOrInsertComputed(t, () => new Map()).set(call.stop, seconds)
    })
  departures.set(to, new Map(q.access))
  const all = [...departures].flatMap(([t, access]) => referenceAt(runs, footpaths, stops, { ...q, access }, t))
  return all.filter(
    (a, i) =>
      a.departure < to &&
      !all.some(
        (b, j) =>
          j !== i &&
          b.departure >= a.departure &&
          b.arrival <= a.arrival &&
          b.rides <= a.rides &&
          (j < i || b.departure > a.departure || b.arrival < a.arrival || b.rides < a.rides),
      ),
  )
}

/** `departure|arrival|rides`, sorted: for comparing sets. */
export const answerSet = (answers: readonly PlainAnswer[]): string[] =>
  answers.map(a => `${a.departure}|${a.arrival}|${a.rides}`).sort()
