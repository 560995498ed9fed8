// The network that answers. Another may take over in the middle of work; a request keeps the one that it began with, so no answer ever mixes
// two timetables. The application, its routes and schemas know no network: they are made once.
//
//   request ──▶ request.service ──▶ network of yesterday   finishes what it has begun, then `moveTo` resolves
//           ──▶                     network of today       gets everything from now on

import type { FastifyInstance } from 'fastify'
import type { TransitService } from '#workers/service.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The network that answers this request, from its beginning to its end. */
    service: TransitService
  }
}

/** What is derived from a network once, when first asked for, and goes with it. */
export function perNetwork<Value>(make: (service: TransitService) => Value): (service: TransitService) => Value {
  const known = new WeakMap<TransitService, { readonly value: Value }>()
  return service => {
    let kept = known.get(service)
    if (!kept) {
      kept = { value: make(service) }
      known.set(service, kept)
    }
    return kept.value
  }
}

export interface InForce {
  readonly service: TransitService
  /** From now on requests begin with `next`. Resolves when no request uses the one before any more. */
  moveTo(next: TransitService): Promise<void>
}

/** One network and how many requests it has begun and not ended. A count: a set would hold those that have left until the next full collection. */
interface Stage {
  readonly service: TransitService
  begun: number
  /** Set when the stage is leaving: called when `begun` is 0. */
  idle?: () => void
}

/** Gives each request of this app its network. */
export function installNetwork(app: FastifyInstance, first: TransitService): InForce {
  let stage: Stage = { service: first, begun: 0 }
  app.decorateRequest('service', null as unknown as TransitService)
  app.addHook('onRequest', (request, reply, done) => {
    const of = stage
    request.service = of.service
    // an event stream belongs to the live part, which moves on to the next network
    if (!request.url.startsWith('/live/')) {
      of.begun++
      reply.raw.once('close', () => {
        if (--of.begun === 0) of.idle?.()
      })
    }
    done()
  })
  return {
    get service() {
      return stage.service
    },
    async moveTo(next) {
      const before = stage
      stage = { service: next, begun: 0 }
      if (before.begun > 0) await new Promise<void>(resolve => Object.assign(before, { idle: resolve }))
    },
  }
}
