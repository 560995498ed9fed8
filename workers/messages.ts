// Everything that crosses a thread: plain objects, and shared memory by handle.
//
//   process ──apply, ensure, release──▶ live thread        plan thread ◀──task── process
//   process ◀──publish, applied, ensured── live thread     plan thread ──reply─▶ process

import type { Conditions } from '#engine/conditions/conditions.ts'
import { type Code, FreifahrtError } from '#engine/core/errors.ts'
import type { ServiceDay, UnixSeconds } from '#engine/core/time.ts'
import type { ZoneDay } from '#engine/horizon/days.ts'
import type { SourceOptions } from '#engine/live/options.ts'
import type { AddedStops } from '#engine/live/realtime-stops.ts'
import type { LiveVehicle, SourceStatus } from '#engine/live/state.ts'
import type { Query } from '#engine/plan/query.ts'
import type { NetworkBuffers } from './network.ts'
import type { News } from './news.ts'
import type { AnswerStyle, Question } from './service.ts'

// ── a generation of the horizon ───────────────────────────────────────────────────────────────────────────────────────
export interface DayHandle {
  readonly zone: number
  readonly day: ServiceDay
  readonly start: UnixSeconds
  /** Days with the same services carry the same block. */
  readonly block: number
  readonly buffer: SharedArrayBuffer
}

/** Alerts as JSON in shared memory, so that a task carries a handle instead of thousands of texts. */
export interface AlertsHandle {
  /** Counts up when the alerts change. */
  readonly version: number
  readonly buffer: SharedArrayBuffer
  readonly bytes: number
}

/** A live block, or how full the vehicles are. */
export interface TableHandle {
  /** Counts up when the table is another one. */
  readonly version: number
  readonly buffer: SharedArrayBuffer
}

/** What a thread needs to read a generation: the horizon without its sources, and of its vehicles only how full they are. */
export interface HorizonHandle {
  readonly generation: number
  /** Counts up when the set of days changes. */
  readonly daysVersion: number
  readonly days: readonly DayHandle[]
  readonly live: TableHandle
  readonly occupancy: TableHandle
  readonly alerts: AlertsHandle
  /** As JSON, like the alerts; absent while nobody says anything. */
  readonly conditions?: AlertsHandle
  /** Absent while realtime has no stops of its own. */
  readonly added?: AddedStops
}

// ── the live thread ───────────────────────────────────────────────────────────────────────────────────────────────────
export interface RealtimeSource {
  /** The feed whose trips and stops it speaks of. */
  readonly tag: string
  /** Polled when it is http:// or https://; any other text only names a source whose bytes come as messages. */
  readonly url: string
  readonly options?: SourceOptions
}

/** What else is followed: vehicles for rent, elevators, car parks. */
export interface ConditionSource {
  readonly kind: 'gbfs' | 'elevators' | 'parking'
  /** Short name, unique among the sources of its kind. */
  readonly tag: string
  readonly url: string
}

export interface LiveSetup {
  readonly network: NetworkBuffers
  readonly sources: readonly RealtimeSource[]
  readonly conditions: readonly ConditionSource[]
  /** A clock's memory; see clock.ts. */
  readonly clock: SharedArrayBuffer
  readonly pollSeconds: number
  /** false: messages come from the process, which has them from elsewhere. */
  readonly polled: boolean
  /** Hosts of sources that may lie in a private network; see feeds/http.ts. */
  readonly allowHosts?: readonly string[]
  /** Was the timetable cut to an area? */
  readonly cut: boolean
  /** Number of the first generation: above 1 when a thread replaces one that died. */
  readonly firstGeneration: number
}

export type ToLive =
  | {
      readonly kind: 'apply'
      readonly id: number
      readonly source: number
      readonly bytes: Uint8Array
      readonly since: number
    }
  /** What a source said instead of a message. */
  | {
      readonly kind: 'notice'
      readonly id: number
      readonly source: number
      readonly news: Exclude<News, { kind: 'message' }>
    }
  | { readonly kind: 'ensure'; readonly id: number; readonly days: readonly ZoneDay[] }
  | { readonly kind: 'release'; readonly generation: number }
  | { readonly kind: 'conditions'; readonly id: number; readonly conditions: Conditions }
  /** What a source of conditions said to another process. */
  | { readonly kind: 'condition'; readonly id: number; readonly source: number; readonly news: News }
  /** No longer behind answers; see priority.ts. */
  | { readonly kind: 'equal' }
  /** Look at the clock now instead of within a second. */
  | { readonly kind: 'tick'; readonly id: number }

export interface PublishMessage {
  readonly kind: 'publish'
  readonly horizon: HorizonHandle
  readonly changedStops: Uint32Array
  readonly alertsChanged: boolean
  readonly conditionsChanged: boolean
  /** Given when they differ from the generation before. */
  readonly vehicles?: readonly LiveVehicle[]
  readonly sources?: readonly SourceStatus[]
  /** When the oldest message in this generation had arrived, Unix milliseconds; 0 when none caused it. */
  readonly since: number
}

export type FromLive =
  | PublishMessage
  /** The request is in the generation published last, or `refused` says why not. */
  | { readonly kind: 'done'; readonly id: number; readonly refused?: string; readonly error?: ErrorMessage }
  /** A source of conditions said something that could be read, fetched then. */
  | { readonly kind: 'heard'; readonly source: number; readonly at: UnixSeconds }
  /** Somebody ought to know: a source that cannot be reached, a bug in a message's way. */
  | { readonly kind: 'trouble'; readonly where: string; readonly error: ErrorMessage }

// ── a plan thread ─────────────────────────────────────────────────────────────────────────────────────────────────────
export interface PlanSetup {
  readonly network: NetworkBuffers
  /** A clock's memory; see clock.ts. */
  readonly clock: SharedArrayBuffer
}

export interface PlanTask {
  readonly horizon: HorizonHandle
  readonly query: Query
  readonly style: AnswerStyle
}

/** A FreifahrtError does not survive the way between threads as one (structured clone keeps the message only): it goes as data. */
export interface ErrorMessage {
  readonly code: Code
  readonly where: string
  readonly detail: string
}

export interface AskTask {
  readonly horizon: HorizonHandle
  readonly question: Question
}

export type PlanReply = { readonly bytes: Uint8Array<ArrayBuffer> } | { readonly error: ErrorMessage }

/** Whatever was thrown, as data; what is no FreifahrtError is a bug and says INTERNAL. */
export function toErrorMessage(error: unknown): ErrorMessage {
  if (error instanceof FreifahrtError) {
    const { code, where, message } = error
    return { code, where, detail: message.slice(`${code} at ${where}: `.length) }
  }
  if (isWantOfMemory(error)) return { code: 'OUT_OF_MEMORY', where: 'worker', detail: error.message }
  return {
    code: 'INTERNAL',
    where: 'worker',
    detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
  }
}

/** A thread that has died of it (how shared memory that cannot be had ends too), or an array for which there is no room. */
export const isWantOfMemory = (error: unknown): error is Error =>
  error instanceof Error &&
  ((error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY' ||
    (error instanceof RangeError && error.message.endsWith('allocation failed')))

export const fromErrorMessage = ({ code, where, detail }: ErrorMessage): FreifahrtError =>
  new FreifahrtError(code, where, detail)
