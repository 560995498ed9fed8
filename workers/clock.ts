// The one source of "now" for all threads of a process. What a thread adds to the system's clock lies in shared memory, so a clock that
// is set (old feeds run live, tests step through a night) is set everywhere in the same moment.

import type { UnixSeconds } from '#engine/core/time.ts'
import type { Clock } from './service.ts'

export interface SharedClock extends Clock {
  /** Hand this to a thread and `attachClock` there. */
  readonly memory: SharedArrayBuffer
  /** Goes on from `now`; with `frozen` it stays there until set again. */
  set(now: UnixSeconds, frozen?: boolean): void
}

const OFFSET = 0 // seconds added to the system's clock
const FROZEN = 1 // the time itself while the clock stands still, else 0

const systemSeconds = (): number => Date.now() / 1000

/** The system's clock, or one that starts from `now`. */
export function createClock(now?: UnixSeconds): SharedClock {
  const clock = attachClock(new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT))
  if (now !== undefined) clock.set(now)
  return clock
}

/** The clock whose memory another thread gave. */
export function attachClock(memory: SharedArrayBuffer): SharedClock {
  const state = new Float64Array(memory)
  return {
    memory,
    now: () => Math.floor(state[FROZEN] || systemSeconds() + state[OFFSET]!) as UnixSeconds,
    set(now, frozen = false) {
      state[OFFSET] = now - systemSeconds()
      state[FROZEN] = frozen ? now : 0
    },
  }
}
