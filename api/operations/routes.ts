// GET /metrics, /health/live, /health/ready, and the jobs for operators. `/api/v1/health` stays what MOTIS' clients know.

import type { App } from '#api/fastify.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import type { Operations } from './operations.ts'

export function operationRoutes(app: App, operations: Operations): void {
  const { metrics, roles, unready, degraded } = operations
  app.get('/metrics', async (_request, reply) => {
    reply.header('content-type', metrics.registry.contentType)
    return metrics.registry.metrics()
  })
  app.get('/api/freifahrt/v1/operator/jobs', { config: { scope: 'viewer' } }, async () => ({
    jobs: (await operations.jobs?.list()) ?? [],
  }))
  app.post<{ Params: { name: string } }>('/api/freifahrt/v1/operator/jobs/:name/start', async (request, reply) => {
    if (!operations.jobs) throw new FreifahrtError('BAD_REQUEST', 'jobs', 'this process has none')
    await operations.jobs.start(request.params.name)
    return reply.code(202).send({ started: request.params.name })
  })
  app.get('/health/live', () => ({ status: 'ok', roles, upSeconds: Math.round(process.uptime()) }))
  app.get('/health/ready', ({ service }, reply) => {
    const ready = unready.size === 0
    return reply
      .code(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({
        ready,
        roles,
        ...(unready.size > 0 && { because: [...unready] }),
        ...(degraded.size > 0 && { degraded: [...degraded] }),
        // a process that only asks feeds has none
        ...(service && { generation: service.horizon.generation }),
      })
  })
}
