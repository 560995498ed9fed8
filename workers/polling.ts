// Asks each realtime source again and again, each at its own pace. What comes back goes to `onMessage`; a source that cannot be reached is
// asked less and less often, and told of once.

import { setTimeout as sleep } from 'node:timers/promises'
import { fetchFeed, type Validators } from '#feeds/realtime/fetch.ts'
import { nextPollMs } from '#feeds/realtime/polling.ts'
import type { RealtimeSource } from './messages.ts'

export interface PollListener {
  /** `source` is an index into the sources given. */
  onMessage(source: number, bytes: Uint8Array): void
  onTrouble(where: string, error: unknown): void
}

/** Goes on until the thread ends. Sources without an http address are left alone: their messages come another way. */
export function startPolling(
  sources: readonly RealtimeSource[],
  intervalSeconds: number,
  listener: PollListener,
): void {
  for (const [source, { url }] of sources.entries())
    if (/^https?:\/\//i.test(url)) void poll(source, url, intervalSeconds * 1000, listener)
}

async function poll(
  source: number,
  url: string,
  intervalMs: number,
  { onMessage, onTrouble }: PollListener,
): Promise<void> {
  let known: Validators = {}
  let failures = 0
  for (;;) {
    try {
      const fetched = await fetchFeed(url, { known })
      failures = 0
      if (fetched.kind === 'message') {
        known = fetched.validators
        onMessage(source, fetched.bytes)
      }
    } catch (error) {
      failures++
      if (failures === 1) onTrouble('realtime', error)
    }
    await sleep(nextPollMs(intervalMs, failures, Math.random()))
  }
}
