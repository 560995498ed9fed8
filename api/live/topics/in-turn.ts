// What watched journeys have searched for them, few at a time: a cancelled line must not keep riders who ask for the first time waiting.

import type { TransitService } from '#workers/service.ts'

/** At the same time. */
const SEARCHES = 2

interface Searches {
  running: number
  readonly waiting: (() => Promise<void>)[]
}
const searches = new WeakMap<TransitService, Searches>()

/** Runs the search as soon as fewer than `SEARCHES` others do. */
export function inTurn(service: TransitService, search: () => Promise<void>): void {
  const all = searches.getOrInsertComputed(service, () => ({ running: 0, waiting: [] }))
  all.waiting.push(search)
  const next = (): void => {
    while (all.running < SEARCHES && all.waiting.length > 0) {
      all.running++
      void all.waiting.shift()!().finally(() => {
        all.running--
        next()
      })
    }
  }
  next()
}
