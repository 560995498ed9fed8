// Lines on the map that a message brings along (H7, H8): encoded polylines of five digits after the point.

import { E7, encodePolyline } from '../core/geo.ts'
import type { Points } from '../timetable/geometry.ts'
import type { Timetable } from '../timetable/timetable.ts'

/** Points of a line, 1e-7 degrees. */
export interface Line {
  readonly lat: readonly number[]
  readonly lon: readonly number[]
}

/** A shape of the timetable, or one of the feed's own as an encoded polyline of precision 5. */
export type ToldLine = { readonly shape: number } | { readonly polyline: string }

/** All points of a line that a feed has a run take. */
export function pointsOf(tt: Timetable, told: ToldLine): Points {
  if ('shape' in told)
    return {
      lat: tt.shapeLat,
      lon: tt.shapeLon,
      begin: tt.shapeBegin[told.shape]!,
      end: tt.shapeBegin[told.shape + 1]!,
    }
  const { lat, lon } = decodeLine(told.polyline)!
  return { lat, lon, begin: 0, end: lat.length }
}

/** Google's encoded polyline of precision 5 → points; undefined when it is none or has fewer than two (H8). */
export function decodeLine(polyline: string): Line | undefined {
  const lat: number[] = []
  const lon: number[] = []
  let [y, x, at] = [0, 0, 0]
  const next = (): number => {
    let value = 0
    for (let shift = 0; shift < 35; shift += 5) {
      const bits = polyline.charCodeAt(at++) - 63
      if (!(bits >= 0 && bits < 64)) return Number.NaN
      value += (bits & 31) * 2 ** shift
      if (bits < 32) return value % 2 === 1 ? -(value + 1) / 2 : value / 2
    }
    return Number.NaN
  }
  while (at < polyline.length) {
    y += next()
    x += next()
    if (!(Math.abs(y) <= 90e5 && Math.abs(x) <= 180e5)) return undefined
    lat.push(y * (E7 / 1e5))
    lon.push(x * (E7 / 1e5))
  }
  return lat.length < 2 ? undefined : { lat, lon }
}

/** Points left out evenly where there are more than `most`; of 0 there is no limit. */
export function thinned({ lat, lon }: Line, most: number): Line {
  if (most < 2 || lat.length <= most) return { lat, lon }
  const from = Array.from({ length: most }, (_, i) => Math.round((i * (lat.length - 1)) / (most - 1)))
  return { lat: from.map(i => lat[i]!), lon: from.map(i => lon[i]!) }
}

const texts = new WeakMap<Line, string>()

/** The line as messages have it. */
export const lineText = (line: Line): string =>
  texts.getOrInsertComputed(line, ({ lat, lon }) =>
    encodePolyline(
      lat.flatMap((y, i) => [y, lon[i]!]),
      5,
    ),
  )
