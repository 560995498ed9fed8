import { LineBadge } from '../shared/line-badge.tsx'
import { useSetting } from '../shared/setting.ts'
import { Delay } from './delay.tsx'
import { Empty } from './empty.tsx'
import type { Filters } from './filters.ts'
import type { LineSummary } from './summary.ts'

interface LinesProps {
  readonly lines: readonly LineSummary[]
  readonly known: boolean
  readonly change: (change: Partial<Filters>) => void
}

/** Every line with vehicles on the way. */
export function Lines({ lines, known, change }: LinesProps) {
  const { t } = useSetting()
  if (lines.length === 0) return <Empty known={known} />
  return (
    <table class="ops-table ops-lines">
      <caption class="sr-only">{t.operations.sections.lines}</caption>
      <thead>
        <tr>
          <th scope="col">{t.operations.line}</th>
          <th scope="col">{t.operations.vehicles}</th>
          <th scope="col">{t.operations.states.on_time}</th>
          <th scope="col">{t.operations.states.late}</th>
          <th scope="col">{t.operations.medianDelay}</th>
          <th scope="col" class="is-extra">
            {t.operations.worstDelay}
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ route, line, color, textColor, vehicles, byState, medianDelay, worstDelay }) => (
          <tr key={route}>
            <th scope="row">
              <button type="button" class="ops-line" onClick={() => change({ route })}>
                <LineBadge line={line} color={color} textColor={textColor} />
                <span class="sr-only">{t.operations.openLine}</span>
              </button>
            </th>
            <td>{vehicles}</td>
            <td>{byState.on_time}</td>
            <td>{byState.late + byState.very_late}</td>
            <td>
              <Delay seconds={medianDelay} />
            </td>
            <td class="is-extra">
              <Delay seconds={worstDelay} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
