// The AsyncAPI document: sound in itself, and true of what crosses the wire.

import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { PlanResponse } from '#api/contract/itinerary.ts'
import { SUBPROTOCOL } from '#api/live/messages.ts'
import type { ServiceDay } from '#engine/core/time.ts'
import type { LiveState, SourceStatus } from '#engine/live/state.ts'
import { connectLive, type LiveMessage, type LiveSocket } from '../../web/shared/live.ts'
import { appFor, get } from '../helpers/api.ts'
import { liveState, plannedRun } from '../helpers/horizon.ts'
import { testService } from '../helpers/service.ts'
import { at, city, iso } from './city.ts'

interface Document {
  readonly asyncapi: string
  readonly channels: Record<string, { address: string; messages: Record<string, { $ref: string }> }>
  readonly operations: Record<string, { channel: { $ref: string }; messages: { $ref: string }[] }>
  readonly components: { messages: Record<string, { name: string; payload: object }> }
}

const pointed = (document: unknown, ref: string): unknown =>
  ref
    .slice(2)
    .split('/')
    .reduce((here, key) => (here as Record<string, unknown>)[key], document)

/** Message name (`snap.board`, `hello` …) → does the document allow this? It is the same document for everybody: compiled once. */
function validators(document: Document) {
  compiled ??= Object.fromEntries(
    Object.entries(document.components.messages).map(([name, { payload }]) => [name, ajv.compile(payload)]),
  )
  return compiled
}
const ajv = new Ajv({ strict: false, validateFormats: false })
let compiled: Record<string, ReturnType<typeof ajv.compile>> | undefined

test('every reference leads somewhere, and every operation to messages of its channel', async () => {
  const document = await get<Document>(appFor(testService(city, at('10:00'))), '/api/freifahrt/v1/asyncapi.json')
  expect(document.asyncapi).toBe('3.0.0')
  for (const channel of Object.values(document.channels))
    for (const { $ref } of Object.values(channel.messages))
      expect(pointed(document, $ref), $ref).toMatchObject({ payload: { type: 'object' } })
  for (const { channel, messages } of Object.values(document.operations)) {
    expect(pointed(document, channel.$ref)).toHaveProperty('address')
    for (const { $ref } of messages) {
      expect($ref.startsWith(`${channel.$ref}/messages/`)).toBe(true)
      expect(pointed(document, $ref), $ref).toHaveProperty('$ref')
    }
  }
  expect(Object.keys(validators(document))).toHaveLength(5 + 7 + 2 * 7)
})

test('a recorded session of every kind of channel is what the document says', async () => {
  const service = testService(city, at('10:00'), stateOf(0))
  const app = appFor(service)
  const document = await get<Document>(app, '/api/freifahrt/v1/asyncapi.json')
  const plan = await get<PlanResponse>(app, `/api/v6/plan?fromPlace=test_A&toPlace=test_E&time=${iso('9:50')}`)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const said: LiveMessage[] = []
  const live = connectLive({
    url: `ws://127.0.0.1:${port}/live`,
    world: {
      open: url => recorded(new WebSocket(url, SUBPROTOCOL) as unknown as LiveSocket, said),
      after: (seconds, action) => {
        const timer = setTimeout(action, seconds * 1000)
        return () => clearTimeout(timer)
      },
      monotonic: () => performance.now() / 1000,
      wall: () => Date.now() / 1000,
      random: Math.random,
    },
  })
  const names = [
    'stop:test_H1;lang=de',
    'trip:20260110_10:00_test_S1',
    'route:test_S1',
    'vehicle:test_7',
    'fleet:7.40,51.50,7.42,51.52',
    'alerts:test',
    'feed:test',
    `journey:${plan.itineraries[0]!.id}`,
  ]
  const watched = names.map(name => {
    const { promise: known, resolve: isKnown } = Promise.withResolvers<void>()
    const { promise: changed, resolve: isChanged } = Promise.withResolvers<void>()
    let states = 0
    live.watch(name, state => {
      if ((state as { state: string }).state === 'waiting') return
      states++
      if (states === 1) isKnown()
      else isChanged()
    })
    return { known, changed }
  })
  const refused = Promise.withResolvers<void>()
  live.watch('stop:test_nowhere', state => state.state === 'gone' && refused.resolve())
  await Promise.all(watched.map(({ known }) => known))
  await refused.promise
  service.publish(stateOf(90))
  await Promise.all(watched.map(({ changed }) => changed))
  live.close()

  const isAllowed = validators(document)
  const kindOf = new Map<string, string>()
  const seen = new Set<string>()
  for (const message of said) {
    if (message.type === 'snap') kindOf.set(message.ch, message.kind)
    const name =
      message.type === 'snap' || message.type === 'delta' ? `${message.type}.${kindOf.get(message.ch)}` : message.type
    seen.add(name)
    expect(isAllowed[name]!(message), `${JSON.stringify(message)} ${JSON.stringify(isAllowed[name]!.errors)}`).toBe(
      true,
    )
  }
  // where it takes longer than others
  seen.delete('hb')
  const kinds = ['board', 'trip', 'route', 'vehicles', 'alerts', 'feed', 'journey']
  expect([...seen].sort()).toEqual(
    ['hello', 'welcome', 'sub', 'ok', 'err', ...kinds.flatMap(kind => [`snap.${kind}`, `delta.${kind}`])].sort(),
  )
})

test('the examples in docs/live.md are allowed', async () => {
  const document = await get<Document>(appFor(testService(city, at('10:00'))), '/api/freifahrt/v1/asyncapi.json')
  const isAllowed = validators(document)
  const text = readFileSync(resolve(import.meta.dirname, '../../docs/live.md'), 'utf8')
  const examples = [...text.matchAll(/^\{"type":.*\}$/gm)].map(([line]) => JSON.parse(line) as LiveMessage)
  expect(examples.length).toBeGreaterThanOrEqual(8)
  for (const message of examples) {
    const name = message.type === 'snap' || message.type === 'delta' ? `${message.type}.board` : message.type
    expect(isAllowed[name]!(message), `${JSON.stringify(message)} ${JSON.stringify(isAllowed[name]!.errors)}`).toBe(
      true,
    )
  }
})

/** Everything said on the socket, in both directions. */
function recorded(socket: LiveSocket, said: LiveMessage[]): LiveSocket {
  const send = socket.send.bind(socket)
  ;(socket as unknown as WebSocket).on('message', data => said.push(JSON.parse(data.toString())))
  socket.send = text => {
    said.push(JSON.parse(text))
    send(text)
  }
  return socket
}

/** S1 so many seconds late, with a vehicle, an alert and a source that say something else each time. */
function stateOf(seconds: number): LiveState {
  const run = plannedRun(city.tt, city.trip('S1'), (city.day + 1) as ServiceDay)
  for (const call of run.calls) {
    call.arrival += seconds
    call.departure += seconds
  }
  const vehicle = {
    id: '7',
    source: 0,
    trip: run.trip,
    day: run.day,
    shift: 0,
    lat: 515_100_000,
    lon: 74_100_000 + seconds,
    timestamp: at('10:00'),
  }
  const source: SourceStatus = {
    tag: 'test',
    url: 'http://feed',
    timestamp: at('10:00'),
    receivedAt: at('10:00'),
    entities: 1,
    tripUpdates: 1,
    matched: 1,
    unmatched: 0,
    outsideArea: 0,
    vehicles: 1,
    alerts: 1,
    rejected: {},
    warnings: {},
    applied: seconds,
    refusedCount: 0,
    unchangedCount: 0,
    unchangedStreak: 0,
    poorMatches: 0,
  }
  const none = { communication: [], impact: [], description: [], ttsHeader: [], ttsDescription: [], url: [] }
  const words = { cause: 'OTHER_CAUSE', effect: 'OTHER_EFFECT', severity: 'INFO' }
  const header = [{ text: `${seconds} s` }]
  const alert = { id: 'test_a', source: 0, selectors: [{ stop: city.stop('Hbf') }], header, ...words, ...none }
  return { ...liveState([run]), vehicles: [vehicle], alerts: [alert], sources: [source] }
}
