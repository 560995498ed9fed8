// Listen, change the network in the middle of work, and go with grace.

import type { TransitService } from '#workers/service.ts'
import { buildApp } from './app.ts'
import { type ApiConfig, apiDefaults } from './config.ts'
import { whereListening } from './fastify.ts'
import { systemScheduler } from './live/scheduler.ts'
import { createOperations, type Operations } from './operations/operations.ts'

export interface Server {
  readonly url: string
  readonly port: number
  /**
   * From now on this service answers. Resolves when nothing uses the one before any more; closing that is the caller's.
   * Rejects, and changes nothing, for one that cannot be served.
   */
  swap(service: TransitService): Promise<void>
  /** Resolves when the last answer is out; the service itself is the caller's to close. */
  close(): Promise<void>
  /** Whoever is still being answered is cut off, so that `close` comes to its end. */
  cutOff(): void
}

/** @param config what is not given is as `apiDefaults` have it. Rejects with what listening throws; then nothing is left running. */
export async function startServer(
  service: TransitService,
  config: Partial<ApiConfig>,
  operations: Operations = createOperations(),
): Promise<Server> {
  const settings: ApiConfig = { ...apiDefaults, log: 'errors', ...config }
  const app = buildApp(service, settings, systemScheduler, operations)
  const { host } = settings
  try {
    await app.listen({ host, port: settings.port })
  } catch (error) {
    await app.close()
    throw error
  }
  operations.serving(service)
  return {
    ...whereListening(app, host),
    async swap(next) {
      const left = app.moveTo(next)
      operations.serving(next)
      await left
    },
    close: () => app.close(),
    cutOff: () => app.server.closeAllConnections(),
  }
}
