// The few routes of a process that serves nobody else: /health/… and /metrics of the feed and jobs roles.

import fastify from 'fastify'
import type { App } from '#api/fastify.ts'
import { installErrors } from '#api/plugins/errors.ts'
import { installRequests, logging, requestId } from '#api/plugins/requests.ts'
import type { Settings } from '#api/settings.ts'
import { installAccess } from './access.ts'
import type { Operations } from './operations.ts'
import { operationRoutes } from './routes.ts'

/** Listens until closed. */
export async function startOperationsServer(operations: Operations, { host, port, log }: Settings): Promise<App> {
  const app = fastify({ logger: logging(log), genReqId: requestId }) as unknown as App
  installErrors(app)
  installRequests(app, operations)
  installAccess(app, operations)
  operationRoutes(app, operations)
  await app.listen({ host, port })
  return app
}
