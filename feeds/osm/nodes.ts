// Where each node id is: sorted columns, 18 bytes a node. Files come sorted by id nearly always; if not, they are sorted once.

import { GrowColumn } from '#engine/core/columns.ts'

export class NodeTable {
  private id = new GrowColumn(Float64Array, 1 << 16)
  /** 1e-7 degrees */
  lat = new GrowColumn(Int32Array, 1 << 16)
  lon = new GrowColumn(Int32Array, 1 << 16)
  /** As in StreetGraph.nodeTraits. */
  traits = new GrowColumn(Uint16Array, 1 << 16)
  private sorted = true
  private last = 0

  get length(): number {
    return this.id.length
  }

  add(id: number, lat: number, lon: number, traits: number): void {
    if (this.length > 0 && id < this.id.data[this.length - 1]!) this.sorted = false
    this.id.push(id)
    this.lat.push(lat)
    this.lon.push(lon)
    this.traits.push(traits)
  }

  /** To be called once, between the last `add` and the first `find`. */
  sort(): void {
    if (this.sorted) return
    const order = Uint32Array.from(this.id.view().keys()).sort((a, b) => this.id.data[a]! - this.id.data[b]!)
    this.id.data = Float64Array.from(order, row => this.id.data[row]!)
    this.lat.data = Int32Array.from(order, row => this.lat.data[row]!)
    this.lon.data = Int32Array.from(order, row => this.lon.data[row]!)
    this.traits.data = Uint16Array.from(order, row => this.traits.data[row]!)
    this.sorted = true
  }

  /** Row of a node, −1 if it is not there. Nodes of a way were often drawn one after another: looks around the last hit first. */
  find(id: number): number {
    const ids = this.id.data
    const count = this.length
    if (count === 0) return -1
    let low = this.last
    let high = this.last
    if (ids[low]! <= id) {
      for (let step = 1; high < count && ids[high]! <= id; step *= 2) {
        low = high
        high += step
      }
      high = Math.min(high, count)
    } else {
      for (let step = 1; low > 0 && ids[low]! > id; step *= 2) {
        high = low
        low = Math.max(0, low - step)
      }
    }
    // ids[low] <= id < ids[high], where they exist
    while (high - low > 1) {
      const middle = (low + high) >>> 1
      if (ids[middle]! <= id) low = middle
      else high = middle
    }
    this.last = low
    return ids[low] === id ? low : -1
  }
}
