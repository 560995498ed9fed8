import { useEffect, useState } from 'preact/hooks'
import type { VehicleRow } from '#api/live/rows/vehicle.ts'
import type { Attribution } from '../shared/api.ts'
import { Attributions } from '../shared/attributions.tsx'
import { LineBadge } from '../shared/line-badge.tsx'
import { NoMap, useMap } from '../shared/map/drawn.tsx'
import type { VehicleOnMap } from '../shared/map/rides.ts'
import { useSetting } from '../shared/setting.ts'
import { Delay } from './delay.tsx'

interface FleetMapProps {
  readonly vehicles: readonly VehicleRow[]
  readonly attributions: readonly Attribution[]
  readonly onLine: (line: string) => void
}

/** Where every vehicle is and how it does; a tap says which one. */
export function FleetMap({ vehicles, attributions, onLine }: FleetMapProps) {
  const { t, api } = useSetting()
  const [tapped, setTapped] = useState<string>()
  const { place, map, failed } = useMap({
    label: t.operations.map,
    start: api.initial,
    onTap: ({ vehicle }) => setTapped(vehicle),
  })
  useEffect(() => map?.showVehicles(vehicles.flatMap(onMap)), [map, vehicles])
  const vehicle = vehicles.find(({ id }) => id === tapped)

  return (
    <>
      <div class="map" ref={place} data-ready={map ? '' : undefined} />
      <NoMap failed={failed} />
      {vehicle && (
        <div class="tap-card" role="dialog" aria-label={vehicle.label ?? vehicle.id}>
          <p>
            {vehicle.line && <LineBadge line={vehicle.line} color={vehicle.color} textColor={vehicle.textColor} />}{' '}
            <b>{vehicle.label ?? vehicle.id}</b> <Delay seconds={vehicle.delay} />
            <button type="button" class="clear" aria-label={t.close} onClick={() => setTapped(undefined)}>
              <span aria-hidden="true">×</span>
            </button>
          </p>
          {vehicle.headsign && <p>{t.towards(vehicle.headsign)}</p>}
          {vehicle.line && (
            <div class="tap-actions">
              <button type="button" onClick={() => onLine(vehicle.line!)}>
                {t.operations.onlyShown} {vehicle.line}
              </button>
            </div>
          )}
        </div>
      )}
      <Attributions attributions={attributions} />
    </>
  )
}

const MOODS: Readonly<Record<VehicleRow['state'], VehicleOnMap['mood']>> = {
  on_time: 'good',
  early: 'late',
  late: 'late',
  very_late: 'bad',
  stopped: 'bad',
  off_route: 'bad',
  silent: 'bad',
  no_gps: 'bad',
  unassigned: 'quiet',
  unknown: 'quiet',
}

const onMap = ({ id, lat, lon, color, state }: VehicleRow): VehicleOnMap[] =>
  lat === undefined || lon === undefined ? [] : [{ id, lat, lon, color, mood: MOODS[state] }]
