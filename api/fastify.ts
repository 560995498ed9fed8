// The one kind of Fastify instance that routes and plugins are given; app.ts makes it.

import type { AddressInfo } from 'node:net'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

/** Where a server that listens on `host` is found from this machine; its port is the one it was given when 0 was asked for. */
export function whereListening(app: App, host: string): { readonly url: string; readonly port: number } {
  const { port } = app.server.address() as AddressInfo
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host
  return { url: `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}`, port }
}
