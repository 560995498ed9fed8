// Statistics day by day. Whoever serves counts its hours and forgets them after two days; this job asks for them, again and again, and keeps
// them: an hour that is told twice is taken once, so it may be done at any time, by any process, and twice. It asks for the hours that it does
// not have whole, page by page.
//
//   DIR/days.json               every day in sum
//   DIR/2026-01-05.json         the day: every feed, every route
//   DIR/2026-01-05.hours.json   the hours that it is made of, for the newest days only

import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Static, Type } from 'typebox'
import Compile from 'typebox/compile'
import { withoutSecrets } from '#engine/core/address.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { fetchFeed } from '#feeds/realtime/fetch.ts'

const Count = Type.Integer({ minimum: 0 })
const Share = Type.Number({ minimum: 0 })
const Id = Type.String({ maxLength: 400 })

/** Departures planned for this time, and what became of them. */
export const RouteCounts = Type.Object({
  route: Id,
  /** What riders call it. */
  line: Type.String({ maxLength: 200 }),
  planned: Count,
  observed: Count,
  early: Count,
  onTime: Count,
  late: Count,
  cancelled: Count,
  /** Nobody ever said anything of them. */
  missing: Count,
  /** Of all that were observed, together. */
  delaySeconds: Type.Integer(),
})
/** A realtime source, looked at once a minute. */
export const FeedCounts = Type.Object({
  tag: Id,
  /** Without keys. */
  url: Type.String({ maxLength: 4000 }),
  looks: Count,
  /** Looks at which its newest word was no older than 90 s. */
  fresh: Count,
  /** Looks at which it spoke of runs, and the shares of them that the timetable knows, together. */
  rated: Count,
  matched: Share,
})
export const HourCounts = Type.Object({
  from: Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$' }),
  /** The network's own day at that time. */
  date: Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$' }),
  /** Of the hour's 3,600 seconds those in which somebody was looking. */
  seconds: Type.Integer({ minimum: 0, maximum: 3600 }),
  feeds: Type.Array(FeedCounts, { maxItems: 1000 }),
  routes: Type.Array(RouteCounts, { maxItems: 100_000 }),
})
export const HoursResponse = Type.Object({
  now: Type.String(),
  hours: Type.Array(HourCounts, { maxItems: 48 }),
  /** There are newer ones: from here on (`since`). */
  next: Type.Optional(HourCounts.properties.from),
})
export const DayCounts = Type.Object({
  date: HourCounts.properties.date,
  /** Of the day those in which somebody was looking. */
  seconds: Count,
  feeds: Type.Array(FeedCounts),
  routes: Type.Array(RouteCounts),
})
const { route: _route, line: _line, ...counts } = RouteCounts.properties
/** All routes of a day together. */
export const DaySum = Type.Object({
  date: HourCounts.properties.date,
  seconds: Count,
  feeds: Type.Array(FeedCounts),
  all: Type.Object(counts),
})
export type DaySum = Static<typeof DaySum>
export type RouteCounts = Static<typeof RouteCounts>
export type FeedCounts = Static<typeof FeedCounts>
export type HourCounts = Static<typeof HourCounts>
export type DayCounts = Static<typeof DayCounts>

const isHours = Compile(HoursResponse)
const isHourList = Compile(Type.Array(HourCounts))
const isDay = Compile(DayCounts)
const isSums = Compile(Type.Array(DaySum))

/** Days whose hours are kept: longer than whoever serves remembers them. */
const DAYS_OF_HOURS = 4
const DAYS_KEPT = 400
const SUMS = 'days.json'
/** Of one page. */
const MAX_BYTES = 64 * 2 ** 20
/** What whoever serves remembers, and the days that it can touch. */
const HOURS_ASKED = 48
const DAYS_ASKED = 3
const A_DAY = /^(\d{4}-\d\d-\d\d)\.json$/
const HOURS_OF_DAY = /^(\d{4}-\d\d-\d\d)\.hours\.json$/

export interface StatisticsJob {
  /** Where a `serve` is. */
  readonly from: string
  readonly out: string
  /** Days that are kept. */
  readonly days?: number
}

/** @returns the days that are now told otherwise. @throws FETCH_FAILED, TIMEOUT, TOO_LARGE, FEED_UNREADABLE */
export async function collectStatistics(
  { from, out, days = DAYS_KEPT }: StatisticsJob,
  { allowHosts, signal }: { readonly allowHosts: readonly string[]; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const { told, newest } = await askHours(from, out, { allowHosts, signal })
  await mkdir(out, { recursive: true })
  const changed: string[] = []
  const dates = Map.groupBy(told, hour => hour.date)
  // whoever was cut off while writing has written the newest
  if (newest !== undefined && !dates.has(newest)) dates.set(newest, [])
  for (const [date, hours] of dates) {
    const path = join(out, `${date}.hours.json`)
    const before = readHours(path)
    // a day of which only the sum is left is closed
    if (before.length === 0 && readDay(out, date)) continue
    const after = mergeHours(before, hours)
    const day = sumOf(date, after)
    // whoever was cut off in between has written the hours and not the day
    if (isSame(after, before) && isSame(day, readDay(out, date))) continue
    await write(path, JSON.stringify(after))
    await write(join(out, `${date}.json`), JSON.stringify(day))
    changed.push(date)
  }
  await forget(out, days)
  await writeSums(out)
  return changed
}

/** Everything that a gateway knows and we have not whole. @returns besides, the newest day of which hours are kept */
async function askHours(
  from: string,
  out: string,
  options: { readonly allowHosts: readonly string[]; readonly signal: AbortSignal },
): Promise<{ readonly told: readonly HourCounts[]; readonly newest: string | undefined }> {
  const dates = listDays(out, HOURS_OF_DAY).slice(-DAYS_ASKED)
  const kept = dates
    .flatMap(date => readHours(join(out, `${date}.hours.json`)).map(({ from, seconds }) => ({ from, seconds })))
    .slice(-HOURS_ASKED)
  const whole = new Set(kept.flatMap(({ from, seconds }) => (seconds === 3600 ? [from] : [])))
  const told: HourCounts[] = []
  let since: string | undefined = kept[0]?.from ?? '1970-01-01T00:00:00Z'
  for (let page = 0; since !== undefined && page < HOURS_ASKED; page++) {
    while (whole.has(since)) since = hourAfter(since)
    const { hours, next } = await askPage(from, since, options)
    told.push(...hours)
    since = next !== undefined && next > since ? next : undefined
  }
  return { told, newest: dates.at(-1) }
}

const hourAfter = (from: string): string => new Date(Date.parse(from) + 3600_000).toISOString().replace('.000', '')

async function askPage(
  from: string,
  since: string,
  options: { readonly allowHosts: readonly string[]; readonly signal: AbortSignal },
): Promise<Static<typeof HoursResponse>> {
  const url = `${from.replace(/\/+$/, '')}/api/freifahrt/v1/statistics?hours=${HOURS_ASKED}&since=${since}`
  const fetched = await fetchFeed(url, { ...options, maxBytes: MAX_BYTES, timeoutMs: 60_000 })
  if (fetched.kind !== 'message') return { now: '', hours: [] }
  const page = parsed(new TextDecoder().decode(fetched.bytes))
  if (!isHours.Check(page)) throw new FreifahrtError('FEED_UNREADABLE', withoutSecrets(url), 'tells no hours')
  return page
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Of each hour the word of whoever looked the longest, and of those that looked as long the first. */
function mergeHours(before: readonly HourCounts[], told: readonly HourCounts[]): HourCounts[] {
  const hours = new Map(before.map(hour => [hour.from, hour]))
  for (const hour of told) if (hour.seconds > (hours.get(hour.from)?.seconds ?? -1)) hours.set(hour.from, hour)
  return [...hours.values()].sort((a, b) => (a.from < b.from ? -1 : 1))
}

/** A day out of its hours. */
function sumOf(date: string, hours: readonly HourCounts[]): DayCounts {
  return {
    date,
    seconds: hours.reduce((sum, hour) => sum + hour.seconds, 0),
    feeds: summed(
      hours.flatMap(hour => hour.feeds),
      ({ tag, url }) => `${tag} ${url}`,
    ),
    routes: summed(
      hours.flatMap(hour => hour.routes),
      ({ route }) => route,
    ),
  }
}

/** Rows of one key become one: numbers are added, of texts the newest counts. */
function summed<Row extends object>(rows: readonly Row[], keyOf: (row: Row) => string): Row[] {
  const sums = new Map<string, Record<string, unknown>>()
  for (const row of rows) {
    const key = keyOf(row)
    const sum = sums.get(key) ?? {}
    for (const [name, value] of Object.entries(row))
      sum[name] = typeof value === 'number' ? value + ((sum[name] as number | undefined) ?? 0) : value
    sums.set(key, sum)
  }
  return [...sums.values()] as Row[]
}

/** Days in sum, the oldest first. */
export const readSums = (dir: string): readonly DaySum[] => readAs(join(dir, SUMS), isSums) ?? []

/** Days that may still change are summed again, and whatever `days.json` does not know. */
async function writeSums(dir: string): Promise<void> {
  const known = new Map(readSums(dir).map(sum => [sum.date, sum]))
  const dates = listDays(dir)
  const sums = dates.flatMap((date, i) => {
    const sum = i < dates.length - DAYS_OF_HOURS ? known.get(date) : undefined
    if (sum) return [sum]
    const day = readDay(dir, date)
    return day ? [sumOfDay(day)] : []
  })
  await write(join(dir, SUMS), JSON.stringify(sums))
}

function sumOfDay({ date, seconds, feeds, routes }: DayCounts): DaySum {
  const all = { planned: 0, observed: 0, early: 0, onTime: 0, late: 0, cancelled: 0, missing: 0, delaySeconds: 0 }
  const names = Object.keys(all) as (keyof typeof all)[]
  for (const route of routes) for (const name of names) all[name] += route[name]
  return { date, seconds, feeds, all }
}

/** The days that are kept, the oldest first. */
export function listDays(dir: string, names = A_DAY): string[] {
  try {
    return readdirSync(dir)
      .flatMap(name => names.exec(name)?.[1] ?? [])
      .sort()
  } catch {
    return []
  }
}

/** undefined: it is not there, or not what it should be. @param date YYYY-MM-DD */
export const readDay = (dir: string, date: string): DayCounts | undefined =>
  /^\d{4}-\d\d-\d\d$/.test(date) ? readAs(join(dir, `${date}.json`), isDay) : undefined

const readHours = (path: string): HourCounts[] => readAs(path, isHourList) ?? []

function readAs<T>(path: string, shape: { Check(value: unknown): value is T }): T | undefined {
  try {
    const value = parsed(readFileSync(path, 'utf8'))
    return shape.Check(value) ? value : undefined
  } catch {
    return undefined
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whole or not at all. */
async function write(path: string, text: string): Promise<void> {
  const file = await open(`${path}.new`, 'w')
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.new`, path)
}

async function forget(dir: string, days: number): Promise<void> {
  const all = listDays(dir)
  for (const date of all.slice(0, Math.max(0, all.length - days))) await rm(join(dir, `${date}.json`), { force: true })
  for (const date of all.slice(0, Math.max(0, all.length - DAYS_OF_HOURS)))
    await rm(join(dir, `${date}.hours.json`), { force: true })
}
