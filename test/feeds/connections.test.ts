// K9: two connections per host for what is polled, two more for files, so that neither a slow server nor a slow file fills or holds up anything.

import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, get, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { download } from '#feeds/download.ts'
import { fetchFeed } from '#feeds/realtime/fetch.ts'
import { listenHere } from '../helpers/loopback.ts'

let dir: string
/** Requests that wait for their answer. */
const held: ServerResponse[] = []
let heard = (): void => {}
const server = createServer((request, response) => {
  if (request.url === '/now') return response.end('now')
  held.push(response)
  heard()
})
let base = ''
const url = (path: string): string => `${base}${path}`

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'freifahrt-connections-'))
  held.length = 0
  base = await listenHere(server)
})
afterEach(async () => {
  rmSync(dir, { recursive: true })
  server.closeAllConnections()
  await new Promise(done => server.close(done))
})

const holding = (count: number): Promise<void> =>
  new Promise(done => {
    heard = () => void (held.length >= count && done())
    heard()
  })

/** A question on a connection of its own: what was connected before it has been heard when it is answered. */
const askBeside = (): Promise<void> =>
  new Promise((done, fail) => {
    get(url('/now'), { agent: false }, response => response.resume().once('end', done)).once('error', fail)
  })

const poll = (): Promise<unknown> => fetchFeed(url('/poll'), {})
const file = (n: number): Promise<unknown> => download(url('/file'), join(dir, `${n}.zip`))

test.each([
  ['polls', poll],
  ['files', file],
])('%s: two at once from one host, the others in turn', async (_, ask) => {
  const asked = [1, 2, 3, 4, 5].map(ask)
  for (let answered = 0; answered < asked.length; answered++) {
    const open = Math.min(asked.length, answered + 2)
    await holding(open)
    await askBeside()
    expect(held.length).toBe(open)
    held[answered]!.end('told')
  }
  await Promise.all(asked)
})

test('files that drip hold up no poll of the same host', async () => {
  const files = [1, 2].map(file)
  await holding(2)
  for (const response of held) response.write('a')
  expect(await fetchFeed(url('/now'), {})).toMatchObject({ kind: 'message' })
  for (const response of held) response.end()
  await Promise.all(files)
})
