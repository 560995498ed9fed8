// 32: SIGTERM under 200 requests a second, by the command as it is run, behind a balancer that keeps its connections, looks at readiness now and then
// and goes by what answers say.

import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, get, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { importNetwork } from '#workers/import.ts'
import { runCommand } from '../helpers/command.ts'
import { smallFeed } from '../helpers/gtfs.ts'
import { until } from '../helpers/until.ts'

const dir = mkdtempSync(join(tmpdir(), 'freifahrt-drain-'))
afterAll(() => rmSync(dir, { recursive: true }))

const CONNECTIONS = 16

/** What came of each request. */
function balancer() {
  // each connection in its turn: none lies idle until it is closed
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS, scheduling: 'fifo' })
  const came = { asked: 0, good: 0, goodbyes: 0, failed: [] as string[] }
  return {
    came,
    ask(url: string): void {
      came.asked++
      const request = get(url, { agent }, (response: IncomingMessage) => {
        if (response.headers.connection === 'close') came.goodbyes++
        response.resume()
        response.once('end', () =>
          response.statusCode === 200 ? came.good++ : came.failed.push(`${response.statusCode}`),
        )
      })
      request.once('error', ({ message }) => came.failed.push(message))
    },
  }
}

test('32: SIGTERM under 200 requests a second: not ready at once, nobody who was let in fails, exit code 0', async () => {
  mkdirSync(join(dir, 'feed'))
  for (const [file, text] of Object.entries(smallFeed)) writeFileSync(join(dir, 'feed', file), text)
  await importNetwork({ gtfs: [{ tag: 'x', from: join(dir, 'feed') }], out: join(dir, 'network') })
  const now = '2026-01-05T08:50:00Z'
  const { child, url } = await runCommand(['serve', '--network', join(dir, 'network'), '--port', '0', '--now', now], {
    FREIFAHRT_DRAIN_SECONDS: '2',
    FREIFAHRT_REQUESTS_PER_MINUTE: '0',
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const readiness = async (): Promise<number> => (await fetch(`${url}/health/ready`)).status
  await until('it to be ready', async () => (await readiness()) === 200)
  const paths = ['/api/v6/stoptimes?stopId=x_A&n=1', `/api/v6/plan?fromPlace=x_A&toPlace=x_B&time=${now}`]
  const { came, ask } = balancer()
  let sending = true
  let begun = performance.now()
  const sender = setInterval(() => {
    // in the mean two hundred a second, whatever the timer does, as long as the machine answers as many
    for (; sending && performance.now() > begun; begun += 5)
      if (came.asked - came.good - came.failed.length < CONNECTIONS) ask(url + paths[came.asked % 2]!)
  }, 5)
  await until('two hundred answers', () => came.good >= 200)
  expect(came.goodbyes).toBe(0)
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  // while it still takes connections
  await until('it to say that it is not ready', async () => (await readiness()) === 503)
  // that is when the balancer looks next
  await until('every connection to be told that it was the last time', () => came.goodbyes > CONNECTIONS)
  sending = false
  clearInterval(sender)
  expect(await ended).toEqual([0, null])
  await until('all to be answered', () => came.good + came.failed.length === came.asked)
  expect(came.failed).toEqual([])
})
