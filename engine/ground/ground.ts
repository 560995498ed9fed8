// The ground as a table: areas, lines and points with their kind and name, to draw maps from. Nothing is routed on it.
//
//   feature ──▶ kind (kinds.ts), name
//      └──▶ parts ──▶ points      a part is a line, a point, or a ring: an outer one, followed by the holes in it; rings are not closed

import Flatbush from 'flatbush'
import { createTable, GrowColumn, openTable, type Table, type TableFormat } from '../core/columns.ts'
import { StringPool } from '../core/strings.ts'

export interface GroundCounts extends Readonly<Record<string, number>> {
  readonly features: number
  readonly parts: number
  readonly points: number
  readonly strings: number
  readonly stringBytes: number
  readonly indexBytes: number
}

const specOf = (c: GroundCounts) =>
  ({
    featureKind: [Uint8Array, c.features], // place in groundKinds
    featureName: [Uint32Array, c.features], // StringIdx
    // feature → range of its parts
    partsBegin: [Uint32Array, c.features + 1],
    partHole: [Uint8Array, c.parts], // 1: a hole in the ring before it
    // part → range of its points, 1e-7 degrees
    pointsBegin: [Uint32Array, c.parts + 1],
    pointLat: [Int32Array, c.points],
    pointLon: [Int32Array, c.points],
    stringBegin: [Uint32Array, c.strings + 1],
    stringBytes: [Uint8Array, c.stringBytes],
    // a flatbush of the features' boxes: lon, lat in 1e-7 degrees
    index: [Uint8Array, c.indexBytes],
  }) as const

const groundFormat: TableFormat<GroundCounts, ReturnType<typeof specOf>> = {
  name: 'ground',
  version: 1,
  countNames: ['features', 'parts', 'points', 'strings', 'stringBytes', 'indexBytes'],
  specOf,
}

export interface Ground extends Omit<Table<GroundCounts, ReturnType<typeof specOf>>, 'index'> {
  /** Undefined when there are no features. */
  readonly index: Flatbush | undefined
}

/** Attach to ground that another thread built or that lies in a file. Throws NETWORK_UNREADABLE. */
export function openGround(buffer: SharedArrayBuffer): Ground {
  const columns = openTable(groundFormat, buffer)
  const index = columns.counts.features > 0 ? Flatbush.from(buffer, columns.index.byteOffset) : undefined
  return { ...columns, index }
}

export class GroundBuilder {
  private readonly kind = new GrowColumn(Uint8Array)
  private readonly name = new GrowColumn(Uint32Array)
  private readonly partsBegin = new GrowColumn(Uint32Array)
  private readonly hole = new GrowColumn(Uint8Array)
  private readonly pointsBegin = new GrowColumn(Uint32Array)
  private readonly lat = new GrowColumn(Int32Array)
  private readonly lon = new GrowColumn(Int32Array)
  private readonly strings = new StringPool()

  get features(): number {
    return this.kind.length
  }

  /** Begins a feature; its parts follow. */
  add(kind: number, name: string): void {
    this.kind.push(kind)
    this.name.push(this.strings.intern(name))
    this.partsBegin.push(this.hole.length)
  }

  /** @param points lat, lon, … in 1e-7 degrees; of a ring the first point is not repeated */
  addPart(points: ArrayLike<number>, hole = false): void {
    this.hole.push(hole ? 1 : 0)
    this.pointsBegin.push(this.lat.length)
    for (let i = 0; i + 1 < points.length; i += 2) {
      this.lat.push(points[i]!)
      this.lon.push(points[i + 1]!)
    }
  }

  finish(): Ground {
    this.partsBegin.push(this.hole.length)
    this.pointsBegin.push(this.lat.length)
    const features = this.features
    const index = features > 0 ? this.buildIndex() : new Uint8Array(0)
    const ground = createTable(groundFormat, {
      features,
      parts: this.hole.length,
      points: this.lat.length,
      strings: this.strings.count,
      stringBytes: this.strings.bytes.length,
      indexBytes: index.length,
    })
    ground.featureKind.set(this.kind.view())
    ground.featureName.set(this.name.view())
    ground.partsBegin.set(this.partsBegin.view())
    ground.partHole.set(this.hole.view())
    ground.pointsBegin.set(this.pointsBegin.view())
    ground.pointLat.set(this.lat.view())
    ground.pointLon.set(this.lon.view())
    ground.stringBegin.set(this.strings.begin.view())
    ground.stringBytes.set(this.strings.bytes.view())
    ground.index.set(index)
    return openGround(ground.buffer)
  }

  private buildIndex(): Uint8Array {
    const index = new Flatbush(this.features, 16, Int32Array)
    for (let f = 0; f < this.features; f++) {
      let [south, west, north, east] = [90e7, 180e7, -90e7, -180e7]
      const end = this.pointsBegin.data[this.partsBegin.data[f + 1]!]!
      for (let p = this.pointsBegin.data[this.partsBegin.data[f]!]!; p < end; p++) {
        south = Math.min(south, this.lat.data[p]!)
        north = Math.max(north, this.lat.data[p]!)
        west = Math.min(west, this.lon.data[p]!)
        east = Math.max(east, this.lon.data[p]!)
      }
      index.add(west, south, east, north)
    }
    index.finish()
    return new Uint8Array(index.data as ArrayBuffer)
  }
}
