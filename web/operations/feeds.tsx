import type { SourceRow } from '#api/live/rows/feed.ts'
import { useSetting } from '../shared/setting.ts'
import { isHeard } from '../shared/source.ts'
import { useNow } from '../shared/ticker.ts'
import { type Condition, Conditions } from './conditions.tsx'
import { spanOf } from './delay.tsx'
import { Empty } from './empty.tsx'

interface FeedsProps {
  readonly sources: readonly SourceRow[]
  readonly known: boolean
  readonly conditions: readonly Condition[]
}

/** How each source does: how old, how much of it was understood, and why the rest was not. */
export function Feeds({ sources, known, conditions }: FeedsProps) {
  const { t } = useSetting()
  return (
    <>
      {sources.length === 0 ? (
        <Empty known={known} />
      ) : (
        <ul class="ops-list">
          {sources.map(source => (
            <Feed
              key={`${source.id} ${source.url}`}
              source={source}
              heading={t.operations.sourceStates[source.state]}
            />
          ))}
        </ul>
      )}
      <Conditions conditions={conditions} />
    </>
  )
}

function Feed({ source, heading }: { readonly source: SourceRow; readonly heading: string }) {
  const { t } = useSetting()
  const now = useNow()
  const told = source.matched + source.unmatched
  const share = told === 0 ? undefined : Math.round((100 * source.matched) / told)
  const counts = [
    [t.operations.age, source.asOf > 0 ? spanOf(now - source.asOf) : '–'],
    [t.operations.tripUpdates, source.tripUpdates],
    [t.operations.matched, share === undefined ? '–' : `${share} %`],
    [t.operations.vehicles, source.vehicles],
    [t.operations.sections.alerts, source.alerts],
    [t.operations.applied, source.applied],
    [t.operations.refused, source.refusedCount],
  ] as const
  return (
    <li>
      <p class="ops-feed-head">
        <b class={isHeard(source) ? 'fact-good' : 'fact-bad'}>{heading}</b> <code>{source.url}</code>
      </p>
      {source.refused && <p class="fact-bad">{source.refused}</p>}
      <dl class="ops-counts">
        {counts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Reasons title={t.operations.rejected} counts={source.rejected} />
      <Reasons title={t.operations.warnings} counts={source.warnings} />
    </li>
  )
}

/** The most frequent first; reasons are the machine's own words, so that they can be searched for. */
function Reasons({ title, counts }: { readonly title: string; readonly counts: Readonly<Record<string, number>> }) {
  const rows = Object.entries(counts).sort(([, a], [, b]) => b - a)
  if (rows.length === 0) return null
  return (
    <p class="ops-facts">
      {title}:{' '}
      {rows.map(([reason, count]) => (
        <span key={reason}>
          <code>{reason}</code> {count}
        </span>
      ))}
    </p>
  )
}
