// Where a time comes from, in the server's words (docs/live.md). What the feed itself says is shown as sure; our own guess and a feed's last
// word are shown as about.

import type { TimeSource } from '#api/contract/common.ts'
import type { FeedState } from '#api/live/messages.ts'
import type { Row } from './live-channel.ts'

export type { TimeSource }

type Rated = Pick<Row, 'rt' | 'source'>

/** A server may tell the state without saying more exactly whose word it is. */
export const sourceOf = ({ rt, source }: Rated): TimeSource => source ?? (rt === 'live' ? 'predicted' : rt)

/** Stated by the feed or following from what it states: only this may be dressed up as live. */
export const isTold = (source: TimeSource): boolean =>
  source === 'predicted' || source === 'propagated' || source === 'recorded'

/** There is an expected time besides the planned one, whoever says so. */
export const isExpected = (source: TimeSource): boolean => isTold(source) || source === 'own' || source === 'kept'

/** A feed that is heard, if not just now: `aging` is live with its age beside it. */
export const isHeard = ({ state }: Pick<FeedState, 'state'>): boolean => state === 'live' || state === 'aging'

/** Nobody vouches for a prediction any more. */
export const aged = <R extends Rated>(row: R): R => (row.rt === 'live' ? { ...row, rt: 'stale', source: 'stale' } : row)
