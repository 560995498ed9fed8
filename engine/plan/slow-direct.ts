// Rides without a change that a journey of the Pareto set overtakes (MOTIS' slowDirect): slower, but nobody has to get off on the way. Each run is
// proposed once, by its quickest pair of stops, so pages laid together have it once as well. Left out: trips that go on as another.

import { type BoardQuery, stopEvents } from '../board/departures.ts'
import type { StopIdx } from '../core/ids.ts'
import type { UnixSeconds } from '../core/time.ts'
import type { Horizon } from '../horizon/horizon.ts'
import { arrivalOf, canAlight, canBoard, departureOf, stopOf, viewRun } from '../horizon/run-view.ts'
import type { RunKey } from '../horizon/runs.ts'
import { runKey } from '../live/runs.ts'
import { isServed } from '../live/state.ts'
import type { Journey, Leg, RideLeg } from '../transit/journey.ts'
import { usableReach, usableRun } from '../transit/options.ts'
import type { Reach } from '../transit/range.ts'
import { onFoot } from './approaches.ts'
import type { Planner } from './plan.ts'
import type { Query } from './query.ts'
import { type Ends, endsAt } from './side.ts'
import type { Window } from './window.ts'

/** Those that depart (arrive by: arrive) in the window and are not among the journeys found. */
export function overtaken(
  { timetable: tt }: Planner,
  horizon: Horizon,
  q: Query,
  ends: Ends,
  { begin, end }: Window,
  found: readonly Journey[],
): Journey[] {
  const { access, egress } = q.approaches ?? onFoot
  if (q.vias.length > 0 || q.maxTransfers < 0 || !access.includes('WALK') || !egress.includes('WALK')) return []
  const [start, last] = [ends.start, ends.end].map(reach => secondsOf(usableReach(tt, q.wheelchair, reach)))
  const known = new Set(found.filter(j => j.transfers === 0).flatMap(j => j.legs.filter(isRide).map(runKey)))
  const near = q.arriveBy ? last! : start!
  const walk = Math.max(0, ...near.values())
  const board: BoardQuery = {
    arrivals: q.arriveBy,
    from: (q.arriveBy ? begin - walk : begin) as UnixSeconds,
    direction: 'later',
    limit: 0,
    window: end - begin + walk,
    realtime: q.realtime,
    withClosedCalls: false,
  }
  const journeys: Journey[] = []
  const takes = ({ arrival, departure }: Journey): number => arrival - departure
  for (const event of stopEvents(horizon, [...near.keys()] as StopIdx[], board)) {
    const name = runKey(event)
    if (known.has(name) || !isServed(event.state) || !usableRun(horizon, q, event)) continue
    known.add(name)
    const journey = quickest(horizon, q, event, start!, last!)
    const at = journey && (q.arriveBy ? journey.arrival : journey.departure)
    if (at === undefined || at < begin || at >= end) continue
    if (takes(journey!) <= q.maxTravelTime) journeys.push(journey!)
  }
  const { slowDirectFactor: factor = 0 } = q
  if (factor < 1) return journeys
  const straight = found.filter(j => j.transfers === 0 && j.legs.some(isRide))
  const longest = factor * Math.min(...[...straight, ...journeys].map(takes))
  return journeys.filter(journey => takes(journey) <= longest)
}

/** The run from a stop near the start to one near the end, with the walks there; of equally quick ones the first. */
function quickest(
  horizon: Horizon,
  q: Query,
  { trip, day, shift }: RunKey,
  start: ReadonlyMap<number, number>,
  end: ReadonlyMap<number, number>,
): Journey | undefined {
  const run = viewRun(horizon, { trip, day, shift }, q.realtime)
  let best: { departure: number; arrival: number; ride: RideLeg } | undefined
  // the stop to board that leaves latest, of those passed so far
  let from = -1
  let departure = Number.NEGATIVE_INFINITY
  for (let i = 0; i < run.length; i++) {
    const stop = stopOf(run, i)
    const after = end.get(stop)
    const arrival = arrivalOf(run, i)
    if (after !== undefined && from >= 0 && canAlight(run, i))
      if (!best || arrival + after - departure < best.arrival - best.departure) {
        const [on, off] = [stopOf(run, from), stop]
        const times = { departure: departureOf(run, from), arrival }
        const ride: RideLeg = { kind: 'ride', trip, day, shift, board: from, alight: i, from: on, to: off, ...times }
        best = { departure, arrival: arrival + after, ride }
      }
    const before = start.get(stop)
    if (before === undefined || !canBoard(run, i) || departureOf(run, i) - before <= departure) continue
    departure = departureOf(run, i) - before
    from = i
  }
  if (!best) return undefined
  const { ride } = best
  const [leaves, comes] = [best.departure as UnixSeconds, best.arrival as UnixSeconds]
  const legs: Leg[] = [ride]
  const [boards, alights] = [ride.from, ride.to].map(stop => ({ kind: 'stop', stop }) as const)
  const { timetable: tt } = horizon
  if (!endsAt(tt, q.from)(ride.from))
    legs.unshift({ kind: 'walk', from: { kind: 'start' }, to: boards!, departure: leaves, arrival: ride.departure })
  if (!endsAt(tt, q.to)(ride.to))
    legs.push({ kind: 'walk', from: alights!, to: { kind: 'end' }, departure: ride.arrival, arrival: comes })
  return { departure: leaves, arrival: comes, transfers: 0, legs }
}

const isRide = (leg: Leg): leg is RideLeg => leg.kind === 'ride'

const secondsOf = ({ count, stops, seconds }: Reach): ReadonlyMap<number, number> =>
  new Map(Array.from({ length: count }, (_, i) => [stops[i]!, seconds[i]!]))
