// Vehicles where they should be now, from the rides that `map/trips` knows: asked for ahead, moved along their lines on the server's clock.

import type { Api, Box } from '../api.ts'
import type { TransitMap } from './map.ts'
import { positionsAt, type Ride, rideOf } from './rides.ts'

const AHEAD = 60 // seconds asked for
const ASK_EVERY = 25
const FROM_ZOOM = 11
const calm = matchMedia('(prefers-reduced-motion: reduce)')

/** Shows the moving vehicles on `map` until the result is called. @param now Unix seconds by the server's clock */
export function moveVehicles(map: TransitMap, api: Api, now: () => number): () => void {
  let rides: readonly Ride[] = []
  let view: { box: Box; zoom: number } | undefined
  let ask = new AbortController()
  const load = async (): Promise<void> => {
    ask.abort()
    ask = new AbortController()
    const { signal } = ask
    if (document.hidden || !view) return
    const found =
      view.zoom < FROM_ZOOM
        ? []
        : await api.moving(view.box, view.zoom, now(), now() + AHEAD, signal).catch(() => undefined)
    if (signal.aborted || !found) return
    rides = found.map(rideOf)
    draw()
  }
  const draw = (): void => map.showVehicles(positionsAt(rides, now()))
  const stopMoves = map.onMove((box, zoom) => {
    view = { box, zoom }
    load()
  })
  const asking = setInterval(load, ASK_EVERY * 1000)
  const drawing = setInterval(() => document.hidden || draw(), calm.matches ? 10_000 : 1000)
  return () => {
    stopMoves()
    clearInterval(asking)
    clearInterval(drawing)
    ask.abort()
    map.showVehicles([])
  }
}
