// Journeys found by the schedule alone, told with what realtime says (realtimeMode=REALTIME_ANNOTATION_ONLY): who is brought late goes on late,
// and misses what leaves before; who is taken early sets out early.

import type { UnixSeconds } from '#engine/core/time.ts'
import { arrivalOf, departureOf, viewRun } from '#engine/horizon/run-view.ts'
import type { Leg, RideLeg, WalkLeg } from '#engine/transit/journey.ts'
import { changeSeconds } from './legs.ts'
import type { PlanView } from './plan-view.ts'

interface Annotated {
  readonly legs: readonly Leg[]
  /** Rides that leave before the rider is there. */
  readonly missed: ReadonlySet<Leg>
}

export function annotated(view: PlanView, legs: readonly Leg[]): Annotated {
  const missed = new Set<Leg>()
  const first = legs.findIndex(leg => leg.kind === 'ride')
  if (first < 0 || view.query.realtime || !view.realtime) return { legs, missed }
  const times = ({ board, alight, ...run }: RideLeg): readonly [leaves: number, comes: number] => {
    const now = viewRun(view.horizon, run, true)
    return [departureOf(now, board), arrivalOf(now, alight)]
  }
  const boarded = legs[first] as RideLeg
  const early = Math.max(0, boarded.departure - times(boarded)[0])
  const made: Leg[] = (legs.slice(0, first) as WalkLeg[]).map(walk => walkFrom(walk, walk.departure - early))
  let there = Number.NEGATIVE_INFINITY
  for (const [i, leg] of legs.entries()) {
    if (i < first) continue
    if (leg.kind === 'walk') {
      const walk = walkFrom(leg, Math.max(leg.departure, there + (leg.stay ?? 0)))
      made.push(walk)
      there = walk.arrival
      continue
    }
    const before = legs[i - 1]
    const ready = before?.kind === 'ride' ? there + changeSeconds(view, before, leg) : there
    const [leaves, comes] = times(leg)
    const ride = comes > leg.arrival ? { ...leg, arrival: comes as UnixSeconds } : leg
    if (!leg.stayed && ready + (leg.stay ?? 0) > leaves) missed.add(ride)
    made.push(ride)
    there = comes
  }
  return { legs: made, missed }
}

const walkFrom = (walk: WalkLeg, departure: number): WalkLeg => {
  const arrival = departure + walk.arrival - walk.departure
  return { ...walk, departure: departure as UnixSeconds, arrival: arrival as UnixSeconds }
}
