// The few routes of a process that serves nobody else: /health/… and /metrics of the feed and jobs roles.

import fastify from 'fastify'
import { type App, whereListening } from '#api/fastify.ts'
import { installErrors } from '#api/plugins/errors.ts'
import { installRequests, logging, requestId } from '#api/plugins/requests.ts'
import type { Settings } from '#api/settings.ts'
import { installAccess } from './access.ts'
import type { Operations } from './operations.ts'
import { operationRoutes } from './routes.ts'

/** Listens until closed. @returns also its address, as one who asks on this machine writes it */
export async function startOperationsServer(
  operations: Operations,
  { host, port, log }: Settings,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const app = fastify({ logger: logging(log), genReqId: requestId }) as unknown as App
  installErrors(app)
  installRequests(app, operations)
  installAccess(app, operations)
  operationRoutes(app, operations)
  await app.listen({ host, port })
  return { url: whereListening(app, host).url, close: () => app.close() }
}
