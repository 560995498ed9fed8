// GET health: is there something to answer from, and is realtime alive?

import type { App } from '#api/app.ts'
import { STALE_AFTER, saidAt } from '#engine/live/aging.ts'
import type { TransitService } from '#workers/service.ts'

export function healthRoutes(app: App, service: TransitService): void {
  app.get('/api/v1/health', () => {
    const now = service.clock.now()
    const sources = service.sources()
    const rentals = service.horizon.conditions?.rentals ?? []
    return {
      ...(sources.length > 0 && { rt: sources.every(s => saidAt(s) > 0 && now - saidAt(s) <= STALE_AFTER) }),
      ...(rentals.length > 0 && { gbfs: true }),
    }
  })
}
