// What the fleet view remembers of a running network: the departures seen so far, how its vehicles move, and the thresholds in force.

import { Hours } from '#engine/fleet/hours.ts'
import { Observations } from '#engine/fleet/observations.ts'
import { type FleetRules, fleetDefaults } from '#engine/fleet/rules.ts'
import { Tracks } from '#engine/fleet/tracks.ts'
import type { TransitService } from '#workers/service.ts'
import type { Scheduler } from '../live/scheduler.ts'

export interface Fleet {
  readonly rules: FleetRules
  readonly seen: Observations
  readonly tracks: Tracks
  readonly hours: Hours
}

const fleets = new WeakMap<TransitService, Fleet>()

/** The network's fleet. It observes from the first call on; the rules given there stay. */
export function fleetOf(service: TransitService, rules: FleetRules = fleetDefaults): Fleet {
  const known = fleets.get(service)
  if (known) return known
  const seen = new Observations(service.clock.now())
  const fleet = { rules, seen, tracks: new Tracks(rules), hours: new Hours(seen, rules) }
  fleets.set(service, fleet)
  const take = (): void => {
    fleet.seen.take(service.horizon, service.clock.now())
    fleet.tracks.take(service.horizon)
    count(service, fleet)
  }
  take()
  service.onPublish(take)
  return fleet
}

const count = (service: TransitService, { hours }: Fleet): void =>
  hours.take(service.horizon, service.sources(), service.clock.now())

/**
 * Counts hours though nothing is published: sources that say nothing are looked at like the others.
 * @param inForce the network that answers now @returns stops it
 */
export function countHours(inForce: () => TransitService, scheduler: Scheduler): () => void {
  let stop = (): void => {}
  const wait = (): void => {
    stop = scheduler.after(COUNT_MS, () => {
      wait()
      count(inForce(), fleetOf(inForce()))
    })
  }
  wait()
  return () => stop()
}

/** Of an hour some thousand runs are counted at a time. */
const COUNT_MS = 1000
