// 34, 36, 37, 38: more handshakes than a gateway takes, a wall clock that jumps, a process that stands still, a thousand clients that read
// nothing. (40–42 are test/api/live-limits.test.ts.)

import { once } from 'node:events'
import { afterEach, expect, test, vi } from 'vitest'
import WebSocket from 'ws'
import { apiDefaults, type LiveLimits, liveDefaults } from '#api/config.ts'
import { TokenBucket } from '#api/live/bucket.ts'
import { SUBPROTOCOL } from '#api/live/messages.ts'
import { systemScheduler } from '#api/live/scheduler.ts'
import { startServer } from '#api/server.ts'
import type { ServiceDay, UnixSeconds } from '#engine/core/time.ts'
import { at, city } from '../api/city.ts'
import { liveState, plannedRun } from '../helpers/horizon.ts'
import { join, type Listener, world } from '../helpers/live.ts'
import { testService } from '../helpers/service.ts'
import { until } from '../helpers/until.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

async function gateway(limits: Partial<LiveLimits>): Promise<string> {
  const server = await startServer(testService(city, at('10:00')), {
    ...apiDefaults,
    port: 0,
    live: { ...liveDefaults, ...limits },
  })
  open.push(server)
  return `${server.url.replace('http', 'ws')}/live`
}
/** Resolves with 101 for a socket that is open, else with the status of the refusal. */
async function shake(url: string): Promise<{ socket: WebSocket; status: number; retryAfter?: string | undefined }> {
  const socket = new WebSocket(url, SUBPROTOCOL)
  open.push({ close: () => socket.terminate() })
  socket.on('error', () => {})
  return new Promise(resolve => {
    socket.once('open', () => resolve({ socket, status: 101 }))
    socket.once('unexpected-response', (_request, { statusCode, headers }) =>
      resolve({ socket, status: statusCode!, retryAfter: headers['retry-after'] }),
    )
  })
}
const late = (seconds: number) => {
  const run = plannedRun(city.tt, city.trip('S1'), (city.day + 1) as ServiceDay)
  for (const call of run.calls) {
    call.arrival += seconds
    call.departure += seconds
  }
  return liveState([run])
}

test('34: a bucket of handshakes: so many at once, so many a second; who is refused costs nothing', () => {
  const bucket = new TokenBucket(20, 10, 0)
  const taken = (from: number, to: number): number => {
    let n = 0
    for (let ms = from; ms < to; ms++) for (let i = 0; i < 5; i++) if (bucket.take(ms)) n++
    return n
  }
  // 5,000 a second for ten seconds: the burst, then ten a second
  expect(taken(0, 1000)).toBe(29)
  expect(taken(1000, 10_000)).toBe(90)
})

test('34: beyond it 429 with Retry-After, and those who are in go on', async () => {
  const url = await gateway({ handshakeBurst: 5, handshakesPerSecond: 0.001 })
  const all = await Promise.all(Array.from({ length: 30 }, () => shake(url)))
  expect(all.filter(({ status }) => status === 101)).toHaveLength(5)
  for (const { status, retryAfter } of all) if (status !== 101) expect([status, retryAfter]).toEqual([429, '1'])
  const { socket } = all.find(({ status }) => status === 101)!
  const answer = once(socket, 'message')
  socket.send('{"type":"hello"}')
  expect(JSON.parse(String((await answer)[0]))).toMatchObject({ type: 'welcome' })
})

test('36: the wall clock jumps an hour ahead and back: nobody is closed, no channel is forgotten, news arrive', () => {
  const w = world()
  const listener = join(w, 'stop:test_H1')
  for (const hours of [1, -2, 1]) {
    w.service.time = (w.service.time + hours * 3600) as UnixSeconds
    w.pass(5)
    expect([listener.closed, w.hub.size]).toEqual([undefined, { channels: 1, clients: 1 }])
  }
  w.service.publish(late(60))
  w.pass(1)
  expect(listener.deltas.at(-1)!.up).toMatchObject([{ delay: 60 }])
  expect(w.errors).toEqual([])
  // and what the live part waits with is not the wall clock
  const before = systemScheduler.now()
  vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 3_600_000)
  expect(systemScheduler.now() - before).toBeLessThan(60_000)
  vi.restoreAllMocks()
})

test('37: a process that stands still for ten pings: its clients are still there', async () => {
  const url = await gateway({ socketPingMs: 50, heartbeatMs: 50 })
  const sockets = (await Promise.all(Array.from({ length: 20 }, () => shake(url)))).map(({ socket }) => socket)
  let [closed, beats] = [0, 0]
  for (const socket of sockets) {
    socket.once('close', () => closed++)
    socket.on('message', data => String(data).includes('"hb"') && beats++)
    socket.send('{"type":"hello"}')
  }
  await until('a heartbeat for each', () => beats >= 20)
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500)
  beats = 0
  await until('heartbeats again', () => beats >= 60)
  expect(closed).toBe(0)
})

test('38: a thousand clients that read nothing: nothing more is sent to them, closed within a minute, others hear everything', () => {
  const w = world()
  const fast = join(w, 'stop:test_H1')
  const slow: Listener[] = Array.from({ length: 1000 }, () => join(w, 'stop:test_H1'))
  for (const one of slow) one.waiting = liveDefaults.slowBytes + 1
  const sent = slow.map(({ messages }) => messages.length)
  for (let i = 1; i <= 60; i++) {
    w.service.publish(late(i))
    w.pass(1)
  }
  expect(fast.deltas).toHaveLength(60)
  const more = slow.map(({ deltas, snaps }) => deltas.length + snaps.length - 1)
  expect([Math.min(...sent), Math.max(...more)]).toEqual([1, 0])
  expect(slow.filter(({ closed }) => closed === 4408)).toHaveLength(1000)
})
