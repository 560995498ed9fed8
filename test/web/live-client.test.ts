// The live client against a server that says exactly what the test wants, in a world whose time the test moves.

import { expect, test } from 'vitest'
import { retryDelay } from '../../web/shared/live.ts'
import type { Board } from '../../web/shared/live-channel.ts'
import { newServerClock } from '../../web/shared/server-clock.ts'
import { delta, ids, known, passAlive, row, STOP, snap, T0, watching } from './scripted.ts'

test('greets, subscribes after the welcome and shows the snapshot by time', () => {
  const { client, server, boards } = watching()
  expect(server.said).toEqual([])
  server.accept()
  expect(server.said).toEqual([{ type: 'hello', client: 'freifahrt-web', ver: '1' }])
  server.welcome()
  expect(server.said[1]).toEqual({ type: 'sub', id: 1, ch: STOP })
  server.say(snap({ s: 4, rows: [row('late', 300, { pred: T0 + 500 }), row('first', 120)] }))
  expect(boards.map(board => board.state)).toEqual(['waiting', 'known'])
  expect(ids(boards)).toEqual(['first', 'late'])
  expect(boards.at(-1)!.stop?.name).toBe('Stadtgarten')
  client.close()
})

test('a delta replaces whole rows and takes others away', () => {
  const { server, boards } = known({ rows: [row('a', 60), row('b', 90)] })
  server.say(delta({ s: 5, p: 4, up: [row('b', 90, { platform: '2' }), row('c', 75)], rm: ['a'] }))
  expect(ids(boards)).toEqual(['c', 'b'])
  expect(boards.at(-1)!.rows[1]!.platform).toBe('2')
})

test('the same delta twice changes nothing', () => {
  const { server, boards } = known({ rows: [row('a', 60)] })
  const twice = delta({ s: 5, p: 4, up: [row('b', 90)] })
  server.say(twice)
  const seen = boards.length
  server.say(twice)
  expect(boards.length).toBe(seen)
})

test('a missing delta: asks once for a snapshot and believes nothing until it is there', () => {
  const { server, boards } = known({ rows: [row('a', 60)] })
  server.said.length = 0
  server.say(delta({ s: 6, p: 5, up: [row('c', 80)] }))
  server.say(delta({ s: 7, p: 6, up: [row('d', 85)] }))
  expect(server.said).toEqual([{ type: 'resync', ch: STOP }])
  expect(ids(boards)).toEqual(['a'])
  server.say(snap({ s: 7, rows: [row('c', 80), row('d', 85)] }))
  server.say(delta({ s: 8, p: 7, rm: ['c'] }))
  expect(ids(boards)).toEqual(['d'])
})

test('a delta of another epoch is not believed either', () => {
  const { server } = known({ rows: [row('a', 60)] })
  server.said.length = 0
  server.say(delta({ e: 'other', s: 5, p: 4 }))
  expect(server.said).toEqual([{ type: 'resync', ch: STOP }])
})

test('after a lost connection it resumes where it was', () => {
  const { world, server, boards, connections } = known({ rows: [row('a', 600)] })
  server.hangUp()
  expect(connections.at(-1)).toEqual({ state: 'lost', retryAt: T0 + 0.75 })
  expect(ids(boards)).toEqual(['a'])
  world.pass(0.75)
  const again = world.servers[1]!
  again.accept()
  again.welcome()
  expect(again.said.at(-1)).toEqual({
    type: 'sub',
    id: 1,
    ch: STOP,
    resume: { e: 'e1', s: 4, d: expect.any(String), have: { a: 'v-a' } },
  })
  again.say(delta({ s: 5, p: 4, up: [row('b', 700)] }))
  expect(ids(boards)).toEqual(['a', 'b'])
  expect(connections.at(-1)).toEqual({ state: 'open' })
})

test('a channel with more rows than a message may name resumes without them', () => {
  const { world, server } = known({ rows: Array.from({ length: 1000 }, (_, i) => row(`row-${i}`, 600)) })
  server.hangUp()
  world.pass(0.75)
  const again = world.servers[1]!
  again.accept()
  again.welcome()
  expect(again.said.at(-1)).toMatchObject({ resume: { e: 'e1', s: 4 } })
  expect(JSON.stringify(again.said.at(-1)).length).toBeLessThan(16_384)
})

test('silence for two heartbeats is a lost connection, though nobody closed it', () => {
  const { world, server, connections } = known({ rows: [] })
  world.pass(29)
  server.say({ type: 'hb', now: T0 + 29, ch: { [STOP]: 4 }, feed: {} })
  world.pass(29)
  expect(connections.at(-1)).toEqual({ state: 'open' })
  world.pass(1)
  expect(connections.at(-1)!.state).toBe('lost')
  expect(server.closed).toBe(true)
})

test('a heartbeat says how fresh the board is, unless it speaks of messages that did not come', () => {
  const { world, server, boards } = known({ rows: [row('a', 600)] })
  expect(boards.at(-1)!.asOf).toBe(T0)
  world.pass(15)
  const feed = { do: { state: 'live' as const, asOf: T0 + 12 } }
  server.say({ type: 'hb', now: T0 + 15, ch: { [STOP]: 4 }, feed })
  expect(boards.at(-1)!.asOf).toBe(T0 + 15)
  expect(boards.at(-1)!.feeds).toEqual(feed)
  server.say({ type: 'hb', now: T0 + 30, ch: { [STOP]: 9 }, feed })
  expect(boards.at(-1)!.asOf).toBe(T0 + 15)
  server.say({ type: 'status', feed: 'do', state: 'stale', asOf: T0 + 12 })
  expect(boards.at(-1)!.feeds.do?.state).toBe('stale')
})

test('rows leave when their time is over, with or without a server', () => {
  const { world, server, boards } = known({ rows: [row('a', 60), row('b', 90), row('c', 120)] })
  world.pass(60)
  expect(ids(boards)).toEqual(['b', 'c'])
  server.hangUp()
  world.pass(30)
  expect(ids(boards)).toEqual(['c'])
  world.pass(30)
  expect(ids(boards)).toEqual([])
})

test('retries come slower and slower, spread by chance, and start afresh after a heartbeat', () => {
  expect([0, 1, 2, 3].map(n => retryDelay(n, 1))).toEqual([1, 2, 4, 8])
  expect(retryDelay(3, 0)).toBe(0.5)
  expect(retryDelay(1000, 1)).toBe(30)

  const { world, connections } = watching()
  const waits: number[] = []
  for (let i = 0; i < 3; i++) {
    world.servers[i]!.hangUp()
    const last = connections.at(-1)!
    const wait = last.state === 'lost' ? last.retryAt - (T0 + world.passed) : 0
    waits.push(wait)
    world.pass(wait)
  }
  expect(waits).toEqual([0.75, 1.25, 2.25]) // half way between 0.5 s and 1, 2, 4 s
  const server = world.servers[3]!
  server.accept()
  server.welcome()
  server.say({ type: 'hb', now: T0, ch: {}, feed: {} })
  server.hangUp()
  const last = connections.at(-1)!
  expect(last.state === 'lost' && last.retryAt - T0 - world.passed).toBe(0.75)
})

test('goaway is obeyed, and a push from outside shortens any wait', () => {
  const { client, world, server, connections } = known({ rows: [] })
  server.say({ type: 'goaway', reason: 'drain', reconnectAfterMs: 4000 })
  expect(connections.at(-1)).toEqual({ state: 'lost', retryAt: T0 + 5 }) // 4 s and a quarter of it
  client.wake()
  expect(connections.at(-1)).toEqual({ state: 'connecting' })
  expect(world.servers.length).toBe(2)
  world.pass(5)
  expect(world.servers.length).toBe(2)
})

test('what is gone is asked for again each minute or so, and told whole when it is back', () => {
  const { world, server, boards } = known({ rows: [row('a', 600)] })
  server.say({ type: 'gone', ch: STOP, reason: 'feed replaced' })
  server.said.length = 0
  passAlive(world, 75)
  expect(server.said).toEqual([{ type: 'sub', id: 1, ch: STOP }])
  server.say({ type: 'err', code: 4404, detail: 'unknown stop', ref: 1 })
  expect(boards.at(-1)!.state).toBe('gone')
  passAlive(world, 75)
  expect(server.said).toHaveLength(2)
  server.say(snap({ s: 1, rows: [row('b', 700)] }))
  expect(boards.at(-1)).toMatchObject({ state: 'known', rows: [{ id: 'b' }] })
  passAlive(world, 300)
  expect(server.said).toHaveLength(2)
})

test('a channel that the server cannot read now is not called gone, and is asked for again', () => {
  const { world, server, boards } = watching()
  server.accept()
  server.welcome()
  server.said.length = 0
  server.say({ type: 'err', code: 1013, detail: 'too many channels', ref: 1 })
  expect(boards.at(-1)!.state).toBe('waiting')
  passAlive(world, 75)
  expect(server.said).toEqual([{ type: 'sub', id: 1, ch: STOP }])
})

test('what does not exist is said to be gone, by channel or by subscription', () => {
  const gone = known({ rows: [row('a', 60)] })
  gone.server.say({ type: 'gone', ch: STOP, reason: 'feed replaced' })
  expect(gone.boards.at(-1)).toMatchObject({ state: 'gone', rows: [] })
  for (const code of [4400, 4404]) {
    const refused = watching()
    refused.server.accept()
    refused.server.welcome()
    refused.server.say({ type: 'err', code, detail: 'unknown stop', ref: 1 })
    expect(refused.boards.at(-1)!.state).toBe('gone')
  }
})

test('two listeners share one subscription; the last one out ends it', () => {
  const { client, server, boards, stop } = known({ rows: [row('a', 60)] })
  const second: Board[] = []
  const stopSecond = client.watch(STOP, board => second.push(board))
  expect(ids(second)).toEqual(['a'])
  stop()
  server.say(delta({ s: 5, p: 4, up: [row('b', 90)] }))
  expect([boards.at(-1)!.rows.length, second.at(-1)!.rows.length]).toEqual([1, 2])
  server.said.length = 0
  stopSecond()
  expect(server.said).toEqual([{ type: 'unsub', id: 1 }])
})

test('garbage and messages of the future are passed over', () => {
  const { server, boards } = known({ rows: [row('a', 60)] })
  const seen = boards.length
  for (const text of ['', '{', 'null', '[]', '"x"', '{"type":"toString"}', '{"type":"weather"}']) server.sayText(text)
  server.say(delta({ ch: 'stop:other', s: 5, p: 4 }))
  expect(boards.length).toBe(seen)
})

test("counts by the server's clock, and the fastest message sets it", () => {
  let monotonic = 100
  const clock = newServerClock({ monotonic: () => monotonic, wall: () => 5000 })
  expect(clock.now()).toBe(5000)
  clock.restart(T0)
  monotonic += 10
  clock.hear(T0 + 9) // a second on the way
  expect(clock.now()).toBe(T0 + 10)
  clock.hear(T0 + 10.4) // so the welcome itself had been 0.4 s slower
  expect(clock.now()).toBe(T0 + 10.4)
  clock.restart(T0 - 50) // another server, another clock
  expect(clock.now()).toBe(T0 - 50)
})

test('does not run away with a clock of its own that is too fast', () => {
  const FAST = 1.0001 // 60 s a week
  let passed = 0
  const clock = newServerClock({ monotonic: () => passed * FAST, wall: () => T0 })
  clock.restart(T0)
  for (; passed < 7 * 86_400; passed += 15) clock.hear(T0 + passed)
  expect(Math.abs(clock.now() - T0 - passed)).toBeLessThan(0.2)
})

test('what is over only in months waits as long as a timer can', () => {
  const { world, boards } = known({ rows: [row('a', 90 * 86_400)] })
  const seen = boards.length
  world.pass(3600)
  expect(boards.length).toBe(seen)
})
