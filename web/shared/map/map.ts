// The map itself: maplibre with a style and data of our own. Loaded only when a map is shown; it is most of the page's weight.

import { LngLatBounds, Map as MapLibre, Marker, NavigationControl, setWorkerUrl } from 'maplibre-gl'
import 'maplibre-gl/dist/maplibre-gl.css'
// vite would not find the worker by itself
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import type { Api, Areas, Box, Itinerary, Place, Theme } from '../api.ts'
import { badgeColors } from '../colors.ts'
import { loadBaseMap } from './base-map.ts'
import { boxOf, newGround, setData } from './ground.ts'
import { newLabels } from './labels.ts'
import { decodePolyline } from './polyline.ts'
import type { VehicleOnMap } from './rides.ts'
import { layersIn, palettes, styleIn } from './style.ts'

setWorkerUrl(workerUrl)

export interface Tapped {
  readonly lat: number
  readonly lon: number
  /** The stop that was hit, if one was. */
  readonly stop?: { readonly id: string; readonly name: string }
  /** Id of the vehicle that was hit, if one was. */
  readonly vehicle?: string
}

export interface Point {
  readonly lat: number
  readonly lon: number
}

export interface MapOptions {
  readonly container: HTMLElement
  readonly api: Api
  readonly center: Point
  readonly zoom: number
  readonly words: { readonly label: string; readonly zoomIn: string; readonly zoomOut: string }
  readonly short: (name: string) => string
  readonly onTap: (tapped: Tapped) => void
}

export interface TransitMap {
  /** How stops' names are written from now on. */
  shorten(short: (name: string) => string): void
  /** Marks the stop of the board and goes there, unless it is in sight. */
  showStop(stop: (Point & { readonly id: string }) | undefined): void
  showJourney(itinerary: Itinerary | undefined): void
  showMarks(marks: {
    readonly from?: Point | undefined
    readonly to?: Point | undefined
    readonly tapped?: Point | undefined
    readonly vias?: readonly Point[] | undefined
  }): void
  /** How far one gets: rings, the largest first. */
  showAreas(areas: Areas | undefined): void
  showVehicles(vehicles: readonly VehicleOnMap[]): void
  /** Calls `listener` after each move, until the result is called. */
  onMove(listener: (view: Box, zoom: number) => void): () => void
  fit(box: Box): void
  resize(): void
  close(): void
}

const REACH = 14 // px around a finger
const darkScheme = matchMedia('(prefers-color-scheme: dark)')
const calm = matchMedia('(prefers-reduced-motion: reduce)')

export async function openMap({ container, api, center, zoom, words, short, onTap }: MapOptions): Promise<TransitMap> {
  const theme = (): Theme => (darkScheme.matches ? 'dark' : 'light')
  const map = new MapLibre({
    container,
    style: styleIn(palettes[theme()], await loadBaseMap(api, theme())),
    center: [center.lon, center.lat],
    zoom,
    minZoom: 8,
    maxZoom: 18,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    fadeDuration: 0,
    locale: {
      'Map.Title': words.label,
      'NavigationControl.ZoomIn': words.zoomIn,
      'NavigationControl.ZoomOut': words.zoomOut,
    },
  })
  map.touchZoomRotate.disableRotation()
  map.addControl(new NavigationControl({ showCompass: false }), 'top-right')

  let stops: readonly Place[] = []
  let chosenStop: string | undefined
  let shortNow = short
  const placeLabels = newLabels(map)
  const relabel = () => placeLabels(stops, chosenStop, shortNow)
  const load = newGround(map, api, loaded => {
    stops = loaded
    relabel()
  })
  const marks = new Map<string, Marker>()
  let viaMarks = 0

  const repaint = async () => {
    const wanted = theme()
    const base = await loadBaseMap(api, wanted)
    if (wanted !== theme()) return
    // the server may have gone meanwhile: the ground then keeps its colours
    for (const layer of layersIn(palettes[wanted], base))
      for (const [name, value] of Object.entries(layer.paint ?? {}))
        map.setPaintProperty(layer.id, name as 'line-color', value)
  }
  darkScheme.addEventListener('change', repaint)
  await new Promise<unknown>(resolve => map.once('load', resolve))
  map.on('moveend', () => {
    relabel()
    load()
  })
  map.on('click', event => {
    const { x, y } = event.point
    const [hit] = map.queryRenderedFeatures(
      [
        [x - REACH, y - REACH],
        [x + REACH, y + REACH],
      ],
      { layers: ['vehicles', 'stops'] },
    )
    if (hit?.layer.id === 'vehicles')
      return onTap({ lat: event.lngLat.lat, lon: event.lngLat.lng, vehicle: String(hit.properties.id) })
    const stop = hit?.properties as { stopId: string; name: string; lat: number; lon: number } | undefined
    if (stop?.stopId) onTap({ lat: stop.lat, lon: stop.lon, stop: { id: stop.stopId, name: stop.name } })
    else onTap({ lat: event.lngLat.lat, lon: event.lngLat.lng })
  })
  map.on('mouseenter', 'stops', () => map.getCanvas().classList.add('is-over-stop'))
  map.on('mouseleave', 'stops', () => map.getCanvas().classList.remove('is-over-stop'))
  load()

  function mark(name: string, point: Point | undefined): void {
    if (!point || Number.isNaN(point.lat)) {
      marks.get(name)?.remove()
      marks.delete(name)
      return
    }
    let marker = marks.get(name)
    if (!marker) {
      const element = document.createElement('span')
      element.className = `map-mark is-${name.split(' ')[0]}`
      element.setAttribute('aria-hidden', 'true')
      marker = new Marker({ element })
      marks.set(name, marker)
    }
    marker.setLngLat([point.lon, point.lat]).addTo(map)
  }

  return {
    shorten(short) {
      shortNow = short
      relabel()
    },
    showStop(stop) {
      chosenStop = stop?.id
      mark('stop', stop)
      relabel()
      if (!stop || map.getBounds().contains([stop.lon, stop.lat])) return
      map.easeTo({ center: [stop.lon, stop.lat], zoom: Math.max(map.getZoom(), 14), animate: !calm.matches })
    },
    showJourney(itinerary) {
      const legs = itinerary?.legs.map(legOnMap) ?? []
      setData(map, 'journey', { type: 'FeatureCollection', features: legs })
      setData(map, 'calls', { type: 'FeatureCollection', features: itinerary?.legs.flatMap(callsOnMap) ?? [] })
      for (const layer of ['lines', 'lines-casing']) map.setPaintProperty(layer, 'line-opacity', itinerary ? 0.25 : 1)
      const bounds = new LngLatBounds()
      for (const leg of legs)
        for (const position of leg.geometry.coordinates) bounds.extend(position as [number, number])
      if (!bounds.isEmpty()) map.fitBounds(bounds, { padding: 56, maxZoom: 16, animate: !calm.matches })
    },
    showMarks({ from, to, tapped, vias = [] }) {
      for (let i = 0; i < Math.max(vias.length, viaMarks); i++) mark(`via ${i}`, vias[i])
      viaMarks = vias.length
      mark('from', from)
      mark('to', to)
      mark('tapped', tapped)
    },
    showAreas(areas) {
      setData(map, 'areas', areas ?? { type: 'FeatureCollection', features: [] })
      const bounds = new LngLatBounds()
      for (const { geometry } of areas?.features ?? [])
        for (const polygon of geometry.coordinates)
          for (const position of polygon[0] ?? []) bounds.extend(position as [number, number])
      if (!bounds.isEmpty()) map.fitBounds(bounds, { padding: 40, animate: !calm.matches })
    },
    showVehicles(vehicles) {
      setData(map, 'vehicles', {
        type: 'FeatureCollection',
        features: vehicles.map(({ id, lat, lon, color, mood }) => ({
          type: 'Feature',
          properties: { id, mood, ...(badgeColors(color, undefined) ? { color } : {}) },
          geometry: { type: 'Point', coordinates: [lon, lat] },
        })),
      })
    },
    onMove(listener) {
      const moved = () => listener(boxOf(map, 0), map.getZoom())
      map.on('moveend', moved)
      moved()
      return () => map.off('moveend', moved)
    },
    fit: ([west, south, east, north]) =>
      map.fitBounds([west, south, east, north], { padding: 40, maxZoom: 14, animate: false }),
    resize: () => map.resize(),
    close() {
      darkScheme.removeEventListener('change', repaint)
      map.remove()
    },
  }
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
