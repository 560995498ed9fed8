// One request: its id, what is written of it, how long it took, how long its address may be, and bytes that answer it.

import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { FastifyReply, FastifyRequest, FastifyServerOptions } from 'fastify'
import { type ApiConfig, requestLimits } from '#api/config.ts'
import type { App } from '#api/fastify.ts'
import { OTHER } from '#api/operations/metrics.ts'
import type { Operations } from '#api/operations/operations.ts'

/** The caller's own `X-Request-Id` if it is a plain one, else a new one; it stands in the answer, in the log and in error texts. */
export function requestId({ headers }: IncomingMessage): string {
  const given = headers['x-request-id']
  return typeof given === 'string' && /^[\w.-]{8,64}$/.test(given) ? given : randomUUID()
}

/** JSON lines on stderr. Headers are never written, and keys in addresses are not either. */
export function logging(log: ApiConfig['log']): NonNullable<FastifyServerOptions['logger']> {
  if (log === 'nothing') return false
  return {
    level: log === 'errors' ? 'warn' : 'info',
    stream: process.stderr,
    serializers: {
      req: ({ method, url, ip }: FastifyRequest) => ({ method, url: withoutKeys(url), ip }),
    },
  }
}

/** The same address, values of parameters that are named like a secret struck out. */
export const withoutKeys = (url: string): string =>
  url.replaceAll(/([?&](?:[\w-]*(?:token|key|secret|password|auth)[\w-]*)=)[^&]*/gi, '$1…')

export function installRequests(app: App, { metrics, tracing, unready }: Operations): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    // who keeps a connection would send the next request into a process that is gone
    if (unready.has('stopping')) reply.header('connection', 'close')
    if (request.url.length > requestLimits.url)
      return void reply.code(414).send({ error: `an address has at most ${requestLimits.url} characters` })
    if (parameters(request.url) > requestLimits.parameters)
      return void reply.code(400).send({ error: `at most ${requestLimits.parameters} parameters` })
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    metrics.http(request.routeOptions.url ?? OTHER, request.method, reply.statusCode, reply.elapsedTime / 1000)
    done()
  })
  tracing?.install(app)
}

/** Told when the caller has gone before the answer. */
export function goneSignal({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController()
  // before a hook was done with it, then nobody says so any more
  if (raw.destroyed) gone.abort()
  raw.once('close', () => {
    if (!raw.writableFinished) gone.abort()
  })
  return gone.signal
}

/**
 * Answers with bytes in memory of their own, which is given back once the system has all of them. Left to the collector, 40 kB that look like one
 * small object make it go through the whole heap every few hundred plans (decisions.md).
 */
export function sendBytes(reply: FastifyReply, bytes: Uint8Array<ArrayBuffer>, type: string): FastifyReply {
  reply.raw.once('finish', () => void bytes.buffer.transfer(0))
  return reply.type(type).send(Buffer.from(bytes.buffer))
}

function parameters(url: string): number {
  let n = 0
  for (let at = url.indexOf('?'); at >= 0; at = url.indexOf('&', at + 1)) n++
  return n
}
