// Statistics day by day. Whoever serves counts its hours and forgets them after two days; this job asks for them, again and again, and keeps
// them: an hour that is told twice is taken once, so it may be done at any time, by any process, and twice. It asks for the hours that it does
// not have whole, page by page.

import { mkdir } from 'node:fs/promises'
import Compile from 'typebox/compile'
import { withoutSecrets } from '#engine/core/address.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { fetchFeed } from '#feeds/realtime/fetch.ts'
import { HoursResponse } from './counts.ts'
import { forget, keepHour, listDaysOfHours, listHours, writeDay, writeSums } from './folder.ts'

const isHours = Compile(HoursResponse)

const DAYS_KEPT = 400
/** Of one page. */
const MAX_BYTES = 64 * 2 ** 20
/** What whoever serves remembers, and the days that it can touch. */
const HOURS_ASKED = 48
const DAYS_ASKED = 3

export interface StatisticsJob {
  /** Where a `serve` is. */
  readonly from: string
  readonly out: string
  /** Days that are kept. */
  readonly days?: number
}

export interface CollectOptions {
  readonly allowHosts: readonly string[]
  readonly signal: AbortSignal
}

/** @returns the days that are now told otherwise. @throws FETCH_FAILED, TIMEOUT, TOO_LARGE, FEED_UNREADABLE */
export async function collectStatistics(
  { from, out, days = DAYS_KEPT }: StatisticsJob,
  options: CollectOptions,
): Promise<readonly string[]> {
  await mkdir(out, { recursive: true })
  // whoever was cut off before days were written has written hours of the newest ones
  const dates = new Set(listDaysOfHours(out).slice(-DAYS_ASKED))
  for await (const { hours } of askHours(from, out, options))
    for (const hour of hours) if (await keepHour(out, hour)) dates.add(hour.date)
  const changed: string[] = []
  for (const date of [...dates].sort()) if (await writeDay(out, date)) changed.push(date)
  await forget(out, days)
  await writeSums(out)
  return changed
}

/** Pages of everything that a gateway knows and we have not whole. */
async function* askHours(from: string, out: string, options: CollectOptions): AsyncGenerator<HoursResponse> {
  const dates = listDaysOfHours(out).slice(-DAYS_ASKED)
  const kept = dates.flatMap(date => [...listHours(out, date)]).slice(-HOURS_ASKED)
  const whole = new Set(kept.flatMap(([from, seconds]) => (seconds === 3600 ? [from] : [])))
  let since: string | undefined = kept[0]?.[0] ?? '1970-01-01T00:00:00Z'
  for (let page = 0; since !== undefined && page < HOURS_ASKED; page++) {
    while (whole.has(since)) since = hourAfter(since)
    const answer = await askPage(from, since, options)
    yield answer
    since = answer.next !== undefined && answer.next > since ? answer.next : undefined
  }
}

const hourAfter = (from: string): string => new Date(Date.parse(from) + 3600_000).toISOString().replace('.000', '')

async function askPage(from: string, since: string, options: CollectOptions): Promise<HoursResponse> {
  const url = `${from.replace(/\/+$/, '')}/api/freifahrt/v1/statistics?hours=${HOURS_ASKED}&since=${since}`
  const fetched = await fetchFeed(url, { ...options, maxBytes: MAX_BYTES, timeoutMs: 60_000 })
  if (fetched.kind !== 'message') return { now: '', hours: [] }
  const page = parsed(new TextDecoder().decode(fetched.bytes))
  if (!isHours.Check(page)) throw new FreifahrtError('FEED_UNREADABLE', withoutSecrets(url), 'tells no hours')
  return page
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
