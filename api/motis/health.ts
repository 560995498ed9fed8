// GET health: is there something to answer from, and is realtime alive?

import type { App } from '#api/fastify.ts'
import { STALE_AFTER, saidAt } from '#engine/live/aging.ts'

export function healthRoutes(app: App): void {
  app.get('/api/v1/health', ({ service }) => {
    const now = service.clock.now()
    const sources = service.sources()
    const known = (service.horizon.conditions?.rentals.length ?? 0) > 0
    return {
      ...(sources.length > 0 && { rt: sources.every(s => saidAt(s) > 0 && now - saidAt(s) <= STALE_AFTER) }),
      // forgotten once nobody has spoken of them for a while: then it is false, not missing
      ...((known || service.conditionSources().some(({ kind }) => kind === 'gbfs')) && { gbfs: known }),
    }
  })
}
