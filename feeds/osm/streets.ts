// What is kept of an OSM file while it is read: nodes inside the area, streets with the ids of their nodes, rims that a relation may turn
// into streets. `finish` makes the graph of it.

import { GrowColumn } from '#engine/core/columns.ts'
import { NONE } from '#engine/core/ids.ts'
import { type BuiltStreets, type Restriction, StreetBuilder } from '#engine/street/builder.ts'
import { isAreaRim, Kind, kindOf, withoutRim } from '#engine/street/graph.ts'
import type { Spot } from '#engine/street/spots.ts'
import { type Area, areaContains } from '../area.ts'
import type { OsmBlock } from './decode.ts'
import { nodeKeys, readNode } from './node-tags.ts'
import { NodeTable } from './nodes.ts'
import { assembleRings } from './rings.ts'
import { isSpotKey, readSpot, spotKeys } from './spot-tags.ts'
import { linesAcross } from './squares.ts'
import { TagReader } from './tag-reader.ts'
import { isArea, readRestriction, readStreet, type Street, streetKeys, type Tags } from './tags.ts'

export type DropReason =
  | 'nodeBeyondTheGlobe'
  /** A node of a street that the file, or the area, does not hold. */
  | 'missingNode'
  /** Fewer than two different nodes are left of a street. */
  | 'streetTooShort'
  /** A part of a square's or platform's rim that the file does not hold or that is something else itself. */
  | 'missingRim'
  /** A turn restriction without the members that it needs, or whose ways do not meet where it says. */
  | 'brokenRestriction'

const refsOf = ({ refs, refsBegin }: OsmBlock, way: number): Float64Array =>
  refs.data.subarray(refsBegin.data[way]!, refsBegin.data[way + 1]!)

/** Kinds that people walk across (squares.ts), and along their rim. */
const walkableAreas = new Set([Kind.pedestrian, Kind.footway, Kind.platform, Kind.corridor, Kind.pier])
const EARTH = { west: -180e7, south: -90e7, east: 180e7, north: 90e7 }

export class StreetCollector {
  readonly counts = {
    ...{ nodes: 0, ways: 0, relations: 0, nodesInside: 0, streets: 0, squares: 0, linesAcross: 0 },
    restrictionsOverWays: 0,
    spots: 0,
  }
  readonly dropped: Record<DropReason, number> = {
    nodeBeyondTheGlobe: 0,
    missingNode: 0,
    streetTooShort: 0,
    missingRim: 0,
    brokenRestriction: 0,
  }
  private readonly area: Area | undefined
  private readonly nodes = new NodeTable()
  private readonly nodeTags = new TagReader(nodeKeys)
  private readonly wayTags = new TagReader(streetKeys)
  private readonly relationTags = new TagReader(['type'])
  private readonly nodeSpotTags = new TagReader(spotKeys, isSpotKey)
  private readonly waySpotTags = new TagReader(spotKeys, isSpotKey)

  // ways kept: a street, or without any tags (undefined), which may be a rim
  private readonly wayId: number[] = []
  private readonly street: (Street | undefined)[] = []
  private readonly refsBegin = new GrowColumn(Uint32Array)
  private readonly refs = new GrowColumn(Float64Array)
  /** Multipolygons: the ways that are their rims. */
  private readonly squares: { readonly street: Street; readonly ways: readonly number[] }[] = []
  /** With the ids of their nodes: one, or a way's. */
  private readonly spots: (Omit<Spot, 'lat' | 'lon'> & { readonly nodes: readonly number[] })[] = []
  /** `via` names ids of OSM. */
  private readonly restrictions: Restriction[] = []

  constructor(area: Area | undefined) {
    this.area = area
  }

  take(block: OsmBlock): void {
    for (const reader of [this.nodeTags, this.wayTags, this.relationTags, this.nodeSpotTags, this.waySpotTags])
      reader.open(block)
    this.takeNodes(block)
    this.takeWays(block)
    this.takeRelations(block)
  }

  private takeNodes(block: OsmBlock): void {
    const { area, nodes } = this
    const { nodeTags } = block
    const [id, lat, lon] = [block.nodeId.data, block.nodeLat.data, block.nodeLon.data]
    const count = block.nodeId.length
    for (let i = 0; i < count; i++) {
      if (area && !areaContains(area, lat[i]!, lon[i]!)) continue
      if (!areaContains(EARTH, lat[i]!, lon[i]!)) {
        this.dropped.nodeBeyondTheGlobe++
        continue
      }
      const tagged = nodeTags.begin.data[i] !== nodeTags.begin.data[i + 1]
      const tags = tagged ? this.nodeTags.read(nodeTags, i) : undefined
      nodes.add(id[i]!, lat[i]!, lon[i]!, tags ? readNode(tags) : 0)
      const spot = tagged ? this.nodeSpotTags.read(nodeTags, i) : undefined
      const found = spot && readSpot(spot)
      if (found) this.spots.push({ ...found, nodes: [id[i]!] })
    }
    this.counts.nodes += count
  }

  private takeWays(block: OsmBlock): void {
    const { begin } = block.wayTags
    for (let i = 0; i < block.wayId.length; i++) {
      const spot = this.waySpotTags.read(block.wayTags, i)
      const found = spot && readSpot(spot)
      if (found) this.spots.push({ ...found, nodes: [...refsOf(block, i)] })
      const tags = this.wayTags.read(block.wayTags, i)
      const street = tags && readStreet(tags)
      if (!street && begin.data[i] !== begin.data[i + 1]) continue
      this.wayId.push(block.wayId.data[i]!)
      this.street.push(street)
      this.refsBegin.push(this.refs.length)
      const refs = refsOf(block, i)
      const at = this.refs.reserve(refs.length)
      this.refs.data.set(refs, at)
    }
    this.counts.ways += block.wayId.length
  }

  private takeRelations(block: OsmBlock): void {
    for (let i = 0; i < block.relationId.length; i++) {
      const tags = this.relationTags.read(block.relationTags, i)
      if (tags?.get('type')?.startsWith('restriction')) this.takeRestriction(block, i, tags)
      const street = tags && isArea(tags) ? readStreet(tags) : undefined
      if (!street || !walkableAreas.has(kindOf(street.traits))) continue
      const ways: number[] = []
      for (let m = block.membersBegin.data[i]!; m < block.membersBegin.data[i + 1]!; m++)
        if (block.memberType.data[m] === 1) ways.push(block.memberId.data[m]!)
      this.squares.push({ street, ways })
    }
    this.counts.relations += block.relationId.length
  }

  private takeRestriction(block: OsmBlock, row: number, tags: Tags): void {
    const found = readRestriction(tags)
    if (!found) return
    const members = { from: [] as number[], to: [] as number[], via: [] as number[], over: [] as number[] }
    for (let m = block.membersBegin.data[row]!; m < block.membersBegin.data[row + 1]!; m++) {
      const role = block.text(block.memberRole.data[m]!)
      const overWay = role === 'via' && block.memberType.data[m] === 1
      if (role === 'from' || role === 'to' || role === 'via')
        members[overWay ? 'over' : role].push(block.memberId.data[m]!)
    }
    const { from, to, via, over } = members
    const place = over.length > 0 ? { ways: over } : via.length === 1 ? { node: via[0]! } : undefined
    // several `from` or `to` are allowed for no_entry and no_exit
    if (from.length === 0 || to.length === 0 || !place) this.dropped.brokenRestriction++
    else if (over.length > 0) this.counts.restrictionsOverWays++
    for (const fromWay of place ? from : [])
      for (const toWay of to) this.restrictions.push({ ...found, fromWay, toWay, via: place! })
  }

  /** undefined when no street is left. */
  finish(minIslandMetres: number | undefined): BuiltStreets | undefined {
    this.nodes.sort()
    this.counts.nodesInside = this.nodes.length
    this.refsBegin.push(this.refs.length)
    const rims = this.claimRims()
    const builder = new StreetBuilder()
    // row of a rim → the builder's nodes along it, when all are there
    const lines = new Map<number, number[]>()
    const uses = new Uint8Array(this.nodes.length)
    const builderNode = new Uint32Array(this.nodes.length).fill(NONE)
    const part: number[] = []
    for (let w = 0; w < this.wayId.length; w++) {
      const street = this.street[w]
      if (!street) continue
      let parts = 0
      const endPart = (): void => {
        if (part.length > 1 && builder.addWay({ id: this.wayId[w]!, ...street }, part)) parts++
        part.length = 0
      }
      let known = 0
      for (let r = this.refsBegin.data[w]!; r < this.refsBegin.data[w + 1]!; r++) {
        const row = this.nodes.find(this.refs.data[r]!)
        if (row < 0) {
          this.dropped.missingNode++
          endPart()
          continue
        }
        known++
        if (builderNode[row] === NONE)
          builderNode[row] = builder.addNode(
            this.nodes.lat.data[row]!,
            this.nodes.lon.data[row]!,
            this.nodes.traits.data[row]!,
          )
        part.push(builderNode[row]!)
        // the end of a ring is its beginning once more
        if (part[0] !== builderNode[row] || part.length === 1)
          uses[builderNode[row]!] = Math.min(2, uses[builderNode[row]!]! + 1)
      }
      if (rims.has(this.wayId[w]!) || isAreaRim(street.traits)) lines.set(w, [...part])
      endPart()
      if (parts > 0) this.counts.streets++
      else if (known > 0) this.dropped.streetTooShort++
    }
    this.drawAcross(builder, rims, lines, uses)
    for (const restriction of this.restrictions) {
      const row = 'node' in restriction.via ? this.nodes.find(restriction.via.node) : -1
      if ('ways' in restriction.via) builder.addRestriction(restriction)
      else if (row < 0 || builderNode[row] === NONE) this.dropped.brokenRestriction++
      else builder.addRestriction({ ...restriction, via: { node: builderNode[row]! } })
    }
    this.addSpots(builder, builderNode)
    const built = builder.finish(minIslandMetres)
    this.dropped.brokenRestriction += built?.brokenRestrictions ?? 0
    return built
  }

  /** A spot is where its node is, or in the middle of its way. */
  private addSpots(builder: StreetBuilder, builderNode: Uint32Array): void {
    for (const { nodes, ...spot } of this.spots) {
      const rows = nodes.map(id => this.nodes.find(id)).filter(row => row >= 0)
      if (rows.length === 0) continue
      this.counts.spots++
      const middle = (column: Int32Array): number =>
        Math.round(rows.reduce((sum, row) => sum + column[row]!, 0) / rows.length)
      const own = nodes.length === 1 ? builderNode[rows[0]!]! : NONE
      builder.addSpot({ ...spot, lat: middle(this.nodes.lat.data), lon: middle(this.nodes.lon.data) }, own)
    }
  }

  /** Ways without tags of their own become what their multipolygon is; gives id → row of all its ways. */
  private claimRims(): ReadonlyMap<number, number> {
    const wanted = new Set(this.squares.flatMap(square => square.ways))
    const rowOf = new Map<number, number>()
    if (wanted.size > 0) for (const [row, id] of this.wayId.entries()) if (wanted.has(id)) rowOf.set(id, row)
    for (const { street, ways } of this.squares)
      for (const way of ways) {
        const row = rowOf.get(way)
        if (row === undefined) this.dropped.missingRim++
        else this.street[row] ??= street
      }
    return rowOf
  }

  /** Ways across squares: closed ways that are areas, and multipolygons of which every rim is there. */
  private drawAcross(
    builder: StreetBuilder,
    rims: ReadonlyMap<number, number>,
    lines: ReadonlyMap<number, readonly number[]>,
    uses: Uint8Array,
  ): void {
    const cross = (way: number, street: Street, rings: readonly (readonly number[])[]): void => {
      const pairs = linesAcross<number>({
        rings,
        lat: node => builder.latOf(node),
        lon: node => builder.lonOf(node),
        meets: node => uses[node]! > 1,
      })
      if (pairs.length === 0) return
      this.counts.squares++
      this.counts.linesAcross += pairs.length
      for (const pair of pairs) builder.addWay({ id: way, ...street, traits: withoutRim(street.traits) }, pair)
    }
    for (const { street, ways } of this.squares) {
      const found = ways.map(way => lines.get(rims.get(way) ?? -1))
      if (found.length === 0 || found.some(line => line === undefined)) continue
      const rings = assembleRings(found as readonly (readonly number[])[])
      if (rings.length > 0) cross(ways[0]!, street, rings)
    }
    for (const [row, line] of lines) {
      const street = this.street[row]!
      if (rims.has(this.wayId[row]!) || !isAreaRim(street.traits) || !walkableAreas.has(kindOf(street.traits))) continue
      const rings = assembleRings([line])
      if (rings.length > 0) cross(this.wayId[row]!, street, rings)
    }
  }
}
