// How far the device's own clock is off, learnt while there is a server and remembered for a start without one.

import type { LiveClient } from './live.ts'
import { storage } from './storage.ts'

const KEPT = 'freifahrt.clock-offset'

/** Unix seconds: the device's clock, put right by what was learnt before. */
export function wallClock(): number {
  const offset = Number(storage.getItem(KEPT) ?? 0)
  return Date.now() / 1000 + (Number.isFinite(offset) ? offset : 0)
}

/** Call now and then while the server is there. */
export function learnClock(live: LiveClient): void {
  storage.setItem(KEPT, String(live.now() - Date.now() / 1000))
}
