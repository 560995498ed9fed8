// What api/ and the command line see of the engine at work: one running network. Everything behind it (threads, pools, buffers) may
// change shape; this does not.

import type { UnixSeconds } from '#engine/core/time.ts'
import type { Horizon } from '#engine/horizon/horizon.ts'
import type { SourceStatus } from '#engine/live/state.ts'
import type { Places } from '#engine/places/places.ts'
import type { Query } from '#engine/plan/query.ts'
import type { StreetGraph } from '#engine/street/graph.ts'
import type { StopLookup } from '#engine/timetable/lookup.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'
import type { ConditionSource } from './messages.ts'

/** The only source of "now" in a process; old feeds are run live by setting it back. */
export interface Clock {
  now(): UnixSeconds
}

/** Said after each publish, in the same turn in which `horizon` changed. */
export interface Published {
  readonly generation: number
  /** Stops at which any departure or arrival changed (StopIdx, ascending). */
  readonly changedStops: Uint32Array
  /** Did an alert, a vehicle or a source's state change? */
  readonly alertsChanged: boolean
  readonly vehiclesChanged: boolean
  /** Did anything change about elevators, vehicles for rent or car parks? */
  readonly conditionsChanged?: boolean
  readonly sourcesChanged: boolean
  /** Milliseconds since the message's bytes were there, until this publish; 0 when no message caused it (midnight). */
  readonly latencyMs: number
}

/** What the plan worker gets besides the query: how to write the answer. Passed through, not read, by workers/. */
export interface AnswerStyle {
  /** MOTIS API version, 1…6. */
  readonly version: number
  readonly language: readonly string[]
  /** Everything else the writer of the answer wants to know (a plain, cloneable object). */
  readonly extra: Readonly<Record<string, unknown>>
}

/** Something else than a plan for a plan thread: a plain, cloneable object that the worker's module understands. */
export interface Question {
  readonly kind: string
}

export interface AskOptions {
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

export interface Load {
  readonly threads: number
  readonly busy: number
  readonly waiting: number
  /** How long one more would wait in line, in ms. */
  readonly waitMs: number
}

/** A source of vehicles for rent, elevators or car parks, and when it was heard. */
export interface ConditionStatus extends ConditionSource {
  /** When its newest word was fetched. */
  readonly receivedAt: UnixSeconds | undefined
  /** The same; where it has said nothing yet, since when it is followed. */
  readonly since: UnixSeconds
}

export interface TransitService {
  readonly clock: Clock
  readonly timetable: Timetable
  readonly lookup: StopLookup
  readonly streets: StreetGraph | undefined
  /** The gazetteer made at import; undefined: only the timetable's stops can be found by name. */
  readonly places?: Places | undefined
  /** The current generation. Keep the reference within one synchronous turn only: its live block is pooled. */
  readonly horizon: Horizon
  /** W, S, E, N in degrees: where this network is. */
  readonly bounds: readonly [number, number, number, number]
  readonly attributions: readonly { readonly text: string; readonly url?: string; readonly license?: string }[]
  /** Plans on the worker pool and gives the finished answer as JSON bytes, in memory of their own, the caller's from then on. Rejects with FreifahrtError (OVERLOADED, TIMEOUT, …). */
  plan(query: Query, style: AnswerStyle, options?: AskOptions): Promise<Uint8Array<ArrayBuffer>>
  /** Any other question to the worker pool; the service days of `span` are compiled first. Answers and rejects as `plan` does. */
  ask(
    question: Question,
    span: readonly [from: UnixSeconds, to: UnixSeconds] | undefined,
    options?: AskOptions,
  ): Promise<Uint8Array<ArrayBuffer>>
  /** Makes sure that these service days are compiled before `horizon` is read for them (boards of another date). */
  ensureDays(from: UnixSeconds, to: UnixSeconds): Promise<void>
  onPublish(listener: (published: Published) => void): () => void
  sources(): readonly SourceStatus[]
  /** What is followed beside realtime, whether or not something is known of it now. */
  conditionSources(): readonly ConditionStatus[]
  /** How busy the plan threads are. */
  load(): Load
  /**
   * Why one more `plan` or `ask` would be OVERLOADED now; undefined when it would not be.
   * @param kind `plan`, or a question's kind; undefined: any, of which no time is known
   * @param timeoutMs how long the caller waits; default: as for `plan`
   */
  refusal(kind?: string, timeoutMs?: number): string | undefined
  close(): Promise<void>
}
