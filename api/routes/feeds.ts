// GET /api/freifahrt/v1/feeds: whose data this is, and how each realtime source is doing.

import type { App } from '#api/app.ts'
import { feedStates } from '#api/live/feeds.ts'
import { text, utc } from '#api/render/texts.ts'
import { withoutSecrets } from '#engine/core/address.ts'
import { formatDate, type ServiceDay } from '#engine/core/time.ts'
import type { SourceStatus } from '#engine/live/state.ts'
import type { TransitService } from '#workers/service.ts'

export function feedRoutes(app: App, service: TransitService): void {
  app.get('/api/freifahrt/v1/feeds', () => {
    const { timetable: tt } = service
    const now = service.clock.now()
    const states = feedStates(service.sources(), now)
    return {
      now: utc(now),
      attributions: service.attributions,
      feeds: Array.from({ length: tt.counts.feeds }, (_, f) => ({
        tag: text(tt, tt.feedTag[f]!),
        publisher: text(tt, tt.feedPublisher[f]!) || undefined,
        version: text(tt, tt.feedVersion[f]!) || undefined,
        tz: text(tt, tt.zoneName[tt.feedZone[f]!]!),
      })),
      serviceDays: {
        first: formatDate(tt.counts.firstDay as ServiceDay),
        last: formatDate((tt.counts.firstDay + tt.counts.days - 1) as ServiceDay),
      },
      generation: service.horizon.generation,
      realtime: service.sources().map(source => ({ ...sourceOf(source), state: states[source.tag]?.state })),
    }
  })
}

/** A source as it may be shown: without the address's credentials or keys. */
function sourceOf({ url, timestamp, receivedAt, ...rest }: SourceStatus) {
  return {
    ...rest,
    url: withoutSecrets(url),
    timestamp: timestamp > 0 ? utc(timestamp) : undefined,
    receivedAt: receivedAt > 0 ? utc(receivedAt) : undefined,
  }
}
