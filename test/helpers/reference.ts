// The slow twin: journeys found by looking at every run at every stop in every round, straight from the timetable and the live state.
// No horizon, no lanes, no bounds, no range trick, no mirror of columns: only what the words mean.

import { NEVER } from '#engine/core/time.ts'
import { changeBetween, type Footpaths } from '#engine/footpaths/footpaths.ts'
import type { PlainRules } from './plain-rules.ts'
import type { PlainCall, PlainRun } from './plain-runs.ts'

/** When nobody is there. */
const NOBODY = Number.POSITIVE_INFINITY

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
  /** Places to come by, in the order of the search. */
  readonly vias?: readonly PlainVia[]
}

export interface PlainVia {
  readonly stay: number
  /** Of a place that is a stop; empty for one that is none. */
  readonly platforms: ReadonlySet<number>
  /** Of a place that is no stop: the stops before it, and those after it, with the seconds of the way. */
  readonly into: ReadonlyMap<number, number>
  readonly outOf: ReadonlyMap<number, number>
}

function lower(map: Map<number, number>, key: number, value: number): void {
  if (value < (map.get(key) ?? NOBODY)) map.set(key, value)
}

/** When those who change by a rule are ready for the run at this call. */
function ruledReady(
  rules: PlainRules,
  arrivals: ReadonlyMap<number, ReadonlyMap<number, number>>,
  { stop, trip }: PlainCall,
): number {
  let ready = NOBODY
  for (const from of rules.from.get(stop) ?? [])
    for (const [other, arrival] of arrivals.get(from) ?? [])
      ready = Math.min(ready, arrival + (rules.seconds(from, other, stop, trip) ?? NOBODY))
  return ready
}

/** What one layer of riders, those who have been at so many places, brings from round to round. */
interface PlainLayer {
  ready: Map<number, number>
  arrivals: Map<number, number>
  /** stop → trip → arrival; −1 for who did not come by vehicle */
  arrivalsOf: Map<number, Map<number, number>>
}

/** Earliest arrivals for one departure time, Pareto over arrival and rides. */
export function referenceAt(
  runs: readonly PlainRun[],
  footpaths: Footpaths,
  stops: number,
  q: PlainQuery,
  time: number,
): PlainAnswer[] {
  const vias = q.vias ?? []
  const answers: PlainAnswer[] = []
  const layers: PlainLayer[] = [...vias, undefined].map(() => ({
    ready: new Map(),
    arrivals: new Map(),
    arrivalsOf: new Map(),
  }))
  let access = new Map(q.access)
  for (const [stop, seconds] of access) layers[0]!.ready.set(stop, time + seconds)
  vias.forEach((via, j) => {
    access = startBy(footpaths, stops, via, access, layers[j + 1]!, q.rules, time)
  })
  const latest = time + q.maxTravelTime
  // what has gone before, or leaves when the time is over, takes nobody
  const near = runs.filter(({ calls }) => calls.at(-1)!.arrival >= time && calls[0]!.departure <= latest)
  let best = NOBODY
  for (let rides = 1; rides <= q.maxRides; rides++) {
    const ruled = layers.map(layer => readyByRule(q.rules, layer.arrivalsOf, stops))
    for (const layer of layers) {
      layer.arrivals = new Map()
      layer.arrivalsOf = new Map()
    }
    for (const run of near) if (run.calls[0]!.departure < best) rideAlong(run, layers, vias, ruled)
    vias.forEach((via, j) => {
      goBy(footpaths, via, layers[j]!, layers[j + 1]!, q.rules)
    })
    let earliest = NOBODY
    for (const [stop, seconds] of q.egress)
      earliest = Math.min(earliest, (layers.at(-1)!.arrivals.get(stop) ?? NOBODY) + seconds)
    if (earliest < best && earliest <= latest) {
      best = earliest
      answers.push({ departure: time, arrival: earliest, rides })
    }
    // whoever is nowhere before the best is comes no sooner; a vehicle that takes no time may still be there at the last second
    if (layers.every(({ arrivals }) => arrivals.values().every(arrival => arrival >= best || arrival > latest))) break
    for (const layer of layers) layer.ready = change(footpaths, stops, layer.arrivals, q.rules)
    vias.forEach(({ into, outOf, stay }, j) => {
      for (const [from, toPlace] of into)
        for (const [stop, fromPlace] of outOf) {
          const arrival = layers[j]!.arrivals.get(from)
          if (arrival !== undefined) lower(layers[j + 1]!.ready, stop, arrival + toPlace + stay + fromPlace)
        }
    })
  }
  return answers
}

const arrive = ({ arrivals, arrivalsOf }: PlainLayer, stop: number, trip: number, time: number): void => {
  lower(arrivals, stop, time)
  lower(
    arrivalsOf.getOrInsertComputed(stop, () => new Map()),
    trip,
    time,
  )
}

function rideAlong(
  run: PlainRun,
  layers: readonly PlainLayer[],
  vias: readonly PlainVia[],
  ruled: readonly ((call: PlainCall) => number)[],
): void {
  const on = layers.map(() => false)
  for (const call of run.calls) {
    const { stop, departure } = call
    for (const [j, layer] of layers.entries()) if (on[j] && call.alight) arrive(layer, stop, call.trip, call.arrival)
    for (const [j, { platforms, stay }] of vias.entries())
      if (on[j] && stay === 0 && platforms.has(stop) && (call.board || call.alight)) on[j + 1] = true
    if (!call.board) continue
    for (const [j, { ready }] of layers.entries())
      if (!on[j] && ((ready.get(stop) ?? NOBODY) <= departure || ruled[j]!(call) <= departure)) on[j] = true
  }
}

/** Who starts at a place, or walks there first, leaves it after the stay: from there, or walks on. @returns where he may be then, and when */
function startBy(
  footpaths: Footpaths,
  stops: number,
  { platforms, stay }: PlainVia,
  access: ReadonlyMap<number, number>,
  { ready, arrivalsOf }: PlainLayer,
  rules: PlainRules | undefined,
  time: number,
): Map<number, number> {
  const next = new Map<number, number>()
  for (const [place, seconds] of access) {
    if (!platforms.has(place)) continue
    const left = seconds + stay
    lower(next, place, left)
    lower(ready, place, time + left)
    lower(
      arrivalsOf.getOrInsertComputed(place, () => new Map()),
      -1,
      time + left,
    )
    for (let stop = 0; stop < stops; stop++) {
      if (stop === place) continue
      const walk = walkBetween(footpaths, rules, place, stop, -1)
      if (walk === undefined) continue
      lower(next, stop, left + walk)
      if (!rules?.from.get(stop)?.has(place)) lower(ready, stop, time + left + walk)
    }
  }
  return next
}

/** Of who did not come by a vehicle; -1: and takes none. */
const walkBetween = (
  footpaths: Footpaths,
  rules: PlainRules | undefined,
  from: number,
  to: number,
  trip: number,
): number | undefined =>
  rules?.from.get(to)?.has(from) ? rules.seconds(from, -1, to, trip) : changeBetween(footpaths, from, to)

/** Places where somebody can have been without a ride: the stop he came to first, and the seconds until he leaves the place. */
function staysAtStart(
  footpaths: Footpaths,
  stops: number,
  { access, vias = [], rules }: PlainQuery,
): { first: number; place: number; left: number }[] {
  const all: { first: number; place: number; left: number }[] = []
  let there = Array.from(access, ([stop, seconds]) => ({ first: stop, stop, seconds }))
  for (const { platforms, stay } of vias) {
    const stays = there.flatMap(({ first, stop, seconds }) =>
      platforms.has(stop) ? [{ first, place: stop, left: seconds + stay }] : [],
    )
    all.push(...stays)
    there = stays.flatMap(({ first, place, left }) =>
      Array.from({ length: stops }, (_, stop) => stop).flatMap(stop => {
        const walk = stop === place ? 0 : walkBetween(footpaths, rules, place, stop, -1)
        return walk === undefined ? [] : [{ first, stop, seconds: left + walk }]
      }),
    )
  }
  return all
}

/** Who gets off at a place, or walks there, is after the stay as one who gets off there. */
function goBy(
  footpaths: Footpaths,
  { platforms, stay }: PlainVia,
  before: PlainLayer,
  after: PlainLayer,
  rules: PlainRules | undefined,
): void {
  for (const stop of platforms) {
    for (const [trip, time] of before.arrivalsOf.get(stop) ?? []) arrive(after, stop, trip, time + stay)
    for (const [from, trips] of before.arrivalsOf)
      for (const [trip, time] of trips) {
        if (from === stop) continue
        const seconds = rules?.from.get(stop)?.has(from)
          ? rules.seconds(from, trip, stop, -1)
          : changeBetween(footpaths, from, stop)
        if (seconds !== undefined) arrive(after, stop, -1, time + seconds + stay)
      }
  }
}

function readyByRule(
  rules: PlainRules | undefined,
  arrivals: ReadonlyMap<number, ReadonlyMap<number, number>>,
  stops: number,
): (call: PlainCall) => number {
  const known = new Map<number, number>()
  return call =>
    rules?.from.has(call.stop)
      ? known.getOrInsertComputed(call.trip * stops + call.stop, () => ruledReady(rules, arrivals, call))
      : NOBODY
}

/** Changes and walks that are under no rule for routes or trips. */
function change(
  footpaths: Footpaths,
  stops: number,
  arrivals: ReadonlyMap<number, number>,
  rules: PlainRules | undefined,
): Map<number, number> {
  const next = new Map<number, number>()
  for (let stop = 0; stop < stops; stop++) {
    const arrival = arrivals.get(stop)
    if (arrival === undefined) continue
    const isRuled = (to: number): boolean => rules?.from.get(to)?.has(stop) ?? false
    if (footpaths.changeSeconds[stop]! < NEVER && !isRuled(stop))
      lower(next, stop, arrival + footpaths.changeSeconds[stop]!)
    for (let e = footpaths.outBegin[stop]!; e < footpaths.outBegin[stop + 1]!; e++)
      if (!isRuled(footpaths.outTo[e]!)) lower(next, footpaths.outTo[e]!, arrival + footpaths.outSeconds[e]!)
  }
  return next
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
  const stays = staysAtStart(footpaths, stops, q)
  for (const run of runs)
    run.calls.forEach((call, i) => {
      if (!call.board || i === run.calls.length - 1) return
      const leave = (first: number, seconds: number): void => {
        const t = call.departure - seconds
        if (t >= from && t < to) departures.getOrInsertComputed(t, () => new Map()).set(first, q.access.get(first)!)
      }
      const seconds = q.access.get(call.stop)
      if (seconds !== undefined) leave(call.stop, seconds)
      // whoever starts at a place to come by may also catch it after the stay
      for (const { first, place, left } of stays) {
        const walk = place === call.stop ? 0 : walkBetween(footpaths, q.rules, place, call.stop, call.trip)
        if (walk !== undefined) leave(first, left + walk)
      }
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
