// Time that passes when a test says so.

import type { Scheduler } from '#api/live/scheduler.ts'

export interface ManualScheduler extends Scheduler {
  /** Lets so many milliseconds pass; what falls due is done on the way, in order. */
  advance(ms: number): void
}

export function manualScheduler(): ManualScheduler {
  let now = 0
  let timers: { at: number; work: () => void }[] = []
  const next: (() => void)[] = []
  const runNext = (): void => {
    while (next.length > 0) next.shift()!()
  }
  return {
    now: () => now,
    after(ms, work) {
      const timer = { at: now + ms, work }
      timers.push(timer)
      return () => {
        timers = timers.filter(other => other !== timer)
      }
    },
    soon: work => void next.push(work),
    advance(ms) {
      const end = now + ms
      for (;;) {
        runNext()
        const [timer] = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)
        if (!timer) break
        timers = timers.filter(other => other !== timer)
        now = Math.max(now, timer.at)
        timer.work()
      }
      now = end
      runNext()
    },
  }
}
