// What the fleet view remembers of a running network: the departures seen so far, and the thresholds in force.

import { Observations } from '#engine/fleet/observations.ts'
import { type FleetRules, fleetDefaults } from '#engine/fleet/rules.ts'
import type { TransitService } from '#workers/service.ts'

export interface Fleet {
  readonly rules: FleetRules
  readonly seen: Observations
}

const fleets = new WeakMap<TransitService, Fleet>()

/** The network's fleet. It observes from the first call on; the rules given there stay. */
export function fleetOf(service: TransitService, rules: FleetRules = fleetDefaults): Fleet {
  const known = fleets.get(service)
  if (known) return known
  const fleet = { rules, seen: new Observations(service.clock.now()) }
  fleets.set(service, fleet)
  fleet.seen.take(service.horizon, service.clock.now())
  service.onPublish(() => fleet.seen.take(service.horizon, service.clock.now()))
  return fleet
}
