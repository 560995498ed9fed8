// Makes a network out of feeds and a map, in a thread of its own so that the process goes on serving meanwhile. Either DIR holds the whole
// new network afterwards, or DIR is what it was before.

import { rmSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import type { Attribution } from '#feeds/gtfs/report.ts'
import { type ErrorMessage, fromErrorMessage, isWantOfMemory, toErrorMessage } from './messages.ts'
import { type Manifest, temporaryFor, verifyReplaceable } from './network-files.ts'

export interface FeedChoice {
  /** Prefix of public ids; made from the file's name when not given. */
  readonly tag?: string
  /** A zip, a folder, or an http(s) address. */
  readonly from: string
}

export interface ImportJob {
  readonly gtfs: readonly FeedChoice[]
  /** OSM PBF: a file or an http(s) address. */
  readonly osm?: string
  /** `W,S,E,N` in degrees, GeoJSON, or a .geojson file: what lies outside is left out while reading. */
  readonly area?: string
  /** Files to lay over the map's streets: accidents (CSV as the Unfallatlas has it), zones without cars (GeoJSON), SRTM tiles (a folder). */
  readonly accidents?: readonly string[]
  readonly carFree?: string
  readonly elevation?: string
  /** Whom to name for the map; OpenStreetMap's contributors when absent. */
  readonly mapAttribution?: Attribution
  /** The network's folder. */
  readonly out: string
  /** Whom to name besides those the feeds and the map name themselves. */
  readonly attributions?: readonly Attribution[]
  /** Where downloads are kept, so that the next import only fetches what has changed; default: `downloads` beside `out`. */
  readonly downloads?: string
  /** Hosts of feeds and maps that may lie in a private network; see feeds/http.ts. */
  readonly allowHosts?: readonly string[]
  /** Take the feeds even if they have lost more than a fifth of what the network at `out` holds. */
  readonly force?: boolean
  /** Leave the network alone if it was made from the very same files. */
  readonly unlessSame?: boolean
}

export interface ImportProgress {
  readonly step: 'download' | 'timetable' | 'streets' | 'landscape' | 'walks' | 'write' | 'publish'
  /** What is being worked on: a file, a table. */
  readonly what: string
  readonly done: number
  /** Undefined: nobody knows. */
  readonly total?: number
}

export interface ImportReport {
  readonly out: string
  readonly manifest: Manifest
  /** false: `unlessSame`, and it was. */
  readonly changed: boolean
  readonly seconds: number
  readonly cpuSeconds: number
  /** Of the whole process, at its highest. */
  readonly peakRssBytes: number
}

export interface ImportOptions {
  /** At most about ten times a second. */
  readonly onProgress?: (progress: ImportProgress) => void
  readonly signal?: AbortSignal
}

export interface ImportSetup {
  readonly job: ImportJob
  readonly temporary: string
}

export type FromImport =
  | { readonly kind: 'progress'; readonly progress: ImportProgress }
  | { readonly kind: 'done'; readonly report: ImportReport }
  | { readonly kind: 'failed'; readonly error: ErrorMessage }

/** Imports of a process run one after the other: each needs memory for a whole city. */
let last: Promise<unknown> = Promise.resolve()

/** Rejects with the FreifahrtError that says what is wrong with the input, or with the signal's reason. */
export function importNetwork(job: ImportJob, options: ImportOptions = {}): Promise<ImportReport> {
  const result = last.then(() => runImport(job, options))
  last = result.catch(() => {})
  return result
}

async function runImport(job: ImportJob, { onProgress, signal }: ImportOptions): Promise<ImportReport> {
  signal?.throwIfAborted()
  verifyReplaceable(job.out)
  const temporary = temporaryFor(job.out)
  const { promise, resolve, reject } = Promise.withResolvers<ImportReport>()
  const worker = new Worker(new URL('./import.worker.ts', import.meta.url), {
    name: 'import',
    workerData: { job, temporary } satisfies ImportSetup,
  })
  worker.on('message', (message: FromImport) => {
    if (message.kind === 'progress') onProgress?.(message.progress)
    else if (message.kind === 'done') resolve(message.report)
    else reject(fromErrorMessage(message.error))
  })
  worker.on('error', error => reject(isWantOfMemory(error) ? fromErrorMessage(toErrorMessage(error)) : error))
  worker.on('exit', code => reject(new Error(`the import thread ended with ${code}`)))
  const stop = (): void => reject(signal!.reason)
  signal?.addEventListener('abort', stop, { once: true })
  try {
    return await promise
  } finally {
    signal?.removeEventListener('abort', stop)
    await worker.terminate()
    rmSync(temporary, { recursive: true, force: true })
  }
}
