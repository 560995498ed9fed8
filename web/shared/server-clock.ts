// The server's clock as seen from here. Every message that carries a time bounds it from below: it was sent at that time and arrived
// later. The largest difference seen is the one that travelled fastest, and so the best.

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
  let offset = wall() - monotonic()
  return {
    now: () => monotonic() + offset,
    hear(serverTime) {
      offset = Math.max(offset, serverTime - monotonic())
    },
    restart(serverTime) {
      offset = serverTime - monotonic()
    },
  }
}
