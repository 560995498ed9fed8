// feed:<tag>, how each realtime source of a feed is doing.

import { withoutSecrets } from '#engine/core/address.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { DAY } from '#engine/core/time.ts'
import { saidAt } from '#engine/live/aging.ts'
import type { TransitService } from '#workers/service.ts'
import { stateOfSource } from '../feeds.ts'
import type { SourceRow } from '../rows/feed.ts'
import type { Topic } from '../topic.ts'

/** Seconds: a source falls silent by the clock. */
const REST = 15

/** Throws UNKNOWN_TAG. */
export function feedTopic(service: TransitService, tag: string): Topic {
  if (!service.lookup.feedByTag.has(tag)) throw new FreifahrtError('UNKNOWN_TAG', 'ch', `no feed '${tag}'`)
  return {
    kind: 'feed',
    stops: [],
    alerts: false,
    vehicles: false,
    sources: true,
    pace: 'slow',
    read({ sources, clock }) {
      const now = clock.now()
      const rows = sources().flatMap((source, i): SourceRow[] => {
        if (source.tag !== tag) return []
        const { tag: _tag, url, timestamp: _timestamp, ...counts } = source
        const asOf = saidAt(source)
        const state = stateOfSource(source, now)
        // a source never is over
        const exp = (Math.floor(now / DAY) + 2) * DAY
        return [{ ...counts, id: String(i), url: withoutSecrets(url), state, asOf, exp }]
      })
      return { rows, members: {}, due: now + REST }
    },
  }
}
