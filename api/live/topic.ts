// What a channel is about: where its rows come from, and what makes them other ones. The channel compares and numbers, the hub delivers;
// neither knows what a board or a vehicle is.

import { FreifahrtError } from '#engine/core/errors.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import type { TransitService } from '#workers/service.ts'
import type { Kind } from './rows/kinds.ts'

export interface Content {
  /** `exp`: Unix seconds from which the row is over. */
  readonly rows: readonly { readonly id: string; readonly exp: number }[]
  /** What stands beside the rows, the same members every time. */
  readonly members: Readonly<Record<string, unknown>>
  /** To be read again at this time (Unix seconds) even if nothing is published until then. */
  readonly due: number
}

export interface Topic {
  readonly kind: Kind
  /** Stops whose events show in it; after a reading it may be another list. */
  readonly stops: readonly StopIdx[] | 'any'
  /** Ids of elevators; after a reading it may be another list. */
  readonly elevators?: readonly string[]
  readonly alerts: boolean
  readonly vehicles: boolean
  readonly sources: boolean
  /** Vehicles for rent, elevators and car parks. */
  readonly conditions?: boolean
  /** Fast ones change several times a second. */
  readonly pace: 'slow' | 'fast'
  /** Throws UNKNOWN_STOP when the stop that it is about is no more: the channel ends. */
  read(service: TransitService): Content
  /**
   * Where `stops` is only a guess: changes whenever a new generation made `read` answer otherwise, and costs less than reading.
   * Time that passes is `due`'s.
   */
  stamp?(service: TransitService): number
  /** Nobody watches any more. */
  close?(): void
}

/** Thrown by a topic whose subject is no more. */
export const isGone = (error: unknown): error is FreifahrtError =>
  error instanceof FreifahrtError && error.code === 'UNKNOWN_STOP'

/** Rows are read again after so many seconds even if none is over: alerts begin and end by the clock. */
export const LONGEST_REST = 60

/** The next time at which a row is over, at most a rest from now. */
export const nextDue = (rows: readonly { readonly exp: number }[], now: number, rest = LONGEST_REST): number =>
  rows.reduce((soonest, row) => (row.exp > now ? Math.min(soonest, row.exp) : soonest), now + rest)
