// Everything the server answers, put together. Tests `inject` into it; server.ts lets it listen.

import compress, { type FastifyCompressOptions } from '@fastify/compress'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import fastify, { type FastifyReply } from 'fastify'
import type { TransitService } from '#workers/service.ts'
import { type ApiConfig, apiDefaults } from './config.ts'
import type { App } from './fastify.ts'
import { countHours, fleetOf } from './fleet/fleet.ts'
import { fleetRoutes } from './fleet/routes.ts'
import { statisticsRoutes } from './fleet/statistics.ts'
import { createLive, liveRoutes } from './live/routes.ts'
import { type Scheduler, systemScheduler } from './live/scheduler.ts'
import { geocodeRoutes } from './motis/geocode.ts'
import { healthRoutes } from './motis/health.ts'
import { mapRoutes } from './motis/map.ts'
import { mapLevelsRoutes } from './motis/map-levels.ts'
import { mapRouteRoutes } from './motis/map-routes.ts'
import { mapTripsRoutes } from './motis/map-trips.ts'
import { oneToAllRoutes } from './motis/one-to-all.ts'
import { oneToManyRoutes } from './motis/one-to-many.ts'
import { oneToManyIntermodalRoutes } from './motis/one-to-many-intermodal.ts'
import { planRoutes } from './motis/plan.ts'
import { refreshRoutes } from './motis/refresh.ts'
import { rentalRoutes } from './motis/rentals.ts'
import { reverseGeocodeRoutes } from './motis/reverse-geocode.ts'
import { stopRoutes } from './motis/stop.ts'
import { stoptimesRoutes } from './motis/stoptimes.ts'
import { transfersRoutes } from './motis/transfers.ts'
import { tripRoutes } from './motis/trip.ts'
import { installNetwork } from './network.ts'
import { installOpenApi } from './openapi.ts'
import { installAccess } from './operations/access.ts'
import { createOperations, type Operations } from './operations/operations.ts'
import { operationRoutes } from './operations/routes.ts'
import { createDoor } from './plugins/door.ts'
import { installErrors } from './plugins/errors.ts'
import { installEtag } from './plugins/etag.ts'
import { installParameters } from './plugins/parameters.ts'
import { createRates, installRates } from './plugins/rates.ts'
import { installRequests, logging, requestId } from './plugins/requests.ts'
import { installSecurity, standingHeaders } from './plugins/security.ts'
import { drawingRoutes } from './routes/drawing.ts'
import { elevatorRoutes } from './routes/elevators.ts'
import { feedRoutes } from './routes/feeds.ts'
import { gtfsRtRoutes } from './routes/gtfsrt.ts'
import { isochroneRoutes } from './routes/isochrone.ts'
import { streetRoutes } from './routes/street.ts'
import { missingPage, staticRoutes } from './static.ts'
import { tileRoutes } from './tiles/routes.ts'

/**
 * On the serving thread and at once, up to a size that takes it 1 ms: as a stream an answer of 38 kB takes three times as long. zstd takes a third of
 * what gzip takes for the same size, and gzip's third level half of its sixth for an eighth more.
 */
const packing: FastifyCompressOptions = {
  threshold: 4096,
  syncThreshold: 256 * 1024,
  encodings: ['zstd', 'gzip', 'identity'],
  zlibOptions: { level: 3 },
}

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * From now on this network answers, and live sockets and subscriptions move to it. Resolves when no request uses the one before any more;
     * closing that is the caller's. Throws, and changes nothing, for one that cannot be served.
     */
    moveTo(service: TransitService): Promise<void>
  }
}

/**
 * @param service the network to begin with; see `moveTo`
 * @param scheduler what the live part waits with
 * @param operations what belongs to the process
 */
export function buildApp(
  service: TransitService,
  config: ApiConfig = apiDefaults,
  scheduler: Scheduler = systemScheduler,
  operations: Operations = createOperations(),
): App {
  const rates = createRates(config)
  const door = createDoor({ config, rates, metrics: operations.metrics, service: () => network.service })
  const app = fastify({
    logger: logging(config.log),
    genReqId: requestId,
    // one hop: what stands farther left in X-Forwarded-For anybody may have written
    trustProxy: config.trustProxy && ((_address: string, hop: number) => hop < 1),
    bodyLimit: 64 * 1024,
    serverFactory: door.serve,
    // who comes by an open connection while we go is answered still, and told that it was the last time
    return503OnClosing: false,
    routerOptions: { maxParamLength: 300 },
    frameworkErrors: (error, _request, reply: FastifyReply) => void reply.code(400).send({ error: error.message }),
  }).withTypeProvider<TypeBoxTypeProvider>()
  const network = installNetwork(app, service)
  door.install(app)
  installErrors(app, config.webRoot ? missingPage(config.webRoot) : undefined)
  installParameters(app)
  installRequests(app, operations)
  installSecurity(app, config)
  if (rates) installRates(app, rates)
  installAccess(app, operations)
  // before anything is packed: the same answer has the same tag either way
  installEtag(app)
  app.register(compress, packing)
  installOpenApi(app)
  const live = createLive(service, config, scheduler, error => app.log.error(error), operations.operators)
  const stopCounting = countHours(() => network.service, scheduler)
  operations.metrics.read('live', () => ({ ...live.hub.size, ...live.hub.source.trouble }))
  app.addHook('onClose', async () => stopCounting())
  app.decorate('moveTo', next => {
    fleetOf(next, config.fleet) // begins to observe
    standingHeaders(next)
    return Promise.all([network.moveTo(next), live.moveTo(next)]).then(() => {})
  })
  // answered by the plan threads
  app.register(async scope => {
    const routes = scope.withTypeProvider<TypeBoxTypeProvider>()
    scope.addHook('onRoute', ({ url }) => door.plans(url))
    planRoutes(routes)
    oneToAllRoutes(routes)
    oneToManyRoutes(routes)
    oneToManyIntermodalRoutes(routes)
    refreshRoutes(routes)
    mapTripsRoutes(routes)
    transfersRoutes(routes)
    isochroneRoutes(routes)
    streetRoutes(routes)
  })
  app.register(async scope => {
    const routes = scope.withTypeProvider<TypeBoxTypeProvider>()
    stoptimesRoutes(routes)
    tripRoutes(routes)
    mapRoutes(routes)
    rentalRoutes(routes)
    elevatorRoutes(routes)
    mapLevelsRoutes(routes)
    mapRouteRoutes(routes)
    stopRoutes(routes)
    geocodeRoutes(routes)
    reverseGeocodeRoutes(routes)
    healthRoutes(routes)
    feedRoutes(routes, operations)
    gtfsRtRoutes(routes)
    operationRoutes(routes, operations)
    drawingRoutes(routes)
    tileRoutes(routes)
    fleetRoutes(routes)
    statisticsRoutes(routes, config.statistics)
    liveRoutes(routes, live)
  })
  if (config.webRoot) staticRoutes(app, config.webRoot)
  return app
}
