// Mapbox Vector Tiles, version 2: layers of features as protobuf. https://github.com/mapbox/vector-tile-spec/tree/master/2.1

import { PbfWriter } from 'pbf'
import { EXTENT } from '#engine/ground/mercator.ts'

export const GeometryType = { point: 1, line: 2, polygon: 3 } as const
export type GeometryType = (typeof GeometryType)[keyof typeof GeometryType]

export type Value = string | number | boolean

export interface Feature {
  readonly type: GeometryType
  /** Whole numbers in the tile's units: x, y, … Of a polygon an outer ring runs clockwise on the screen, its holes, after it, the other way. */
  readonly parts: readonly (readonly number[])[]
  /** Undefined ones are left out. */
  readonly properties: Readonly<Record<string, Value | undefined>>
}

export interface Layer {
  readonly name: string
  readonly features: readonly Feature[]
}

const MOVE_TO = 1
const LINE_TO = 2
const CLOSE_PATH = 7

/** Layers without features are left out. */
export function encodeTile(layers: readonly Layer[]): Uint8Array {
  const pbf = new PbfWriter()
  for (const layer of layers) if (layer.features.length > 0) pbf.writeMessage(3, writeLayer, layer)
  return pbf.finish()
}

function writeLayer({ name, features }: Layer, pbf: PbfWriter): void {
  const keys = new Map<string, number>()
  const values = new Map<Value, number>()
  pbf.writeVarintField(15, 2)
  pbf.writeStringField(1, name)
  for (const feature of features) {
    const tags: number[] = []
    for (const [key, value] of Object.entries(feature.properties))
      if (value !== undefined) tags.push(numberOf(keys, key), numberOf(values, value))
    pbf.writeMessage(2, writeFeature, { type: feature.type, tags, geometry: commands(feature) })
  }
  for (const key of keys.keys()) pbf.writeStringField(3, key)
  for (const value of values.keys()) pbf.writeMessage(4, writeValue, value)
  pbf.writeVarintField(5, EXTENT)
}

function numberOf<T>(known: Map<T, number>, value: T): number {
  const found = known.get(value)
  if (found !== undefined) return found
  known.set(value, known.size)
  return known.size - 1
}

function writeFeature(
  { type, tags, geometry }: { type: GeometryType; tags: number[]; geometry: number[] },
  pbf: PbfWriter,
): void {
  pbf.writePackedVarint(2, tags)
  pbf.writeVarintField(3, type)
  pbf.writePackedVarint(4, geometry)
}

function writeValue(value: Value, pbf: PbfWriter): void {
  if (typeof value === 'string') pbf.writeStringField(1, value)
  else if (typeof value === 'boolean') pbf.writeBooleanField(7, value)
  else if (Number.isInteger(value)) pbf.writeSVarintField(6, value)
  else pbf.writeDoubleField(3, value)
}

const zigzag = (n: number): number => ((n << 1) ^ (n >> 31)) >>> 0
const command = (id: number, count: number): number => id | (count << 3)

/** Spec 4.3: commands and the steps from each point to the next. */
function commands({ type, parts }: Feature): number[] {
  const out: number[] = []
  let [x, y] = [0, 0]
  const step = (part: readonly number[], i: number): void => {
    out.push(zigzag(part[i]! - x), zigzag(part[i + 1]! - y))
    x = part[i]!
    y = part[i + 1]!
  }
  if (type === GeometryType.point) {
    out.push(command(MOVE_TO, parts.length))
    for (const part of parts) step(part, 0)
    return out
  }
  for (const part of parts) {
    out.push(command(MOVE_TO, 1))
    step(part, 0)
    out.push(command(LINE_TO, part.length / 2 - 1))
    for (let i = 2; i < part.length; i += 2) step(part, i)
    if (type === GeometryType.polygon) out.push(command(CLOSE_PATH, 1))
  }
  return out
}
