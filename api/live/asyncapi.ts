// GET /api/freifahrt/v1/asyncapi.json: the live protocol as an AsyncAPI 3 document, made of the very schemas that messages are checked with.

import type { TSchema } from 'typebox'
import type { App } from '#api/fastify.ts'
import { clientMessages, deltaSchema, SUBPROTOCOL, serverMessages, snapSchema } from './messages.ts'
import { type Kind, kinds } from './rows/kinds.ts'

/** Kind → the channel names whose messages it describes. */
const namesOf: Readonly<Record<Kind, string>> = {
  board: 'stop: and station:',
  trip: 'trip:',
  route: 'route:',
  vehicles: 'vehicle: and fleet:',
  alerts: 'alerts:',
  feed: 'feed:',
  journey: 'journey:',
}

const kindNames = Object.keys(kinds) as Kind[]
const message = (name: string, summary: string, payload: TSchema) => ({ name, summary, payload })

const fromClient = {
  hello: message('hello', 'First of all; answered by welcome', clientMessages.hello),
  sub: message('sub', 'From now on a channel, from `resume` on if the server still knows', clientMessages.sub),
  unsub: message('unsub', 'No more of it', clientMessages.unsub),
  ping: message('ping', 'Answered by a heartbeat with the same n', clientMessages.ping),
  resync: message('resync', 'Something is missing: a snapshot, please', clientMessages.resync),
}

const fromServer = {
  welcome: message('welcome', 'The answer to hello', serverMessages.welcome),
  ok: message('ok', 'The subscribed channel is called otherwise', serverMessages.ok),
  hb: message('hb', 'All is well up to `now`', serverMessages.hb),
  status: message('status', 'A feed went silent, or speaks again', serverMessages.status),
  gone: message('gone', 'What the channel was about is no more', serverMessages.gone),
  err: message('err', 'What was asked is not possible', serverMessages.err),
  goaway: message('goaway', 'The server leaves; come back at a time of your own', serverMessages.goaway),
  ...Object.fromEntries(
    kindNames.flatMap(kind => [
      [`snap.${kind}`, message('snap', `The state of ${namesOf[kind]}`, snapSchema(kind))],
      [`delta.${kind}`, message('delta', `What changed in ${namesOf[kind]}`, deltaSchema(kind))],
    ]),
  ),
}

const refs = (messages: object, base: string) =>
  Object.fromEntries(Object.keys(messages).map(name => [name, { $ref: `${base}/${name}` }]))
const listed = (messages: object, channel: string) =>
  Object.keys(messages).map(name => ({ $ref: `#/channels/${channel}/messages/${name}` }))

/** @param host as clients reach it */
function asyncApi(host: string) {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Freifahrt live',
      version: '1.0.0',
      description: `Departures, trips, vehicles, alerts and watched journeys as they change: a snapshot, then deltas. WebSocket with the subprotocol ${SUBPROTOCOL}, or server-sent events.`,
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    servers: { live: { host, protocol: 'ws', description: 'The server that gave this document' } },
    channels: {
      live: {
        address: '/live',
        messages: refs({ ...fromClient, ...fromServer }, '#/components/messages'),
        bindings: { ws: { method: 'GET', headers: subprotocolHeader } },
      },
      sse: {
        address: '/live/sse',
        description: 'The same messages for the channels named by `ch`; Last-Event-ID resumes them',
        messages: refs(fromServer, '#/components/messages'),
        bindings: { http: {} },
      },
    },
    operations: {
      take: { action: 'receive', channel: { $ref: '#/channels/live' }, messages: listed(fromClient, 'live') },
      tell: { action: 'send', channel: { $ref: '#/channels/live' }, messages: listed(fromServer, 'live') },
      stream: { action: 'send', channel: { $ref: '#/channels/sse' }, messages: listed(fromServer, 'sse') },
    },
    components: { messages: { ...fromClient, ...fromServer } },
  }
}

const subprotocolHeader = {
  type: 'object',
  properties: { 'sec-websocket-protocol': { type: 'string', const: SUBPROTOCOL } },
  required: ['sec-websocket-protocol'],
}

export function asyncApiRoute(app: App): void {
  app.get('/api/freifahrt/v1/asyncapi.json', (request, reply) =>
    reply.header('cache-control', 'public, max-age=60').send(asyncApi(request.host)),
  )
}
