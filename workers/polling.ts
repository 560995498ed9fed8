// Asks each realtime source again and again, each at its own pace; one that cannot be reached less and less often.

import { setTimeout as sleep } from 'node:timers/promises'
import { FeedRefused, fetchFeed, type Validators } from '#feeds/realtime/fetch.ts'
import { nextPollMs } from '#feeds/realtime/polling.ts'
import type { RealtimeSource } from './messages.ts'

export interface PollListener {
  /** `source` is an index into the sources given. */
  onMessage(source: number, bytes: Uint8Array): void
  /** The server says that nothing is new. */
  onUnchanged(source: number): void
  /** `failures`: in a row. */
  onFailure(source: number, error: unknown, failures: number): void
}

/** Which hosts may lie in a private network; see feeds/http.ts. */
type AllowHosts = readonly string[]

/** Goes on until the thread ends. Sources without an http address are left alone: their messages come another way. */
export function startPolling(
  sources: readonly RealtimeSource[],
  intervalSeconds: number,
  listener: PollListener,
  allowHosts: AllowHosts = [],
): void {
  for (const [source, { url }] of sources.entries())
    if (/^https?:\/\//i.test(url)) void poll(source, url, intervalSeconds * 1000, listener, allowHosts)
}

async function poll(
  source: number,
  url: string,
  intervalMs: number,
  { onMessage, onUnchanged, onFailure }: PollListener,
  allowHosts: AllowHosts,
): Promise<void> {
  let known: Validators = {}
  let failures = 0
  for (;;) {
    let pauseMs = 0
    try {
      const fetched = await fetchFeed(url, { known, allowHosts })
      failures = 0
      if (fetched.kind === 'message') {
        known = fetched.validators
        onMessage(source, fetched.bytes)
      } else onUnchanged(source)
    } catch (error) {
      if (error instanceof FeedRefused) pauseMs = error.pauseMs
      onFailure(source, error, ++failures)
    }
    await sleep(Math.max(pauseMs, nextPollMs(intervalMs, failures, Math.random())))
  }
}
