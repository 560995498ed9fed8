// The map as a part of the page: fetched when it is first seen, told what to show, and answering a tap with what can be done there.

import { useEffect, useState } from 'preact/hooks'
import type { Areas, Attribution, Itinerary } from '../shared/api.ts'
import { Attributions } from '../shared/attributions.tsx'
import { NoMap, useMap } from '../shared/map/drawn.tsx'
import type { Point, Tapped } from '../shared/map/map.ts'
import { moveVehicles } from '../shared/map/moving.ts'
import { useSetting } from '../shared/setting.ts'
import { MOST_VIAS, type Question, type Via } from './question.ts'
import { namePoint, pointId } from './search/places.ts'

interface MapPanelProps {
  readonly center: Point
  readonly zoom: number
  readonly visible: boolean
  readonly stop: (Point & { readonly id: string }) | undefined
  readonly journey: Itinerary | undefined
  readonly areas: Areas | undefined
  readonly from: Point | undefined
  readonly to: Point | undefined
  readonly vias: readonly Via[] | undefined
  readonly attributions: readonly Attribution[]
  readonly onBoard: (stopId: string) => void
  readonly question: Question
}

export function MapPanel(props: MapPanelProps) {
  const { t, api, live } = useSetting()
  const { center, zoom, visible, stop, journey, areas, from, to, vias } = props
  const [tapped, setTapped] = useState<Tapped>()
  // opened once, and moved from then on
  const { place, map, failed } = useMap({
    label: t.mapLabel,
    start: async () => ({ ...center, zoom }),
    onTap: setTapped,
  })
  useEffect(() => {
    if (visible) map?.resize()
  }, [map, visible])
  useEffect(() => map?.showStop(stop), [map, stop?.id, stop?.lat])
  useEffect(() => map?.showJourney(journey), [map, journey])
  useEffect(() => map?.showAreas(areas), [map, areas])
  useEffect(() => map && moveVehicles(map, api, live.now), [map, api, live])
  useEffect(
    () => map?.showMarks({ from, to, tapped, vias: vias?.map(({ place }) => place) }),
    [map, from, to, tapped, vias],
  )
  return (
    <>
      <div class="map" ref={place} data-ready={map ? '' : undefined} />
      <NoMap failed={failed} />
      {tapped && <TapCard tapped={tapped} onClose={() => setTapped(undefined)} {...props} />}
      <Attributions attributions={props.attributions} />
    </>
  )
}

interface TapCardProps extends Pick<MapPanelProps, 'onBoard' | 'question'> {
  readonly tapped: Tapped
  readonly onClose: () => void
}

function TapCard({ tapped, onClose, onBoard, question }: TapCardProps) {
  const { t, api } = useSetting()
  const [near, setNear] = useState<string>()
  const { lat, lon, stop } = tapped
  useEffect(() => {
    setNear(undefined)
    if (stop) return
    const ask = new AbortController()
    namePoint(api, t, pointId(lat, lon), ask.signal).then(setNear, () => {})
    return () => ask.abort()
  }, [api, t, lat, lon, stop])

  const name = stop?.name ?? near ?? t.pointOnMap
  const place = { id: stop?.id ?? pointId(lat, lon), name, lat, lon }
  const choose = (end: 'from' | 'to' | 'via') => {
    if (end === 'via') question.changeVias([...question.vias, { place, stay: 0 }])
    else question.choose(end, place)
    onClose()
  }
  return (
    <div class="tap-card" role="dialog" aria-label={name}>
      <p>
        <b>{name}</b>
        <button type="button" class="clear" aria-label={t.close} onClick={onClose}>
          <span aria-hidden="true">×</span>
        </button>
      </p>
      <div class="tap-actions">
        {stop && (
          <button
            type="button"
            class="filled"
            onClick={() => {
              onBoard(stop.id)
              onClose()
            }}
          >
            {t.showBoard}
          </button>
        )}
        <button type="button" onClick={() => choose('from')}>
          {t.fromHere}
        </button>
        {question.vias.length < MOST_VIAS && (
          <button type="button" onClick={() => choose('via')}>
            {t.via.here}
          </button>
        )}
        <button type="button" onClick={() => choose('to')}>
          {t.toHere}
        </button>
      </div>
    </div>
  )
}
