// What an operator may say about one realtime source: where a producer does not keep to the specification, or where it leaves a choice.

import type { ServiceDay } from '../core/time.ts'

/** Which part of a trip_id names the trip, in the timetable and in the messages: regular expressions with one group each (B18). */
export interface TripIdPatterns {
  readonly timetable: string
  readonly realtime: string
}

export interface SourceOptions {
  /** Added runs that name no route are shown as a bus without a name instead of being dropped (F9). */
  readonly addedWithoutRoute?: boolean
  readonly tripIds?: TripIdPatterns
  /** The service day of trips that name none, for messages from the past; else the nearest (B7). */
  readonly serviceDay?: ServiceDay
  /** Times in milliseconds are divided instead of being dropped (A14). */
  readonly milliseconds?: boolean
  /** Messages that tell only what has changed are made full datasets where they are fetched (A6). */
  readonly differential?: boolean
  /** Runs that no TripUpdate speaks of are predicted from where their vehicles are (I15). */
  readonly predictFromPositions?: boolean
  /** A vehicle that is early leaves its timepoints early as well (D15). */
  readonly earlyAtTimepoints?: boolean
  /** Alerts are shown so many seconds before their time begins (J17). */
  readonly alertsEarlySeconds?: number
}
