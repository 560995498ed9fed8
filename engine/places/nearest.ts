// Which named thing a point belongs to: the nearest one that reaches so far.

import Flatbush from 'flatbush'
import { boxAround, metresBetween } from '../core/geo.ts'

export interface Reaching {
  readonly name: string
  readonly lat: number
  readonly lon: number
  readonly metres: number
}

export class NearestName {
  private readonly items: readonly Reaching[]
  private readonly index: Flatbush | undefined
  private readonly reach: number

  constructor(items: readonly Reaching[]) {
    this.items = items
    this.reach = items.reduce((most, { metres }) => Math.max(most, metres), 0)
    if (items.length === 0) return
    this.index = new Flatbush(items.length, 16, Int32Array)
    for (const { lat, lon } of items) this.index.add(lon, lat, lon, lat)
    this.index.finish()
  }

  /** '' when nothing reaches the point. */
  find(lat: number, lon: number): string {
    if (!this.index) return ''
    const { south, west, north, east } = boxAround(lat, lon, this.reach)
    let [name, least] = ['', Number.POSITIVE_INFINITY]
    for (const i of this.index.search(west, south, east, north)) {
      const item = this.items[i]!
      const away = metresBetween(lat, lon, item.lat, item.lon)
      if (away <= item.metres && away < least) [name, least] = [item.name, away]
    }
    return name
  }
}
