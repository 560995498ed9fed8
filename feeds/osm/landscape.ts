// The second look at an OSM file: everything but the streets. Areas, lines and points to draw, named places and addresses to find. It reads
// the file again rather than share the first reading, so that neither has to hold the other's memory.

import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { GrowColumn } from '#engine/core/columns.ts'
import { type Ground, GroundBuilder } from '#engine/ground/ground.ts'
import { groundKinds } from '#engine/ground/kinds.ts'
import type { Address, NamedPlace } from '#engine/places/rows.ts'
import { type Area, areaContains } from '../area.ts'
import { readBlobs } from './blocks.ts'
import { decodeBlock, OsmBlock } from './decode.ts'
import { areaKind, groundKeys, lineKind, pointKind } from './ground-tags.ts'
import { NodeTable } from './nodes.ts'
import { isNameKey, placeKeys, readPlace } from './place-tags.ts'
import { assembleRings, inRing } from './rings.ts'
import { TagReader } from './tag-reader.ts'
import type { Tags } from './tags.ts'

export interface Landscape {
  readonly ground: Ground
  readonly places: readonly NamedPlace[]
  readonly addresses: readonly Address[]
}

type Found = Omit<NamedPlace, 'lat' | 'lon'>
type Numbered = Omit<Address, 'lat' | 'lon'>

/** What a way or relation is; a way may be several of these. */
interface Thing {
  readonly kind: number | undefined
  readonly name: string
  readonly place: Found | undefined
  readonly address: Numbered | undefined
}

const ADDRESS_KEYS = ['addr:housenumber']
const EXTRA_KEYS = new Set(['service', 'area', 'type', 'indoor', 'ref'])
const EARTH: Area = { west: -180e7, south: -90e7, east: 180e7, north: 90e7 }
const NOTHING = -1

/** Throws OSM_UNREADABLE. */
export async function loadLandscape(
  source: string | AsyncIterable<Uint8Array>,
  area: Area | undefined,
  onProgress?: (done: number) => void,
): Promise<Landscape> {
  const name = typeof source === 'string' ? basename(source) : 'map'
  const chunks = typeof source === 'string' ? createReadStream(source, { highWaterMark: 1 << 20 }) : source
  const collector = new LandscapeCollector(area ?? EARTH)
  const block = new OsmBlock()
  for await (const { type, bytes, where } of readBlobs(chunks, name, onProgress)) {
    if (type === 'header') continue
    decodeBlock(bytes, where, block)
    collector.take(block)
  }
  return collector.finish()
}

class LandscapeCollector {
  private readonly area: Area
  private readonly nodes = new NodeTable()
  private readonly reader = new TagReader(
    [...groundKeys, ...placeKeys, ...ADDRESS_KEYS],
    key => isNameKey(key) || EXTRA_KEYS.has(key),
  )
  private readonly ground = new GroundBuilder()
  private readonly places: NamedPlace[] = []
  private readonly addresses: Address[] = []

  // ways kept: things, and untagged ones, which may be part of a multipolygon (thing −1)
  private readonly wayId = new GrowColumn(Float64Array)
  private readonly wayThing = new GrowColumn(Int32Array)
  private readonly refsBegin = new GrowColumn(Uint32Array)
  private readonly refs = new GrowColumn(Float64Array)
  private readonly things: Thing[] = []
  private readonly relations: { thing: Thing; outer: number[]; inner: number[] }[] = []

  constructor(area: Area) {
    this.area = area
  }

  take(block: OsmBlock): void {
    this.reader.open(block)
    this.takeNodes(block)
    this.takeWays(block)
    this.takeRelations(block)
  }

  private takeNodes(block: OsmBlock): void {
    const [id, lat, lon] = [block.nodeId.data, block.nodeLat.data, block.nodeLon.data]
    for (let i = 0; i < block.nodeId.length; i++) {
      if (!areaContains(this.area, lat[i]!, lon[i]!)) continue
      this.nodes.add(id[i]!, lat[i]!, lon[i]!, 0)
      const tags = this.reader.read(block.nodeTags, i)
      if (!tags) continue
      const { kind, name, place, address } = readThing(tags, pointKind(tags))
      if (kind !== undefined && name !== '') {
        this.ground.add(kind, name)
        this.ground.addPart([lat[i]!, lon[i]!])
      }
      this.keep(place, address, lat[i]!, lon[i]!)
    }
  }

  private takeWays(block: OsmBlock): void {
    const { begin } = block.wayTags
    for (let i = 0; i < block.wayId.length; i++) {
      const refs = block.refs.data.subarray(block.refsBegin.data[i]!, block.refsBegin.data[i + 1]!)
      const tags = this.reader.read(block.wayTags, i)
      const closed = refs.length > 3 && refs[0] === refs.at(-1)
      const thing = tags && readThing(tags, (closed ? areaKind(tags) : undefined) ?? lineKind(tags))
      const useful = thing && (thing.kind !== undefined || thing.place || thing.address)
      if (!useful && begin.data[i] !== begin.data[i + 1]) continue
      this.wayId.push(block.wayId.data[i]!)
      this.wayThing.push(useful ? this.things.push(thing) - 1 : NOTHING)
      this.refsBegin.push(this.refs.length)
      const at = this.refs.reserve(refs.length)
      this.refs.data.set(refs, at)
    }
  }

  private takeRelations(block: OsmBlock): void {
    for (let i = 0; i < block.relationId.length; i++) {
      const tags = this.reader.read(block.relationTags, i)
      if (tags?.get('type') !== 'multipolygon') continue
      const thing = readThing(tags, areaKind(tags))
      if (thing.kind === undefined && !thing.place && !thing.address) continue
      const [outer, inner]: [number[], number[]] = [[], []]
      for (let m = block.membersBegin.data[i]!; m < block.membersBegin.data[i + 1]!; m++) {
        if (block.memberType.data[m] !== 1) continue
        const role = block.text(block.memberRole.data[m]!)
        ;(role === 'inner' ? inner : outer).push(block.memberId.data[m]!)
      }
      this.relations.push({ thing, outer, inner })
    }
  }

  finish(): Landscape {
    this.nodes.sort()
    this.refsBegin.push(this.refs.length)
    for (let w = 0; w < this.wayId.length; w++) {
      const thing = this.things[this.wayThing.data[w]!]
      if (thing) this.finishWay(thing, this.refsOf(w))
    }
    if (this.relations.length > 0) {
      const rowOf = new Map<number, number>()
      for (let w = 0; w < this.wayId.length; w++) rowOf.set(this.wayId.data[w]!, w)
      const ringsOf = (ids: readonly number[]): number[][] =>
        assembleRings(ids.flatMap(id => (rowOf.has(id) ? [Array.from(this.refsOf(rowOf.get(id)!))] : [])))
          .map(ring => this.positions(ring))
          .filter(ring => ring.length >= 6)
      for (const { thing, outer, inner } of this.relations) this.finishRelation(thing, ringsOf(outer), ringsOf(inner))
    }
    return { ground: this.ground.finish(), places: this.places, addresses: this.addresses }
  }

  private finishWay(thing: Thing, refs: Float64Array): void {
    const ring = refs.length > 3 && refs[0] === refs.at(-1) && !isLine(thing.kind)
    const points = this.positions(ring ? refs.subarray(0, -1) : refs)
    if (points.length < (ring ? 6 : 4)) return
    if (thing.kind !== undefined) {
      this.ground.add(thing.kind, thing.name)
      this.ground.addPart(points)
    }
    this.keep(thing.place, thing.address, ...middleOf(points))
  }

  private finishRelation(thing: Thing, outer: readonly number[][], inner: readonly number[][]): void {
    if (outer.length === 0) return
    if (thing.kind !== undefined) {
      this.ground.add(thing.kind, thing.name)
      for (const ring of outer) {
        this.ground.addPart(ring)
        for (const hole of inner) if (inRing(hole[0]!, hole[1]!, ring)) this.ground.addPart(hole, true)
      }
    }
    this.keep(thing.place, thing.address, ...middleOf(outer[0]!))
  }

  private keep(place: Found | undefined, address: Numbered | undefined, lat: number, lon: number): void {
    if (place) this.places.push({ ...place, lat, lon })
    if (address)
      for (const houseNumber of address.houseNumber.split(/[;,]/))
        this.addresses.push({ ...address, houseNumber: houseNumber.trim(), lat, lon })
  }

  private refsOf(way: number): Float64Array {
    return this.refs.data.subarray(this.refsBegin.data[way]!, this.refsBegin.data[way + 1]!)
  }

  /** Of the nodes that are there: lat, lon, … */
  private positions(refs: ArrayLike<number>): number[] {
    const points: number[] = []
    for (let i = 0; i < refs.length; i++) {
      const row = this.nodes.find(refs[i]!)
      if (row >= 0) points.push(this.nodes.lat.data[row]!, this.nodes.lon.data[row]!)
    }
    return points
  }
}

const isLine = (kind: number | undefined): boolean => kind !== undefined && groundKinds[kind]!.shape === 'line'

function readThing(tags: Tags, kind: number | undefined): Thing {
  const number = tags.get('addr:housenumber')
  const street = tags.get('addr:street') ?? tags.get('addr:place')
  const address =
    number !== undefined && street !== undefined
      ? { street, houseNumber: number, postcode: tags.get('addr:postcode') ?? '', city: tags.get('addr:city') ?? '' }
      : undefined
  const road = kind !== undefined && groundKinds[kind]!.layer === 'road'
  return { kind, name: tags.get(road ? 'ref' : 'name') ?? '', place: readPlace(tags), address }
}

/** The middle of the points' box: good enough for a label. */
function middleOf(points: ArrayLike<number>): [number, number] {
  let [south, west, north, east] = [90e7, 180e7, -90e7, -180e7]
  for (let i = 0; i + 1 < points.length; i += 2) {
    south = Math.min(south, points[i]!)
    north = Math.max(north, points[i]!)
    west = Math.min(west, points[i + 1]!)
    east = Math.max(east, points[i + 1]!)
  }
  return [Math.round((south + north) / 2), Math.round((west + east) / 2)]
}
