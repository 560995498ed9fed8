// The command's first file: an older Node hands over to the one that lies in node_modules, and is no more than its voice.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { runCommand } from '../../helpers/command.ts'
import { freePort } from '../../helpers/free-port.ts'
import { until } from '../../helpers/until.ts'

const cli = resolve(import.meta.dirname, '../../../api/cli.ts')
const dir = mkdtempSync(join(tmpdir(), 'freifahrt-launch-'))
const jobs = join(dir, 'jobs.json')
writeFileSync(jobs, '[]')
afterAll(() => rmSync(dir, { recursive: true }))

test('started by an older Node: it ends when it is told to, with what it ended with', async () => {
  const older = "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '24.0.0' } })"
  const port = String(await freePort())
  const args = ['--import', `data:text/javascript,${older}`, cli, 'jobs', 'run', '--jobs', jobs, '--port', port]
  const launcher = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void launcher.kill('SIGTERM'))
  let printed = ''
  launcher.stdout.on('data', data => (printed += data))
  await until('it to run', () => printed.includes('[]'))
  const answers = (): Promise<boolean> =>
    fetch(`http://127.0.0.1:${port}/health/live`).then(
      r => r.ok,
      () => false,
    )
  expect(await answers()).toBe(true)
  launcher.kill('SIGTERM')
  expect(await once(launcher, 'close')).toEqual([0, null])
  expect(await answers()).toBe(false)
})

test('started by its own first line: two arenas, and large blocks given back at once', async () => {
  const settings = "console.log('page http://x/', process.env.MALLOC_ARENA_MAX, process.env.MALLOC_MMAP_THRESHOLD_)"
  const { said, child } = await runCommand(['--version'], {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(settings)}`,
  })
  expect(said[0]).toBe('page http://x/ 2 262144')
  if (child.exitCode === null) await once(child, 'close')
})
