// `/live/sse?ch=…`: the same messages for whoever cannot speak WebSocket, as server-sent events. `id:` is epoch-sequence of every
// channel, so a browser that reconnects resumes by itself.

import type { ServerResponse } from 'node:http'
import { Type } from 'typebox'
import type { LiveLimits } from '#api/config.ts'
import type { App } from '#api/fastify.ts'
import { repeated, text } from '#api/plugins/parameters.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import type { Addresses } from './addresses.ts'
import type { Resume } from './channel.ts'
import { LiveClient, refusalOf, type Transport } from './client.ts'
import type { LiveHub } from './hub.ts'
import { MAX_CHANNEL_NAME } from './messages.ts'

/** Beyond any limit that an operator sets; the limit itself is asked below. */
const MOST = 1024
// names hold commas
const SseQuery = Type.Object({ ch: repeated(text(MAX_CHANNEL_NAME), MOST) })

/** What streams have in common with sockets, and those that are open. */
export interface EventStreams {
  readonly hub: LiveHub
  readonly limits: LiveLimits
  readonly addresses: Addresses
  /** Event streams that are open. */
  readonly streams: Set<ServerResponse>
  /** A bug while a channel was being made: the client is told, the others go on. */
  readonly onError: (error: unknown) => void
}

export function sseRoute(app: App, { hub, limits, addresses, streams, onError }: EventStreams): void {
  app.get('/live/sse', { schema: { querystring: SseQuery } }, (request, reply) => {
    // gone while its requests were being counted: 'close' has been said already
    if (reply.raw.destroyed) return reply.hijack()
    const names = request.query.ch
    if (names.length > limits.maxSubscriptions)
      throw new FreifahrtError('TOO_LARGE', 'ch', `${names.length} channels, at most ${limits.maxSubscriptions}`)
    if (names.length === 0) throw new FreifahrtError('BAD_REQUEST', 'ch', 'names no channel')
    const channels = names.map(name => hub.open(name))
    const known = parseEventId(request.headers['last-event-id'])
    if (!addresses.enter(request.ip)) return reply.code(429).send({ error: 'too many connections from this address' })
    reply.hijack()
    const response = reply.raw
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) response.setHeader(name, value)
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    const client = new LiveClient(transportOf(response), limits)
    streams.add(response)
    response.on('error', () => response.destroy())
    response.once('close', () => {
      streams.delete(response)
      addresses.leave(request.ip)
      hub.remove(client)
    })
    hub.add(client)
    channels.forEach((channel, i) => {
      if (channel.name !== names[i]) client.tell({ type: 'ok', ref: i, ch: channel.name })
    })
    for (const channel of new Set(channels)) {
      const resume = known.find(({ e }) => e === channel.epoch)
      try {
        hub.subscribe(client, channel, resume)
      } catch (error) {
        // the answer has begun: the others go on
        if (!(error instanceof FreifahrtError)) onError(error)
        client.tell(refusalOf(error, channels.indexOf(channel)))
      }
    }
  })
}

function transportOf(response: ServerResponse): Transport {
  // epoch → its sequence as sent last; an epoch is one channel's alone
  const sent = new Map<string, number>()
  return {
    send(bytes, at) {
      if (response.writableEnded) return
      if (at) {
        sent.set(at.epoch, at.sequence)
        response.write(`id: ${[...sent].map(([epoch, sequence]) => `${epoch}-${sequence}`).join()}\ndata: `)
      } else response.write('data: ')
      response.write(bytes)
      response.write('\n\n')
    },
    waiting: () => response.writableLength,
    // only ever for those who do not read: no point in waiting for them
    close: () => response.destroy(),
  }
}

function parseEventId(id: string | string[] | undefined): Resume[] {
  const positions = (typeof id === 'string' ? id : '').split(',')
  return positions.flatMap(position => {
    const m = /^([\w-]{1,32})-(\d{1,15})$/.exec(position)
    return m ? [{ e: m[1]!, s: Number(m[2]) }] : []
  })
}
