// May this message follow the one before? Rules A2, A3, A6, A14, A16 on the header, K1, K2, K3, K8 on the order of messages.

import type { FeedIdx } from '../core/ids.ts'
import { textOf } from '../core/strings.ts'
import type { UnixSeconds } from '../core/time.ts'
import type { Timetable } from '../timetable/timetable.ts'
import { type DecodedMessage, NO_TIME, NOT_SAID } from './message.ts'
import type { Refusal, Tally, Warning } from './reasons.ts'
import { MAX_UNIX_SECONDS } from './times.ts'

const DIFFERENTIAL = 1
/** Seconds ahead of us: noted, and refused (K8). */
export const SKEWED = 60
export const FUTURE = 600
/** Seconds that a message may be old when it comes, and newer than the one before it: the validator's W008 and W007 (K3). */
const OLD = 65
const SLOW = 35
/** A clock set back is believed after so many refusals, or at once when it is this far (K1). */
const MAX_BACKWARDS = 5
const RESET = 600

/** What is remembered of the newest accepted message, and of those refused since. */
export interface Envelope {
  timestamp: number
  checksum: number
  length: number
  backwards: number
  /** Has the source said the same again since? */
  repeated: boolean
}

export const newEnvelope = (): Envelope => ({
  timestamp: NO_TIME,
  checksum: 0,
  length: 0,
  backwards: 0,
  repeated: false,
})

/** K1: is it older than the newest, and its producer's clock not set back? Counts those in a row. */
export function isLate(last: { readonly timestamp: number; backwards: number }, timestamp: number): boolean {
  if (timestamp === NO_TIME || timestamp >= last.timestamp || last.timestamp - timestamp > RESET) return false
  return last.backwards++ < MAX_BACKWARDS
}

/** Takes the message as the newest (undefined), or says why not; 'unchanged' when it is the same again. */
export function admit(
  tt: Timetable,
  feeds: readonly FeedIdx[],
  last: Envelope,
  m: DecodedMessage,
  now: UnixSeconds,
  warnings: Tally<Warning>,
): Refusal | 'unchanged' | undefined {
  if (m.incrementality === DIFFERENTIAL) return 'differential_unsupported'
  if (m.timestamp < 0 || m.timestamp >= MAX_UNIX_SECONDS) return 'bad_timestamp'
  if (m.timestamp > now + FUTURE) return 'future_timestamp'
  if (m.timestamp === last.timestamp && last.length > 0) {
    if (m.checksum === last.checksum && m.bytes.length === last.length) return 'unchanged'
    if (m.timestamp !== NO_TIME) warnings.add('same_timestamp')
  }
  if (isLate(last, m.timestamp)) return 'went_backwards'
  if (m.timestamp !== NO_TIME && m.timestamp < last.timestamp) warnings.add('clock_reset')
  if (m.timestamp === NO_TIME) warnings.add('no_timestamp')
  if (m.timestamp > now + SKEWED) warnings.add('clock_skew')
  if (m.timestamp !== NO_TIME && now - m.timestamp > OLD) warnings.add('old_message')
  // asked seldom, a source that is quick looks the same: only one that was asked in between is slow
  if (last.repeated && last.timestamp !== NO_TIME && m.timestamp - last.timestamp > SLOW) warnings.add('slow_refresh')
  if (m.version !== '1.0' && m.version !== '2.0') warnings.add('version')
  if (m.version === '2.0' && m.incrementality === NOT_SAID) warnings.add('no_incrementality')
  if (m.feedVersion !== '' && !isVersionOf(tt, feeds, m.feedVersion)) warnings.add('static_mismatch')
  last.timestamp = m.timestamp
  last.checksum = m.checksum
  last.length = m.bytes.length
  last.backwards = 0
  last.repeated = false
  return undefined
}

/** A timetable that does not say its version fits any. */
const isVersionOf = (tt: Timetable, feeds: readonly FeedIdx[], version: string): boolean =>
  feeds.some(feed => tt.feedVersion[feed] === 0 || textOf(tt, tt.feedVersion[feed]!) === version)
