// One source of what is known of the way to the stops: asked again and again at its own pace, and what its documents mean. The two may
// happen in different processes: the documents travel as they were fetched.

import { setTimeout as sleep } from 'node:timers/promises'
import type { ElevatorReport, ParkingReport } from '#engine/conditions/conditions.ts'
import type { RentalSystem } from '#engine/conditions/rental.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { readFacilities, readLots } from '#feeds/facilities.ts'
import { type FetchedSystem, fetchGbfs, type GbfsOptions, getJson, ttlOf } from '#feeds/gbfs/fetch.ts'
import { readSystem } from '#feeds/gbfs/read.ts'
import { nextPollMs } from '#feeds/realtime/polling.ts'
import type { ConditionSource } from './messages.ts'
import type { News } from './news.ts'

/** What one source said. */
export type Said = Partial<{ elevators: ElevatorReport[]; rentals: RentalSystem[]; lots: ParkingReport[] }>

/** Milliseconds between two polls, whatever a source says of itself. */
const [SHORTEST, LONGEST] = [15_000, 300_000]

/**
 * Asks until `signal` says stop.
 * @param onNews what it throws counts as a failure of the source; `error` comes with the first failure in a row
 */
export async function pollCondition(
  source: ConditionSource,
  allowHosts: readonly string[],
  signal: AbortSignal,
  onNews: (news: News, error?: unknown) => unknown,
): Promise<void> {
  let failures = 0
  const known: GbfsOptions['known'] = new Map()
  while (!signal.aborted) {
    let interval = 60_000
    try {
      const { document, ttl } = await fetchCondition(source, { allowHosts, signal, known })
      interval = Math.min(LONGEST, Math.max(SHORTEST, (ttl ?? 60) * 1000))
      await onNews({ kind: 'message', bytes: new TextEncoder().encode(JSON.stringify(document)) })
      failures = 0
    } catch (error) {
      if (signal.aborted) return
      const reason = error instanceof FreifahrtError ? error.code : 'INTERNAL'
      await onNews({ kind: 'failure', reason }, failures++ === 0 ? error : undefined)
    }
    await sleep(nextPollMs(interval, failures, Math.random()), undefined, { signal }).catch(() => {})
  }
}

async function fetchCondition(
  { kind, url }: ConditionSource,
  options: GbfsOptions,
): Promise<{ document: unknown; ttl?: number | undefined }> {
  if (kind !== 'gbfs') return { document: await getJson(url, options) }
  const systems = await fetchGbfs(url, options)
  return { document: systems, ttl: ttlOf(systems[0]?.documents ?? {}) }
}

/** What `pollCondition` fetched. @throws FEED_UNREADABLE @param now when it was fetched @param before what the source said last */
export function readCondition({ kind, tag }: ConditionSource, bytes: Uint8Array, now: UnixSeconds, before: Said): Said {
  const document = JSON.parse(new TextDecoder().decode(bytes))
  if (kind === 'elevators') return { elevators: readFacilities(document, tag, now) }
  if (kind === 'parking') return { lots: readLots(document, tag, now, before.lots) }
  return {
    rentals: (document as FetchedSystem[]).map(
      ({ name, documents }) =>
        readSystem(documents, { tag: name === '' ? tag : `${tag}-${name}`, group: tag }, now).system,
    ),
  }
}
