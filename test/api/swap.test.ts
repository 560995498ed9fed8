// A new timetable takes over in the middle of work: every answer is of one network, none fails; live clients keep their sockets and their
// subscriptions, and are told what is gone.

import { once } from 'node:events'
import { expect, test } from 'vitest'
import WebSocket from 'ws'
import type { StoptimesResponse } from '#api/contract/board.ts'
import type { ChannelMaker } from '#api/live/maker.ts'
import { SUBPROTOCOL } from '#api/live/messages.ts'
import { startServer } from '#api/server.ts'
import { hubOf, Listener } from '../helpers/live.ts'
import { manualScheduler } from '../helpers/scheduler.ts'
import { testService } from '../helpers/service.ts'
import { timetable } from '../helpers/timetable.ts'
import { until } from '../helpers/until.ts'
import { at, iso } from './city.ts'

// the same stops, with other lines and in another place of the tables; B is gone
const before = timetable('U1   A 10:00   B 10:10\nU1   A 10:20   B 10:30')
const after = timetable('S9   X 09:00   Y 09:10\nS9   A 10:05   Y 10:30   X 10:50')

test('no request fails or mixes networks while one takes over from the other', async () => {
  const server = await startServer(testService(before, at('9:00')), { port: 0 })
  const lines = async (): Promise<string> => {
    const response = await fetch(`${server.url}/api/v6/stoptimes?stopId=test_A&n=5&time=${iso('9:30')}`)
    expect(response.status).toBe(200)
    return ((await response.json()) as StoptimesResponse).stopTimes.map(row => row.routeShortName).join()
  }
  expect(await lines()).toBe('U1,U1')
  const asked: Promise<string>[] = []
  for (let i = 0; i < 50; i++) asked.push(lines())
  const swapped = server.swap(testService(after, at('9:00')))
  for (let i = 0; i < 50; i++) asked.push(lines())
  const answers = await Promise.all(asked)
  await swapped
  for (const answer of answers) expect(['U1,U1', 'S9']).toContain(answer)
  expect(await lines()).toBe('S9')
  await server.close()
})

test('sockets, streams and subscriptions stay; a delta leads to the new board, what vanished is gone', async () => {
  const server = await startServer(testService(before, at('9:00')), { port: 0 })
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/live`, SUBPROTOCOL)
  const said: {
    type: string
    ch?: string
    e?: string
    s?: number
    p?: number
    up?: { line: string }[]
    rm?: string[]
  }[] = []
  socket.on('message', data => said.push(JSON.parse(String(data))))
  await once(socket, 'open')
  for (const message of [
    { type: 'hello' },
    { type: 'sub', id: 1, ch: 'stop:test_A' },
    { type: 'sub', id: 2, ch: 'stop:test_B' },
  ])
    socket.send(JSON.stringify(message))
  await until('both snapshots', () => said.filter(({ type }) => type === 'snap').length === 2)
  const snapshot = said.find(({ type, ch }) => type === 'snap' && ch === 'stop:test_A')!
  const stream = await fetch(`${server.url}/live/sse?ch=stop:test_A`)
  const reader = stream.body!.getReader()
  let streamed = ''
  const reading = (async () => {
    for (;;) {
      const { value, done } = await reader.read()
      if (done) return
      streamed += Buffer.from(value).toString()
    }
  })()
  await until('the stream', () => streamed.includes('"type":"snap"'))

  await server.swap(testService(after, at('9:00')))
  await until('a delta', () => said.some(({ type }) => type === 'delta'))
  const delta = said.find(({ type }) => type === 'delta')!
  expect([delta.ch, delta.e, delta.p]).toEqual(['stop:test_A', snapshot.e, snapshot.s])
  expect(delta.up!.map(({ line }) => line)).toEqual(['S9'])
  expect(delta.rm).toHaveLength(2)
  await until('gone', () => said.some(({ type, ch }) => type === 'gone' && ch === 'stop:test_B'))
  await until('the stream to go on', () => streamed.includes('"type":"delta"'))
  expect(socket.readyState).toBe(WebSocket.OPEN)

  const gone = once(socket, 'close')
  await server.close()
  expect((await gone)[0]).toBe(1001)
  expect(said.at(-1)!.type).toBe('goaway')
  await reading
})

test('a network that cannot be served changes nothing', async () => {
  const server = await startServer(testService(before, at('9:00')), { port: 0 })
  await expect(server.swap({} as never)).rejects.toThrow()
  const response = await fetch(`${server.url}/api/v6/stoptimes?stopId=test_A&n=1&time=${iso('9:30')}`)
  expect(response.status).toBe(200)
  await server.close()
})

test('channels move in slices; whoever comes meanwhile finds the network in force', async () => {
  const stops = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
  const line = (name: string, of: string[]): string =>
    `${name}   ${of.map((stop, i) => `${stop} 10:${10 + i}`).join('   ')}`
  const manual = manualScheduler()
  // each look at the clock is a millisecond later: some channels are a slice
  let looks = 0
  const scheduler = { ...manual, now: () => manual.now() + looks++ }
  const hub = hubOf(testService(timetable(line('U1', stops)), at('9:00')), scheduler)
  const join = (name: string): Listener => {
    const listener = new Listener()
    hub.add(listener.client)
    hub.subscribe(listener.client, hub.open(name))
    return listener
  }
  const listeners = stops.map(stop => join(`stop:test_${stop}`))
  const told = (of: Listener): boolean => of.deltas.length > 0 || of.messages.some(({ type }) => type === 'gone')
  let moved = false
  // the same stops in another order, and Z is no more
  const next = testService(timetable(line('S9', stops.slice(0, -1).reverse())), at('9:00'))
  const move = (hub.source as ChannelMaker).moveTo(next).then(() => {
    moved = true
  })
  await Promise.resolve()
  expect([moved, listeners.filter(told).length < stops.length]).toEqual([false, true])
  expect(join('stop:test_Y').snaps[0]!.rows.map(row => row.line)).toEqual(['S9'])
  expect(() => join('stop:test_Z')).toThrow(/UNKNOWN_STOP/)
  manual.advance(2000)
  await move
  for (const [i, listener] of listeners.entries()) {
    // the line ends at A: nothing leaves there any more
    if (i < 25) expect(listener.deltas.flatMap(({ up }) => up.map(row => row.line))).toEqual(i === 0 ? [] : ['S9'])
    else expect(listener.messages.at(-1)).toMatchObject({ type: 'gone', ch: 'stop:test_Z' })
    expect(told(listener)).toBe(true)
  }
})

test('heartbeats of many go in slices', () => {
  const manual = manualScheduler()
  let looks = 0
  const scheduler = { ...manual, now: () => manual.now() + looks++ }
  const soon: (() => void)[] = []
  const hub = hubOf(
    testService(before, at('9:00')),
    { ...scheduler, soon: work => void soon.push(work) },
    { heartbeatMs: 0 },
  )
  const listeners = Array.from({ length: 40 }, () => new Listener())
  for (const { client } of listeners) hub.add(client)
  manual.advance(1000)
  const beaten = (): number => listeners.filter(({ messages }) => messages.length > 0).length
  expect(beaten()).toBeGreaterThan(0)
  expect(beaten()).toBeLessThan(40)
  while (soon.length > 0) soon.shift()!()
  expect(beaten()).toBe(40)
})
