import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { get as httpGet, type IncomingMessage } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { buildApp } from '#api/app.ts'
import { type ApiConfig, apiDefaults, type LiveLimits, liveDefaults } from '#api/config.ts'
import type { App } from '#api/fastify.ts'
import { ServerMessage, SUBPROTOCOL } from '#api/live/messages.ts'
import { createOperations } from '#api/operations/operations.ts'
import { noOperators, operatorsOf } from '#api/operations/operators.ts'
import type { ServiceDay } from '#engine/core/time.ts'
import type { LiveState } from '#engine/live/state.ts'
import { expectShape } from '../helpers/api.ts'
import { Display } from '../helpers/board.ts'
import { liveState, plannedRun } from '../helpers/horizon.ts'
import { type ManualScheduler, manualScheduler } from '../helpers/scheduler.ts'
import { type TestService, testService } from '../helpers/service.ts'
import { at, city } from './city.ts'

interface Server {
  readonly app: App
  readonly service: TestService
  readonly scheduler: ManualScheduler
  readonly port: number
}

const servers: Server[] = []
const clients: Client[] = []
const streams: IncomingMessage[] = []
afterEach(async () => {
  for (const client of clients.splice(0)) client.ws.terminate()
  for (const stream of streams.splice(0)) stream.destroy()
  for (const { app } of servers.splice(0)) await app.close()
})

async function start(
  limits: Partial<LiveLimits> = {},
  config: Partial<ApiConfig> = {},
  operators = noOperators,
): Promise<Server> {
  const service = testService(city, at('10:00'))
  const scheduler = manualScheduler()
  const settings = { ...apiDefaults, ...config, live: { ...liveDefaults, ...limits } }
  const app = buildApp(service, settings, scheduler, createOperations({ operators }))
  await app.listen({ host: '127.0.0.1', port: 0 })
  const server = { app, service, scheduler, port: (app.server.address() as AddressInfo).port }
  servers.push(server)
  return server
}

/** A client that keeps what comes and waits for what it is asked for. */
class Client {
  readonly ws: WebSocket
  readonly messages: ServerMessage[] = []
  readonly display = new Display()
  readonly closed: Promise<number>
  private wake: () => void = () => {}
  private taken = 0

  constructor(
    { port }: Server,
    options: { protocol?: string[]; headers?: Record<string, string>; autoPong?: boolean } = {},
  ) {
    this.ws = new WebSocket(`ws://127.0.0.1:${port}/live`, options.protocol ?? [SUBPROTOCOL], {
      headers: options.headers ?? {},
      autoPong: options.autoPong ?? true,
    })
    clients.push(this)
    this.ws.on('error', () => {})
    this.ws.on('message', data => {
      const message: ServerMessage = JSON.parse(data.toString())
      this.messages.push(message)
      if (message.type === 'snap' || message.type === 'delta') this.display.take(message)
      this.wake()
    })
    this.closed = new Promise(resolve => this.ws.once('close', resolve))
  }

  say(message: unknown): void {
    this.ws.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message))
  }

  async opened(): Promise<this> {
    await new Promise((resolve, reject) => this.ws.once('open', resolve).once('error', reject))
    return this
  }

  async hello(): Promise<this> {
    await this.opened()
    this.say({ type: 'hello', client: 'test', ver: '1' })
    await this.next('welcome')
    return this
  }

  /** The next message, which must be of this type. */
  async next<T extends ServerMessage['type']>(type: T): Promise<Extract<ServerMessage, { type: T }>> {
    const message = await this.any()
    expectShape(ServerMessage, message)
    expect(message.type).toBe(type)
    return message as Extract<ServerMessage, { type: T }>
  }

  async any(): Promise<ServerMessage> {
    while (this.messages.length <= this.taken)
      await new Promise<void>(resolve => {
        this.wake = resolve
      })
    return this.messages[this.taken++]!
  }
}

const late = (seconds: number) => {
  const run = plannedRun(city.tt, city.trip('S1'), (city.day + 1) as ServiceDay)
  for (const call of run.calls) {
    call.arrival += seconds
    call.departure += seconds
  }
  return liveState([run])
}
const refusal = (client: Client): Promise<number> =>
  new Promise(resolve => client.ws.once('unexpected-response', (_request, response) => resolve(response.statusCode!)))

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

test('41: a subscription before hello: 4400; no hello within ten seconds: 1008', async () => {
  const server = await start()
  const hasty = await new Client(server).opened()
  hasty.say({ type: 'sub', id: 1, ch: 'stop:test_H1' })
  expect(await hasty.closed).toBe(4400)
  const silent = await new Client(server).opened()
  server.scheduler.advance(10_000)
  expect(await silent.closed).toBe(1008)
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

test('41: dead connections are found out by pings nobody answers', async () => {
  const server = await start()
  const client = await new Client(server, { autoPong: false }).hello()
  for (let i = 0; i < 3; i++) server.scheduler.advance(30_000)
  expect(await client.closed).toBe(1006)
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

test('server-sent events: the same messages, with ids to resume by', async () => {
  const server = await start()
  const url = `http://127.0.0.1:${server.port}/live/sse?ch=stop:test_H1`
  const stream = await listen(url)
  expect(stream.response.headers['content-type']).toBe('text/event-stream')
  expect(stream.response.headers['access-control-allow-origin']).toBe('*')
  const snap = await stream.next()
  expect(snap).toMatchObject({ data: { type: 'snap', ch: 'stop:test_H1' } })
  server.service.publish(late(60))
  const delta = await stream.next()
  expect(delta).toMatchObject({ id: expect.stringMatching(/-1$/), data: { type: 'delta', s: 1 } })
  stream.response.destroy()
  server.scheduler.advance(1000)
  server.service.publish(late(120))
  const again = await listen(url, { 'last-event-id': delta.id! })
  expect(await again.next()).toMatchObject({ data: { type: 'delta', p: 1, s: 2 } })
  again.response.destroy()
  const both = await listen(`${url}&ch=stop:test_D`)
  expect(await both.next()).toMatchObject({ data: { ch: 'stop:test_H1' } })
  expect(await both.next()).toMatchObject({ data: { ch: 'stop:test_D' } })
  const unknown = await server.app.inject('/live/sse?ch=stop:test_XX')
  expect(unknown.statusCode).toBe(404)
})

async function listen(url: string, headers: Record<string, string> = {}) {
  const response = await new Promise<IncomingMessage>((resolve, reject) =>
    httpGet(url, { headers: { origin: 'http://page', ...headers } }, resolve).on('error', reject),
  )
  response.on('error', () => {})
  streams.push(response)
  const chunks = response.setEncoding('utf8')[Symbol.asyncIterator]()
  let text = ''
  return {
    response,
    async next(): Promise<{ id?: string; data: ServerMessage }> {
      while (!text.includes('\n\n')) {
        const { value, done } = await chunks.next()
        if (done) throw new Error('the stream has ended')
        text += value
      }
      const end = text.indexOf('\n\n')
      const fields = new Map(
        text
          .slice(0, end)
          .split('\n')
          .map(line => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      )
      text = text.slice(end + 2)
      return { ...(fields.has('id') && { id: fields.get('id')! }), data: JSON.parse(fields.get('data')!) }
    },
  }
}

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
  // on loopback the kernel takes some megabytes
  while (line.writableLength <= liveDefaults.slowBytes && said < 200) await say()
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
