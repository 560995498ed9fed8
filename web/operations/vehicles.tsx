import type { VehicleRow } from '#api/live/rows/vehicle.ts'
import { LineBadge } from '../shared/line-badge.tsx'
import { useSetting } from '../shared/setting.ts'
import { useNow } from '../shared/ticker.ts'
import { Delay, spanOf } from './delay.tsx'
import { Empty } from './empty.tsx'

const MOST = 400 // rows: nobody reads more, the filters do the rest

/** Who drives where; the latest first. */
export function Vehicles({ vehicles, known }: { readonly vehicles: readonly VehicleRow[]; readonly known: boolean }) {
  const { t, short } = useSetting()
  const now = useNow()
  if (vehicles.length === 0) return <Empty known={known} />
  const sorted = [...vehicles].sort((a, b) => (b.delay ?? -1e9) - (a.delay ?? -1e9) || (a.id < b.id ? -1 : 1))
  return (
    <table class="ops-table">
      <caption class="sr-only">{t.operations.sections.vehicles}</caption>
      <thead>
        <tr>
          <th scope="col">{t.operations.line}</th>
          <th scope="col" class="is-text">
            {t.operations.vehicle}
          </th>
          <th scope="col" class="is-text">
            {t.operations.where}
          </th>
          <th scope="col">{t.operations.delay}</th>
          <th scope="col" class="is-extra">
            {t.operations.age}
          </th>
        </tr>
      </thead>
      <tbody>
        {sorted.slice(0, MOST).map(vehicle => (
          <tr key={vehicle.id}>
            <th scope="row">
              {vehicle.line ? (
                <LineBadge line={vehicle.line} color={vehicle.color} textColor={vehicle.textColor} />
              ) : (
                <span class="fact-late">{t.operations.states.unassigned}</span>
              )}
            </th>
            <td class="is-text">
              {vehicle.label ?? vehicle.id}
              {vehicle.headsign && <small>{t.towards(short(vehicle.headsign))}</small>}
            </td>
            <td class="is-text">
              {vehicle.stopName && short(vehicle.stopName)}
              {vehicle.occupancy && Object.hasOwn(t.fullness, vehicle.occupancy) && (
                <small>{t.fullness[vehicle.occupancy as keyof typeof t.fullness]}</small>
              )}
            </td>
            <td>
              <Delay seconds={vehicle.delay} />
            </td>
            <td class={`is-extra ${vehicle.state === 'silent' || vehicle.state === 'no_gps' ? 'fact-bad' : ''}`}>
              {spanOf(now - vehicle.at)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
