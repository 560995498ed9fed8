// What a word of the command puts together before it opens a service.

import type { SharedClock } from '#workers/clock.ts'
import type { ConditionSource, RealtimeSource } from '#workers/messages.ts'
import type { OpenNetwork } from '#workers/network.ts'
import type { NetworkPlace } from '#workers/network-place.ts'

export interface Setup {
  readonly network: OpenNetwork
  readonly clock: SharedClock
  readonly sources: readonly RealtimeSource[]
  readonly pollSeconds?: number
  /** Vehicles for rent, elevators, car parks to follow. */
  readonly conditions?: readonly ConditionSource[]
  /** Where the network is from, and the folder it was opened from: a new one there takes over without a pause. */
  readonly from?: { readonly place: NetworkPlace; readonly dir: string }
}
