import type { ComponentChildren } from 'preact'
import type { SourceRow } from '#api/live/rows/feed.ts'
import { useConnection } from '../shared/connection.ts'
import { useSetting } from '../shared/setting.ts'
import { isHeard } from '../shared/source.ts'
import { useNow } from '../shared/ticker.ts'
import { type Condition, stateOfCondition } from './conditions.tsx'
import { minutesOf } from './delay.tsx'
import type { Filters } from './filters.ts'
import { type FleetSummary, STATES } from './summary.ts'

interface HeadlineProps {
  readonly summary: FleetSummary
  readonly known: boolean
  readonly filters: Filters
  readonly change: (change: Partial<Filters>) => void
  readonly sources: readonly SourceRow[]
  readonly conditions: readonly Condition[]
  readonly children: ComponentChildren
}

/** The state of everything in one row; each number is also the filter for what it counts. */
export function Headline({ summary, known, filters, change, sources, conditions, children }: HeadlineProps) {
  const { t, times } = useSetting()
  const now = useNow()
  const { state } = useConnection()
  const states = [...sources, ...conditions.map(source => ({ state: stateOfCondition(source) }))]
  const bad = states.filter(source => !isHeard(source))
  const [fact, said] =
    // without a server nobody vouches for any feed
    state !== 'open'
      ? ['quiet', state === 'lost' ? t.noConnection : t.connecting]
      : states.length === 0
        ? ['quiet', t.noRealtimeSource]
        : bad.length > 0
          ? ['bad', t.operations.feedsBad(bad.length)]
          : ['good', t.operations.feedsGood]
  return (
    <section class="ops-headline" aria-label={t.operations.headline}>
      <p class="ops-clock">
        <b>{times.exact(now)}</b>
        <span class={`fact-${fact}`}>{said}</span>
      </p>
      <p class="ops-number">
        <b>{known ? summary.vehicles : '…'}</b>
        <span>{t.operations.vehicles}</span>
      </p>
      <p class="ops-number">
        <b>{summary.medianDelay === undefined ? '–' : minutesOf(summary.medianDelay)}</b>
        <span>{t.operations.medianDelay}</span>
      </p>
      {STATES.filter(state => summary.byState[state] > 0 || filters.state === state).map(state => (
        <button
          key={state}
          type="button"
          class={`ops-number is-${state}`}
          aria-pressed={filters.state === state}
          onClick={() => change({ state: filters.state === state ? undefined : state })}
        >
          <b>{summary.byState[state]}</b>
          <span>{t.operations.states[state]}</span>
        </button>
      ))}
      {children}
    </section>
  )
}
