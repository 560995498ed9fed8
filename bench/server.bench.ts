// The whole server on the loopback interface: plans over HTTP, and how soon a message's bytes are on a watching client's screen. Plain things
// beside them: the same server's answer that needs no work, and a ping on the same socket.

import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import autocannon from 'autocannon'
import { WebSocket } from 'ws'
import { liveDefaults } from '#api/config.ts'
import type { ServerMessage } from '#api/live/messages.ts'
import { SUBPROTOCOL } from '#api/live/messages.ts'
import { startServer } from '#api/server.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { buildLookup } from '#engine/timetable/lookup.ts'
import { startService } from '#workers/start.ts'
import { figure, median, quantile, type Row, ratio } from './harness.ts'
import { randomQueries } from './queries.ts'
import { type DemoBench, NOW } from './subjects.ts'

const planWorker = new URL('../api/plan.worker.ts', import.meta.url)
const BOARD = 'station:demo_de:05913:526' // Stadtgarten: six lines change here

export async function serverRows(demo: DemoBench): Promise<Row[]> {
  const { network, clock } = demo
  const service = await startService({ network, clock, sources: [{ tag: 'demo', url: 'bench' }], planWorker })
  const server = await startServer(service, { port: 0, live: { ...liveDefaults, deltaMs: 0 } })
  try {
    const live = await liveRows(demo, server.url, async (time, bytes) => {
      clock.set(time as UnixSeconds, true)
      await service.apply(0, bytes)
    })
    return [...(await planRows(server.url, planPaths(demo))), ...live]
  } finally {
    await server.close()
    await service.close()
  }
}

function planPaths({ network }: DemoBench): string[] {
  const queries = randomQueries(buildLookup(network.timetable), 100, NOW - 8 * 3600)
  return queries.map(({ from, to }) => {
    const query = new URLSearchParams({ fromPlace: from, toPlace: to, time: new Date(NOW * 1000).toISOString() })
    return `/api/v6/plan?${query}`
  })
}

async function planRows(url: string, paths: readonly string[]): Promise<Row[]> {
  const hit = async (requests: readonly string[], seconds: number) => {
    const result = await autocannon({
      url,
      connections: 8,
      duration: seconds,
      requests: requests.map(path => ({ path })),
    })
    if (result.non2xx + result.errors > 0)
      throw new Error(`${result.non2xx} refused, ${result.errors} failed: ${requests[0]}`)
    return result
  }
  await hit(paths, 2)
  const plain = await hit(['/api/v1/health'], 3)
  const plans = await hit(paths, 6)
  return [
    figure('plan over HTTP', plans.requests.average, 'requests/s'),
    figure('plan over HTTP: median', plans.latency.p50, 'ms'),
    figure('plan over HTTP: p99', plans.latency.p99, 'ms'),
    ratio('plan over HTTP: time, an empty answer = 1', plain.requests.average / plans.requests.average),
  ]
}

/** Milliseconds from the call with a message's bytes to the delta in the client's hands. */
async function liveRows(
  { messageAt }: DemoBench,
  url: string,
  apply: (time: number, bytes: Uint8Array) => Promise<void>,
): Promise<Row[]> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/live`, SUBPROTOCOL)
  const arrived = new Map<ServerMessage['type'], () => void>()
  const next = (type: ServerMessage['type']): Promise<void> => new Promise(resolve => arrived.set(type, resolve))
  socket.on('message', data => arrived.get((JSON.parse(String(data)) as ServerMessage).type)?.())
  await once(socket, 'open')
  const snapshot = next('snap')
  socket.send(JSON.stringify({ type: 'hello' }))
  socket.send(JSON.stringify({ type: 'sub', id: 1, ch: BOARD }))
  await snapshot

  const pings: number[] = []
  const deltas: number[] = []
  for (let i = 1; i <= ROUNDS; i++) {
    const bytes = messageAt(NOW + i * STEP)
    pings.push(
      await timed(() => {
        const answer = next('hb')
        socket.send(JSON.stringify({ type: 'ping' }))
        return answer
      }),
    )
    const spent = await timed(async () => {
      const delta = next('delta')
      await apply(NOW + i * STEP, bytes)
      await Promise.race([delta, sleep(UNCHANGED)])
    })
    if (spent < UNCHANGED) deltas.push(spent)
  }
  socket.close()
  return [
    figure('bytes → client: median', median(deltas), 'ms'),
    figure('bytes → client: p99', quantile(deltas, 0.99), 'ms'),
    ratio('bytes → client: time, a ping = 1', quantile(deltas, 0.25) / quantile(pings, 0.25)),
  ]
}

const ROUNDS = 60
const STEP = 30 // seconds from message to message: at a station this busy nearly every one changes something
const UNCHANGED = 400 // ms without a delta: this one did not

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}
