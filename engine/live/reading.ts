// One message on its way into the live state: whose it is, and what was counted on the way.

import type { FeedIdx } from '../core/ids.ts'
import type { UnixSeconds } from '../core/time.ts'
import type { FeedIds } from '../timetable/ids.ts'
import type { DecodedMessage } from './message.ts'
import type { Rejection, Tally, Warning } from './reasons.ts'

export interface Reading {
  readonly m: DecodedMessage
  readonly ids: FeedIds
  /** Index and tag of the source, and the feeds whose ids it speaks in. */
  readonly source: number
  readonly tag: string
  readonly feeds: readonly FeedIdx[]
  /** Unix seconds: the header's time, or that of receipt. */
  readonly messageTime: UnixSeconds
  readonly rejected: Tally<Rejection>
  readonly warnings: Tally<Warning>
}
