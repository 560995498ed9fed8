// One line in full: how it keeps its times and its distances, and every run under way in the order of its direction.

import { useEffect, useState } from 'preact/hooks'
import type { RouteRow } from '#api/live/rows/route.ts'
import { LineBadge } from '../shared/line-badge.tsx'
import type { StateOf } from '../shared/live-channel.ts'
import { useSetting } from '../shared/setting.ts'
import { SourceSign } from '../shared/source-sign.tsx'
import { Delay, minutesOf, spanOf } from './delay.tsx'
import { Empty } from './empty.tsx'

type RouteState = StateOf<`route:${string}`>
type Summary = NonNullable<RouteState['summary']>

export function Route({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const { t, live, language } = useSetting()
  const [told, setTold] = useState<RouteState>()
  useEffect(() => live.watch(`route:${id};lang=${language}`, setTold), [live, id, language])
  return (
    <section class="ops-route" aria-labelledby="route-title">
      <header>
        <h2 id="route-title">
          {told?.route && (
            <LineBadge line={told.route.line} color={told.route.color} textColor={told.route.textColor} />
          )}
          <span>{told?.route?.name ?? id}</span>
        </h2>
        <button type="button" class="quiet" onClick={onClose}>
          {t.operations.back}
        </button>
      </header>
      {told?.summary && <Figures summary={told.summary} />}
      {told && told.rows.length > 0 ? <Runs runs={told.rows} /> : <Empty known={told?.state !== 'waiting'} />}
    </section>
  )
}

function Figures({ summary }: { readonly summary: Summary }) {
  const { t, short } = useSetting()
  const percent = (share: number | null) => (share === null ? '–' : `${Math.round(100 * share)} %`)
  const span = (seconds: number | null) => (seconds === null ? '–' : spanOf(seconds))
  const { runs, live, cancelled, ghosts, delay, punctuality, headways } = summary
  const figures = [
    [t.operations.runs, runs],
    [t.operations.withLive, live],
    [t.operations.cancelled, cancelled],
    [t.operations.ghosts, ghosts],
    [t.operations.punctuality, percent(punctuality.share)],
    [t.operations.medianDelay, delay.median === null ? '–' : minutesOf(delay.median)],
  ] as const
  return (
    <>
      <dl class="ops-counts">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {headways.length > 0 && (
        <table class="ops-table">
          <caption>{t.operations.headways}</caption>
          <thead>
            <tr>
              <th scope="col">{t.stop}</th>
              <th scope="col">{t.operations.planned}</th>
              <th scope="col">{t.operations.actual}</th>
              <th scope="col" class="is-extra">
                {t.operations.adherence}
              </th>
              <th scope="col" class="is-extra">
                {t.operations.excessWait}
              </th>
              <th scope="col">{t.operations.spacing.bunched}</th>
              <th scope="col">{t.operations.spacing.gap}</th>
            </tr>
          </thead>
          <tbody>
            {headways.map(row => (
              <tr key={`${row.direction} ${row.stop}`}>
                <th scope="row">{short(row.stopName)}</th>
                <td>{span(row.planned)}</td>
                <td>{span(row.actual)}</td>
                <td class="is-extra">{percent(row.adherence)}</td>
                <td class="is-extra">{span(row.excessWait)}</td>
                <td class={row.bunched > 0 ? 'fact-bad' : ''}>{row.bunched}</td>
                <td class={row.gaps > 0 ? 'fact-bad' : ''}>{row.gaps}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  )
}

function Runs({ runs }: { readonly runs: readonly RouteRow[] }) {
  const { t, times, short } = useSetting()
  const sorted = [...runs].sort((a, b) => a.direction - b.direction || (a.pred ?? a.sched) - (b.pred ?? b.sched))
  return (
    <table class="ops-table">
      <caption>{t.operations.runs}</caption>
      <thead>
        <tr>
          <th scope="col">{t.operations.direction}</th>
          <th scope="col" class="is-text">
            {t.operations.where}
          </th>
          <th scope="col">{t.operations.delay}</th>
          <th scope="col">{t.operations.headway}</th>
          <th scope="col">{t.operations.spacingTitle}</th>
        </tr>
      </thead>
      <tbody>
        {sorted.map(run => (
          <tr key={run.id} class={run.state === 'cancelled' ? 'is-off' : ''}>
            <th scope="row">{short(run.headsign)}</th>
            <td class="is-text">
              {short(run.stopName)} <small>{times.clock(run.pred ?? run.sched)}</small>
            </td>
            <td>
              {run.state === 'cancelled' ? (
                <span class="fact-bad">{t.cancelled}</span>
              ) : (
                <>
                  <SourceSign source={run.source} /> <Delay seconds={run.delay} />
                </>
              )}
            </td>
            <td>
              {run.headway === null ? '–' : spanOf(run.headway)}
              {run.headwayPlanned !== null && <small>{t.operations.plannedIs(spanOf(run.headwayPlanned))}</small>}
            </td>
            <td>
              {run.ghost ? (
                <span class="fact-bad">{t.operations.ghost}</span>
              ) : (
                <span class={run.spacing === 'normal' || run.spacing === 'unknown' ? 'fact-quiet' : 'fact-bad'}>
                  {t.operations.spacing[run.spacing]}
                </span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
