// Time for the live part: monotonic, so that a jump of the wall clock expires nothing; passed in, so that tests make time pass themselves.

export interface Scheduler {
  /** Monotonic milliseconds. */
  now(): number
  /** Returns what cancels it. */
  after(ms: number, work: () => void): () => void
  /** As soon as others had their turn. */
  soon(work: () => void): void
}

export const systemScheduler: Scheduler = {
  now: () => performance.now(),
  after(ms, work) {
    // what is due already may be computed as a hair before now
    const timer = setTimeout(work, Math.max(0, ms))
    return () => clearTimeout(timer)
  },
  soon: work => void setImmediate(work),
}
