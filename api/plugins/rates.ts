// How often an address may ask. Its minute begins with its first request; who has asked too often hears when it is over.
//
//   RateLimit-Limit, -Remaining, -Reset    on every answer while there is a limit
//   429, Retry-After                       beyond it, with the usual `{error}`
//
// Of IPv6 a /64 counts as one address. Over Redis the requests that an address has sent to any gateway are counted together. Whoever looks after
// the process (health, metrics) and whoever asks whether it may ask (OPTIONS) is not counted.

import type { IncomingMessage } from 'node:http'
import type { ApiConfig } from '#api/config.ts'
import type { App } from '#api/fastify.ts'
import { subscriberOf } from '#engine/core/address.ts'
import { type Counted, countHere } from '#workers/counts.ts'

/** Where an address stands after one more request. */
export interface Rate {
  readonly over: boolean
  readonly headers: Readonly<Record<string, string>>
  /** Seconds until it may ask anew. */
  readonly reset: number
}

export interface Rates {
  /** Counts a request, once; undefined when it is not to be counted. At once, unless other gateways have to be asked. */
  take(request: IncomingMessage): Rate | undefined | Promise<Rate>
}

const WINDOW_MS = 60_000
/** Addresses known to have asked too often. */
const REMEMBERED = 50_000

const uncounted = /^\/(health\/(live|ready)|metrics)(\?|$)/

export const tooMany = ({ reset }: Rate): string => `too many requests: come back in ${reset} s`

/** undefined: no limit. */
export function createRates({
  requestsPerMinute: limit,
  counts,
  trustProxy,
}: Pick<ApiConfig, 'requestsPerMinute' | 'counts' | 'trustProxy'>): Rates | undefined {
  if (limit <= 0) return undefined
  const count = counts?.count ?? countHere()
  const taken = new WeakMap<IncomingMessage, Rate | Promise<Rate>>()
  // address → when its minute is over: until then nobody has to be asked about it
  const over = new Map<string, number>()
  const rateOf = (left: number, ttl: number): Rate => {
    const reset = Math.ceil(ttl / 1000)
    const headers = {
      'ratelimit-limit': String(limit),
      'ratelimit-remaining': String(Math.max(0, left)),
      'ratelimit-reset': String(reset),
    }
    return { over: left < 0, headers, reset }
  }
  function judge(address: string, { current, ttl }: Counted): Rate {
    if (current > limit) {
      if (over.size >= REMEMBERED) over.delete(over.keys().next().value!)
      over.set(address, performance.now() + ttl)
    }
    return rateOf(limit - current, ttl)
  }
  function decide(address: string): Rate | Promise<Rate> {
    const left = (over.get(address) ?? 0) - performance.now()
    if (left > 0) return rateOf(-1, left)
    over.delete(address)
    const counted = count(address, WINDOW_MS)
    return counted instanceof Promise ? counted.then(c => judge(address, c)) : judge(address, counted)
  }
  return {
    take: request =>
      request.method === 'OPTIONS' || uncounted.test(request.url!)
        ? undefined
        : taken.getOrInsertComputed(request, () => decide(subscriberOf(addressOf(request, trustProxy)))),
  }
}

/** What stands on every answer, and the refusal of those that did not come by the door. */
export function installRates(app: App, rates: Rates): void {
  app.addHook('onRequest', (request, reply, done) => {
    const go = (rate: Rate | undefined): void => {
      if (rate) reply.headers(rate.headers)
      if (rate?.over)
        reply
          .code(429)
          .header('retry-after', String(rate.reset))
          .send({ error: tooMany(rate) })
      else done()
    }
    const rate = rates.take(request.raw)
    if (rate instanceof Promise) rate.then(go, done)
    else go(rate)
  })
}

/** Behind a trusted proxy: the address which that proxy saw, the last one in the list. */
export function addressOf({ headers, socket }: IncomingMessage, trustProxy: boolean): string {
  const forwarded = headers['x-forwarded-for']
  if (trustProxy && typeof forwarded === 'string') return forwarded.split(',').at(-1)!.trim()
  return socket.remoteAddress ?? ''
}
