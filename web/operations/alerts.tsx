import type { AlertRow } from '#api/live/rows/feed.ts'
import { useSetting } from '../shared/setting.ts'
import { Empty } from './empty.tsx'

/** What riders are told, and about what. */
export function Alerts({ alerts, known }: { readonly alerts: readonly AlertRow[]; readonly known: boolean }) {
  const { t, times } = useSetting()
  if (alerts.length === 0) return <Empty known={known} />
  const day = (seconds: number) => `${times.day(seconds)} ${times.clock(seconds)}`
  return (
    <ul class="ops-list">
      {alerts.map(alert => (
        <li key={alert.id}>
          <b>{alert.header}</b>
          {alert.description && <p>{alert.description}</p>}
          <p class="ops-facts">
            {alert.start !== undefined && <span>{t.operations.from(day(alert.start))}</span>}
            {alert.end !== undefined && <span>{t.operations.until(day(alert.end))}</span>}
            {[...alert.routes, ...alert.stops, ...alert.trips, ...(alert.everyDay ?? []), ...alert.agencies]
              .slice(0, 8)
              .map(id => (
                <code key={id}>{id}</code>
              ))}
          </p>
        </li>
      ))}
    </ul>
  )
}
