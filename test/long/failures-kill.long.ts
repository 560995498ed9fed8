// 19: an import killed at twenty random moments between its first step and its end: a whole network stands after each, the old or the new.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
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
  /** Runs until it is done, or for so many ms from its first step on. @returns the steps it said, and how long they took */
  async function run(version: number, killAfterMs = Number.POSITIVE_INFINITY): Promise<{ said: string[]; ms: number }> {
    const child = spawn(
      process.execPath,
      [resolve(import.meta.dirname, '../workers/import-child.ts'), JSON.stringify(job(version))],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    const said: string[] = []
    let began = 0
    let kill: NodeJS.Timeout | undefined
    createInterface(child.stdout).on('line', line => {
      if (said.push(line) > 1) return
      began = performance.now()
      if (killAfterMs < Number.POSITIVE_INFINITY) kill = setTimeout(() => child.kill('SIGKILL'), killAfterMs)
    })
    await once(child, 'close')
    clearTimeout(kill)
    return { said, ms: performance.now() - began }
  }
  const standing = (): number => {
    const { timetable } = openNetwork(join(dir, 'network'))
    expect(timetable.counts.trips).toBe(3)
    return Number(new TextDecoder().decode(new Uint8Array(timetable.buffer)).match(/Anfang (\d+)/)![1])
  }
  // from the first step to the end; the first run is slower than those to come
  const whole = [await run(1), await run(1), await run(1)].reduce((least, { ms }) => Math.min(least, ms), 1e9)
  const r = random(19)
  const steps: string[] = []
  let [stood, tooLate, newStood] = [1, 0, 0]
  for (let version = 2; steps.length < 20; version++) {
    expect(version, `${tooLate} imports were done before they could be killed`).toBeLessThan(100)
    const { said } = await run(version, (whole * r.below(1000)) / 1000)
    const stands = standing()
    // whatever happened: the one before or the new one
    expect([stood, version]).toContain(stands)
    stood = stands
    if (said.includes('done')) tooLate++
    else {
      steps.push(said.at(-1)!.split(' ')[0]!)
      if (stands === version) newStood++
    }
  }
  const counts = Object.entries(Object.groupBy(steps, step => step)).map(([step, all]) => `${all!.length} in ${step}`)
  console.log(
    `19: twenty kills within ${Math.round(whole)} ms of import: ${counts.join(', ')}; the new network stood already after ${newStood}; ${tooLate} more came after the end`,
  )
  await importNetwork(job(99))
  expect(readdirSync(dir).filter(name => name.startsWith('.'))).toEqual([])
})
