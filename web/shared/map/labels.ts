// Names of stops as HTML on the map: the important ones first, and only where there is room.

import { type Map as MapLibre, Marker } from 'maplibre-gl'
import type { Place } from '../api.ts'

const MOST = 40
const LETTER = 6.2 // px: about as wide as a letter of a label is
const HEIGHT = 18 // px
const GAP = 8 // px between stop and name

interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

export function newLabels(map: MapLibre) {
  const shown = new Map<string, Marker>()

  /** Shows the names for which there is room now, `first` in any case; called again after each move. */
  return function place(stops: readonly Place[], first: string | undefined, short: (name: string) => string): void {
    const taken: Box[] = []
    const wanted = new Map<string, Place>()
    const most = map.getZoom() < 11 ? 8 : MOST
    const order = [...stops].sort((a, b) => rank(b, first) - rank(a, first))
    for (const stop of order) {
      if (wanted.size === most) break
      const box = boxOf(map, stop, short(stop.name))
      if (!inside(map, box) || taken.some(other => overlap(box, other))) continue
      taken.push(box)
      wanted.set(stop.stopId ?? stop.name, stop)
    }
    for (const [id, marker] of shown)
      if (!wanted.has(id)) {
        marker.remove()
        shown.delete(id)
      }
    for (const [id, stop] of wanted) {
      if (!shown.has(id)) shown.set(id, newLabel(stop).addTo(map))
      const element = shown.get(id)!.getElement()
      element.textContent = short(stop.name)
      element.classList.toggle('is-chosen', id === first)
    }
  }
}

const rank = (stop: Place, first: string | undefined): number => (stop.stopId === first ? 2 : (stop.importance ?? 0))

function newLabel(stop: Place): Marker {
  const element = document.createElement('span')
  element.className = 'map-label'
  // the stops are reachable through the search; names on a picture are not for reading aloud
  element.setAttribute('aria-hidden', 'true')
  const marker = new Marker({ element, anchor: 'left', offset: [GAP, 0] }).setLngLat([stop.lon, stop.lat])
  element.removeAttribute('tabindex')
  return marker
}

function boxOf(map: MapLibre, stop: Place, name: string): Box {
  const { x, y } = map.project([stop.lon, stop.lat])
  return { left: x, right: x + GAP + name.length * LETTER + 6, top: y - HEIGHT / 2, bottom: y + HEIGHT / 2 }
}

function inside(map: MapLibre, box: Box): boolean {
  const { clientWidth, clientHeight } = map.getContainer()
  return box.left > 0 && box.right < clientWidth && box.top > 0 && box.bottom < clientHeight
}

const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
