// 19: an import killed at twenty random moments, all the way from its start to its end: a whole network stands after each, the old or the new.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { type ImportJob, importNetwork } from '#workers/import.ts'
import { openNetwork } from '#workers/network.ts'
import { smallFeed } from '../helpers/gtfs.ts'
import { random } from '../helpers/random.ts'

const dir = mkdtempSync(join(tmpdir(), 'freifahrt-kill-'))
afterAll(() => rmSync(dir, { recursive: true }))

test('19: twenty kills, twenty whole networks', async () => {
  // each version of the feed names its stop otherwise, so that it shows which network stands
  const feedOf = (version: number): string => {
    const path = join(dir, `feed${version}`)
    mkdirSync(path, { recursive: true })
    for (const [file, text] of Object.entries(smallFeed))
      writeFileSync(join(path, file), text.replace('Anfang', `Anfang ${version}`))
    return path
  }
  const job = (version: number): ImportJob => ({
    gtfs: [{ tag: 'x', from: feedOf(version) }],
    out: join(dir, 'network'),
  })
  await importNetwork(job(0))
  const child = (of: ImportJob) =>
    spawn(process.execPath, [resolve(import.meta.dirname, '../workers/import-child.ts'), JSON.stringify(of)], {
      stdio: 'ignore',
    })
  // the first one is slower than those to come
  let whole = Number.POSITIVE_INFINITY
  for (let i = 0; i < 3; i++) {
    const began = performance.now()
    await once(child(job(1)), 'exit')
    whole = Math.min(whole, performance.now() - began)
  }
  const r = random(19)
  const stood: string[] = []
  for (let version = 2; version < 22; version++) {
    const running = child(job(version))
    const gone = once(running, 'exit')
    // most of the time goes into starting Node: the last third is where files are written
    setTimeout(() => running.kill('SIGKILL'), whole * (0.5 + r.below(500) / 1000))
    await gone
    const { timetable } = openNetwork(join(dir, 'network'))
    stood.push(new TextDecoder().decode(new Uint8Array(timetable.buffer)).match(/Anfang \d+/)![0])
    expect(openNetwork(join(dir, 'network')).timetable.counts.trips).toBe(3)
  }
  console.log(
    `19: of twenty kills ${stood.filter((name, i) => name === `Anfang ${i + 2}`).length} came after the new network stood`,
  )
  await importNetwork(job(99))
  expect(readdirSync(dir).filter(name => name.startsWith('.'))).toEqual([])
})
