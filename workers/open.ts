// Opening a network beside one that serves: fetching, reading and checking hundreds of megabytes would hold up every answer of this thread, so
// a thread of its own does it and hands the memory over, which copies nothing.

import { Worker } from 'node:worker_threads'
import { type ErrorMessage, fromErrorMessage } from './messages.ts'
import { type NetworkBuffers, type OpenNetwork, openTables } from './network.ts'
import type { Manifest } from './network-files.ts'
import { type NetworkPlace, placeName } from './network-place.ts'

export type FromOpen =
  | { readonly manifest: Manifest; readonly buffers: NetworkBuffers; readonly mayComeBack: boolean }
  | { readonly error: ErrorMessage }

export interface OpenedBeside {
  readonly network: OpenNetwork
  /** Its threads may begin behind answers: they can be made equal to others later (priority.ts). */
  readonly mayComeBack: boolean
}

/** What lies at this place now, brought and opened without holding up the caller's thread. Rejects with NETWORK_UNREADABLE, FETCH_FAILED. */
export async function openNetworkBeside(place: NetworkPlace): Promise<OpenedBeside> {
  const worker = new Worker(new URL('./open.worker.ts', import.meta.url), { name: 'open', workerData: place })
  const { promise, resolve, reject } = Promise.withResolvers<FromOpen>()
  worker.once('message', resolve)
  worker.once('error', reject)
  worker.once('exit', code => reject(new Error(`the thread that opens ${placeName(place)} ended with ${code}`)))
  const opened = await promise
  if ('error' in opened) throw fromErrorMessage(opened.error)
  const { manifest, buffers, mayComeBack } = opened
  return { network: { manifest, ...openTables(buffers) }, mayComeBack }
}
