// The live client: channels over one WebSocket, kept right through lost messages, lost connections and servers that go quiet.
//
//   const live = connectLive({ url: 'wss://…/live' })
//   const stop = live.watch('stop:do_de:05913:1234', board => show(board.rows, live.now()))
//   live.watch(`journey:${itinerary.id}`, ({ notices, alternative }) => …)        also trip:, route:, vehicle:, fleet:, alerts:, feed:
//
// After a break it asks only for what it missed. The server's clock is used throughout: rows expire by it and countdowns count by it.

import type { ClientMessage, ServerMessage } from '#api/live/messages.ts'
import {
  type Channel,
  confirm,
  dropExpired,
  markGone,
  newChannel,
  nextExpiry,
  resumeOf,
  type StateOf,
  stateOf,
  takeDelta,
  takeSnapshot,
  takeStatus,
} from './live-channel.ts'
import { newServerClock } from './server-clock.ts'

export type LiveMessage = ClientMessage | ServerMessage

export const SUBPROTOCOL = 'freifahrt.live.v1+json'
const FIRST_RETRY = 0.5 // seconds
const LONGEST_RETRY = 30
const MISSED_HEARTBEATS = 2
const ASK_AGAIN = 60 // seconds after which what is not there, or cannot be read, may be
const NO_CHANNEL = [4400, 4404] // no name of one, and the name of none
const LONGEST_REST = 86_400 // seconds; a browser's timer of more than 24 days runs off at once

export type Connection =
  | { readonly state: 'connecting' }
  | { readonly state: 'open' }
  /** `retryAt`: server seconds. */
  | { readonly state: 'lost'; readonly retryAt: number }

/** The part of WebSocket that is used. */
export interface LiveSocket {
  onopen: (() => void) | null
  onmessage: ((event: { data: unknown }) => void) | null
  onclose: (() => void) | null
  send(text: string): void
  close(): void
}

/** The outside world; a test brings its own. Times in seconds. */
export interface LiveWorld {
  open(url: string): LiveSocket
  /** Runs `action` after `seconds`; calling the result takes it back. */
  after(seconds: number, action: () => void): () => void
  /** A clock that never jumps; its zero does not matter. */
  monotonic(): number
  /** Unix seconds, as good as the device knows. */
  wall(): number
  random(): number
}

export interface LiveClient {
  /** Calls `listener` at once with what is known and then for every change, until the result is called. */
  watch<Name extends string>(channel: Name, listener: (state: StateOf<Name>) => void): () => void
  onConnection(listener: (connection: Connection) => void): () => void
  /** Unix seconds by the server's clock. */
  now(): number
  /** Tells that the network may be back: does not wait for the next try. */
  wake(): void
  close(): void
}

interface Watch {
  readonly id: number
  readonly channel: Channel
  readonly listeners: Set<(state: never) => void>
  cancelExpiry: () => void
  cancelAgain: () => void
}

export function connectLive({ url, world = browserWorld() }: { url: string; world?: LiveWorld }): LiveClient {
  const clock = newServerClock(world)
  const watches = new Map<string, Watch>()
  // by the server's names, which may be shared
  const named = (name: string): Watch[] => [...watches.values()].filter(({ channel }) => channel.name === name)
  const connectionListeners = new Set<(connection: Connection) => void>()
  let connection: Connection = { state: 'connecting' }
  let socket: LiveSocket | undefined
  let heartbeat = 15
  let failures = 0
  let ids = 0
  let cancelSilence = () => {}
  let cancelRetry = () => {}

  function open(): void {
    cancelRetry()
    setConnection({ state: 'connecting' })
    const mine = world.open(url)
    socket = mine
    mine.onopen = () => send({ type: 'hello', client: 'freifahrt-web', ver: '1' })
    mine.onmessage = event => socket === mine && receive(event.data)
    mine.onclose = () => socket === mine && lose()
    watchSilence()
  }

  function lose(seconds?: number): void {
    const gone = socket
    socket = undefined
    gone?.close()
    cancelSilence()
    const wait = seconds ?? retryDelay(failures++, world.random())
    cancelRetry = world.after(wait, open)
    setConnection({ state: 'lost', retryAt: clock.now() + wait })
  }

  // A half-dead network closes nothing: silence is the only sign.
  function watchSilence(): void {
    cancelSilence()
    cancelSilence = world.after(heartbeat * MISSED_HEARTBEATS, () => lose())
  }

  function receive(data: unknown): void {
    watchSilence()
    const message = parse(data)
    if (message && Object.hasOwn(on, message.type)) on[message.type](message as never)
  }

  const on: { [T in ServerMessage['type']]: (message: Extract<ServerMessage, { type: T }>) => void } = {
    welcome({ hb, serverTime }) {
      heartbeat = hb
      clock.restart(serverTime)
      for (const watch of watches.values()) subscribe(watch)
      setConnection({ state: 'open' })
    },
    snap(snapshot) {
      update(snapshot.ch, channel => takeSnapshot(channel, snapshot))
    },
    delta(delta) {
      update(delta.ch, channel => {
        const outcome = takeDelta(channel, delta)
        if (outcome === 'resync') {
          channel.missing = true
          send({ type: 'resync', ch: channel.name })
        }
        return outcome === 'changed'
      })
    },
    hb({ now, ch, feed }) {
      failures = 0
      clock.hear(now)
      for (const [name, seq] of Object.entries(ch)) update(name, channel => confirm(channel, seq, now, feed))
    },
    ok({ ref, ch }) {
      for (const { id, channel } of watches.values()) if (id === ref) channel.name = ch
    },
    status({ feed, state, asOf }) {
      for (const watch of watches.values()) if (takeStatus(watch.channel, feed, { state, asOf })) publish(watch)
    },
    gone({ ch }) {
      for (const watch of named(ch)) askAgain(watch)
      update(ch, markGone)
    },
    err({ ref, code }) {
      for (const watch of watches.values()) {
        if (watch.id !== ref) continue
        askAgain(watch)
        // anything else is the server's trouble, not an answer about the channel
        if (NO_CHANNEL.includes(code) && markGone(watch.channel)) publish(watch)
      }
    },
    goaway({ reconnectAfterMs }) {
      // Everybody was sent away at the same moment: come back spread over half as long again.
      lose((reconnectAfterMs / 1000) * (1 + world.random() / 2))
    },
  }

  function update(name: string, change: (channel: Channel) => boolean): void {
    for (const watch of named(name)) if (change(watch.channel)) publish(watch)
  }

  function publish(watch: Watch): void {
    dropExpired(watch.channel, clock.now())
    const state = stateOf(watch.channel)
    for (const listener of watch.listeners) listener(state as never)
    watch.cancelExpiry()
    const next = nextExpiry(watch.channel)
    if (next !== Number.POSITIVE_INFINITY)
      watch.cancelExpiry = world.after(Math.min(Math.max(0.05, next - clock.now()), LONGEST_REST), () => publish(watch))
  }

  /** A stop that an import has lost may be in the next one; nobody touches a display. */
  function askAgain(watch: Watch): void {
    watch.cancelAgain()
    watch.cancelAgain = world.after(ASK_AGAIN * (1 + world.random() / 2), () => {
      if (connection.state === 'open') subscribe(watch)
    })
  }

  function subscribe({ id, channel, cancelAgain }: Watch): void {
    cancelAgain()
    channel.missing = false
    channel.name = channel.key
    const resume = resumeOf(channel)
    send({ type: 'sub', id, ch: channel.key, ...(resume && { resume }) })
  }

  function send(message: ClientMessage): void {
    socket?.send(JSON.stringify(message))
  }

  function setConnection(next: Connection): void {
    connection = next
    for (const listener of connectionListeners) listener(next)
  }

  open()
  return {
    watch(key, listener) {
      let watch = watches.get(key)
      if (!watch) {
        watch = {
          id: ++ids,
          channel: newChannel(key),
          listeners: new Set(),
          cancelExpiry: () => {},
          cancelAgain: () => {},
        }
        watches.set(key, watch)
        if (connection.state === 'open') subscribe(watch)
      }
      const watched = watch
      watched.listeners.add(listener)
      listener(stateOf(watched.channel))
      return () => {
        watched.listeners.delete(listener)
        if (watched.listeners.size > 0 || watches.get(key) !== watched) return
        watches.delete(key)
        watched.cancelExpiry()
        watched.cancelAgain()
        if (connection.state === 'open') send({ type: 'unsub', id: watched.id })
      }
    },
    onConnection(listener) {
      connectionListeners.add(listener)
      listener(connection)
      return () => connectionListeners.delete(listener)
    },
    now: clock.now,
    wake() {
      if (connection.state === 'lost') open()
    },
    close() {
      const last = socket
      socket = undefined
      cancelRetry()
      cancelSilence()
      for (const watch of watches.values()) {
        watch.cancelExpiry()
        watch.cancelAgain()
      }
      watches.clear()
      last?.close()
    },
  }
}

/** Full jitter: seconds to wait before the try after `failures` failed ones, so that a thousand displays do not come back as one. */
export function retryDelay(failures: number, random: number): number {
  const longest = Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** Math.min(failures + 1, 10))
  return FIRST_RETRY + random * (longest - FIRST_RETRY)
}

function parse(data: unknown): ServerMessage | undefined {
  if (typeof data !== 'string') return undefined
  try {
    return JSON.parse(data)
  } catch {
    return undefined
  }
}

export function browserWorld(): LiveWorld {
  return {
    open: url => new WebSocket(url, SUBPROTOCOL) as LiveSocket,
    after(seconds, action) {
      const timer = setTimeout(action, seconds * 1000)
      return () => clearTimeout(timer)
    },
    monotonic: () => performance.now() / 1000,
    wall: () => Date.now() / 1000,
    random: Math.random,
  }
}
