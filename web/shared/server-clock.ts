// The server's clock as seen from here. Every message that carries a time bounds it from below: it was sent at that time and arrived
// later. The largest difference seen is the one that travelled fastest, and so the best; of the last minutes only, because a display runs
// for months and its own clock too fast or too slow.

const SPAN = 600 // seconds: differences count for one to two of them

export interface ServerClock {
  /** Unix seconds. */
  now(): number
  /** A time that the server has just said. */
  hear(serverTime: number): void
  /** The same, but what was heard before (before a sleep, from another server) no longer counts. */
  restart(serverTime: number): void
}

export function newServerClock({ monotonic, wall }: { monotonic(): number; wall(): number }): ServerClock {
  // until the server has spoken, the device's own clock has to do
  let [before, best, since] = [Number.NEGATIVE_INFINITY, wall() - monotonic(), monotonic()]
  return {
    now: () => monotonic() + Math.max(before, best),
    hear(serverTime) {
      const at = monotonic()
      if (at - since > SPAN) [before, best, since] = [best, serverTime - at, at]
      else best = Math.max(best, serverTime - at)
    },
    restart(serverTime) {
      since = monotonic()
      best = serverTime - since
      before = Number.NEGATIVE_INFINITY
    },
  }
}
