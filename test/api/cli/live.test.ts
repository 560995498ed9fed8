// `freifahrt live`: what it says about messages that are none, packed, empty, or of another feed.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test, vi } from 'vitest'
import { liveWord } from '#api/cli/live.ts'
import { smallFeed } from '../../helpers/gtfs.ts'
import { type Entity, feedMessage, trip, vehicle } from '../../helpers/realtime.ts'
import { zipOf } from '../../helpers/zip.ts'

const dir = mkdtempSync(join(tmpdir(), 'freifahrt-live-'))
afterAll(() => rmSync(dir, { recursive: true }))
const file = (name: string, bytes: string | Uint8Array): string => {
  const path = join(dir, name)
  writeFileSync(path, bytes)
  return path
}
const T = Date.UTC(2026, 0, 5, 8) / 1000
const gtfs = file('feed.zip', zipOf(Object.entries(smallFeed).map(([name, content]) => ({ name, content }))))
const message = (...entities: Entity[]): Uint8Array => feedMessage({ timestamp: T }, ...entities)
const late = message(trip('t1', { startDate: '20260105' }).stop(1).delay(90))

/** What it prints, or the error that it ends with. */
async function says(path: string, ...rest: string[]): Promise<string> {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  try {
    await liveWord()
      .exitOverride()
      .parseAsync(['--gtfs', gtfs, '--gtfs-rt', path, ...rest], { from: 'user' })
    return log.mock.calls.flat().join('\n')
  } catch (error) {
    return (error as Error).message
  } finally {
    log.mockRestore()
  }
}

test('a message, and the same packed with gzip', async () => {
  const plain = await says(file('late.pb', late))
  expect(plain).toContain('t1  20260105\n    1  A               10:00:00  10:01:30 +0:01:30   rt')
  expect(await says(file('late.pb.gz', gzipSync(late)))).toBe(plain)
})

test.each([
  ['no.pb', '', 'is empty'],
  ['other.zip', zipOf([{ name: 'stops.txt', content: 'x' }]), 'is a zip; a timetable is given as --gtfs'],
  ['message.json', '  {"header": {}}', 'is JSON; a message in protobuf is wanted'],
  ['error.pb', '<!doctype html>', 'is HTML or XML; a message in protobuf is wanted'],
  ['cut.pb', late.subarray(0, 20), 'byte'],
  ['bomb.pb', gzipSync(new Uint8Array(65 << 20)), 'Cannot create a Buffer larger than 67108864 bytes'],
  ['rounds.pb', gzipSync(gzipSync(late)), 'byte'],
])('%s is no message: the error names it and says what it is', async (name, bytes, why) => {
  const path = file(name, bytes)
  const said = await says(path)
  expect(said.startsWith(`REALTIME_UNREADABLE at ${path}: ${why}`), said).toBe(true)
})

test('a file that is not there, a folder, a date that is none', async () => {
  expect(await says(join(dir, 'nowhere.pb'))).toBe(`FILE_MISSING at ${join(dir, 'nowhere.pb')}: no such file`)
  expect(await says(dir)).toBe(`FILE_MISSING at ${dir}: is a folder; give one message`)
  expect(await says(file('late.pb', late), '--date', '2026-01-05')).toMatch(/^BAD_REQUEST at --date: /)
})

test('nothing in it, vehicles only, trips of another feed or day: it says so', async () => {
  const lastLine = async (...args: Parameters<typeof says>) => (await says(...args)).split('\n').at(-1)
  expect(await lastLine(file('empty.pb', message()))).toBe('there is nothing in it')
  expect(await lastLine(file('vehicles.pb', message(vehicle('v', {}))))).toBe('besides: vehicle positions 1, alerts 0')
  expect(await lastLine(file('other.pb', message(trip('x').stop(1).delay(0))))).toBe(
    'most of its trips are not in this feed: is it another version of it?',
  )
  const undated = file('undated.pb', message(trip('t1').stop(1).delay(0)))
  expect(await lastLine(undated, '--date', '20260110')).toBe(
    "its trips do not run on that day; the feed's service days are 20260105–20260109",
  )
  expect(JSON.parse(await says(undated, '--json')).counts).toMatchObject({ trip_updates: 1, vehicles: 0, alerts: 0 })
})
