// GET /api/freifahrt/v1/feeds: whose data this is, how each realtime source is doing, and when sources of conditions were heard.

import type { App } from '#api/fastify.ts'
import { healthOf, stateOfSource } from '#api/live/feeds.ts'
import type { Operations } from '#api/operations/operations.ts'
import { text, utc } from '#api/render/texts.ts'
import { withoutSecrets } from '#engine/core/address.ts'
import { formatDate, type ServiceDay } from '#engine/core/time.ts'
import type { SourceStatus } from '#engine/live/state.ts'
import type { Recheck } from '#workers/jobs/rechecks.ts'

export function feedRoutes(app: App, operations: Operations): void {
  app.get('/api/freifahrt/v1/feeds', ({ service }) => {
    const { timetable: tt } = service
    const now = service.clock.now()
    return {
      now: utc(now),
      attributions: service.attributions,
      feeds: Array.from({ length: tt.counts.feeds }, (_, f) => ({
        tag: text(tt, tt.feedTag[f]!),
        publisher: text(tt, tt.feedPublisher[f]!) || undefined,
        version: text(tt, tt.feedVersion[f]!) || undefined,
        tz: text(tt, tt.zoneName[tt.feedZone[f]!]!),
        recheck: recheckOf(operations.rechecks?.(text(tt, tt.feedTag[f]!))),
      })),
      serviceDays: {
        first: formatDate(tt.counts.firstDay as ServiceDay),
        last: formatDate((tt.counts.firstDay + tt.counts.days - 1) as ServiceDay),
      },
      generation: service.horizon.generation,
      realtime: service.sources().map(source => sourceOf(source, now)),
      conditions: service.conditionSources().map(({ kind, tag, url, receivedAt }) => ({
        ...{ kind, tag, url: withoutSecrets(url) },
        ...(receivedAt !== undefined && { receivedAt: utc(receivedAt), ageSeconds: Math.max(0, now - receivedAt) }),
      })),
    }
  })
}

const recheckOf = (recheck: Recheck | undefined) =>
  recheck && { asked: recheck.asked, at: utc(Math.floor(recheck.at / 1000)) }

/** A source as it may be shown: without the address's credentials or keys. */
const sourceOf = ({ poorMatches, ...source }: SourceStatus, now: number) => ({
  ...source,
  ...healthOf({ ...source, poorMatches }, now),
  state: stateOfSource({ ...source, poorMatches }, now),
  url: withoutSecrets(source.url),
  timestamp: source.timestamp > 0 ? utc(source.timestamp) : undefined,
  receivedAt: source.receivedAt > 0 ? utc(source.receivedAt) : undefined,
})
