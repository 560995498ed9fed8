// When to ask a realtime feed again (K9). Pure: the caller has the clock and the dice.

/** Longest wait after failures. */
const MAX_BACKOFF_MS = 120_000
/** Polls spread by this share of the interval either way, so that many clients do not come at once. */
const JITTER = 0.1

/**
 * Milliseconds until the next poll.
 * @param failures polls that failed in a row: each doubles the wait, up to two minutes (or the interval, if that is longer)
 * @param random in [0, 1)
 */
export function nextPollMs(intervalMs: number, failures: number, random: number): number {
  // 2 ** 20 already exceeds any limit; more would only overflow
  const backedOff = intervalMs * 2 ** Math.min(failures, 20)
  const wait = failures === 0 ? intervalMs : Math.min(backedOff, Math.max(MAX_BACKOFF_MS, intervalMs))
  return Math.round(wait * (1 + JITTER * (2 * random - 1)))
}
