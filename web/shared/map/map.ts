// The map itself: maplibre with a style and data of our own. Loaded only when a map is shown; it is most of the page's weight.

import { Map as MapLibre, NavigationControl, type StyleSpecification, setWorkerUrl } from 'maplibre-gl'
import 'maplibre-gl/dist/maplibre-gl.css'
// vite would not find the worker by itself
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import type { Api, Areas, Box, Itinerary, Theme } from '../api.ts'
import { loadBaseMap } from './base-map.ts'
import { showAreas, showJourney, showVehicles } from './drawing.ts'
import { boxOf } from './ground.ts'
import { newMarks } from './marks.ts'
import { newNames } from './names.ts'
import type { VehicleOnMap } from './rides.ts'
import { layersIn, palettes, styleIn } from './style.ts'
import { answerTaps } from './taps.ts'

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

const darkScheme = matchMedia('(prefers-color-scheme: dark)')
const calm = matchMedia('(prefers-reduced-motion: reduce)')
const themeNow = (): Theme => (darkScheme.matches ? 'dark' : 'light')

export async function openMap(options: MapOptions): Promise<TransitMap> {
  const { api, short, onTap } = options
  const map = newMap(options, styleIn(palettes[themeNow()], await loadBaseMap(api, themeNow())))
  const leaveScheme = followScheme(map, api)
  await new Promise<unknown>(resolve => map.once('load', resolve))
  answerTaps(map, onTap)
  const names = newNames(map, api, short)
  const marks = newMarks(map)
  return {
    shorten: names.shorten,
    showStop(stop) {
      marks.put('stop', stop)
      names.choose(stop?.id)
      if (!stop || map.getBounds().contains([stop.lon, stop.lat])) return
      map.easeTo({ center: [stop.lon, stop.lat], zoom: Math.max(map.getZoom(), 14), animate: !calm.matches })
    },
    showJourney: itinerary => showJourney(map, itinerary, !calm.matches),
    showMarks({ from, to, tapped, vias = [] }) {
      marks.put('from', from)
      marks.put('to', to)
      marks.put('tapped', tapped)
      marks.putAll('via', vias)
    },
    showAreas: areas => showAreas(map, areas, !calm.matches),
    showVehicles: vehicles => showVehicles(map, vehicles),
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
      leaveScheme()
      map.remove()
    },
  }
}

/** Flat, with north on top. */
function newMap({ container, center, zoom, words }: MapOptions, style: StyleSpecification): MapLibre {
  const map = new MapLibre({
    container,
    style,
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
  return map
}

/** Light or dark as the device is, until the result is called. */
function followScheme(map: MapLibre, api: Api): () => void {
  const repaint = async () => {
    const wanted = themeNow()
    const base = await loadBaseMap(api, wanted)
    if (wanted !== themeNow()) return
    // the server may have gone meanwhile: the ground then keeps its colours
    for (const layer of layersIn(palettes[wanted], base))
      for (const [name, value] of Object.entries(layer.paint ?? {}))
        map.setPaintProperty(layer.id, name as 'line-color', value)
  }
  darkScheme.addEventListener('change', repaint)
  return () => darkScheme.removeEventListener('change', repaint)
}
