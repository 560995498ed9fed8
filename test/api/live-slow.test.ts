// Clients that do not read, over real sockets whose kernel takes no more.

import { once } from 'node:events'
import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { liveDefaults } from '#api/config.ts'
import type { LiveState } from '#engine/live/state.ts'
import { Client, late, type Server, start } from '../helpers/live-socket.ts'
import { until } from '../helpers/until.ts'
import { city } from './city.ts'

const ALERT_BYTES = 256 * 1024

/** A long alert on the station, so that a delta fills a line soon. */
const longAlert = (n: number): LiveState => {
  const none = { communication: [], impact: [], ttsHeader: [], ttsDescription: [], url: [] }
  const words = { cause: 'OTHER_CAUSE', effect: 'OTHER_EFFECT', severity: 'INFO' }
  const texts = { header: [{ text: `${n}` }], description: [{ text: `${n} `.padEnd(ALERT_BYTES, '.') }] }
  const alert = { id: 'test_a', source: 0, selectors: [{ stop: city.stop('Hbf') }], ...words, ...texts, ...none }
  return { ...late(n), alerts: [alert] }
}

/** Two clients on one board; the first has stopped reading and the kernel takes no more for it. Returns how much is said so far. */
async function stuck(server: Server) {
  const lines: Socket[] = []
  server.app.server.on('connection', socket => lines.push(socket))
  const slow = await new Client(server).hello()
  const fast = await new Client(server).hello()
  for (const client of [slow, fast]) {
    client.say({ type: 'sub', id: 1, ch: 'stop:test_H1' })
    await client.next('snap')
  }
  slow.ws.pause()
  const line = lines[0]!
  let said = 0
  const say = async (): Promise<void> => {
    server.service.publish(longAlert(++said))
    server.scheduler.advance(1000)
    await fast.next('delta')
  }
  // on loopback the kernel takes some megabytes, and a little more when it has found the time
  let before = -1
  await until('it to take no more', async () => {
    while (line.writableLength <= liveDefaults.slowBytes && said < 200) await say()
    const steady = line.writableLength === before
    before = line.writableLength
    return steady
  })
  expect(line.writableLength).toBeGreaterThan(liveDefaults.slowBytes)
  return { slow, fast, line, say, filled: said }
}

test('a client that does not read costs one delta more than its line holds, and is brought up to date by one snapshot', async () => {
  const { scheduler, ...server } = await start({ heartbeatMs: 3_600_000, socketPingMs: 3_600_000 })
  const { slow, fast, line, say, filled } = await stuck({ scheduler, ...server })
  const waiting = line.writableLength
  expect(waiting).toBeLessThan(liveDefaults.slowBytes + 2 * ALERT_BYTES)
  for (let i = 0; i < 20; i++) {
    await say()
    expect(line.writableLength).toBeLessThanOrEqual(waiting)
  }
  slow.ws.resume()
  if (line.writableLength > 0) await once(line, 'drain')
  scheduler.advance(1000)
  let deltas = 0
  for (;;) {
    const message = await slow.any()
    if (message.type === 'snap') break
    expect(message.type).toBe('delta')
    deltas++
  }
  expect(deltas).toBe(filled)
  expect(slow.display.state).toEqual(fast.display.state)
  // and goes on like everybody else
  await say()
  await slow.next('delta')
  expect(slow.display.state).toEqual(fast.display.state)
})

test('a client that never reads again is cut off after half a minute, and the other goes on', async () => {
  const server = await start({ heartbeatMs: 3_600_000, socketPingMs: 3_600_000 })
  const { line, say } = await stuck(server)
  await say()
  server.scheduler.advance(liveDefaults.slowMs + 2000)
  server.scheduler.advance(2000)
  if (!line.destroyed) await once(line, 'close')
  expect(line.destroyed).toBe(true)
  await say()
})
