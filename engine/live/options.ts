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
  /** DIFFERENTIAL messages are laid over what the source said before, entity by entity, instead of being refused (A6). */
  readonly differential?: boolean
  /** Times in milliseconds are divided instead of being dropped (A14). */
  readonly milliseconds?: boolean
  /** Where the source has no trip updates, times follow from its vehicles' positions (I15). */
  readonly positionsAsPredictions?: boolean
}
