// What a process of jobs goes by: its file, the memory there is, the environment that a job's own process gets.

import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, totalmem } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { atOnce, memoryLeft } from '#workers/jobs/line.ts'
import { inOwnProcess } from '#workers/jobs/process.ts'
import { limitMinutes, readSchedule } from '#workers/jobs/schedule.ts'
import { freePort } from '../helpers/free-port.ts'
import { job } from '../helpers/job-lines.ts'
import { until } from '../helpers/until.ts'

test('so many imports at once as there is memory for beside what the process itself holds', () => {
  const GiB = 2 ** 30
  const fitting = [1, 3.9, 4, 6, 64].map(left => atOnce(0, left * GiB).imports)
  expect(fitting).toEqual([1, 1, 2, 3, 3])
  expect(atOnce(5, GiB)).toEqual({ imports: 5, others: 4 })
  const all = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)
  // what is held changes from call to call
  expect(memoryLeft() / GiB).toBeCloseTo((all - process.memoryUsage.rss()) / GiB, 1)
})

test('the process of a job is told nothing of the environment but what it runs by', async () => {
  vi.stubEnv('REDIS_URL', 'redis://:secret@localhost')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret')
  vi.stubEnv('TZ', 'Europe/Berlin')
  // whom polls trust, imports trust
  vi.stubEnv('NODE_USE_SYSTEM_CA', '1')
  onTestFinished(() => void vi.unstubAllEnvs())
  const work = inOwnProcess({}, new URL('../helpers/poisoned-job.worker.ts', import.meta.url))
  const context = { signal: new AbortController().signal, progress() {} }
  const told = await work(job('tells-environment'), context)
  expect(told).not.toContain('secret')
  expect(JSON.parse(told)).toMatchObject({ TZ: 'Europe/Berlin', PATH: process.env.PATH, NODE_USE_SYSTEM_CA: '1' })
})

test('a file of jobs says what is wrong with it', () => {
  const counted = { name: 'b', everyHours: 1, statistics: { from: 'http://localhost', out: 'b' } }
  const dir = mkdtempSync(join(tmpdir(), 'freifahrt-jobs-'))
  const path = join(dir, 'jobs.json')
  const read = (value: unknown) => {
    writeFileSync(path, JSON.stringify(value))
    return () => readSchedule(path)
  }
  expect(read([job('a')])()).toHaveLength(1)
  expect(read([job('a'), job('a')])).toThrow(/two jobs have one name/)
  expect(read([{ name: 'a', everyHours: 1 }])).toThrow(/give one of preset, import, discover, statistics/)
  expect(read([{ ...job('a'), everyHours: 0 }])).toThrow(/BAD_REQUEST at .*jobs\.json\/0\/everyHours/)
  const from = (more: object) =>
    read([{ name: 'a', everyHours: 1, import: { gtfs: [{ from: 'x' }], out: 'y', ...more } }])
  expect(from({ accidents: ['2024.csv'], carFree: 'c.geojson', elevation: 'srtm' })()).toHaveLength(1)
  expect(from({ aera: '7,51,8,52' })).toThrow(/BAD_REQUEST at .*jobs\.json\/0\/import/)
  expect(from({ gtfs: [{ from: 'https://host:PORT/gtfs.zip' }] })).toThrow(
    /'https:\/\/host:PORT\/gtfs.zip' is no address/,
  )
  expect(from({ accidents: '2024.csv' })).toThrow(/BAD_REQUEST at .*jobs\.json\/0\/import\/accidents/)
  expect(read([{ name: 'a', everyHours: 1, preset: 'dortmunt' }])).toThrow(
    /'dortmunt' is no city .* there are dortmund/,
  )
  expect(read([{ ...job('a'), maxMinutes: 0 }])).toThrow(/BAD_REQUEST at .*jobs\.json\/0\/maxMinutes/)
  expect(read([{ ...job('a'), maxMinutes: '90' }])).toThrow(/BAD_REQUEST at .*jobs\.json\/0\/maxMinutes/)
  expect(read([{ ...job('a'), maxMinutes: 240 }])().map(limitMinutes)).toEqual([240])
  expect([job('a'), counted].map(limitMinutes)).toEqual([120, 30])
  expect(() => readSchedule(join(dir, 'none.json'))).toThrow(/FILE_MISSING/)
  rmSync(dir, { recursive: true })
})

test('22: a process of jobs is there before Redis is, says so, and ends when it is told to', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'freifahrt-jobs-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const file = join(dir, 'jobs.json')
  writeFileSync(file, '[]')
  const port = String(await freePort())
  const cli = resolve(import.meta.dirname, '../../api/cli.ts')
  const child = spawn(process.execPath, [cli, 'jobs', 'run', '--jobs', file, '--port', port], {
    env: { ...process.env, REDIS_URL: 'redis://127.0.0.1:1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let said = ''
  child.stderr.on('data', data => (said += data))
  let ready: unknown
  await until('it to answer', async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined)
    ready = await answer?.json()
    return ready !== undefined
  })
  expect(ready).toMatchObject({ degraded: ['redis'] })
  await until('the trouble to be told', () => said !== '')
  const ended = new Promise(done => child.once('close', done))
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
  // each connection fails again and again: one line, as requests are written
  const [line, ...more] = said.trim().split('\n')
  expect(more).toEqual([])
  expect(JSON.parse(line!)).toMatchObject({ level: 40, where: 'jobs', msg: expect.stringContaining('ECONNREFUSED') })
})
