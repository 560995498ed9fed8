// What does not run as planned in the next hours: runs called off, stops left out, and runs of which nothing is heard.

import type { CancelledRun } from '../shared/api.ts'
import { LineBadge } from '../shared/line-badge.tsx'
import { useSetting } from '../shared/setting.ts'
import { seconds } from '../shared/times.ts'
import { Empty } from './empty.tsx'
import { usePolled } from './use-polled.ts'

const EVERY = 30 // seconds

export function Cancelled({ line }: { readonly line: string | undefined }) {
  const { t, api } = useSetting()
  const told = usePolled(api.cancellations, EVERY)
  const ofLine = <Run extends CancelledRun>(runs: readonly Run[] = []) => runs.filter(run => !line || run.line === line)
  const lists = [
    [t.operations.cancelled, ofLine(told?.cancelled)],
    [t.skipped, ofLine(told?.skipped)],
    [t.operations.ghosts, ofLine(told?.ghosts)],
  ] as const
  if (lists.every(([, runs]) => runs.length === 0)) return <Empty known={told !== undefined} />
  return <>{lists.map(([title, runs]) => runs.length > 0 && <Runs key={title} title={title} runs={runs} />)}</>
}

interface RunsProps {
  readonly title: string
  readonly runs: readonly (CancelledRun & { readonly stops?: readonly { readonly name: string }[] })[]
}

function Runs({ title, runs }: RunsProps) {
  const { t, times, short } = useSetting()
  return (
    <table class="ops-table">
      <caption>
        {title}: {runs.length}
      </caption>
      <thead>
        <tr>
          <th scope="col">{t.operations.line}</th>
          <th scope="col" class="is-text">
            {t.operations.direction}
          </th>
          <th scope="col">{t.departAt}</th>
          <th scope="col">{t.arriveBy}</th>
        </tr>
      </thead>
      <tbody>
        {runs.map(run => (
          <tr key={run.trip}>
            <th scope="row">
              <LineBadge line={run.line} />
            </th>
            <td class="is-text">
              {short(run.headsign)}
              <small>{run.stops ? run.stops.map(({ name }) => short(name)).join(', ') : short(run.from)}</small>
            </td>
            <td>{times.clock(seconds(run.begin))}</td>
            <td>{times.clock(seconds(run.end))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
