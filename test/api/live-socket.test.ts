import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { LONGEST_ID } from '#api/contract/itinerary.ts'
import { SUBPROTOCOL } from '#api/live/messages.ts'
import { Client, late, refusal, servers, start } from '../helpers/live-socket.ts'
import { at } from './city.ts'

test('hello, welcome, sub, snap, delta, unsub', async () => {
  const server = await start()
  const client = await new Client(server).opened()
  client.say({ type: 'hello', client: 'test' })
  expect(await client.next('welcome')).toMatchObject({
    v: 1,
    serverTime: at('10:00'),
    hb: 15,
    limits: { maxSubscriptions: 64 },
  })
  client.say({ type: 'sub', id: 1, ch: 'stop:test_H1' })
  expect((await client.next('snap')).rows[0]).toMatchObject({ line: 'S1' })
  server.service.publish(late(60))
  expect((await client.next('delta')).up).toMatchObject([{ delay: 60 }])
  client.say({ type: 'unsub', id: 1 })
  client.say({ type: 'ping', n: 7 })
  expect(await client.next('hb')).toMatchObject({ n: 7, ch: {}, now: at('10:00') })
})

test('without the subprotocol: 400 at the upgrade; elsewhere: 404', async () => {
  const server = await start()
  for (const protocol of [[], ['other.v1']]) expect(await refusal(new Client(server, { protocol }))).toBe(400)
  const elsewhere = new WebSocket(`ws://127.0.0.1:${server.port}/elsewhere`, [SUBPROTOCOL])
  elsewhere.on('error', () => {})
  const status = await new Promise(resolve =>
    elsewhere.once('unexpected-response', (_r, response) => resolve(response.statusCode)),
  )
  expect(status).toBe(404)
})

test('of several subprotocols offered ours is taken', async () => {
  const client = await new Client(await start(), { protocol: ['future.v2', SUBPROTOCOL] }).opened()
  expect(client.ws.protocol).toBe(SUBPROTOCOL)
})

test.each([
  ['no JSON', '{'],
  ['no type', '{}'],
  ['another type', '{"type":"drop"}'],
  ['a wrong member', '{"type":"sub","id":{},"ch":"stop:x"}'],
  ['a polluting member', '{"type":"ping","__proto__":{"polluted":true}}'],
  ['bytes instead of text', Buffer.from([0, 1, 2])],
])('%s: closed with 4400', async (_what, message) => {
  const client = await new Client(await start()).hello()
  client.say(message)
  expect(await client.closed).toBe(4400)
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
})

test('unknown channels are an err, not an end', async () => {
  const client = await new Client(await start()).hello()
  for (const [ch, code] of [
    ['stop:test_XX', 4404],
    ['stop:no_1', 4404],
    ['bus:1', 4400],
    ['stop:__proto__', 4404],
  ] as const) {
    client.say({ type: 'sub', id: ch, ch })
    expect(await client.next('err')).toMatchObject({ code, ref: ch })
  }
  client.say({ type: 'resync', ch: 'stop:test_H1' })
  expect(await client.next('err')).toMatchObject({ code: 4404 })
})

test('nor is a journey by an id as long as any that is read back', async () => {
  const client = await new Client(await start()).hello()
  client.say({ type: 'sub', id: 1, ch: `journey:${'A'.repeat(LONGEST_ID)};lang=en` })
  expect(await client.next('err')).toMatchObject({ code: 4400, ref: 1 })
})

test('resume: what was missed, and only that; resync: a snapshot', async () => {
  const server = await start()
  const first = await new Client(server).hello()
  first.say({ type: 'sub', id: 1, ch: 'stop:test_H1' })
  const { e, s } = await first.next('snap')
  first.ws.terminate()
  server.service.publish(late(60))
  const second = await new Client(server).hello()
  const { rows, members } = first.display
  Object.assign(second.display, { epoch: e, sequence: s, rows, members })
  second.say({ type: 'sub', id: 1, ch: 'stop:test_H1', resume: { e, s } })
  await second.next('delta')
  const { state } = second.display
  second.say({ type: 'resync', ch: 'stop:test_H1' })
  await second.next('snap')
  expect(second.display.state).toEqual(state)
})

test('the same channel under two ids is sent once, and ends with the second', async () => {
  const server = await start()
  const client = await new Client(server).hello()
  client.say({ type: 'sub', id: 'a', ch: 'stop:test_H1' })
  client.say({ type: 'sub', id: 'b', ch: 'stop:test_H1' })
  await client.next('snap')
  await client.next('snap')
  client.say({ type: 'unsub', id: 'a' })
  client.say({ type: 'ping' })
  expect(Object.keys((await client.next('hb')).ch)).toEqual(['stop:test_H1'])
  server.service.publish(late(60))
  await client.next('delta')
})

test('shutdown: goaway with a time of one’s own, then closed', async () => {
  const server = await start()
  const client = await new Client(server).hello()
  const closing = server.app.close()
  const goaway = await client.next('goaway')
  expect(goaway.reconnectAfterMs).toBeLessThan(10_000)
  expect(await client.closed).toBe(1001)
  await closing
  servers.length = 0
})

test('29: a bug in one channel is told to who asked for it, and nobody else notices', async () => {
  const server = await start()
  const client = await new Client(server).hello()
  const { horizon } = server.service
  // a row that cannot be read
  Object.defineProperty(server.service, 'horizon', {
    configurable: true,
    get() {
      throw new TypeError('a bug')
    },
  })
  client.say({ type: 'sub', id: 1, ch: 'stop:test_A' })
  expect(await client.next('err')).toMatchObject({ code: 1011, ref: 1 })
  Object.defineProperty(server.service, 'horizon', { configurable: true, value: horizon })
  client.say({ type: 'sub', id: 1, ch: 'stop:test_A' })
  expect((await client.next('snap')).rows.length).toBeGreaterThan(0)
})
