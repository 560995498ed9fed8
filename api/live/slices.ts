// Long work in short slices: whoever else is served by this thread waits for one slice at most, not for ten thousand sends.

import type { Scheduler } from './scheduler.ts'

/** Longest slice, in milliseconds. */
const SLICE_MS = 5

/** Jobs run to their end one after the other, in the order they came; each call of a job is one step and says whether more is to do. */
export class Slices {
  private readonly scheduler: Scheduler
  private readonly onError: (error: unknown) => void
  private readonly jobs: (() => boolean)[] = []
  private running = false

  constructor(scheduler: Scheduler, onError: (error: unknown) => void) {
    this.scheduler = scheduler
    this.onError = onError
  }

  add(job: () => boolean): void {
    this.jobs.push(job)
    // a job may add others, and a slice may be waiting for its turn: only one loop runs
    if (this.running) return
    this.running = true
    this.run()
  }

  private run() {
    const end = this.scheduler.now() + SLICE_MS
    while (this.jobs.length > 0) {
      if (!this.step(this.jobs[0]!)) this.jobs.shift()
      if (this.jobs.length > 0 && this.scheduler.now() >= end) return this.scheduler.soon(() => this.run())
    }
    this.running = false
  }

  /** One step of a job; a job that throws is given up, the others go on. */
  private step(job: () => boolean): boolean {
    try {
      return job()
    } catch (error) {
      this.onError(error)
      return false
    }
  }
}
