import type { Map as MapLibre, PointLike } from 'maplibre-gl'
import type { Tapped } from './map.ts'

const REACH = 14 // px around a finger

/** Tells what a tap has hit: a vehicle, else a stop, else the place. */
export function answerTaps(map: MapLibre, onTap: (tapped: Tapped) => void): void {
  map.on('click', ({ point: { x, y }, lngLat: { lat, lng: lon } }) => {
    const around: [PointLike, PointLike] = [
      [x - REACH, y - REACH],
      [x + REACH, y + REACH],
    ]
    const [hit] = map.queryRenderedFeatures(around, { layers: ['vehicles', 'stops'] })
    if (hit?.layer.id === 'vehicles') return onTap({ lat, lon, vehicle: String(hit.properties.id) })
    const stop = hit?.properties as { stopId: string; name: string; lat: number; lon: number } | undefined
    if (stop?.stopId) onTap({ lat: stop.lat, lon: stop.lon, stop: { id: stop.stopId, name: stop.name } })
    else onTap({ lat, lon })
  })
  const { classList } = map.getCanvas()
  map.on('mouseenter', 'stops', () => classList.add('is-over-stop'))
  map.on('mouseleave', 'stops', () => classList.remove('is-over-stop'))
}
