// What stands in front of Fastify: who has asked too often, or would find no room to be planned for, is refused here, before anything is parsed,
// checked or hooked. With five times as many callers as can be answered four of five hear no; a no that costs as much as half a plan takes the
// plans' place.
//
//   request ──▶ asked too often? ─▶ 429          headers and words as from inside, for little more than what node:http itself costs
//           ──▶ no room to plan? ─▶ 503
//           ──▶ Fastify                          OPTIONS, health and metrics always come here

import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { FastifyBaseLogger } from 'fastify'
import { type ApiConfig, httpLimits } from '#api/config.ts'
import type { App } from '#api/fastify.ts'
import { perNetwork } from '#api/network.ts'
import { type Metrics, OTHER } from '#api/operations/metrics.ts'
import type { TransitService } from '#workers/service.ts'
import { retryAfter } from './errors.ts'
import { addressOf, type Rate, type Rates, tooMany } from './rates.ts'
import { requestId, withoutKeys } from './requests.ts'
import { corsHeaders, standingHeaders } from './security.ts'

export interface DoorOptions {
  readonly config: ApiConfig
  readonly rates: Rates | undefined
  readonly metrics: Metrics
  /** The network that answers now. */
  readonly service: () => TransitService
}

export interface Door {
  /** Fastify's `serverFactory`. */
  readonly serve: (inside: RequestListener) => Server
  /** Before the app's routes are made: the door knows their names from then on. */
  install(app: App): void
  /** What this path asks is answered by the plan threads. */
  plans(path: string): void
}

interface Refusal {
  readonly status: 429 | 503
  readonly error: string
  /** Seconds. */
  readonly retryAfter: number
}

/** Lets in what has room, and refuses the rest before Fastify reads it: by address (429), by the line of the plan threads (503). */
export function createDoor({ config, rates, metrics, service }: DoorOptions): Door {
  const paths = new Set<string>()
  const planned = new Set<string>()
  let closing = false
  let log: FastifyBaseLogger | undefined

  function refusalOf(url: string, path: string, rate: Rate | undefined): Refusal | undefined {
    if (rate?.over) return { status: 429, error: tooMany(rate), retryAfter: rate.reset }
    if (!planned.has(path)) return undefined
    const error = service().refusal(...urgencyOf(path, url))
    return error === undefined ? undefined : { status: 503, error, retryAfter: retryAfter(service()) }
  }

  function refuse(request: IncomingMessage, response: ServerResponse, path: string, refusal: Refusal, rate?: Rate) {
    const { status, error } = refusal
    const id = requestId(request)
    const body = JSON.stringify({ error })
    const head = [...standing(service()), 'x-request-id', id, 'retry-after', String(refusal.retryAfter)]
    for (const headers of [corsHeaders(config.origins, request.headers.origin), rate?.headers])
      for (const name in headers) head.push(name, headers[name]!)
    head.push('content-type', 'application/json; charset=utf-8', 'content-length', String(Buffer.byteLength(body)))
    response.writeHead(status, head).end(body)
    const { method = '', url = '' } = request
    metrics.http(paths.has(path) ? path : OTHER, method, status, 0)
    if (config.log !== 'requests') return
    const req = { method, url: withoutKeys(url), ip: addressOf(request, config.trustProxy) }
    log?.info({ reqId: id, req, res: { statusCode: status } }, 'request refused')
  }

  return {
    serve: inside =>
      createServer(httpLimits, (request, response) => {
        // who comes while we go is told by Fastify to come by another connection
        if (closing || request.method === 'OPTIONS') return inside(request, response)
        const url = request.url!
        const path = pathOf(url)
        const decide = (rate: Rate | undefined): void => {
          const refusal = refusalOf(url, path, rate)
          if (refusal) refuse(request, response, path, refusal, rate)
          else inside(request, response)
        }
        const rate = rates?.take(request)
        if (!(rate instanceof Promise)) return decide(rate)
        // gone while other gateways were asked: nobody is left to be answered
        rate.then(known => response.destroyed || decide(known))
      }),
    install(app) {
      log = app.log
      app.addHook('onRoute', ({ url }) => {
        if (!/[:*]/.test(url)) paths.add(url)
      })
      app.addHook('preClose', done => {
        closing = true
        done()
      })
    },
    plans: path => void planned.add(path),
  }
}

const pathOf = (url: string): string => {
  const end = url.indexOf('?')
  return end < 0 ? url : url.slice(0, end)
}

/** Of a request that nobody has checked: whether it is a plan, and how long its caller says to wait, in ms. */
function urgencyOf(path: string, url: string): Parameters<TransitService['refusal']> {
  if (!path.endsWith('/plan')) return []
  const seconds = Number(/[?&]timeout=([^&]*)/.exec(url)?.[1])
  return ['plan', seconds > 0 ? seconds * 1000 : undefined]
}

/** Name after value, as node:http takes headers fastest. */
const standing = perNetwork(service => Object.entries(standingHeaders(service)).flat())
