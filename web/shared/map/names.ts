import type { Map as MapLibre } from 'maplibre-gl'
import type { Api, Place } from '../api.ts'
import { newGround } from './ground.ts'
import { newLabels } from './labels.ts'

/** Keeps lines, stops and the stops' names up to where the map is moved to. */
export function newNames(map: MapLibre, api: Api, short: (name: string) => string) {
  let stops: readonly Place[] = []
  let chosen: string | undefined
  let shortNow = short
  const label = newLabels(map)
  const relabel = () => label(stops, chosen, shortNow)
  const load = newGround(map, api, loaded => {
    stops = loaded
    relabel()
  })
  map.on('moveend', () => {
    relabel()
    load()
  })
  load()
  return {
    /** How names are written from now on. */
    shorten(short: (name: string) => string): void {
      shortNow = short
      relabel()
    },
    /** Its name is shown in any case. */
    choose(stop: string | undefined): void {
      chosen = stop
      relabel()
    },
  }
}
