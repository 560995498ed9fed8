// 21: the command serves a network from an object store; a new one is published there, first with a file that is not right, while requests and
// a live socket go on.

import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import WebSocket from 'ws'
import type { StoptimesResponse } from '#api/contract/board.ts'
import { importNetwork } from '#workers/import.ts'
import { publishNetwork } from '#workers/network-store/publish.ts'
import { type RunningCommand, runCommand, watch } from '../helpers/command.ts'
import { smallFeed } from '../helpers/gtfs.ts'
import { type ObjectStore, startObjectStore } from '../helpers/object-store.ts'
import { until } from '../helpers/until.ts'

const dir = mkdtempSync(join(tmpdir(), 'freifahrt-serving-store-'))
const children: ChildProcess[] = []
let server: ObjectStore | undefined
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await server?.close()
  rmSync(dir, { recursive: true, force: true })
})

/** The small feed with its first line called so. */
async function publish(line: string, url: string): Promise<void> {
  mkdirSync(join(dir, 'feed'), { recursive: true })
  for (const [file, text] of Object.entries(smallFeed))
    writeFileSync(join(dir, 'feed', file), file === 'routes.txt' ? text.replace('a,U1,', `a,${line},`) : text)
  await importNetwork({ gtfs: [{ tag: 'x', from: join(dir, 'feed') }], out: join(dir, 'network') })
  await publishNetwork(join(dir, 'network'), { url })
}

async function serve(url: string): Promise<RunningCommand> {
  const args = ['serve', '--network', url, '--port', '0', '--now', '2026-01-05T09:00:00+01:00']
  const running = await runCommand(args, {
    FREIFAHRT_CACHE: join(dir, 'cache'),
    FREIFAHRT_NETWORK_SECONDS: '1',
    FREIFAHRT_REQUESTS_PER_MINUTE: '0',
  })
  children.push(running.child)
  return running
}

test('21: a new network in the object store takes over under requests; a broken one does not', async () => {
  server = await startObjectStore()
  const { objects } = server
  const url = `${server.url}/city`
  await publish('U1', url)
  const running = await serve(url)
  const lines = async (): Promise<string> => {
    const answer = await fetch(`${running.url}/api/v6/stoptimes?stopId=x_A&n=1&time=2026-01-05T08:55:00Z`)
    expect(answer.status).toBe(200)
    return ((await answer.json()) as StoptimesResponse).stopTimes[0]!.routeShortName
  }
  expect(await lines()).toBe('U1')
  const { socket, types } = await watch(running, 'stop:x_A')

  const seen: string[] = []
  let asking = true
  const asked = (async () => {
    while (asking) seen.push(await lines())
  })()
  server.trouble = (path, { method }, response) => {
    // a table, not the manifest
    const isTable = method === 'GET' && path.includes('objects/') && objects.get(path)!.at(0) !== 0x7b
    if (isTable) response.end('something else')
    return isTable
  }
  await publish('S9', url)
  await until('to be told', () => running.said.some(line => /the network in force stays/.test(line)))
  expect(await lines()).toBe('U1')
  server.trouble = () => false
  await until('the new network', async () => (await lines()) === 'S9')
  await until('a delta', () => types.includes('delta'))
  asking = false
  await asked
  expect(socket.readyState).toBe(WebSocket.OPEN)
  expect(seen.lastIndexOf('U1')).toBeLessThan(seen.indexOf('S9'))
  await until('to be told', () => /city: a new network has taken over/.test(running.said.join('\n')))

  // with the store away it starts from what was brought last
  running.child.kill('SIGTERM')
  await once(running.child, 'close')
  await server.close()
  const again = await serve(url)
  await until('to be told', () => /serving the network that was brought last/.test(again.said.join('\n')))
  const answer = await fetch(`${again.url}/api/v6/stoptimes?stopId=x_A&n=1&time=2026-01-05T08:55:00Z`)
  expect(((await answer.json()) as StoptimesResponse).stopTimes[0]!.routeShortName).toBe('S9')
  server = undefined
})
