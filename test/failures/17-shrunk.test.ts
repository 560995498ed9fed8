// 17: a feed published by halves is refused, the old network stays; an operator may insist.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { type ImportJob, importNetwork } from '#workers/import.ts'
import { readManifest } from '#workers/network-files.ts'
import { smallFeed } from '../helpers/gtfs.ts'

const dir = mkdtempSync(join(tmpdir(), 'freifahrt-shrunk-'))
afterAll(() => rmSync(dir, { recursive: true }))

function feed(name: string, trips: number): string {
  const path = join(dir, name)
  mkdirSync(path)
  const ids = Array.from({ length: trips }, (_, i) => `t${i}`)
  const times = ids.map(
    (id, i) => `${id},10:${10 + i}:00,10:${10 + i}:00,A,1\n${id},11:${10 + i}:00,11:${10 + i}:00,B,2\n`,
  )
  const files = {
    ...smallFeed,
    'trips.txt': `route_id,service_id,trip_id\n${ids.map(id => `U1,wk,${id}\n`).join('')}`,
    'stop_times.txt': `trip_id,arrival_time,departure_time,stop_id,stop_sequence\n${times.join('')}`,
  }
  for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text)
  return path
}

test('a fifth may go, more may not', async () => {
  const out = join(dir, 'network')
  const job = (from: string, rest: Partial<ImportJob> = {}): ImportJob => ({ gtfs: [{ tag: 'x', from }], out, ...rest })
  await importNetwork(job(feed('whole', 10)))
  await importNetwork(job(feed('a fifth less', 8)))
  expect(readManifest(out).counts.trips).toBe(8)
  const half = feed('half', 4)
  await expect(importNetwork(job(half))).rejects.toThrow(/FEED_SHRUNK at .*: 4 trips, there were 8/)
  expect(readManifest(out).counts.trips).toBe(8)
  await importNetwork(job(half, { force: true }))
  expect(readManifest(out).counts.trips).toBe(4)
})
