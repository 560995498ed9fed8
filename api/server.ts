// Listen, change the network in the middle of work, and go with grace. Each network has an application of its own; the listener hands every
// request to the one in force, so no answer ever mixes two timetables. A request keeps the application it began with.
//
//   listener ──▶ application A (network of yesterday)   finishes what it has begun
//            ──▶ application B (network of today)       gets everything from now on
//            ──▶ live part                              stays: sockets and subscriptions move to the new network

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TransitService } from '#workers/service.ts'
import { type App, buildApp } from './app.ts'
import { type ApiConfig, apiDefaults, httpLimits } from './config.ts'
import { createLive, type LivePart } from './live/routes.ts'
import { systemScheduler } from './live/scheduler.ts'
import { createOperations, type Operations } from './operations/operations.ts'

export interface Server {
  readonly url: string
  readonly port: number
  /**
   * From now on this service answers. Resolves when nothing uses the one before any more; closing that is the caller's.
   * Rejects, and changes nothing, if the new one cannot be made ready.
   */
  swap(service: TransitService): Promise<void>
  /** Resolves when the last answer is out; the service itself is the caller's to close. */
  close(): Promise<void>
  /** Whoever is still being answered is cut off, so that `close` comes to its end. */
  cutOff(): void
}

/** An application and the requests it has begun. */
interface Stage {
  readonly app: App
  readonly begun: Set<ServerResponse>
  /** Set when the stage is leaving: called when `begun` is empty. */
  idle?: () => void
}

export async function startServer(
  service: TransitService,
  config: Partial<ApiConfig> = {},
  operations: Operations = createOperations(),
): Promise<Server> {
  const settings: ApiConfig = { ...apiDefaults, log: 'errors', ...config }
  const live = createLive(service, settings, systemScheduler, error => stage.app.log.error(error), operations.operators)
  let stage = await makeStage(service, settings, operations, live).catch(error => {
    live.close()
    throw error
  })
  operations.serving(service)
  const listener = createServer(httpLimits)
  listener.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { app, begun } = stage
    const of = stage
    // an event stream belongs to the live part, not to the application that it came in through
    if (!request.url?.startsWith('/live/')) begun.add(response)
    response.once('close', () => {
      begun.delete(response)
      if (begun.size === 0) of.idle?.()
    })
    app.server.emit('request', request, response)
  })
  listener.on('upgrade', live.upgrade)
  for (const event of ['clientError', 'checkContinue'] as const)
    listener.on(event, (...rest: unknown[]) => stage.app.server.emit(event, ...rest))
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject)
    listener.listen({ host: settings.host, port: settings.port }, resolve)
  })
  const { port } = listener.address() as AddressInfo
  const host = settings.host === '0.0.0.0' || settings.host === '::' ? 'localhost' : settings.host
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    async swap(next) {
      const before = stage
      stage = await makeStage(next, settings, operations, live)
      operations.serving(next)
      live.moveTo(next)
      await leave(before)
    },
    async close() {
      const closed = new Promise<void>(resolve => listener.close(() => resolve()))
      live.close()
      await leave(stage)
      listener.closeIdleConnections()
      await closed
    },
    cutOff: () => listener.closeAllConnections(),
  }
}

async function makeStage(
  service: TransitService,
  settings: ApiConfig,
  operations: Operations,
  live: LivePart,
): Promise<Stage> {
  const app = buildApp(service, settings, systemScheduler, operations, live)
  await app.ready()
  return { app, begun: new Set() }
}

/** Nothing new is begun, and what was asked is still answered. */
async function leave(stage: Stage): Promise<void> {
  await stage.app.close()
  if (stage.begun.size > 0) await new Promise<void>(resolve => Object.assign(stage, { idle: resolve }))
}
