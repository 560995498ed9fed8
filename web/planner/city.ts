// The first questions to the server: where are we, whose data is it, and which stop is worth showing unasked?

import { useEffect, useState } from 'preact/hooks'
import type { Api, Attribution, Place } from '../shared/api.ts'
import { shortener } from '../shared/short-names.ts'

const AROUND = 0.06 // degrees: the middle of a city

export interface City {
  readonly lat: number
  readonly lon: number
  readonly zoom: number
  readonly zone: string | undefined
  /** Are there streets to ride on? */
  readonly streets: boolean
  /** A stop's name as it is said in this city. */
  readonly short: (name: string) => string
  /** Whose data it is. */
  readonly attributions: readonly Attribution[]
  /** Where most happens: its board is shown when nothing else was asked for. */
  readonly busiest: Place | undefined
}

export function useCity(api: Api): { city: City | undefined; failed: boolean } {
  const [city, setCity] = useState<City>()
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>
    const ask = () =>
      findCity(api).then(
        found => {
          setCity(found)
          setFailed(false)
        },
        () => {
          setFailed(true)
          timer = setTimeout(ask, 3000)
        },
      )
    ask()
    return () => clearTimeout(timer)
  }, [api])
  return { city, failed }
}

async function findCity(api: Api): Promise<City> {
  const [{ lat, lon, zoom, serverConfig }, { feeds, attributions }] = await Promise.all([api.initial(), api.feeds()])
  const stops = await api.stops([lon - AROUND, lat - AROUND, lon + AROUND, lat + AROUND])
  const busiest = stops.reduce<Place | undefined>(
    (best, stop) => (best && (best.importance ?? 0) >= (stop.importance ?? 0) ? best : stop),
    undefined,
  )
  return {
    lat,
    lon,
    zoom,
    zone: busiest?.tz ?? feeds[0]?.tz,
    streets: serverConfig.hasStreetRouting,
    short: shortener(stops.map(stop => stop.name)),
    busiest,
    attributions,
  }
}
