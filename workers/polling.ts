// Asks each realtime source again and again, each at its own pace; one that cannot be reached less and less often.

import { setTimeout as sleep } from 'node:timers/promises'
import { FreifahrtError } from '#engine/core/errors.ts'
import { Differences } from '#feeds/realtime/differential.ts'
import { FeedRefused, fetchFeed, type Validators } from '#feeds/realtime/fetch.ts'
import { nextPollMs } from '#feeds/realtime/polling.ts'
import type { RealtimeSource } from './messages.ts'
import type { News } from './news.ts'

export interface PollOptions {
  readonly pollSeconds: number
  /** Hosts that may lie in a private network; see feeds/http.ts. */
  readonly allowHosts?: readonly string[]
  /** The full dataset that whoever asked before made of a source that tells only what has changed. */
  readonly last?: () => Promise<Uint8Array | undefined>
}

/**
 * Goes on until the thread ends. Sources without an http address are left alone: their messages come another way.
 * @param onNews `source` is an index into the sources given; `error` comes with the first failure in a row
 */
export function startPolling(
  sources: readonly RealtimeSource[],
  options: PollOptions,
  onNews: (source: number, news: News, error?: unknown) => unknown,
): void {
  const never = new AbortController().signal
  for (const [i, source] of sources.entries())
    if (/^https?:\/\//i.test(source.url))
      void pollSource(source, options, never, (news, error) => onNews(i, news, error))
}

/**
 * Asks one source until `signal` says stop.
 * @param onNews or a promise of it: false, the message was lost and is to be fetched again; a text, it was refused. Only what was taken is a
 *   version that we have and ask conditionally against: of a refused one "not modified" would be all that we ever hear
 */
export async function pollSource(
  { url, options }: Pick<RealtimeSource, 'url' | 'options'>,
  { pollSeconds, allowHosts = [], last }: PollOptions,
  signal: AbortSignal,
  onNews: (news: News, error?: unknown) => unknown,
): Promise<void> {
  let known: Validators = {}
  let failures = 0
  const differences = options?.differential ? await beginDifferences(last) : undefined
  while (!signal.aborted) {
    let pauseMs = 0
    try {
      const fetched = await fetchFeed(url, { known, allowHosts, signal })
      failures = 0
      const news =
        differences && fetched.kind === 'message'
          ? { ...fetched, bytes: differences.whole(fetched.bytes, performance.now()) }
          : fetched
      const taken = await onNews(news)
      if (taken === false) known = {}
      else if (fetched.kind === 'message' && typeof taken !== 'string') known = fetched.validators
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof FeedRefused) pauseMs = error.pauseMs
      const reason =
        error instanceof FeedRefused ? error.reason : error instanceof FreifahrtError ? error.code : 'INTERNAL'
      await onNews({ kind: 'failure', reason }, ++failures === 1 ? error : undefined)
    }
    const waitMs = Math.max(pauseMs, nextPollMs(pollSeconds * 1000, failures, Math.random()))
    await sleep(waitMs, undefined, { signal }).catch(() => {})
  }
}

/** A message of before that cannot be had or read is none: what is told from now on counts. */
async function beginDifferences(last: PollOptions['last']): Promise<Differences> {
  const differences = new Differences()
  try {
    const whole = await last?.()
    if (whole) differences.whole(whole, performance.now())
  } catch {}
  return differences
}
