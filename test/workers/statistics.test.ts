import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { collectStatistics } from '#workers/statistics/collect.ts'
import type { HourCounts } from '#workers/statistics/counts.ts'
import { listDays, readDay, readSums } from '#workers/statistics/folder.ts'
import { listenHere } from '../helpers/loopback.ts'
import { PATIENCE } from '../helpers/until.ts'

let told: unknown = { now: '', hours: [] }
let most = 48
const asked: string[] = []
/** Tells hours as a gateway does: from `since` on, no more than `most` at once. */
const server = createServer(({ url }, response) => {
  const since = new URL(url!, 'http://x').searchParams.get('since')!
  asked.push(since)
  if (typeof told === 'string') return response.end(told)
  const { now, hours } = told as { now: string; hours: HourCounts[] }
  const newer = hours.filter(({ from }) => from >= since)
  response.end(JSON.stringify({ now, hours: newer.slice(0, most), next: newer[most]?.from }))
})
let out: string
let from = ''
beforeAll(async () => {
  from = `${await listenHere(server)}/`
})
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'freifahrt-statistics-'))
  most = 48
  return () => rmSync(out, { recursive: true })
})
afterAll(() => void server.close())

const collect = (days?: number) =>
  collectStatistics(
    { from, out, ...(days !== undefined && { days }) },
    { allowHosts: [], signal: AbortSignal.timeout(PATIENCE) },
  )
const hour = (from: string, seconds: number, observed: number): HourCounts => ({
  from: `${from}:00:00Z`,
  date: from.slice(0, 10),
  seconds,
  feeds: [{ tag: 'x', url: 'https://x/', looks: 60, fresh: 30, rated: 60, matched: 45 }],
  routes: ['U1', 'S2'].map(line => ({
    route: `x_${line}`,
    line,
    planned: 10,
    observed,
    early: 0,
    onTime: observed,
    late: 0,
    cancelled: 1,
    missing: 0,
    delaySeconds: -3,
    withOccupancy: 4,
    crowded: 1,
    headways: 8,
    bunched: 2,
    gaps: 0,
  })),
})
const tell = (...hours: HourCounts[]): void => {
  told = { now: '2026-01-05T12:00:00Z', hours }
}

test('a day is the sum of its hours, each of them once, whoever tells it how often', async () => {
  tell(hour('2026-01-05T08', 3600, 4), hour('2026-01-05T09', 3600, 5))
  expect(await collect()).toEqual(['2026-01-05'])
  expect(await collect()).toEqual([])
  // another gateway, which began at half past nine, and an hour more
  tell(hour('2026-01-05T09', 1800, 1), hour('2026-01-05T10', 3600, 6))
  expect(await collect()).toEqual(['2026-01-05'])
  const day = (await readDay(out, '2026-01-05'))!
  expect(day.seconds).toBe(3 * 3600)
  expect(
    day.routes.map(({ line, planned, observed, delaySeconds }) => [line, planned, observed, delaySeconds]),
  ).toEqual([
    ['U1', 30, 15, -9],
    ['S2', 30, 15, -9],
  ])
  expect(day.feeds).toEqual([
    { tag: 'x', url: 'https://x/', looks: 180, fresh: 90, rated: 180, matched: 135, matchRate: 0.75, freshness: 0.5 },
  ])
})

test('only hours that are not there whole are asked for, page by page', async () => {
  const day = Array.from({ length: 24 }, (_, h) => hour(`2026-01-05T${String(h).padStart(2, '0')}`, 3600, 4))
  const half = hour('2026-01-05T03', 1800, 2)
  most = 5
  asked.length = 0
  tell(...day.slice(0, 3), half, ...day.slice(4, 12))
  await collect()
  expect(asked).toEqual(['1970-01-01T00', '2026-01-05T05', '2026-01-05T10'].map(from => `${from}:00:00Z`))
  expect((await readDay(out, '2026-01-05'))!.seconds).toBe(11.5 * 3600)
  // one that somebody else saw whole, and what came since; nothing of what is there already
  asked.length = 0
  tell(...day.slice(0, 14))
  await collect()
  expect(asked).toEqual(['2026-01-05T03:00:00Z', '2026-01-05T12:00:00Z'])
  expect((await readDay(out, '2026-01-05'))!.seconds).toBe(14 * 3600)
  // a gateway that says the same again and again is not asked for ever
  asked.length = 0
  told = JSON.stringify({ now: '', hours: [day[14]], next: day[14]!.from })
  await collect()
  expect(asked).toHaveLength(1)
})

test.each(['2026-01-05.json', 'days.json'])('cut off before %s was written: the next time it is', async lost => {
  tell(hour('2026-01-05T08', 3600, 4))
  await collect()
  const before = readFileSync(join(out, lost), 'utf8')
  tell(hour('2026-01-05T08', 3600, 4), hour('2026-01-05T09', 3600, 5))
  await collect()
  writeFileSync(join(out, lost), before)
  await collect()
  expect((await readDay(out, '2026-01-05'))!.seconds).toBe(7200)
  expect(await readSums(out)).toMatchObject([{ seconds: 7200, all: { observed: 18 } }])
})

test('days are kept in sum, hours of the newest four, and no more days than asked for', async () => {
  for (let d = 1; d <= 9; d++) {
    tell(hour(`2026-01-0${d}T08`, 3600, 4))
    await collect(6)
  }
  expect(listDays(out)).toEqual([4, 5, 6, 7, 8, 9].map(d => `2026-01-0${d}`))
  expect(readdirSync(out).filter(name => name.endsWith('.hours'))).toHaveLength(4)
  // of a day that is closed nothing is taken any more
  tell(hour('2026-01-04T09', 3600, 4))
  expect(await collect(6)).toEqual([])
  expect((await readDay(out, '2026-01-04'))!.seconds).toBe(3600)
})

test.each(['<html>', '{}', '{"now":"","hours":[{"from":"2026-01-05T08:00:00Z","date":"../../etc","seconds":1}]}'])(
  'what is no list of hours changes nothing: %s',
  async text => {
    tell(hour('2026-01-05T08', 3600, 4))
    await collect()
    told = text
    await expect(collect()).rejects.toThrow(/FEED_UNREADABLE/)
    expect(listDays(out)).toEqual(['2026-01-05'])
  },
)

test('of two words on one hour the longer counts, though somebody was cut off between them', async () => {
  tell(hour('2026-01-05T08', 3600, 4))
  await collect()
  const shorter = hour('2026-01-05T08', 1800, 1)
  writeFileSync(join(out, '2026-01-05.hours', '2026-01-05T08-1800.json'), JSON.stringify(shorter))
  await collect()
  expect(await readSums(out)).toMatchObject([{ seconds: 3600, all: { observed: 8 } }])
})

test('several jobs at one moment on one folder: each comes to its end, and the days are whole', async () => {
  const days = [5, 6, 7].flatMap(d => [8, 9].map(h => hour(`2026-01-0${d}T0${h}`, 3600, 4)))
  tell(...days)
  await Promise.all([collect(), collect(), collect(), collect()])
  expect(await readSums(out)).toMatchObject([5, 6, 7].map(d => ({ date: `2026-01-0${d}`, seconds: 7200 })))
  expect(readdirSync(out).filter(name => name.endsWith('.new'))).toEqual([])
})

test('an hour that another job makes longer while a day is being written is in it', async () => {
  tell(hour('2026-01-05T08', 1800, 2))
  await collect()
  // as listed a moment ago, and removed since
  writeFileSync(join(out, '2026-01-05.hours', '2026-01-05T08-1800.json'), '')
  tell(hour('2026-01-05T08', 3600, 4))
  await Promise.all([collect(), collect()])
  expect(await readSums(out)).toMatchObject([{ seconds: 3600, all: { observed: 8 } }])
})

test('what earlier versions and jobs that died have left is removed', async () => {
  tell(hour('2026-01-05T08', 3600, 4))
  await collect()
  const leave = (name: string, age: number): void => {
    writeFileSync(join(out, name), '{}')
    utimesSync(join(out, name), age, age)
  }
  leave('2025-11-05.hours.json', Date.now() / 1000)
  leave('2026-01-05.json.0123456789ab.new', Date.now() / 1000 - 4000)
  leave('2026-01-05.hours/2026-01-05T08-3600.json.0123456789ab.new', Date.now() / 1000 - 4000)
  leave('days.json.0123456789ab.new', Date.now() / 1000)
  mkdirSync(join(out, '2025-11-05.hours'))
  for (let d = 6; d <= 9; d++) {
    tell(hour(`2026-01-0${d}T08`, 3600, 4))
    await collect()
  }
  const left = readdirSync(out, { recursive: true }).map(String)
  expect(left.filter(name => name.includes('2025') || name.endsWith('.new'))).toEqual(['days.json.0123456789ab.new'])
})

test('what was told before a page that could not be had is kept', async () => {
  most = 1
  tell(hour('2026-01-05T08', 3600, 4), hour('2026-01-05T09', 3600, 5))
  const whole = told
  const [first] = (whole as { hours: HourCounts[] }).hours
  told = JSON.stringify({ now: '', hours: [first], next: 'nonsense' })
  await expect(collect()).rejects.toThrow(/FEED_UNREADABLE/)
  told = JSON.stringify({ now: '', hours: [first] })
  await collect()
  asked.length = 0
  told = whole
  await collect()
  expect(asked).toEqual(['2026-01-05T09:00:00Z'])
  expect(await readSums(out)).toMatchObject([
    { seconds: 7200, all: { observed: 18, punctuality: 1, bunching: 0.25, crowding: 0.25 } },
  ])
})

test('a file that is not what it should be is no day', async () => {
  writeFileSync(join(out, '2026-01-05.json'), '{"date":')
  expect(await readDay(out, '2026-01-05')).toBeUndefined()
  expect(await readDay(out, '../2026-01-05')).toBeUndefined()
})
