// Loads what lies in view: lines and stops, a little more than is seen, and again only when the view leaves it.

import type { GeoJSONSource, Map as MapLibre } from 'maplibre-gl'
import type { Api, Box, Place } from '../api.ts'
import type { SourceName } from './style.ts'

const STOPS_FROM = 10
const MARGIN = 0.3 // of the view, on each side

export function newGround(map: MapLibre, api: Api, onStops: (stops: readonly Place[]) => void) {
  const loaded: Partial<Record<SourceName, Box>> = {}
  let ask = new AbortController()

  /** Call after each move. */
  return async function load(): Promise<void> {
    ask.abort()
    ask = new AbortController()
    const { signal } = ask
    const zoom = map.getZoom()
    const view = boxOf(map, 0)
    const wider = boxOf(map, MARGIN)

    async function fill<T>(name: SourceName, get: () => Promise<T>, show: (answer: T) => void): Promise<void> {
      const last = loaded[name]
      if (last && contains(last, view) && width(last) < 6 * width(view)) return
      const answer = await get().catch(() => undefined) // too large a view, or no server: what was there stays
      if (signal.aborted || answer === undefined) return
      loaded[name] = wider
      show(answer)
    }
    await Promise.all([
      fill(
        'lines',
        () => api.lines(wider, signal),
        lines => setData(map, 'lines', lines),
      ),
      zoom >= STOPS_FROM &&
        fill(
          'stops',
          () => api.stops(wider, signal),
          stops => {
            setData(map, 'stops', points(stops))
            onStops(stops)
          },
        ),
    ])
  }
}

export function setData(map: MapLibre, name: SourceName, data: GeoJSON.FeatureCollection): void {
  map.getSource<GeoJSONSource>(name)?.setData(data)
}

const points = (stops: readonly Place[]): GeoJSON.FeatureCollection => ({
  type: 'FeatureCollection',
  features: stops.map(({ stopId, name, lat, lon, importance }) => ({
    type: 'Feature',
    properties: { stopId, name, lat, lon, importance: importance ?? 0 },
    geometry: { type: 'Point', coordinates: [lon, lat] },
  })),
})

export function boxOf(map: MapLibre, margin: number): Box {
  const bounds = map.getBounds()
  const dx = (bounds.getEast() - bounds.getWest()) * margin
  const dy = (bounds.getNorth() - bounds.getSouth()) * margin
  return [bounds.getWest() - dx, bounds.getSouth() - dy, bounds.getEast() + dx, bounds.getNorth() + dy]
}

const contains = (a: Box, b: Box): boolean => a[0] <= b[0] && a[1] <= b[1] && a[2] >= b[2] && a[3] >= b[3]
const width = (box: Box): number => box[2] - box[0]
