// Staying seated: the vehicle that goes on as another trip leaves when it has come, whatever that trip's own times say.

import { NO_LIVE_RUN } from '../core/ids.ts'
import type { Horizon } from '../horizon/horizon.ts'
import { findLiveRun, noSooner, type RunCall, readCall } from '../horizon/runs.ts'
import type { Leg, RideLeg } from '../transit/journey.ts'

/**
 * The ride on the vehicle of the one `before`.
 * @param realtime false: by the schedule alone
 */
export function stayedOn(horizon: Horizon, before: RideLeg, ride: RideLeg, realtime: boolean): RideLeg {
  const call = (leg: RideLeg, position: number): RunCall => {
    const row = realtime ? findLiveRun(horizon.live, leg.trip, leg.day, leg.shift) : NO_LIVE_RUN
    return noSooner(readCall(horizon, leg, row, position), leg.notBefore)
  }
  const came = call(before, before.alight).arrival
  const here = { ...ride, notBefore: came }
  const [departure, arrival] = [call(here, ride.board).departure, call(here, ride.alight).arrival]
  return call(ride, ride.board).departure < came ? { ...here, departure, arrival } : ride
}

/** A journey's legs, each ride for which the rider stays seated as the vehicle makes it. */
export function seated(horizon: Horizon, legs: readonly Leg[], realtime: boolean): readonly Leg[] {
  if (!legs.some(leg => leg.kind === 'ride' && leg.stayed)) return legs
  const made: Leg[] = []
  for (const leg of legs) {
    const before = made.at(-1)
    const stays = leg.kind === 'ride' && leg.stayed && before?.kind === 'ride'
    made.push(stays ? stayedOn(horizon, before, leg, realtime) : leg)
  }
  return made
}
