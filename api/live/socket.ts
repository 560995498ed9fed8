// `/live`: WebSocket with the subprotocol `freifahrt.live.v1+json`. First `hello`, then subscriptions; whatever breaks the rules is told once
// and closed. permessage-deflate stays off: its contexts cost a hundred times the memory of the socket.

import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import Compile from 'typebox/compile'
import { type WebSocket, WebSocketServer } from 'ws'
import type { LiveLimits } from '#api/config.ts'
import type { Operators } from '#api/operations/operators.ts'
import { addressOf } from '#api/plugins/rates.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import type { Addresses } from './addresses.ts'
import { BOARD_ROWS, BOARD_SECONDS } from './board.ts'
import { TokenBucket } from './bucket.ts'
import type { LiveChannel, Resume } from './channel.ts'
import { BAD_MESSAGE, LiveClient, refusalOf, type Transport, UNKNOWN_CHANNEL } from './client.ts'
import { frameOf } from './frame.ts'
import type { LiveHub } from './hub.ts'
import { ClientMessage, SUBPROTOCOL } from './messages.ts'
import type { Scheduler } from './scheduler.ts'

const UNAUTHORIZED = 4401
const TOO_MUCH = 4429

const isClientMessage = Compile(ClientMessage)

export interface SocketOptions {
  readonly hub: LiveHub
  readonly limits: LiveLimits
  readonly scheduler: Scheduler
  readonly addresses: Addresses
  readonly trustProxy: boolean
  readonly operators: Operators
  /** A bug while a channel was being made: the client is told, the others go on. */
  readonly onError: (error: unknown) => void
}

export interface LiveSockets {
  /** For the HTTP server's `upgrade` event. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** No new connections; everyone is told to come back at a time of their own. */
  close(): void
}

/** Clients told to go come back within this time, each at a moment of its own. */
const RECONNECT_MS = 10_000
/** Who does not take a close in this time is cut off. */
const FAREWELL_MS = 1000

/** The WebSocket end of the live part: a client of the hub for each socket. */
export function liveSockets(options: SocketOptions): LiveSockets {
  const { limits, scheduler, addresses, trustProxy } = options
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: true,
    perMessageDeflate: false,
    maxPayload: limits.maxPayload,
    maxFragments: 16,
    maxBufferedChunks: 1024,
    handleProtocols: () => SUBPROTOCOL,
  })
  const handshakes = new TokenBucket(limits.handshakeBurst, limits.handshakesPerSecond, scheduler.now())
  let closing = false

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer) {
    socket.on('error', () => socket.destroy())
    if (pathOf(request) !== '/live') return refuse(socket, '404 Not Found')
    if (closing) return refuse(socket, '503 Service Unavailable')
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map(name => name.trim())
    if (!offered.includes(SUBPROTOCOL))
      return refuse(socket, '400 Bad Request', `subprotocol ${SUBPROTOCOL} is required`)
    // a storm of clients is let in by and by, so that those who are in go on being served
    if (!handshakes.take(scheduler.now())) return refuse(socket, '429 Too Many Requests', 'too many are coming in', 1)
    const address = addressOf(request, trustProxy)
    if (!addresses.enter(address)) return refuse(socket, '429 Too Many Requests')
    socket.once('close', () => addresses.leave(address))
    server.handleUpgrade(request, socket, head, ws => {
      new Connection(ws, socket, options).open()
    })
  }

  return {
    upgrade,
    close() {
      closing = true
      for (const ws of server.clients) {
        const reconnectAfterMs = Math.floor(Math.random() * RECONNECT_MS)
        ws.send(JSON.stringify({ type: 'goaway', reason: 'shutdown', reconnectAfterMs }))
        ws.close(1001, 'shutdown')
      }
      // nobody waits for those who do not say goodbye
      scheduler.after(FAREWELL_MS, () => {
        for (const ws of server.clients) ws.terminate()
      })
      server.close()
    },
  }
}

/** The rules of one connection. */
class Connection {
  private readonly ws: WebSocket
  private readonly hub: LiveHub
  private limits: LiveLimits
  private readonly operators: Operators
  private readonly onError: (error: unknown) => void
  private readonly scheduler: Scheduler
  private readonly client: LiveClient
  private readonly byId = new Map<string | number, LiveChannel>()
  private greeted = false
  /** An operator's. */
  private token: string | undefined
  private cancelHello: () => void
  private cancelPing: () => void
  private unanswered = 0
  /** Messages the client may still send now. */
  private readonly allowance: TokenBucket

  constructor(ws: WebSocket, socket: Duplex, { hub, limits, scheduler, operators, onError }: SocketOptions) {
    this.ws = ws
    this.onError = onError
    this.hub = hub
    this.limits = limits
    this.scheduler = scheduler
    this.operators = operators
    this.client = new LiveClient(transportOf(ws, socket, scheduler), limits)
    this.allowance = new TokenBucket(limits.messageBurst, limits.messagesPerSecond, scheduler.now())
    this.cancelHello = scheduler.after(limits.helloMs, () => ws.close(1008, 'no hello'))
    this.cancelPing = scheduler.after(limits.socketPingMs, () => this.ping())
  }

  open(): void {
    this.ws.on('message', (data, binary) => this.take(data as Buffer, binary))
    this.ws.on('pong', () => {
      this.unanswered = 0
    })
    this.ws.on('error', () => {}) // ws closes by itself, with the right code
    this.ws.once('close', () => {
      this.cancelHello()
      this.cancelPing()
      this.hub.remove(this.client)
    })
  }

  /** A token may have an end, and an operator may be taken out of the file. @returns was it closed? */
  private endWithToken(): boolean {
    if (this.token === undefined || this.operators.find(this.token, Date.now())) return false
    this.ws.close(UNAUTHORIZED, 'the token has ended')
    return true
  }

  /** The socket's own ping: dead after two that nobody answers. */
  private ping() {
    if (this.endWithToken()) return
    if (this.unanswered === 2) return this.ws.terminate()
    this.unanswered++
    this.ws.ping()
    this.cancelPing = this.scheduler.after(this.limits.socketPingMs, () => this.ping())
  }

  private take(data: Buffer, binary: boolean) {
    if (this.ws.readyState !== this.ws.OPEN) return
    if (!this.allowance.take(this.scheduler.now())) return this.ws.close(TOO_MUCH, 'too many messages')
    if (this.endWithToken()) return
    const message = binary ? undefined : parse(data)
    if (!message) return this.ws.close(BAD_MESSAGE, 'bad message')
    if (message.type === 'hello') return this.greet(message.token)
    if (!this.greeted) return this.ws.close(BAD_MESSAGE, 'hello comes first')
    switch (message.type) {
      case 'sub':
        return this.subscribe(message.id, message.ch, message.resume)
      case 'unsub':
        return this.unsubscribe(message.id)
      case 'ping':
        return this.client.send(this.hub.heartbeat(this.client, message.n))
      case 'resync': {
        const channel = [...this.client.channels].find(({ name }) => name === message.ch)
        if (channel) return this.hub.resync(this.client, channel)
        return this.client.tell({ type: 'err', code: UNKNOWN_CHANNEL, detail: `not subscribed to '${message.ch}'` })
      }
    }
  }

  private greet(token: string | undefined) {
    if (this.greeted) return
    if (token !== undefined) {
      if (!this.operators.find(token, Date.now())) return this.ws.close(UNAUTHORIZED, 'wrong token')
      this.token = token
      this.limits = { ...this.limits, maxSubscriptions: this.limits.operatorSubscriptions }
    }
    this.greeted = true
    this.cancelHello()
    this.hub.add(this.client)
    const { maxPayload, maxSubscriptions, messagesPerSecond, heartbeatMs } = this.limits
    this.client.tell({
      type: 'welcome',
      v: 1,
      serverTime: this.hub.source.clock.now(),
      hb: heartbeatMs / 1000,
      limits: { maxPayload, maxSubscriptions, messagesPerSecond, boardRows: BOARD_ROWS, boardSeconds: BOARD_SECONDS },
    })
  }

  private subscribe(id: string | number, name: string, resume?: Resume) {
    if (this.byId.size >= this.limits.maxSubscriptions) this.forgetGone()
    if (!this.byId.has(id) && this.byId.size >= this.limits.maxSubscriptions)
      return this.client.tell({
        type: 'err',
        code: TOO_MUCH,
        detail: `at most ${this.limits.maxSubscriptions} subscriptions`,
        ref: id,
      })
    try {
      const channel = this.hub.open(name)
      if (this.byId.get(id) !== channel) this.unsubscribe(id)
      if (channel.name !== name) this.client.tell({ type: 'ok', ref: id, ch: channel.name })
      this.hub.subscribe(this.client, channel, resume)
      this.byId.set(id, channel)
    } catch (error) {
      if (!(error instanceof FreifahrtError)) this.onError(error)
      this.client.tell(refusalOf(error, id))
    }
  }

  /** Channels that have ended since take up no room. */
  private forgetGone(): void {
    for (const [id, channel] of this.byId) if (!this.client.has(channel)) this.byId.delete(id)
  }

  private unsubscribe(id: string | number): void {
    const channel = this.byId.get(id)
    if (!channel) return
    this.byId.delete(id)
    // the same channel may have been asked for under another id as well
    if (![...this.byId.values()].includes(channel)) this.hub.unsubscribe(this.client, channel)
  }
}

const transportOf = (ws: WebSocket, socket: Duplex, scheduler: Scheduler): Transport => ({
  // ws writes its own frames at once, so that one written past it stands in order
  send(bytes) {
    if (ws.readyState === ws.OPEN) socket.write(frameOf(bytes))
  },
  waiting: () => ws.bufferedAmount,
  close(code, reason) {
    if (ws.readyState !== ws.OPEN) return
    ws.close(code, reason)
    const cancel = scheduler.after(FAREWELL_MS, () => ws.terminate())
    ws.once('close', cancel)
  },
})

function parse(data: Buffer): ClientMessage | undefined {
  try {
    const message: unknown = JSON.parse(data.toString('utf8'))
    return isClientMessage.Check(message) && !Object.hasOwn(message, '__proto__') ? message : undefined
  } catch {
    return undefined
  }
}

const pathOf = (request: IncomingMessage): string => (request.url ?? '').split('?', 1)[0]!

function refuse(socket: Duplex, status: string, error = status.slice(4), retryAfter?: number): void {
  const body = JSON.stringify({ error })
  const when = retryAfter === undefined ? '' : `retry-after: ${retryAfter}\r\n`
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${when}connection: close\r\n\r\n${body}`,
  )
}
