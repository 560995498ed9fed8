// Ways in any order → the street graph: junctions found, ways cut there into edges, islands left out, nodes and edges put in order.
//
//   way 1   a──b──c──d          a node is used once by each way, the ends of a way count twice;
//   way 2   e──────c            used twice, or with a barrier: a junction        edges: a─c (bent at b), c─d, e─c

import Flatbush from 'flatbush'
import { GrowColumn } from '../core/columns.ts'
import { verify } from '../core/errors.ts'
import { metresBetween } from '../core/geo.ts'
import { hilbertOrder } from '../core/hilbert.ts'
import { NONE } from '../core/ids.ts'
import { StringPool } from '../core/strings.ts'
import { putBeside } from './beside.ts'
import { accessOf, createStreetGraph, openStreetGraph, type StreetColumns, type StreetGraph } from './graph.ts'
import { closeIslands, type IslandReport } from './islands.ts'
import { markKerbs } from './kerbs.ts'
import { sortsOf } from './sorts.ts'
import { fillSpots, needsNode, type Spot } from './spots.ts'
import { arcsOf, turnsOf } from './turns.ts'

/** What all edges of a way have in common. */
export interface Way {
  /** Id of the OSM way. */
  readonly id: number
  /** Both packed, see graph.ts. */
  readonly traits: number
  readonly form: number
  readonly name: string
  /** Floors at its first and last node, in halves. */
  readonly fromLevel: number
  readonly toLevel: number
}

/** Pieces of ways between junctions, not yet numbered for good: nodes are the builder's. */
export interface Pieces {
  readonly way: Uint32Array
  readonly from: Uint32Array
  readonly to: Uint32Array
  /** First and last position in the list of way nodes, both included. */
  readonly first: Uint32Array
  readonly last: Uint32Array
  readonly millimetres: Uint32Array
  readonly traits: Uint32Array
  readonly form: Uint32Array
}

/** A turn that is not allowed (or, `only`, the only one that is), from one way to another at a node or over ways. */
export interface Restriction {
  readonly only: boolean
  /** Ids of OSM ways. */
  readonly fromWay: number
  readonly toWay: number
  readonly via: { readonly node: number } | { readonly ways: readonly number[] }
  /** A bit per mode. */
  readonly modes: number
}

export interface BuiltStreets {
  readonly graph: StreetGraph
  readonly islands: IslandReport
  /** Restrictions whose ways do not meet as they say. */
  readonly brokenRestrictions: number
}

type Columns8 = [U32, U32, U32, U32, U32, U32, U32, U32]
type U32 = GrowColumn<Uint32Array>
const u32 = (): GrowColumn<Uint32Array> => new GrowColumn(Uint32Array)

export class StreetBuilder {
  private readonly nodeLat = new GrowColumn(Int32Array)
  private readonly nodeLon = new GrowColumn(Int32Array)
  private readonly nodeTraits = new GrowColumn(Uint16Array)
  private readonly wayId = u32()
  private readonly wayTraits = u32()
  private readonly wayForm = u32()
  private readonly wayName = u32()
  private readonly wayLevels = new GrowColumn(Int32Array) // from, to, from, to …
  private wayBegin = u32()
  private wayNodes = u32()
  private readonly names = new StringPool()
  private readonly restrictions: Restriction[] = []
  private readonly spots: Spot[] = []
  /** Where each is on the streets, NONE as long as nobody knows. */
  private readonly spotNode: number[] = []

  /** A place in 1e-7 degrees; `traits` as in StreetGraph.nodeTraits. */
  addNode(lat: number, lon: number, traits = 0): number {
    this.nodeLat.push(lat)
    this.nodeLon.push(lon)
    return this.nodeTraits.push(traits)
  }

  /** A way over these nodes; false if it does not lead anywhere (fewer than two different nodes). */
  addWay(way: Way, nodes: ArrayLike<number>): boolean {
    const begin = this.wayNodes.length
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i]!
      verify(node < this.nodeLat.length, () => `way ${way.id} names node ${node} of ${this.nodeLat.length}`)
      if (i === 0 || node !== nodes[i - 1]) this.wayNodes.push(node)
    }
    if (this.wayNodes.length - begin < 2) {
      this.wayNodes.length = begin
      return false
    }
    this.wayBegin.push(begin)
    this.wayId.push(way.id)
    this.wayTraits.push(way.traits)
    this.wayForm.push(way.form)
    this.wayName.push(this.names.intern(way.name))
    this.wayLevels.push(way.fromLevel)
    this.wayLevels.push(way.toLevel)
    return true
  }

  /** @param node of the ways, where it is one; else the nearest way gets a node for it, if it needs one */
  addSpot(spot: Spot, node = NONE): void {
    this.spots.push(spot)
    this.spotNode.push(node)
    if (node !== NONE) this.nodeTraits.data[node]! |= spot.nodeTraits
  }

  /** 1e-7 degrees */
  latOf(node: number): number {
    return this.nodeLat.data[node]!
  }

  lonOf(node: number): number {
    return this.nodeLon.data[node]!
  }

  addRestriction(restriction: Restriction): void {
    this.restrictions.push(restriction)
  }

  /**
   * @param minIslandMetres a part of a mode's network shorter than this in all, unless it is the longest, is closed to the mode
   * @returns undefined when no edge is left
   */
  finish(minIslandMetres = 3000): BuiltStreets | undefined {
    this.wayBegin.push(this.wayNodes.length)
    this.placeSpots()
    const pieces = this.cut(this.junctions())
    markKerbs(pieces, this.nodeTraits.view())
    const islands = closeIslands(pieces, this.nodeTraits.view(), minIslandMetres)
    const kept = pieces.traits.reduce((n, traits) => n + (accessOf(traits) === 0 ? 0 : 1), 0)
    return kept === 0 ? undefined : { ...this.number(pieces, kept), islands }
  }

  /** Gives spots beside ways their nodes: those of the ways, or new ones between them. */
  private placeSpots(): void {
    const wanted = [...this.spots.keys()].filter(s => this.spotNode[s] === NONE && needsNode(this.spots[s]!))
    if (wanted.length === 0) return
    const lines = {
      begin: this.wayBegin,
      traits: this.wayTraits.data,
      nodes: this.wayNodes,
      lat: this.nodeLat,
      lon: this.nodeLon,
    }
    const { begin, nodes, nodeOf } = putBeside(
      lines,
      wanted.map(s => this.spots[s]!),
      (lat, lon) => this.addNode(lat, lon),
    )
    this.wayBegin = begin
    this.wayNodes = nodes
    for (const [i, node] of nodeOf) {
      this.spotNode[wanted[i]!] = node
      this.nodeTraits.data[node]! |= this.spots[wanted[i]!]!.nodeTraits
    }
  }

  private junctions(): Uint8Array {
    const nodes = this.wayNodes.data
    const use = new Uint8Array(this.nodeLat.length)
    for (let i = 0; i < this.wayNodes.length; i++) if (use[nodes[i]!]! < 2) use[nodes[i]!]!++
    for (let w = 0; w < this.wayId.length; w++) {
      use[nodes[this.wayBegin.data[w]!]!] = 2
      use[nodes[this.wayBegin.data[w + 1]! - 1]!] = 2
    }
    for (let n = 0; n < use.length; n++) if (this.nodeTraits.data[n] !== 0) use[n] = 2
    for (const node of this.spotNode) if (node !== NONE) use[node] = 2
    return use
  }

  private cut(use: Uint8Array): Pieces {
    const nodes = this.wayNodes.data
    const [way, from, to, first, last, millimetres, traits, form] = Array.from({ length: 8 }, u32) as Columns8
    for (let w = 0; w < this.wayId.length; w++) {
      const end = this.wayBegin.data[w + 1]!
      let begin = this.wayBegin.data[w]!
      let metres = 0
      for (let i = begin + 1; i < end; i++) {
        metres += this.metres(nodes[i - 1]!, nodes[i]!)
        if (use[nodes[i]!] !== 2) continue
        way.push(w)
        from.push(nodes[begin]!)
        to.push(nodes[i]!)
        first.push(begin)
        last.push(i)
        millimetres.push(Math.max(1, Math.round(metres * 1000)))
        traits.push(this.wayTraits.data[w]!)
        form.push(this.wayForm.data[w]!)
        begin = i
        metres = 0
      }
    }
    return {
      way: way.view(),
      from: from.view(),
      to: to.view(),
      first: first.view(),
      last: last.view(),
      millimetres: millimetres.view(),
      traits: traits.view(),
      form: form.view(),
    }
  }

  private metres(a: number, b: number): number {
    const { nodeLat, nodeLon } = this
    return metresBetween(nodeLat.data[a]!, nodeLon.data[a]!, nodeLat.data[b]!, nodeLon.data[b]!)
  }

  private number(pieces: Pieces, edges: number): Pick<BuiltStreets, 'graph' | 'brokenRestrictions'> {
    // nodes that an edge still touches, along the curve; old → new
    const touched = new Uint8Array(this.nodeLat.length)
    let points = 0
    for (let p = 0; p < pieces.way.length; p++) {
      if (accessOf(pieces.traits[p]!) === 0) continue
      touched[pieces.from[p]!] = 1
      touched[pieces.to[p]!] = 1
      points += pieces.last[p]! - pieces.first[p]! - 1
    }
    const order = hilbertOrder(this.nodeLat.view(), this.nodeLon.view(), touched)
    const numberOf = new Uint32Array(this.nodeLat.length).fill(NONE)
    for (let n = 0; n < order.length; n++) numberOf[order[n]!] = n

    // edges by their first node: counting sort
    const begin = new Uint32Array(order.length + 1)
    for (let p = 0; p < pieces.way.length; p++)
      if (accessOf(pieces.traits[p]!) !== 0) begin[numberOf[pieces.from[p]!]! + 1]!++
    for (let n = 0; n < order.length; n++) begin[n + 1]! += begin[n]!
    const pieceOf = new Uint32Array(edges)
    for (let p = 0; p < pieces.way.length; p++)
      if (accessOf(pieces.traits[p]!) !== 0) pieceOf[begin[numberOf[pieces.from[p]!]!]!++] = p

    const spotNode = this.spotNode.map(node => (node === NONE ? NONE : numberOf[node]!))
    const spotName = this.spots.map(spot => this.names.intern(spot.name))
    const index = this.indexBoxes(pieces, pieceOf)
    const sorts = sortsOf(pieces, pieceOf)
    const arcs = arcsOf(
      order.length,
      pieceOf.map(p => numberOf[pieces.from[p]!]!),
      pieceOf.map(p => numberOf[pieces.to[p]!]!),
    )
    const turns = turnsOf(
      arcs,
      pieceOf.map(p => this.wayId.data[pieces.way[p]!]!),
      this.restrictions.map(r => ('node' in r.via ? { ...r, via: { node: numberOf[r.via.node]! } } : r)),
    )
    const columns = createStreetGraph({
      nodes: order.length,
      edges,
      points,
      sorts: sorts.traits.length,
      turns: turns.node.length,
      bans: turns.banArc.length,
      spots: this.spots.length,
      zoneRings: 0,
      zonePoints: 0,
      strings: this.names.begin.length - 1,
      stringBytes: this.names.bytes.length,
      indexBytes: index.byteLength,
    })
    columns.stringBegin.set(this.names.begin.view())
    columns.stringBytes.set(this.names.bytes.view())
    columns.index.set(index)
    for (let n = 0; n < order.length; n++) {
      columns.nodeLat[n] = this.nodeLat.data[order[n]!]!
      columns.nodeLon[n] = this.nodeLon.data[order[n]!]!
      columns.nodeTraits[n] = this.nodeTraits.data[order[n]!]!
    }
    columns.edgeSort.set(sorts.ofEdge)
    columns.sortTraits.set(sorts.traits)
    columns.sortForm.set(sorts.form)
    columns.arcsBegin.set(arcs.begin)
    columns.arcEdge.set(arcs.edge)
    columns.arcTo.set(arcs.to)
    columns.turnNode.set(turns.node)
    columns.turnModes.set(turns.modes)
    columns.bansBegin.set(turns.bansBegin)
    columns.banArc.set(turns.banArc)
    columns.banModes.set(turns.banModes)
    columns.banTurn.set(turns.banTurn)
    this.fillEdges(columns, pieces, pieceOf, numberOf)
    fillSpots(columns, this.spots, spotNode, spotName)
    return { graph: openStreetGraph(columns.buffer), brokenRestrictions: turns.broken }
  }

  private indexBoxes(pieces: Pieces, pieceOf: Uint32Array): Uint8Array {
    const index = new Flatbush(pieceOf.length, 16, Int32Array)
    for (const p of pieceOf) {
      let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity]
      for (let i = pieces.first[p]!; i <= pieces.last[p]!; i++) {
        const node = this.wayNodes.data[i]!
        west = Math.min(west, this.nodeLon.data[node]!)
        east = Math.max(east, this.nodeLon.data[node]!)
        south = Math.min(south, this.nodeLat.data[node]!)
        north = Math.max(north, this.nodeLat.data[node]!)
      }
      index.add(west, south, east, north)
    }
    index.finish()
    return new Uint8Array(index.data)
  }

  private fillEdges(columns: StreetColumns, pieces: Pieces, pieceOf: Uint32Array, numberOf: Uint32Array): void {
    let point = 0
    for (let e = 0; e < pieceOf.length; e++) {
      const p = pieceOf[e]!
      const w = pieces.way[p]!
      columns.edgeFrom[e] = numberOf[pieces.from[p]!]!
      columns.edgeTo[e] = numberOf[pieces.to[p]!]!
      columns.edgeMillimetres[e] = pieces.millimetres[p]!
      columns.edgeName[e] = this.wayName.data[w]!
      columns.edgeWay[e] = this.wayId.data[w]!
      // stairs cut by a landing: its floor lies between those of the way's ends
      const [fromLevel, toLevel] = [this.wayLevels.data[2 * w]!, this.wayLevels.data[2 * w + 1]!]
      const [start, span] = [this.wayBegin.data[w]!, this.wayBegin.data[w + 1]! - 1 - this.wayBegin.data[w]!]
      const levelAt = (i: number): number => Math.round(fromLevel + ((toLevel - fromLevel) * (i - start)) / span)
      columns.edgeFromLevel[e] = levelAt(pieces.first[p]!)
      columns.edgeToLevel[e] = levelAt(pieces.last[p]!)
      columns.pointsBegin[e] = point
      for (let i = pieces.first[p]! + 1; i < pieces.last[p]!; i++, point++) {
        columns.pointLat[point] = this.nodeLat.data[this.wayNodes.data[i]!]!
        columns.pointLon[point] = this.nodeLon.data[this.wayNodes.data[i]!]!
      }
    }
    columns.pointsBegin[pieceOf.length] = point
  }
}
