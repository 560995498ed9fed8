// Who may ask what. Every route has a scope: said by the route itself (`config: { scope }`), else by the table below; what is in neither is
// refused. Operators' routes want a token; where no operators are configured, they answer this machine only.

import type { FastifyRequest } from 'fastify'
import type { App } from '#api/fastify.ts'
import { subscriberOf } from '#engine/core/address.ts'
import type { Operations } from './operations.ts'
import type { Operator, Role } from './operators.ts'

export type Scope = 'public' | Role

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may ask: everybody, or who has a token of this role. */
    scope?: Scope
  }
}

/** First match counts. */
const scopes: readonly (readonly [RegExp, Scope])[] = [
  [/^\/metrics$/, 'viewer'],
  [/^\/api\/freifahrt\/v1\/operator\//, 'operator'],
  [/^\/health\/(live|ready)$/, 'public'],
  [/^\/api\/(v\d+|experimental|debug|freifahrt\/v1)\//, 'public'],
  [/^\/(live|docs|tiles|assets)(\/|$)/, 'public'],
  [/^\/(\*|[\w.-]*)$/, 'public'], // the pages
  [/^\*$/, 'public'], // a browser asks whether it may ask
]

// route, as it is written in the program → what the table says
const looked = new Map<string, Scope | undefined>()

/** undefined: nobody has said. */
export const scopeOf = (route: string, own?: Scope): Scope | undefined =>
  own ?? looked.getOrInsertComputed(route, () => scopes.find(([pattern]) => pattern.test(route))?.[1])

interface Refusal {
  readonly status: 401 | 403 | 429
  readonly error: string
  readonly headers?: Readonly<Record<string, string>>
}

const MAX_FAILURES = 10
const FAILURE_MS = 60_000

/** Guards all routes of the app. Wrong tokens are counted: after ten in a minute an address has to wait (429). */
export function installAccess(app: App, operations: Operations): void {
  const { operators } = operations
  const failures = new Map<string, { count: number; since: number }>()
  // without a promise: nearly every request is a public one
  app.addHook('onRequest', (request, reply, done) => {
    const refusal = refusalOf(request)
    if (!refusal) return done()
    const { status, error, headers = {} } = refusal
    reply.code(status).headers(headers).send({ error })
  })

  function refusalOf(request: FastifyRequest): Refusal | undefined {
    const { url: route, config } = request.routeOptions
    if (route === undefined) return undefined // nothing here: 404
    const scope = scopeOf(route, config.scope)
    if (scope === 'public') return undefined
    if (scope === undefined) return { status: 403, error: `no scope is declared for ${route}` }
    if (!operators.configured) {
      if (isThisMachine(request)) return undefined
      return { status: 403, error: 'no operators are configured: only this machine may ask' }
    }
    const now = Date.now()
    const caller = subscriberOf(request.ip)
    const failed = failures.get(caller)
    if (failed && now - failed.since < FAILURE_MS && failed.count >= MAX_FAILURES)
      return { status: 429, error: 'too many wrong tokens', headers: { 'retry-after': '60' } }
    const token = /^Bearer (\S{1,500})$/i.exec(request.headers.authorization ?? '')?.[1]
    const operator = token === undefined ? undefined : operators.find(token, now)
    if (!operator) {
      if (token !== undefined) fail(caller, now)
      return { status: 401, error: 'a token of an operator is required', headers: { 'www-authenticate': 'Bearer' } }
    }
    if (scope === 'operator' && operator.role !== 'operator')
      return { status: 403, error: `${operator.name} may only look` }
    if (scope === 'operator') audit(request, operator)
    return undefined
  }

  function fail(address: string, now: number): void {
    operations.metrics.count('wrong_tokens')
    const known = failures.get(address)
    if (known && now - known.since < FAILURE_MS) known.count++
    else failures.set(address, { count: 1, since: now })
    if (failures.size > 10_000) failures.delete(failures.keys().next().value!)
  }
}

const audit = (request: FastifyRequest, { name }: Operator): void =>
  request.log.warn({ operator: name, method: request.method, path: request.url.split('?', 1)[0] }, 'operator')

/** The caller itself is on this machine; somebody who comes through a proxy is not. */
function isThisMachine({ socket, headers }: FastifyRequest): boolean {
  if (headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined) return false
  return /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(socket.remoteAddress ?? '')
}
