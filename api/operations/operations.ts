// What belongs to the process and outlives each network: its metrics, whether it is ready, who may operate it, where its traces go.

import type { JobLine } from '#workers/jobs/line.ts'
import type { Recheck } from '#workers/jobs/rechecks.ts'
import type { TransitService } from '#workers/service.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { noOperators, type Operators } from './operators.ts'
import type { Tracing } from './tracing.ts'
import type { TellTrouble } from './trouble.ts'

export interface Operations {
  readonly metrics: Metrics
  readonly operators: Operators
  readonly tracing?: Tracing | undefined
  /** What this process does: serve, feed, jobs. */
  readonly roles: readonly string[]
  /** Why nobody should be sent here just now. */
  readonly unready: Set<string>
  /** What does not work, though answers still come: `redis`, `network` (a new one cannot be taken over). */
  readonly degraded: Set<string>
  /** The jobs, where this process has any. */
  jobs?: JobLine
  /** What was asked about a feed's timetable before its time, where anybody can be asked. */
  rechecks?: (tag: string) => Recheck | undefined
  /** Set by the server as soon as a network is served, and with each one that takes over. */
  serving(service: TransitService | undefined): void
}

/** A process without operators, traces and jobs, which serves, unless it is told otherwise. */
export function createOperations({
  operators = noOperators,
  tracing,
  roles = ['serve'],
}: {
  readonly operators?: Operators
  readonly tracing?: Tracing | undefined
  readonly roles?: readonly string[]
} = {}): Operations {
  const metrics = createMetrics()
  const degraded = new Set<string>()
  metrics.list('degraded', 'what', 'What does not work, though answers still come', degraded)
  return {
    metrics,
    operators,
    tracing,
    roles,
    unready: new Set(),
    degraded,
    serving(service) {
      metrics.feedsOf(service)
      if (!service) return
      metrics.read('plan', () => {
        const { waitMs, ...load } = service.load()
        return { ...load, wait_seconds: waitMs / 1000 }
      })
    },
  }
}

/** For connections to Redis to tell when it has come or gone, and why; it is away until they do. */
export function redisState({ degraded }: Operations, tell?: TellTrouble): (up: boolean, why?: string) => void {
  degraded.add('redis')
  return (up, why) => {
    if (up) degraded.delete('redis')
    else degraded.add('redis')
    if (!up && why) tell?.('redis', why)
  }
}
