// One message on its way into the live state: whose it is, what it brings along, and what was counted on the way.

import type { FeedIdx, StopIdx, TripIdx } from '../core/ids.ts'
import type { ServiceDay, UnixSeconds } from '../core/time.ts'
import type { FeedIds } from '../timetable/ids.ts'
import type { Detour } from './detours.ts'
import type { ExtraTrips } from './extra-trips.ts'
import type { Line, ToldLine } from './lines.ts'
import type { DecodedMessage } from './message.ts'
import type { SourceOptions } from './options.ts'
import type { Rejection, Tally, Warning } from './reasons.ts'
import type { RunName } from './runs.ts'
import type { Holders } from './shared-runs.ts'
import type { LiveRuns } from './state.ts'
import type { TripKeys } from './trip-keys.ts'

export interface Reading {
  readonly m: DecodedMessage
  readonly ids: FeedIds
  /** Index and tag of the source, and the feeds whose ids it speaks in. */
  readonly source: number
  readonly tag: string
  readonly feeds: readonly FeedIdx[]
  readonly options: SourceOptions
  /** Set where trip_ids are not the timetable's (B18). */
  readonly keys: TripKeys | undefined
  /** Unix seconds: the header's time, or that of receipt. */
  readonly messageTime: UnixSeconds
  readonly rejected: Tally<Rejection>
  readonly warnings: Tally<Warning>
  readonly extras: ExtraTrips
  /** Extra trips that this message keeps. */
  readonly claimed: TripIdx[]
  /** A stop or a line that this message, or the newest of another source of the same feed, brings along (H7, H9). */
  readonly stopAdded: (stopId: string) => StopIdx | undefined
  /** The same, kept for as long as this is the source's newest message, whoever told of it. */
  readonly holdStop: (stopId: string) => StopIdx | undefined
  readonly held: StopIdx[]
  readonly lineOf: (shapeId: string) => Line | { readonly shape: number } | undefined
  /** What the sources of this feed say of runs, this one with its newest message. */
  readonly runsOfFeed: () => readonly LiveRuns[]
  /** The vehicle that a TripUpdate of this feed names for a run (runKey). */
  readonly vehicleTold: (run: string) => string | undefined
  /** The line that a TripUpdate of this feed gives a run (H7); asked when they are read. */
  readonly lineTold: (run: RunName) => ToldLine | undefined
  /** Which vehicle is the run, of those that share it; changed in place (G5). */
  readonly holders: Holders
  readonly detourOf: (trip: TripIdx, day: ServiceDay, shift: number) => Detour | undefined
}
