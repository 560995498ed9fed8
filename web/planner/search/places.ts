// A place a rider can choose: a stop or a point, with the name to show for it.

import type { Api, Match } from '../../shared/api.ts'
import type { Texts } from '../../texts/de.ts'

export interface ChosenPlace {
  /** What the server takes: a stop id or `lat,lon`. */
  readonly id: string
  readonly name: string
  readonly lat: number
  readonly lon: number
}

export const pointId = (lat: number, lon: number): string => `${lat.toFixed(6)},${lon.toFixed(6)}`

/** `lat,lon` as numbers, if `id` is that and not a stop's id. */
export function pointOf(id: string): { lat: number; lon: number } | undefined {
  const match = /^(-?\d{1,2}(?:\.\d+)?),(-?\d{1,3}(?:\.\d+)?)$/.exec(id)
  return match ? { lat: Number(match[1]), lon: Number(match[2]) } : undefined
}

export const placeOf = (match: Match): ChosenPlace => ({
  id: match.type === 'STOP' ? match.id : pointId(match.lat, match.lon),
  name: match.name,
  lat: match.lat,
  lon: match.lon,
})

/** The place behind an id, for an address that was shared: a link carries no names. */
export async function lookUp(api: Api, t: Texts, id: string): Promise<ChosenPlace> {
  const point = pointOf(id)
  if (!point) {
    const stop = await api.stop(id)
    return { id, name: stop.name, lat: stop.lat, lon: stop.lon }
  }
  return { id, ...point, name: await namePoint(api, t, id).catch(() => t.pointOnMap) }
}

/** What a point is called: its address, or the stop that it is near. */
export async function namePoint(api: Api, t: Texts, id: string, signal?: AbortSignal): Promise<string> {
  const [match] = await api.reverseGeocode(id, signal)
  return match ? (match.type === 'STOP' ? t.near(match.name) : match.name) : t.pointOnMap
}

/** Where the device is, by the device alone. */
export function locate(t: Texts): Promise<ChosenPlace> {
  return new Promise((resolve, reject) =>
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude: lat, longitude: lon } }) =>
        resolve({ id: pointId(lat, lon), name: t.myLocation, lat, lon }),
      () => reject(new Error(t.locationDenied)),
      { timeout: 10_000, maximumAge: 60_000 },
    ),
  )
}

/** A match's name cut into what was typed and what was not. */
export function highlight({ name, tokens }: Pick<Match, 'name' | 'tokens'>): { text: string; typed: boolean }[] {
  const parts: { text: string; typed: boolean }[] = []
  let at = 0
  for (const [start = 0, length = 0] of [...tokens].sort((a, b) => a[0]! - b[0]!)) {
    if (start < at || start + length > name.length) continue
    if (start > at) parts.push({ text: name.slice(at, start), typed: false })
    parts.push({ text: name.slice(start, start + length), typed: true })
    at = start + length
  }
  if (at < name.length) parts.push({ text: name.slice(at), typed: false })
  return parts
}
