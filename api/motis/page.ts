// Which span of time a plan request asks for. Cursors are `EARLIER|<unix s>` and `LATER|<unix s>`; with one, `time` does not count.
//
//                 no cursor                       LATER|t             EARLIER|t
//   depart        [time, time + window)  → later  [t, t + 2 h) →      ← [t − 2 h, t)      the arrow is where the
//   arrive by   ← [time − window, time]           [t, t + 2 h) →      ← [t − 2 h, t)      span grows when too few are in it

import { FreifahrtError } from '#engine/core/errors.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import type { Query } from '#engine/plan/query.ts'

const CURSOR_WINDOW = 7200

export interface Cursor {
  readonly direction: 'EARLIER' | 'LATER'
  readonly time: UnixSeconds
}

/** Throws BAD_REQUEST. */
export function parseCursor(text: string): Cursor {
  const m = /^(EARLIER|LATER)\|(\d{1,11})$/.exec(text)
  if (!m) throw new FreifahrtError('BAD_REQUEST', 'pageCursor', 'is not EARLIER|<unix seconds> or LATER|<unix seconds>')
  return { direction: m[1] as Cursor['direction'], time: Number(m[2]) as UnixSeconds }
}

/** The span of a page beyond a cursor, as the planner takes it: arriveBy spans are [time − window, time] there. */
export function spanOfCursor(
  { direction, time }: Cursor,
  arriveBy: boolean,
): Pick<Query, 'time' | 'window' | 'extend'> {
  const later = direction === 'LATER'
  const extend = later ? 'later' : 'earlier'
  if (!arriveBy) return { time, window: CURSOR_WINDOW, extend }
  const end = later ? time + CURSOR_WINDOW : time
  return { time: (end - 1) as UnixSeconds, window: CURSOR_WINDOW - 1, extend }
}
