// What is drawn over lines and stops: a journey, how far one gets, vehicles.

import { LngLatBounds, type Map as MapLibre } from 'maplibre-gl'
import type { Areas, Itinerary } from '../api.ts'
import { badgeColors } from '../colors.ts'
import { setData } from './ground.ts'
import { decodePolyline } from './polyline.ts'
import type { VehicleOnMap } from './rides.ts'

/** Above the lines, which step back. */
export function showJourney(map: MapLibre, itinerary: Itinerary | undefined, animate: boolean): void {
  const legs = itinerary?.legs.map(legOnMap) ?? []
  setData(map, 'journey', { type: 'FeatureCollection', features: legs })
  setData(map, 'calls', { type: 'FeatureCollection', features: itinerary?.legs.flatMap(callsOnMap) ?? [] })
  for (const layer of ['lines', 'lines-casing']) map.setPaintProperty(layer, 'line-opacity', itinerary ? 0.25 : 1)
  const drawn = legs.flatMap(({ geometry }) => geometry.coordinates)
  fitAround(map, drawn, { padding: 56, maxZoom: 16, animate })
}

export function showAreas(map: MapLibre, areas: Areas | undefined, animate: boolean): void {
  setData(map, 'areas', areas ?? { type: 'FeatureCollection', features: [] })
  const outer = areas?.features.flatMap(({ geometry }) => geometry.coordinates.flatMap(([ring = []]) => ring)) ?? []
  fitAround(map, outer, { padding: 40, animate })
}

export function showVehicles(map: MapLibre, vehicles: readonly VehicleOnMap[]): void {
  setData(map, 'vehicles', {
    type: 'FeatureCollection',
    features: vehicles.map(({ id, lat, lon, color, mood }) => ({
      type: 'Feature',
      properties: { id, mood, ...(badgeColors(color, undefined) ? { color } : {}) },
      geometry: { type: 'Point', coordinates: [lon, lat] },
    })),
  })
}

/** Nothing to look at: the view stays. */
function fitAround(
  map: MapLibre,
  positions: readonly GeoJSON.Position[],
  how: { readonly padding: number; readonly maxZoom?: number; readonly animate: boolean },
): void {
  const bounds = new LngLatBounds()
  for (const position of positions) bounds.extend(position as [number, number])
  if (!bounds.isEmpty()) map.fitBounds(bounds, how)
}

type Leg = Itinerary['legs'][number]

function legOnMap(leg: Leg): GeoJSON.Feature<GeoJSON.LineString> {
  const drawn = decodePolyline(leg.legGeometry.points, leg.legGeometry.precision)
  const straight = [leg.from, leg.to].map(({ lon, lat }) => [lon, lat])
  return {
    type: 'Feature',
    properties: { kind: leg.tripId !== undefined ? 'ride' : leg.mode === 'WALK' ? 'walk' : 'wheels', ...colorOf(leg) },
    geometry: { type: 'LineString', coordinates: drawn.length > 1 ? drawn : straight },
  }
}

function callsOnMap(leg: Leg): GeoJSON.Feature<GeoJSON.Point>[] {
  if (leg.tripId === undefined) return []
  const calls = [leg.from, ...(leg.intermediateStops ?? []), leg.to]
  return calls.map(({ lon, lat }, i) => ({
    type: 'Feature',
    properties: { change: i === 0 || i === calls.length - 1, ...colorOf(leg) },
    geometry: { type: 'Point', coordinates: [lon, lat] },
  }))
}

const colorOf = (leg: Leg) => (badgeColors(leg.routeColor, undefined) ? { color: leg.routeColor } : {})
