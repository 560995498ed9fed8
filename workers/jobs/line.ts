// What a line of jobs promises, whoever keeps it: this process (here.ts) or Redis (redis/jobs.ts).
//
//   imports   each needs the memory of a city or a country: few at once        ─┐  a line of their own each, so that neither waits for the other;
//   others    discovery and statistics need next to none: several at once      ─┘  never two that write to one place
//
// A job that throws, whose process dies, or that takes longer than it may (process.ts) has failed. It is tried three times, then set aside until
// somebody starts it again. Whatever it does, it takes one of the places in its line, and only while it runs.

import { totalmem } from 'node:os'
import { constrainedMemory, memoryUsage } from 'node:process'
import { isImport, placesOf, type ScheduledJob } from './schedule.ts'

/** A job as operators see it. */
export interface JobView {
  readonly id: string
  readonly name: string
  readonly state: 'waiting' | 'running' | 'done' | 'failed'
  readonly progress?: unknown
  /** Of the last attempt. */
  readonly error?: string
  readonly attempts: number
}

/** Who keeps the line. */
export interface JobLine {
  /** Now, besides its times; one that waits already, or rests before another attempt, is enough. @throws BAD_REQUEST for a name that is not scheduled */
  start(name: string): Promise<void>
  /** The newest last. Failed ones stay until many others have ended. */
  list(): Promise<readonly JobView[]>
  close(): Promise<void>
}

export interface JobContext {
  readonly signal: AbortSignal
  progress(value: unknown): void
}

/** Rejects when the job has failed, and only when nothing of it is at work any more. @returns what came of it, for people */
export type RunJob = (job: ScheduledJob, context: JobContext) => Promise<string>

export const ATTEMPTS = 3
/** Before the second attempt; doubled for the third. */
export const BACKOFF_MS = 30_000
/** Jobs that have ended and are still shown. */
export const KEPT = 50

/** How many a process does at the same time. */
export interface AtOnce {
  readonly imports: number
  readonly others: number
}
export type Sort = keyof AtOnce
export const sorts: readonly Sort[] = ['imports', 'others']

export const sortOf = (job: ScheduledJob): Sort => (isImport(job) ? 'imports' : 'others')

/** An import of 27 M stop times has 1.4 GB at its highest. */
const BYTES_PER_IMPORT = 2 * 2 ** 30
const MOST_IMPORTS = 3

/**
 * @param imports 0: as many as there is memory for, up to three: one that hangs leaves two thirds to the others
 * @param memory bytes that imports may fill
 */
export function atOnce(imports = 0, memory = memoryLeft()): AtOnce {
  const fitting = Math.min(MOST_IMPORTS, Math.max(1, Math.floor(memory / BYTES_PER_IMPORT)))
  return { imports: imports || fitting, others: 4 }
}

/** What the machine, or the container, has, but for what this process holds itself: who serves a network has it in memory. */
export const memoryLeft = (): number =>
  Math.min(totalmem(), constrainedMemory() || Number.POSITIVE_INFINITY) - memoryUsage.rss()

export const writeToOnePlace = (one: ScheduledJob, other: ScheduledJob): boolean => {
  const places = new Set(placesOf(other))
  return placesOf(one).some(place => places.has(place))
}
