// The whole server on the loopback interface: plans over HTTP, and how soon a message's bytes are on a watching client's screen. Plain things
// beside both: the same server's answer that needs no work.

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
import { figure, median, quantile, type Row, ratio, spentSince } from './harness.ts'
import { randomQueries } from './queries.ts'
import { type DemoBench, NOW } from './subjects.ts'

const planWorker = new URL('../api/plan.worker.ts', import.meta.url)
// a board may change, and a client ask, as often as we like
const LIMITS = { ...liveDefaults, deltaMs: 0, messagesPerSecond: 1e6, messageBurst: 1e6 }
const BOARD = 'station:demo_de:05913:526' // Stadtgarten: six lines change here

export async function serverRows(demo: DemoBench): Promise<Row[]> {
  const { network, clock } = demo
  const service = await startService({ network, clock, sources: [{ tag: 'demo', url: 'bench' }], planWorker })
  const server = await startServer(service, { port: 0, live: LIMITS })
  try {
    const live = await liveRows(demo, server.url, async (time, bytes) => {
      clock.set(time as UnixSeconds, true)
      await service.apply(0, bytes)
    })
    const plain = await load(server.url, [{ path: '/api/v1/health' }], 20_000)
    return [
      ...(await planRows(server.url, planPaths(demo), plain.cpu)),
      ...live.rows,
      ratio('bytes → client: CPU, an empty answer over HTTP = 1', live.cpu / plain.cpu),
    ]
  } finally {
    await server.close()
    await service.close()
  }
}

function planPaths({ network }: DemoBench): { path: string }[] {
  const queries = randomQueries(buildLookup(network.timetable), 100, NOW - 8 * 3600)
  return queries.map(({ from, to }) => {
    const query = new URLSearchParams({ fromPlace: from, toPlace: to, time: new Date(NOW * 1000).toISOString() })
    return { path: `/api/v6/plan?${query}` }
  })
}

/** @returns with the milliseconds of CPU of one request, server and client together */
export async function load(
  url: string,
  requests: { path: string }[],
  amount: number,
  connections = 8,
): Promise<{ result: autocannon.Result; cpu: number }> {
  const before = process.cpuUsage()
  const result = await autocannon({ url, connections, amount, requests })
  const cpu = spentSince(before) / amount
  if (result.non2xx + result.errors > 0)
    throw new Error(`${requests[0]!.path}: ${result.non2xx} refused, ${result.errors} failed`)
  return { result, cpu }
}

async function planRows(url: string, requests: { path: string }[], plainCpu: number): Promise<Row[]> {
  await load(url, requests, 1000)
  const { result, cpu } = await load(url, requests, 3000)
  return [
    figure('plan over HTTP', result.requests.average, 'requests/s'),
    figure('plan over HTTP: median', result.latency.p50, 'ms'),
    figure('plan over HTTP: p99', result.latency.p99, 'ms'),
    ratio('plan over HTTP: CPU, an empty answer = 1', cpu / plainCpu),
  ]
}

/** From the call with a message's bytes to the delta in the client's hands: milliseconds, and CPU of all threads. */
async function liveRows(
  { messageAt }: DemoBench,
  url: string,
  apply: (time: number, bytes: Uint8Array) => Promise<void>,
): Promise<{ rows: Row[]; cpu: number }> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/live`, SUBPROTOCOL)
  const arrived = new Map<ServerMessage['type'], () => void>()
  const next = (type: ServerMessage['type']): Promise<void> => new Promise(resolve => arrived.set(type, resolve))
  socket.on('message', data => arrived.get((JSON.parse(String(data)) as ServerMessage).type)?.())
  await once(socket, 'open')
  const snapshot = next('snap')
  socket.send(JSON.stringify({ type: 'hello' }))
  socket.send(JSON.stringify({ type: 'sub', id: 1, ch: BOARD }))
  await snapshot

  const ms: number[] = []
  const cpu: number[] = []
  for (let i = 1; i <= ROUNDS; i++) {
    const bytes = messageAt(NOW + i * STEP)
    const before = process.cpuUsage()
    const started = performance.now()
    const delta = next('delta')
    await apply(NOW + i * STEP, bytes)
    await Promise.race([delta, sleep(UNCHANGED)])
    const spent = performance.now() - started
    if (spent >= UNCHANGED) continue
    ms.push(spent)
    cpu.push(spentSince(before))
  }
  socket.close()
  const rows = [
    figure('bytes → client: median', median(ms), 'ms'),
    figure('bytes → client: p99', quantile(ms, 0.99), 'ms'),
  ]
  return { rows, cpu: median(cpu) }
}

const ROUNDS = 60
const STEP = 30 // seconds from message to message: at a station this busy nearly every one changes something
const UNCHANGED = 400 // ms without a delta: this one did not
