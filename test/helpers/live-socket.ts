// Live sockets and event streams against a listening app whose time the test moves.

import { get as httpGet, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect } from 'vitest'
import { WebSocket } from 'ws'
import { buildApp } from '#api/app.ts'
import { type ApiConfig, apiDefaults, type LiveLimits, liveDefaults } from '#api/config.ts'
import type { App } from '#api/fastify.ts'
import { ServerMessage, SUBPROTOCOL } from '#api/live/messages.ts'
import { createOperations } from '#api/operations/operations.ts'
import { noOperators } from '#api/operations/operators.ts'
import type { ServiceDay } from '#engine/core/time.ts'
import { at, city } from '../api/city.ts'
import { expectShape } from './api.ts'
import { Display } from './board.ts'
import { liveState, plannedRun } from './horizon.ts'
import { type ManualScheduler, manualScheduler } from './scheduler.ts'
import { type TestService, testService } from './service.ts'

export interface Server {
  readonly app: App
  readonly service: TestService
  readonly scheduler: ManualScheduler
  readonly port: number
}

export const servers: Server[] = []
const clients: Client[] = []
const streams: IncomingMessage[] = []
afterEach(async () => {
  for (const client of clients.splice(0)) client.ws.terminate()
  for (const stream of streams.splice(0)) stream.destroy()
  for (const { app } of servers.splice(0)) await app.close()
})

export async function start(
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
export class Client {
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

export const late = (seconds: number) => {
  const run = plannedRun(city.tt, city.trip('S1'), (city.day + 1) as ServiceDay)
  for (const call of run.calls) {
    call.arrival += seconds
    call.departure += seconds
  }
  return liveState([run])
}
/** The status with which a handshake is refused. */
export const refusal = (client: Client): Promise<number> =>
  new Promise(resolve => client.ws.once('unexpected-response', (_request, response) => resolve(response.statusCode!)))

/** An event stream, message by message. */
export async function listen(url: string, headers: Record<string, string> = {}) {
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
