// Rings at places: both ends, places on the way, what was tapped, the board's stop.

import { type Map as MapLibre, Marker } from 'maplibre-gl'
import type { Point } from './map.ts'

export function newMarks(map: MapLibre) {
  const marks = new Map<string, Marker>()

  function place(key: string, kind: string, point: Point | undefined): void {
    // a place that nobody knows has none on the map
    if (!point || Number.isNaN(point.lat)) {
      marks.get(key)?.remove()
      marks.delete(key)
      return
    }
    const marker = marks.get(key) ?? newMark(kind)
    marks.set(key, marker)
    marker.setLngLat([point.lon, point.lat]).addTo(map)
  }

  return {
    /** There is one of its kind; without a point there is none. */
    put: (kind: string, point: Point | undefined): void => place(kind, kind, point),
    /** As many of a kind as there are points. */
    putAll(kind: string, points: readonly Point[]): void {
      for (const key of marks.keys())
        if (key.startsWith(`${kind} `) && Number(key.split(' ')[1]) >= points.length) place(key, kind, undefined)
      for (const [i, point] of points.entries()) place(`${kind} ${i}`, kind, point)
    },
  }
}

function newMark(kind: string): Marker {
  const element = document.createElement('span')
  element.className = `map-mark is-${kind}`
  element.setAttribute('aria-hidden', 'true')
  return new Marker({ element })
}
