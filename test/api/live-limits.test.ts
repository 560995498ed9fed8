// 40, 41, 42: what one connection, one address and one token may.

import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { type Operators, operatorsOf } from '#api/operations/operators.ts'
import { Client, listen, refusal, start } from '../helpers/live-socket.ts'
import { say, storeOf } from '../helpers/realtime.ts'
import { at, city, detour } from './city.ts'

test('41: a subscription before hello: 4400; no hello within ten seconds: 1008', async () => {
  const server = await start()
  const hasty = await new Client(server).opened()
  hasty.say({ type: 'sub', id: 1, ch: 'stop:test_H1' })
  expect(await hasty.closed).toBe(4400)
  const silent = await new Client(server).opened()
  server.scheduler.advance(10_000)
  expect(await silent.closed).toBe(1008)
})

test('40: limits: subscriptions, messages a second, payload, connections of an address', async () => {
  const server = await start({ maxSubscriptions: 2, connectionsPerAddress: 3, messageBurst: 5, messagesPerSecond: 1 })
  const client = await new Client(server).hello()
  for (const id of [1, 2, 3]) client.say({ type: 'sub', id, ch: `stop:test_${'ACD'[id - 1]}` })
  await client.next('snap')
  await client.next('snap')
  expect(await client.next('err')).toMatchObject({ code: 4429, ref: 3 })
  client.say({ type: 'ping' })
  await client.next('hb') // the fifth message: the burst is used up
  client.say({ type: 'ping' })
  expect(await client.closed).toBe(4429)

  const large = await new Client(server).hello()
  large.say({ type: 'hello', client: 'x'.repeat(17 * 1024) })
  expect(await large.closed).toBe(1009)

  const three = [new Client(server), new Client(server), new Client(server)]
  for (const one of three) await one.opened()
  expect(await refusal(new Client(server))).toBe(429)
})

test('40: a channel that is gone counts no more, whether or not it was given back', async () => {
  const server = await start({ maxSubscriptions: 1 })
  const store = storeOf(city.tt)
  server.service.publish(say(store, { timestamp: at('10:00') }, ...detour('S1')).state)
  const client = await new Client(server).hello()
  client.say({ type: 'sub', id: 1, ch: 'stop:test_new' })
  await client.next('snap')
  client.say({ type: 'sub', id: 2, ch: 'stop:test_A' })
  expect(await client.next('err')).toMatchObject({ code: 4429, ref: 2 })
  server.service.publish(say(store, { timestamp: at('10:01') }).state)
  server.scheduler.advance(2000)
  await client.next('gone')
  client.say({ type: 'sub', id: 2, ch: 'stop:test_A' })
  expect((await client.next('snap')).ch).toBe('stop:test_A')
  client.say({ type: 'sub', id: 3, ch: 'stop:test_C' })
  expect(await client.next('err')).toMatchObject({ code: 4429, ref: 3 })
})

test('event streams count among the connections of an address', async () => {
  const server = await start({ connectionsPerAddress: 1 })
  const url = `http://127.0.0.1:${server.port}/live/sse?ch=stop:test_H1`
  const stream = await listen(url)
  await stream.next()
  expect((await listen(url)).response.statusCode).toBe(429)
  stream.response.destroy()
})

test('behind a trusted proxy the address it saw counts', async () => {
  const server = await start({ connectionsPerAddress: 1 }, { trustProxy: true })
  const from = (address: string): Client =>
    new Client(server, { headers: { 'x-forwarded-for': `6.6.6.6, ${address}` } })
  await from('10.0.0.1').opened()
  await from('10.0.0.2').opened()
  expect(await refusal(from('10.0.0.2'))).toBe(429)
  // of IPv6 a /64 is one
  await from('2001:db8:1:2::1').opened()
  expect(await refusal(from('2001:db8:1:2::2'))).toBe(429)
  await from('2001:db8:1:3::1').opened()
})

test('41: dead connections are found out by pings nobody answers', async () => {
  const server = await start()
  const client = await new Client(server, { autoPong: false }).hello()
  for (let i = 0; i < 3; i++) server.scheduler.advance(30_000)
  expect(await client.closed).toBe(1006)
})

test('42: an operator’s token in hello: more subscriptions; a wrong one: 4401', async () => {
  const sha256 = createHash('sha256').update('secret').digest('hex')
  const operators = operatorsOf([{ name: 'control room', role: 'viewer', sha256 }])
  const server = await start({ maxSubscriptions: 1 }, {}, operators)
  const operator = await new Client(server).opened()
  operator.say({ type: 'hello', token: 'secret' })
  expect((await operator.next('welcome')).limits.maxSubscriptions).toBe(512)
  for (const id of [1, 2]) operator.say({ type: 'sub', id, ch: `stop:test_${'AC'[id - 1]}` })
  await operator.next('snap')
  await operator.next('snap')
  const stranger = await new Client(server).opened()
  stranger.say({ type: 'hello', token: 'guess' })
  expect(await stranger.closed).toBe(4401)
})

test('42: a token that ends while its connection is open: 4401 at its next word, or ping; others stay', async () => {
  const valid = new Set(['first', 'second', 'third'])
  const operators: Operators = {
    configured: true,
    find: token => (valid.has(token) ? { name: token, role: 'viewer' } : undefined),
  }
  const server = await start({}, {}, operators)
  const clients = []
  for (const token of [...valid, undefined]) {
    const client = await new Client(server).opened()
    client.say({ type: 'hello', ...(token && { token }) })
    await client.next('welcome')
    client.say({ type: 'sub', id: 1, ch: 'stop:test_H1' })
    await client.next('snap')
    clients.push(client)
  }
  const [speaks, listens, stays, visitor] = clients
  valid.delete('first')
  valid.delete('second')
  speaks!.say({ type: 'ping' })
  expect(await speaks!.closed).toBe(4401)
  server.scheduler.advance(30_000)
  expect(await listens!.closed).toBe(4401)
  for (const client of [stays!, visitor!]) {
    client.say({ type: 'ping', n: 7 })
    while ((await client.next('hb')).n !== 7);
  }
})
