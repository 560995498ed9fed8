// Who may ask from where, how often, and what a browser may do with the answer.
//
//   RateLimit-Limit, -Remaining, -Reset    on every answer while there is a limit
//   429, Retry-After                       beyond it, with the usual `{error}`
//
// Of IPv6 a /64 counts as one address. Over Redis the requests that an address has sent to any gateway are counted together.

import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import rateLimit, { type FastifyRateLimitStoreCtor } from '@fastify/rate-limit'
import type { ApiConfig } from '#api/config.ts'
import type { App } from '#api/fastify.ts'
import { subscriberOf } from '#engine/core/address.ts'
import type { Counted, Counts } from '#workers/redis/counts.ts'

export function installSecurity(app: App, { origins, requestsPerMinute, counts }: ApiConfig): void {
  app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        'script-src': ["'self'"],
        // the map's own threads, and what it draws
        'worker-src': ["'self'", 'blob:'],
        'img-src': ["'self'", 'data:', 'blob:'],
        'style-src': ["'self'", "'unsafe-inline'"],
        'connect-src': ["'self'", 'ws:', 'wss:'],
        'object-src': ["'none'"],
        'base-uri': ["'self'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'self'"],
      },
    },
    // answers are for every page that may ask; TLS, and with it HSTS, belongs to the proxy in front
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    crossOriginOpenerPolicy: false,
    strictTransportSecurity: false,
  })
  app.register(cors, {
    origin: origins.includes('*') ? '*' : [...origins],
    exposedHeaders: [
      'link',
      'etag',
      'x-request-id',
      'retry-after',
      'ratelimit-limit',
      'ratelimit-remaining',
      'ratelimit-reset',
    ],
  })
  if (requestsPerMinute > 0)
    app.register(rateLimit, {
      max: requestsPerMinute,
      timeWindow: 60_000,
      enableDraftSpec: true,
      cache: 50_000,
      keyGenerator: ({ ip }) => subscriberOf(ip),
      ...(counts && { store: storeOf(counts) }),
      errorResponseBuilder: (_request, { after }) =>
        Object.assign(new Error(`too many requests: come back in ${after}`), { statusCode: 429 }),
    })
}

/** As @fastify/rate-limit wants to have it: something to be made with `new`. */
const storeOf = (counts: Counts): FastifyRateLimitStoreCtor =>
  class {
    incr(address: string, tell: (error: Error | null, counted?: Counted) => void, windowMs: number): void {
      counts.count(address, windowMs).then(counted => tell(null, counted), tell)
    }
    child(): this {
      return this
    }
  }
