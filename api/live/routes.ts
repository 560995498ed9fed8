// The live part, hung into the server: WebSocket upgrades and the event stream share one hub.

import type { App } from '#api/app.ts'
import type { ApiConfig } from '#api/config.ts'
import type { Operations } from '#api/operations/operations.ts'
import type { TransitService } from '#workers/service.ts'
import { Addresses } from './addresses.ts'
import { asyncApiRoute } from './asyncapi.ts'
import { LiveHub } from './hub.ts'
import { ChannelMaker } from './maker.ts'
import type { Scheduler } from './scheduler.ts'
import { liveSockets } from './socket.ts'
import { sseRoute } from './sse.ts'

export function liveRoutes(
  app: App,
  service: TransitService,
  { live: limits, trustProxy }: ApiConfig,
  scheduler: Scheduler,
  operations: Operations,
): void {
  const onError = (error: unknown): void => app.log.error(error)
  const hub = new LiveHub(new ChannelMaker(service, limits, scheduler, onError), limits, scheduler, onError)
  operations.metrics.read('live', () => ({ ...hub.size }))
  const addresses = new Addresses(limits.connectionsPerAddress)
  const sockets = liveSockets({ service, hub, limits, scheduler, addresses, trustProxy })
  const streams = sseRoute(app, hub, limits, addresses)
  app.server.on('upgrade', sockets.upgrade)
  asyncApiRoute(app)
  // before the listener closes: it waits for open connections
  app.addHook('preClose', done => {
    sockets.close()
    streams.close()
    hub.close()
    done()
  })
}
