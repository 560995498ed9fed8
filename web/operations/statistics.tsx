// What a day was like, line by line: how many kept their times, how many came in bunches, how many were crowded; and how the days compare.

import { useEffect, useState } from 'preact/hooks'
import type { DayCounts, DaySum } from '#api/contract/statistics.ts'
import { useAgain } from '../shared/connection.ts'
import { LineBadge } from '../shared/line-badge.tsx'
import { useSetting } from '../shared/setting.ts'
import { Delay } from './delay.tsx'
import { Empty } from './empty.tsx'
import type { Filters } from './filters.ts'
import { usePolled } from './use-polled.ts'

type Row = DayCounts['routes'][number]
type Figure = 'planned' | 'punctuality' | 'delay' | 'cancelled' | 'bunching' | 'crowding'

const EVERY = 600 // seconds
/** A country has thousands of lines: those at the top are looked at. */
const MOST_ROWS = 300

interface StatisticsProps {
  readonly filters: Filters
  readonly change: (change: Partial<Filters>) => void
}

export function Statistics({ filters, change }: StatisticsProps) {
  const { api, t } = useSetting()
  const days = usePolled(api.days, EVERY)
  // the newest is under way still
  const date = filters.day ?? (days?.at(-2) ?? days?.at(-1))?.date
  if (date === undefined) return <Empty known={days !== undefined} nothing={t.operations.noDays} />
  return (
    <section class="ops-route" aria-label={t.operations.sections.statistics}>
      <Plot days={days ?? []} chosen={date} />
      <label class="ops-day">
        {t.operations.day}{' '}
        <select value={date} onChange={event => change({ day: event.currentTarget.value })}>
          {(days ?? []).map(({ date }) => (
            <option key={date}>{date}</option>
          ))}
        </select>
      </label>
      <Day key={date} date={date} line={filters.line} change={change} />
    </section>
  )
}

/** A bar a day, as high as its share of departures that were not on time; the worst fills the height. */
function Plot({ days, chosen }: { readonly days: readonly DaySum[]; readonly chosen: string }) {
  const { t } = useSetting()
  const bars = days.flatMap(({ date, all: { punctuality } }) =>
    punctuality === undefined ? [] : [{ date, share: 1 - punctuality }],
  )
  const worst = Math.max(0.01, ...bars.map(({ share }) => share))
  return (
    <figure class="ops-plot">
      <figcaption>
        {t.operations.notOnTime} <span>≤ {percent(worst)}</span>
      </figcaption>
      <svg
        viewBox={`0 0 ${10 * bars.length} 50`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t.operations.notOnTime}
      >
        {bars.map(({ date, share }, i) => {
          const height = (50 * share) / worst
          return (
            <rect
              key={date}
              class={date === chosen ? 'is-chosen' : ''}
              x={10 * i + 1}
              y={50 - height}
              width={8}
              height={height}
            >
              <title>{`${date}: ${percent(share)}`}</title>
            </rect>
          )
        })}
      </svg>
    </figure>
  )
}

interface DayProps {
  readonly date: string
  readonly line: string | undefined
  readonly change: StatisticsProps['change']
}

function Day({ date, line, change }: DayProps) {
  const { api, t } = useSetting()
  const [day, setDay] = useState<DayCounts>()
  const [failed, setFailed] = useState(false)
  const again = useAgain(failed)
  const [by, setBy] = useState<Figure>('planned')
  useEffect(() => {
    api.day(date).then(
      counts => {
        setDay(counts)
        setFailed(false)
      },
      () => setFailed(true),
    )
  }, [api, date, again])
  const rows = day?.routes.filter(row => row.planned > 0 && (!line || row.line === line)) ?? []
  if (rows.length === 0) return <Empty known={failed || day !== undefined} />
  const columns: readonly (readonly [Figure, string])[] = [
    ['planned', t.board],
    ['punctuality', t.operations.punctuality],
    ['delay', t.operations.meanDelay],
    ['cancelled', t.operations.cancelled],
    ['bunching', t.operations.spacing.bunched],
    ['crowding', t.operations.crowded],
  ]
  return (
    <table class="ops-table">
      <caption class="sr-only">{`${t.operations.sections.statistics}, ${date}`}</caption>
      <thead>
        <tr>
          <th scope="col">{t.operations.line}</th>
          {columns.map(([figure, name]) => (
            <th
              key={figure}
              scope="col"
              class={figure === 'delay' || figure === 'cancelled' ? 'is-extra' : ''}
              aria-sort={figure === by ? ORDER[figure] : 'none'}
            >
              <button type="button" class="ops-sort" onClick={() => setBy(figure)}>
                {name}
              </button>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows
          .toSorted(worstFirst(by))
          .slice(0, MOST_ROWS)
          .map(row => (
            <tr key={row.route}>
              <th scope="row">
                <button type="button" class="ops-line" onClick={() => change({ show: 'lines', route: row.route })}>
                  <LineBadge line={row.line} />
                  <span class="sr-only">{t.operations.openLine}</span>
                </button>
              </th>
              <td>
                {row.planned}
                <small>
                  {percent(row.coverage)} {t.operations.seen}
                </small>
              </td>
              <td>{percent(row.punctuality)}</td>
              <td class="is-extra">{row.delay === undefined ? '–' : <Delay seconds={row.delay} />}</td>
              <td class={row.cancelled > 0 ? 'is-extra fact-bad' : 'is-extra'}>{row.cancelled}</td>
              <td>{percent(row.bunching)}</td>
              <td>{percent(row.crowding)}</td>
            </tr>
          ))}
      </tbody>
    </table>
  )
}

const percent = (share: number | undefined): string => (share === undefined ? '–' : `${Math.round(100 * share)} %`)

/** Of what is better when there is more of it the least comes first. */
const ORDER = {
  planned: 'descending',
  punctuality: 'ascending',
  delay: 'descending',
  cancelled: 'descending',
  bunching: 'descending',
  crowding: 'descending',
} as const satisfies Record<Figure, 'ascending' | 'descending'>

/** What nobody knows comes last. */
function worstFirst(by: Figure): (a: Row, b: Row) => number {
  const sign = ORDER[by] === 'ascending' ? 1 : -1
  return (a, b) => {
    const [x, y] = [a[by], b[by]]
    if (x === undefined || y === undefined) return Number(x === undefined) - Number(y === undefined)
    return sign * (x - y) || b.planned - a.planned
  }
}
