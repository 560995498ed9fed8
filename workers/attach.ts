// The plan thread's side of the pool: opens the shared tables once, turns each task's handles into a Horizon, and sends errors back as
// data. A plan worker is then a pure function:
//
//   const network = attachNetwork()
//   const planner = createPlanner(network.timetable, network.footpaths, …)
//   export const serve = answering(network, (horizon, task) => encode('question' in task ? … : plan(planner, horizon, task.query)))

import { workerData } from 'node:worker_threads'
import type { Horizon } from '#engine/horizon/horizon.ts'
import { attachClock } from './clock.ts'
import { HorizonReader } from './horizon-reader.ts'
import type { PlanSetup } from './messages.ts'
import { type NetworkTables, openTables } from './network.ts'
import { type Line, serving, type ThreadTask } from './plan-thread.ts'
import type { Clock } from './service.ts'

export interface AttachedNetwork extends NetworkTables {
  readonly clock: Clock
  readonly reader: HorizonReader
}

/** Opens the network that this thread was started with; once per thread. */
export function attachNetwork(): AttachedNetwork {
  const setup: PlanSetup = workerData
  const tables = openTables(setup.network)
  return { ...tables, clock: attachClock(setup.clock), reader: new HorizonReader(tables) }
}

/** Makes `serve` out of a function that gives the answer's bytes. They are moved to the caller's thread, not copied. */
export function answering(
  network: AttachedNetwork,
  answer: (horizon: Horizon, task: ThreadTask, isGivenUp: () => boolean) => Uint8Array<ArrayBuffer>,
): (line: Line) => Promise<never> {
  return serving((task, isGivenUp) => {
    const bytes = answer(network.reader.read(task.horizon), task, isGivenUp)
    // a Buffer may be a slice of memory that others use: only a whole one may change hands
    return { bytes: bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes) }
  })
}
