// The statistics job in a thread of its own: reading a country's hours would hold up every answer of a process that serves as well.

import { Worker } from 'node:worker_threads'
import { type ErrorMessage, fromErrorMessage } from '../messages.ts'
import type { CollectOptions, collectStatistics, StatisticsJob } from './collect.ts'

export interface CollectSetup {
  readonly job: StatisticsJob
  readonly allowHosts: readonly string[]
}
export type FromCollect = { readonly changed: readonly string[] } | { readonly error: ErrorMessage }

/** As collectStatistics; a thread that is cut off by `signal` leaves whole files. */
export async function collectBeside(
  job: StatisticsJob,
  { allowHosts, signal }: CollectOptions,
): ReturnType<typeof collectStatistics> {
  signal.throwIfAborted()
  const worker = new Worker(new URL('./collect.worker.ts', import.meta.url), {
    name: 'statistics',
    workerData: { job, allowHosts } satisfies CollectSetup,
  })
  const { promise, resolve, reject } = Promise.withResolvers<FromCollect>()
  worker.once('message', resolve)
  worker.once('error', reject)
  worker.once('exit', code => reject(new Error(`the statistics thread ended with ${code}`)))
  const stop = (): void => reject(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  try {
    const answer = await promise
    if ('error' in answer) throw fromErrorMessage(answer.error)
    return answer.changed
  } finally {
    signal.removeEventListener('abort', stop)
    await worker.terminate()
  }
}
