// A new network takes the place of the one in force without a pause: opened and warmed up beside it, told what is known of now, then swapped
// whole. What cannot be opened leaves the one in force alone.

import { setTimeout as sleep } from 'node:timers/promises'
import { collectShared } from '#workers/buffers.ts'
import type { Follower } from '#workers/follow.ts'
import type { OpenNetwork } from '#workers/network.ts'
import { type NetworkPlace, placeName, watchPlace } from '#workers/network-place.ts'
import { openNetworkBeside } from '#workers/open.ts'
import type { RunningService } from '#workers/start.ts'
import type { Operations } from '../operations/operations.ts'
import type { TellTrouble } from '../operations/trouble.ts'
import type { Server } from '../server.ts'
import type { Settings } from '../settings.ts'
import { warmUp } from '../warm.ts'
import { hearOnce } from './realtime.ts'
import type { Setup } from './setup.ts'

/** The service that answers. */
export interface InForce {
  service: RunningService
}

/** @param behind its threads begin behind answers, until they are made equal */
export type OpenService = (network: OpenNetwork, behind?: boolean) => Promise<RunningService>

interface Parts {
  readonly inForce: InForce
  readonly open: OpenService
  readonly server: Pick<Server, 'swap'>
  /** Of realtime over Redis. */
  readonly follower: Follower | undefined
  readonly operations: Operations
  readonly tell: TellTrouble
}

/**
 * Watches the place that the network in force is from, if it is from any.
 * @returns stops that; resolves when what was begun is done
 */
export function takeOverNetworks(
  { from, sources }: Pick<Setup, 'from' | 'sources'>,
  { networkSeconds }: Pick<Settings, 'networkSeconds'>,
  parts: Parts,
): () => Promise<unknown> {
  const { operations } = parts
  for (const name of ['networks_taken_over', 'networks_refused']) operations.metrics.count(name, {}, 0)
  if (!from) return async () => {}
  const { place, dir } = from
  // one change after the other
  let turn: Promise<unknown> = Promise.resolve()
  const stop = watchPlace(
    place,
    dir,
    {
      onChange() {
        const done = turn.then(() => takeOver(place, sources, parts))
        turn = done
        return done
      },
      onSame: () => void operations.degraded.delete('network'),
      onTrouble: error => staysInForce(place, error, parts),
    },
    networkSeconds,
  )
  return () => {
    stop()
    return turn
  }
}

const staysInForce = (place: NetworkPlace, error: unknown, { tell }: Parts): void =>
  tell(`${placeName(place)}: the network in force stays`, error)

/** @returns whether it has; never rejects */
async function takeOver(place: NetworkPlace, sources: Setup['sources'], parts: Parts): Promise<boolean> {
  const { inForce, open, server, follower, operations } = parts
  let next: RunningService | undefined
  try {
    const { network, mayComeBack } = await openNetworkBeside(place)
    next = await open(network, mayComeBack)
    await warmUp(next)
    // what is known of now must not be lost for the length of a poll
    if (follower) await follower.moveTo(next)
    else await Promise.race([hearOnce(next, sources), sleep(FIRST_POLL_MS)])
    next.makeEqual()
    await server.swap(next)
    const before = inForce.service
    inForce.service = next
    next = undefined
    await before.close()
    setTimeout(collectShared, SETTLED_MS).unref()
    operations.metrics.count('networks_taken_over')
    operations.degraded.delete('network')
    console.log(`${placeName(place)}: a new network has taken over`)
    return true
  } catch (error) {
    operations.metrics.count('networks_refused')
    operations.degraded.add('network')
    staysInForce(place, error, parts)
    // whatever goes wrong on the way back, the next network gets its turn
    const refused = next
    await Promise.resolve(refused && follower?.moveTo(inForce.service))
      .finally(() => refused?.close())
      .catch(trouble => staysInForce(place, trouble, parts))
    return false
  }
}

const FIRST_POLL_MS = 5000

// live channels are read again meanwhile: one after the other
const SETTLED_MS = 1000
