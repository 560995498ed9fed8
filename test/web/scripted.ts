// A server that says exactly what a test of the live client wants, in a world whose time the test moves.

import type { DeltaOf, SnapOf } from '#api/live/messages.ts'
import type { Row } from '#api/live/rows/board.ts'
import { type Connection, connectLive, type LiveSocket, type LiveWorld } from '../../web/shared/live.ts'
import type { Board } from '../../web/shared/live-channel.ts'

/** Unix seconds of the server when a test begins. */
export const T0 = 1_790_000_000
export const STOP = 'stop:do_1'

interface Server {
  readonly said: unknown[]
  closed: boolean
  accept(): void
  welcome(): void
  say(message: unknown): void
  sayText(text: string): void
  hangUp(): void
}

function newWorld() {
  let now = 0
  let timers: { at: number; action: () => void }[] = []
  const servers: Server[] = []
  const world: LiveWorld = {
    open() {
      const socket: LiveSocket = {
        onopen: null,
        onmessage: null,
        onclose: null,
        send: text => server.said.push(JSON.parse(text)),
        close: () => {
          server.closed = true
        },
      }
      const server: Server = {
        said: [],
        closed: false,
        accept: () => socket.onopen?.(),
        welcome: () => server.say({ type: 'welcome', v: 1, serverTime: T0 + now, hb: 15, limits: {} }),
        say: message => server.sayText(JSON.stringify(message)),
        sayText: data => socket.onmessage?.({ data }),
        hangUp: () => socket.onclose?.(),
      }
      servers.push(server)
      return socket
    },
    after(seconds, action) {
      // as in browsers, which count milliseconds in 31 bits
      const timer = { at: now + (seconds * 1000 < 2 ** 31 ? seconds : 0.001), action }
      timers.push(timer)
      return () => {
        timers = timers.filter(other => other !== timer)
      }
    },
    monotonic: () => now,
    wall: () => T0 + now,
    random: () => 0.5,
  }
  return {
    world,
    servers,
    get passed() {
      return now
    },
    pass(seconds: number) {
      const end = now + seconds
      for (;;) {
        const next = timers.filter(timer => timer.at <= end).sort((a, b) => a.at - b.at)[0]
        if (!next) break
        timers = timers.filter(timer => timer !== next)
        now = Math.max(now, next.at)
        next.action()
      }
      now = end
    },
  }
}

/** Time passes, and the server is heard all the while. */
export function passAlive(world: ReturnType<typeof newWorld>, seconds: number): void {
  for (let passed = 0; passed < seconds; passed += 15) {
    world.pass(15)
    world.servers.at(-1)!.say({ type: 'hb', now: T0 + world.passed, ch: {}, feed: {} })
  }
}

export function watching() {
  const world = newWorld()
  const client = connectLive({ url: 'ws://localhost/live', world: world.world })
  const boards: Board[] = []
  const connections: Connection[] = []
  const stop = client.watch(STOP, board => boards.push(board))
  client.onConnection(connection => connections.push(connection))
  return { world, client, boards, connections, stop, server: world.servers[0]! }
}

export function known({ rows }: { rows: Row[] }) {
  const all = watching()
  all.server.accept()
  all.server.welcome()
  all.server.say(snap({ s: 4, rows }))
  return all
}

export const snap = (change: Partial<SnapOf<'board'>>): SnapOf<'board'> => ({
  type: 'snap',
  kind: 'board',
  ch: STOP,
  e: 'e1',
  s: 0,
  asOf: T0,
  d: '1.1',
  rows: [],
  feed: {},
  stop: { id: 'do_1', name: 'Stadtgarten', lat: 51.51, lon: 7.46 },
  alerts: [],
  stopAlerts: [],
  elevators: [],
  ...change,
})

export const delta = (change: Partial<DeltaOf<'board'>>): DeltaOf<'board'> => ({
  type: 'delta',
  ch: STOP,
  e: 'e1',
  s: 1,
  p: 0,
  asOf: T0,
  d: '1.2',
  up: [],
  rm: [],
  ...change,
})

export const row = (id: string, inSeconds: number, change: Partial<Row> = {}): Row & { v: string } => ({
  id,
  v: `v-${id}`,
  trip: id,
  route: 'do_u42',
  line: 'U42',
  headsign: 'Hombruch',
  mode: 'SUBWAY',
  stop: 'do_1:1',
  sched: T0 + inSeconds,
  pred: null,
  delay: null,
  rt: 'scheduled',
  state: 'normal',
  alerts: [],
  exp: T0 + inSeconds,
  ...change,
})

export const ids = (boards: Board[]): string[] => boards.at(-1)!.rows.map(row => row.id)
