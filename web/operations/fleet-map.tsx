import { useEffect, useRef, useState } from 'preact/hooks'
import type { VehicleRow } from '#api/live/rows/vehicle.ts'
import type { Attribution } from '../shared/api.ts'
import { Attributions } from '../shared/attributions.tsx'
import { LineBadge } from '../shared/line-badge.tsx'
import type { TransitMap } from '../shared/map/map.ts'
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
  const { t, api, short } = useSetting()
  const container = useRef<HTMLDivElement>(null)
  const [map, setMap] = useState<TransitMap>()
  const [failed, setFailed] = useState(false)
  const [tapped, setTapped] = useState<string>()
  useEffect(() => {
    let opened: TransitMap | undefined
    let over = false
    const open = async (): Promise<void> => {
      const [{ openMap }, { lat, lon, zoom }] = await Promise.all([import('../shared/map/map.ts'), api.initial()])
      opened = await openMap({
        container: container.current!,
        api,
        center: { lat, lon },
        zoom,
        words: { ...t, label: t.operations.map },
        short,
        onTap: ({ vehicle }) => setTapped(vehicle),
      })
      if (over) opened.close()
      else setMap(opened)
    }
    open().catch(() => setFailed(true))
    return () => {
      over = true
      opened?.close()
      setMap(undefined)
    }
  }, [api])
  useEffect(() => map?.shorten(short), [map, short])
  useEffect(() => map?.showVehicles(vehicles.flatMap(onMap)), [map, vehicles])
  const vehicle = vehicles.find(({ id }) => id === tapped)

  if (failed) return <p class="hint map-failed">{t.mapFailed}</p>
  return (
    <>
      <div class="map" ref={container} data-ready={map ? '' : undefined} />
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
