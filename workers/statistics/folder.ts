// The folder that the statistics job keeps. A country's hour has some 30,000 routes, so hours are files of their own: never more than one of
// them is in memory.
//
//   DIR/days.json                              every day in sum
//   DIR/2026-01-05.json                        the day: every feed, every route
//   DIR/2026-01-05.hours/2026-01-05T08-3600.json   an hour of it and the seconds that were seen of it, for the newest days only
//
// Two processes may do it at the same time: each writes aside under a name of its own, and of two words on an hour the longer one counts.

import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Type } from 'typebox'
import Compile from 'typebox/compile'
import { DayCounts, DayOfHours, DaySum, HourCounts, sumOfDay } from './counts.ts'

const isHour = Compile(HourCounts)
const isDay = Compile(DayCounts)
const isSums = Compile(Type.Array(DaySum))

/** Days whose hours are kept: longer than whoever serves remembers them. */
const DAYS_OF_HOURS = 4
const SUMS = 'days.json'
const A_DATE = /^\d{4}-\d\d-\d\d$/
const A_DAY = /^(\d{4}-\d\d-\d\d)\.json$/
const HOURS_OF_DAY = /^(\d{4}-\d\d-\d\d)\.hours$/
/** As an earlier version kept them. */
const HOURS_IN_ONE = /^\d{4}-\d\d-\d\d\.hours\.json$/
const ASIDE = /\.new$/
/** What lies aside for longer is somebody's who died. */
const LONGEST_MS = 3600_000
const AN_HOUR = /^(\d{4}-\d\d-\d\dT\d\d)-(\d{1,4})\.json$/

/** The days that are kept, the oldest first. */
export const listDays = (dir: string): string[] => matches(dir, A_DAY).map(([, date]) => date!)

/** Likewise those whose hours are. */
export const listDaysOfHours = (dir: string): string[] => matches(dir, HOURS_OF_DAY).map(([, date]) => date!)

const hoursDir = (dir: string, date: string): string => join(dir, `${date}.hours`)
const hourName = (from: string, seconds: number): string => `${from.slice(0, 13)}-${seconds}.json`

/** The hours of a day that are kept → seconds seen of each, in order. */
export function listHours(dir: string, date: string): Map<string, number> {
  const hours = new Map<string, number>()
  for (const [, hour, seconds] of matches(hoursDir(dir, date), AN_HOUR)) {
    const from = `${hour}:00:00Z`
    // of two the longer one: somebody was cut off before the other could be removed
    hours.set(from, Math.max(Number(seconds), hours.get(from) ?? 0))
  }
  return hours
}

/**
 * Of each hour the word of whoever looked the longest is kept, and of those that looked as long the first.
 * @returns was it news?
 */
export async function keepHour(dir: string, hour: HourCounts): Promise<boolean> {
  const { from, date, seconds } = hour
  const known = listHours(dir, date)
  // a day of which only the sum is left is closed
  if (known.size === 0 && listDays(dir).includes(date)) return false
  const before = known.get(from)
  if (before !== undefined && before >= seconds) return false
  await mkdir(hoursDir(dir, date), { recursive: true })
  await write(join(hoursDir(dir, date), hourName(from, seconds)), JSON.stringify(hour))
  if (before !== undefined) await rm(join(hoursDir(dir, date), hourName(from, before)), { force: true })
  return true
}

/** Makes a day of its hours. @returns did it change? */
export async function writeDay(dir: string, date: string): Promise<boolean> {
  const hours = [...listHours(dir, date).keys()]
  // another process has closed it meanwhile
  if (hours.length === 0) return false
  const day = new DayOfHours()
  for (const from of hours) {
    const hour = await readHour(dir, date, from)
    if (hour) day.add(hour)
  }
  const text = JSON.stringify(day.counts(date))
  if (text === (await readText(join(dir, `${date}.json`)))) return false
  await write(join(dir, `${date}.json`), text)
  return true
}

/** undefined: it is not there any more, or not what it should be. */
async function readHour(dir: string, date: string, from: string): Promise<HourCounts | undefined> {
  for (let before: number | undefined; ; ) {
    const seconds = listHours(dir, date).get(from)
    if (seconds === undefined || seconds === before) return undefined
    const hour = await readAs(join(hoursDir(dir, date), hourName(from, seconds)), isHour)
    if (hour) return hour
    // another process may have put a longer one in its place
    before = seconds
  }
}

/** Days in sum, the oldest first. */
export const readSums = async (dir: string): Promise<readonly DaySum[]> => (await readAs(join(dir, SUMS), isSums)) ?? []

/** Days that may still change are summed again, and whatever `days.json` does not know. */
export async function writeSums(dir: string): Promise<void> {
  const known = new Map((await readSums(dir)).map(sum => [sum.date, sum]))
  const dates = listDays(dir)
  const sums: DaySum[] = []
  for (const [i, date] of dates.entries()) {
    const day = i < dates.length - DAYS_OF_HOURS && known.has(date) ? undefined : await readDay(dir, date)
    const sum = day ? sumOfDay(day) : known.get(date)
    if (sum) sums.push(sum)
  }
  await write(join(dir, SUMS), JSON.stringify(sums))
}

/** Only the newest days stay, and of fewer the hours. @param now Unix milliseconds */
export async function forget(dir: string, days: number, now = Date.now()): Promise<void> {
  const all = listDays(dir)
  for (const date of all.slice(0, Math.max(0, all.length - days))) await rm(join(dir, `${date}.json`), { force: true })
  const withHours = new Set([...new Set([...all, ...listDaysOfHours(dir)])].sort().slice(-DAYS_OF_HOURS))
  for (const date of listDaysOfHours(dir))
    if (!withHours.has(date)) await rm(hoursDir(dir, date), { recursive: true, force: true })
  for (const [name] of matches(dir, HOURS_IN_ONE)) await rm(join(dir, name), { force: true })
  for (const folder of [dir, ...listDaysOfHours(dir).map(date => hoursDir(dir, date))])
    for (const { input } of matches(folder, ASIDE)) {
      const { mtimeMs } = (await stat(join(folder, input)).catch(() => undefined)) ?? { mtimeMs: now }
      if (now - mtimeMs > LONGEST_MS) await rm(join(folder, input), { force: true })
    }
}

/** undefined: it is not there, or not what it should be. @param date YYYY-MM-DD */
export const readDay = async (dir: string, date: string): Promise<DayCounts | undefined> =>
  A_DATE.test(date) ? readAs(join(dir, `${date}.json`), isDay) : undefined

/** The same as it is written, for those who only pass it on: a country's takes a tenth of a second to read. */
export const readDayText = async (dir: string, date: string): Promise<string | undefined> =>
  A_DATE.test(date) ? readText(join(dir, `${date}.json`)) : undefined

function matches(dir: string, names: RegExp): RegExpExecArray[] {
  try {
    return readdirSync(dir)
      .sort()
      .map(name => names.exec(name))
      .filter(match => match !== null)
  } catch {
    return []
  }
}

async function readAs<T>(path: string, shape: { Check(value: unknown): value is T }): Promise<T | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'))
    return shape.Check(value) ? value : undefined
  } catch {
    return undefined
  }
}

const readText = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(() => undefined)

/** Whole or not at all. */
async function write(path: string, text: string): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString('hex')}.new`
  try {
    const file = await open(aside, 'wx')
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(aside, path)
  } catch (error) {
    await rm(aside, { force: true })
    throw error
  }
}
