// 35: an error that nobody catches, in the command as it is run. What is known is on disk and at the sources, so the process ends and whoever
// keeps it (docker-compose: `restart: unless-stopped`) starts it again.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { freePort } from '../helpers/free-port.ts'
import { until } from '../helpers/until.ts'

const cli = resolve(import.meta.dirname, '../../api/cli.ts')
const dir = mkdtempSync(join(tmpdir(), 'freifahrt-uncaught-'))
const jobs = join(dir, 'jobs.json')
writeFileSync(jobs, '[]')
afterAll(() => rmSync(dir, { recursive: true }))

/** What happens on SIGUSR2, before the program begins. */
const trouble = (what: string): string =>
  `data:text/javascript,${encodeURIComponent(`process.on('SIGUSR2', () => { ${what} })`)}`

test.each([
  ['thrown', "setImmediate(() => { throw new Error('nobody caught this') })"],
  ['rejected', "void Promise.reject(new Error('nobody caught this'))"],
])(
  '35: an error that nobody catches (%s) is written, ends the process with 1, and it can be started again',
  async (_, what) => {
    const run = async (port: string) => {
      const args = ['--import', trouble(what), cli, 'jobs', 'run', '--jobs', jobs, '--port', port]
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
      onTestFinished(() => void child.kill('SIGKILL'))
      let said = ''
      let printed = ''
      child.stderr.on('data', data => (said += data))
      child.stdout.on('data', data => (printed += data))
      await until('it to run', () => printed.includes('[]'))
      return { child, said: () => said }
    }
    const port = String(await freePort())
    const { child, said } = await run(port)
    expect((await fetch(`http://127.0.0.1:${port}/health/live`)).status).toBe(200)
    child.kill('SIGUSR2')
    const [code] = await once(child, 'close')
    expect(code).toBe(1)
    expect(said()).toMatch(/Error: nobody caught this\n +at /)
    const again = await run(port)
    expect((await fetch(`http://127.0.0.1:${port}/health/live`)).status).toBe(200)
    again.child.kill('SIGKILL')
    await once(again.child, 'close')
  },
)
