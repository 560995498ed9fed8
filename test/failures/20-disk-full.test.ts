// 20: a disk that is full says so, leaves the old network whole, and the next import works once there is room. The disk is a small tmpfs, which
// takes a system's administrator to mount: elsewhere the test is skipped.

import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { importNetwork } from '#workers/import.ts'
import { openNetwork } from '#workers/network.ts'
import { smallFeed } from '../helpers/gtfs.ts'

const dir = mkdtempSync(join(tmpdir(), 'freifahrt-full-'))
const disk = join(dir, 'disk')
mkdirSync(disk)
let mounted = false
try {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk], { stdio: 'ignore' })
  mounted = true
} catch {
  // may not
}
afterAll(() => {
  if (mounted) execFileSync('umount', ['-l', disk])
  rmSync(dir, { recursive: true, force: true })
})

test.skipIf(!mounted)('a full disk: a clear error, nothing lost, and on again when there is room', async () => {
  const feed = join(dir, 'feed')
  mkdirSync(feed)
  for (const [file, text] of Object.entries(smallFeed)) writeFileSync(join(feed, file), text)
  const job = { gtfs: [{ tag: 'x', from: feed }], out: join(disk, 'network') }
  await importNetwork(job)
  const { createdAt } = openNetwork(job.out).manifest
  const { bavail, bsize } = statfsSync(disk)
  writeFileSync(join(disk, 'fill'), Buffer.alloc(bavail * bsize))
  await expect(importNetwork(job)).rejects.toThrow(/NETWORK_UNWRITABLE at .*network: ENOSPC/)
  expect(openNetwork(job.out).manifest.createdAt).toBe(createdAt)
  rmSync(join(disk, 'fill'))
  await importNetwork(job)
  expect(openNetwork(job.out).manifest.createdAt).not.toBe(createdAt)
})
