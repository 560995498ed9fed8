// The plan thread's side of the pool: opens the shared tables once, turns each task's handles into a Horizon, and sends errors back as
// data. A plan worker is then a pure function:
//
//   const network = attachNetwork()
//   const planner = createPlanner(network.timetable, network.footpaths, …)
//   export const plan = answering<PlanTask>(network, (horizon, { query, style }) => encode(…plan(planner, horizon, query)))
//   export const ask = answering<AskTask>(network, (horizon, { question }) => …)

import { workerData } from 'node:worker_threads'
import { move, transferableSymbol, valueSymbol } from 'piscina'
import type { Horizon } from '#engine/horizon/horizon.ts'
import { attachClock } from './clock.ts'
import { HorizonReader } from './horizon-reader.ts'
import { type AskTask, type PlanReply, type PlanSetup, type PlanTask, toErrorMessage } from './messages.ts'
import { type NetworkTables, openTables } from './network.ts'
import type { Clock } from './service.ts'

export interface AttachedNetwork extends NetworkTables {
  readonly clock: Clock
  readonly reader: HorizonReader
}

/** Opens the network that this thread was started with; once per thread. */
export function attachNetwork(setup: PlanSetup = workerData): AttachedNetwork {
  const tables = openTables(setup.network)
  return { ...tables, clock: attachClock(setup.clock), reader: new HorizonReader(tables) }
}

/** Makes a pool's task out of a function that gives the answer's bytes. The bytes are moved to the caller's thread, not copied. */
export function answering<T extends PlanTask | AskTask>(
  network: AttachedNetwork,
  answer: (horizon: Horizon, task: T) => Uint8Array<ArrayBuffer>,
): (task: T) => unknown {
  return task => {
    try {
      return moved(answer(network.reader.read(task.horizon), task))
    } catch (error) {
      return { error: toErrorMessage(error) } satisfies PlanReply
    }
  }
}

function moved(bytes: Uint8Array<ArrayBuffer>): unknown {
  // a Buffer may be a slice of memory that others use: only a whole one may change hands
  const own = bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes)
  return move({ [transferableSymbol]: own.buffer, [valueSymbol]: { bytes: own } satisfies PlanReply } as never)
}
