// The live part of a process: its channels and who watches them, by WebSocket or event stream. It outlives the network: a new one takes over
// beneath it (`moveTo`), sockets and subscriptions stay.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ApiConfig } from '#api/config.ts'
import type { App } from '#api/fastify.ts'
import { fleetOf } from '#api/fleet/fleet.ts'
import type { Operators } from '#api/operations/operators.ts'
import type { TransitService } from '#workers/service.ts'
import { Addresses } from './addresses.ts'
import { asyncApiRoute } from './asyncapi.ts'
import { LiveHub } from './hub.ts'
import { ChannelMaker } from './maker.ts'
import type { Scheduler } from './scheduler.ts'
import { liveSockets } from './socket.ts'
import { type EventStreams, sseRoute } from './sse.ts'

export interface LivePart extends EventStreams {
  /** For the HTTP server's `upgrade` event. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** From now on this network answers; channels that it does not have are `gone`. Resolves when none is of the one before any more. */
  moveTo(service: TransitService): Promise<void>
  /** Everyone is told to come back at a time of their own. */
  close(): void
}

export function createLive(
  service: TransitService,
  { live: limits, trustProxy, fleet }: Pick<ApiConfig, 'live' | 'trustProxy' | 'fleet'>,
  scheduler: Scheduler,
  onError: (error: unknown) => void,
  operators: Operators,
): LivePart {
  // observes each generation before channels are read from it: `route:` tells what has been observed
  fleetOf(service, fleet)
  const maker = new ChannelMaker(service, limits, scheduler, onError)
  const hub = new LiveHub(maker, limits, scheduler, onError)
  const addresses = new Addresses(limits.connectionsPerAddress)
  const sockets = liveSockets({ hub, limits, scheduler, addresses, trustProxy, operators, onError })
  const streams = new Set<ServerResponse>()
  return {
    hub,
    limits,
    addresses,
    streams,
    onError,
    upgrade: sockets.upgrade,
    moveTo: next => maker.moveTo(next),
    close() {
      sockets.close()
      for (const response of streams) response.end()
      hub.close()
    },
  }
}

/** Hangs the live part into an app. It ends before the listener closes, which waits for open connections. */
export function liveRoutes(app: App, live: LivePart): void {
  sseRoute(app, live)
  asyncApiRoute(app)
  app.server.on('upgrade', live.upgrade)
  app.addHook('preClose', done => {
    live.close()
    done()
  })
}
