// Ways of OSM laid on our graph, edge by edge, and weighed there: what they cost a traveller, and what closes them to him (outliers.ts).

import { createOSMStream } from 'osm-pbf-parser-node'
import { E7, metresBetween } from '#engine/core/geo.ts'
import type { EdgeIdx } from '#engine/core/ids.ts'
import { NEVER } from '#engine/core/time.ts'
import { type Costs, judgeWay, leaveMs } from '#engine/street/costs.ts'
import { formOf, kindNames, kindOf, mayGo, type StreetGraph, traitsOf } from '#engine/street/graph.ts'
import { mayTurn } from '#engine/street/labels.ts'
import type { Profile } from '#engine/street/profile.ts'
import { edgePoints, type Stretch } from '#engine/street/stretch.ts'
import { readNode } from '#feeds/osm/node-tags.ts'
import { isArea, readStreet, type Tags } from '#feeds/osm/tags.ts'

// ── the map's own words ───────────────────────────────────────────────────────────────────────────────────────────────
export interface MapTags {
  readonly ways: ReadonlyMap<number, Tags>
  /** `lat,lon` in 1e-7 degrees → tags of the node there, of those that a street may pass. */
  readonly nodes: ReadonlyMap<string, Tags>
  /** Ways that are the rim of an area by their multipolygon. */
  readonly rims: ReadonlySet<number>
}

type OsmItem = {
  readonly type: string
  readonly id: number
  readonly lat: number
  readonly lon: number
  readonly tags?: Record<string, string>
  readonly members?: readonly { readonly type: string; readonly ref: number }[]
}

export async function readTags(map: string): Promise<MapTags> {
  const ways = new Map<number, Tags>()
  const nodes = new Map<string, Tags>()
  const rims = new Set<number>()
  for await (const item of createOSMStream(map) as AsyncIterable<OsmItem>) {
    const tags = new Map(Object.entries(item.tags ?? {}))
    if (item.type === 'way') ways.set(item.id, tags)
    if (item.type === 'node' && readNode(tags) !== 0) nodes.set(placeKey(item.lat * E7, item.lon * E7), tags)
    if (item.type === 'relation' && isArea(tags)) for (const member of item.members ?? []) rims.add(member.ref)
  }
  return { ways, nodes, rims }
}

const placeKey = (lat: number, lon: number): string => `${Math.round(lat)},${Math.round(lon)}`

// ── their way on our map ──────────────────────────────────────────────────────────────────────────────────────────────
/** A piece of a way as Valhalla tells it. */
export interface TheirEdge {
  readonly way: number
  readonly use: string
  readonly metres: number
  readonly cost: number
  /** lat, lon, … in 1e-7 degrees */
  readonly points: readonly number[]
}

/** Lays ways of OSM over our edges. */
export function layer(g: StreetGraph): (edges: readonly TheirEdge[]) => { laid: Stretch[]; missing: TheirEdge[] } {
  const edgesOf = new Map<number, EdgeIdx[]>()
  for (let edge = 0; edge < g.counts.edges; edge++)
    edgesOf.getOrInsertComputed(g.edgeWay[edge]!, () => []).push(edge as EdgeIdx)
  return edges => {
    const laid: Stretch[] = []
    const missing: TheirEdge[] = []
    for (const edge of edges) {
      const own = edgesOf.get(edge.way) ?? []
      let lost = 0
      const lay = (lat1: number, lon1: number, lat2: number, lon2: number): void => {
        const metres = metresBetween(lat1, lon1, lat2, lon2)
        if (metres < 0.5) return
        for (const candidate of own) {
          const [from, to] = [alongEdge(g, candidate, lat1, lon1), alongEdge(g, candidate, lat2, lon2)]
          if (from === undefined || to === undefined || Math.abs(Math.abs(to - from) / 1000 - metres) > 1) continue
          const last = laid.at(-1)
          if (last?.edge === candidate && last.fromMm < last.toMm === from < to)
            laid[laid.length - 1] = { ...last, toMm: to }
          else laid.push({ edge: candidate, fromMm: from, toMm: to })
          return
        }
        // a junction that is none there may lie between
        const [lat, lon] = [(lat1 + lat2) / 2, (lon1 + lon2) / 2]
        if (metres < 4 || own.length === 0) lost += metres
        else {
          lay(lat1, lon1, lat, lon)
          lay(lat, lon, lat2, lon2)
        }
      }
      const p = edge.points
      for (let i = 0; i + 3 < p.length; i += 2) lay(p[i]!, p[i + 1]!, p[i + 2]!, p[i + 3]!)
      if (lost > 8) missing.push(edge)
    }
    return { laid, missing }
  }
}

/** How far along an edge a point lies, in millimetres; undefined: not on it. */
function alongEdge(g: StreetGraph, edge: EdgeIdx, lat: number, lon: number): number | undefined {
  const points = edgePoints(g, edge)
  let [at, best, nearest] = [0, 0, 1.5]
  for (let i = 0; i + 3 < points.length; i += 2) {
    const [lat1, lon1, lat2, lon2] = [points[i]!, points[i + 1]!, points[i + 2]!, points[i + 3]!]
    const shrink = Math.cos((lat1 / E7) * (Math.PI / 180))
    const [dx, dy] = [(lon2 - lon1) * shrink, lat2 - lat1]
    const share = ((lon - lon1) * shrink * dx + (lat - lat1) * dy) / (dx * dx + dy * dy || 1)
    const t = Math.min(1, Math.max(0, share))
    const off = metresBetween(lat, lon, lat1 + t * dy, lon1 + (t * dx) / shrink)
    const length = metresBetween(lat1, lon1, lat2, lon2) * 1000
    if (off < nearest) [nearest, best] = [off, at + t * length]
    at += length
  }
  return nearest < 1.5 ? Math.round(best) : undefined
}

export interface Weighed {
  readonly cost: number
  readonly seconds: number
  /** Kind → what it costs here, and its metres; `turns` are waits at nodes. */
  readonly byKind: ReadonlyMap<string, Share>
  readonly closed: readonly { readonly why: string; readonly way: number }[]
}

interface Share {
  cost: number
  seconds: number
  metres: number
  /** The way that costs most of it. */
  way: number
  most: number
}

/** What a way costs the traveller of `costs`, and everything that closes it to him. */
export function weigh(g: StreetGraph, costs: Costs, laid: readonly Stretch[], tags: MapTags): Weighed {
  const { mode } = costs.profile
  const byKind = new Map<string, Share>()
  const closed: { why: string; way: number }[] = []
  let label = -1
  for (const [i, s] of laid.entries()) {
    const backward = s.fromMm > s.toMm ? 1 : 0
    const mm = Math.abs(s.toMm - s.fromMm)
    const way = g.edgeWay[s.edge]!
    const at = (g.edgeSort[s.edge] << 1) | backward
    if (costs.pace[at] === Number.POSITIVE_INFINITY) closed.push({ why: whyClosed(g, s, costs.profile, tags), way })
    else {
      const cost = mm * costs.pace[at]!
      if (i > 0) {
        const node = backward ? g.edgeTo[s.edge] : g.edgeFrom[s.edge]
        const wait = leaveMs(costs, g.nodeTraits[node]!, 0)
        if (wait >= NEVER) closed.push({ why: whyStopped(g, node, tags), way })
        else if (wait > 0) add(byKind, 'signals and waits', way, wait, wait / 1000, 0)
      }
      if (label >= 0 && !mayTurn(g, label, (s.edge << 1) | backward, mode))
        closed.push({ why: 'turn restriction', way })
      add(byKind, kindNames[kindOf(traitsOf(g, s.edge))]!, way, cost, (mm * costs.time[at]!) / 1000, mm / 1000)
    }
    label = labelAfter(g, s.edge, backward)
  }
  const sum = (key: 'cost' | 'seconds') => [...byKind.values()].reduce((total, share) => total + share[key], 0)
  return { cost: sum('cost'), seconds: sum('seconds'), byKind, closed }
}

function add(shares: Map<string, Share>, kind: string, way: number, cost: number, seconds: number, metres: number) {
  const share = shares.getOrInsertComputed(kind, () => ({ cost: 0, seconds: 0, metres: 0, way: 0, most: 0 }))
  share.cost += cost
  share.seconds += seconds
  share.metres += metres
  if (cost > share.most) [share.way, share.most] = [way, cost]
}

function labelAfter(g: StreetGraph, edge: EdgeIdx, backward: number): number {
  const node = backward ? g.edgeTo[edge] : g.edgeFrom[edge]
  for (let a = g.arcsBegin[node]!; a < g.arcsBegin[node + 1]!; a++)
    if (g.arcEdge[a] === ((edge << 1) | backward)) return g.arcTo[a]!
  return -1
}

/** The tag without which the way would be open; or what kind of way it is. */
function whyClosed(g: StreetGraph, s: Stretch, profile: Profile, { ways }: MapTags): string {
  const { mode } = profile
  const backward = s.fromMm > s.toMm ? 1 : 0
  const tags = ways.get(g.edgeWay[s.edge]!) ?? new Map<string, string>()
  const open = (said: Tags): boolean => mayGo(readStreet(said)?.traits ?? 0, mode, backward)
  const limits = judgeWay(profile, traitsOf(g, s.edge), formOf(g, s.edge)).filter(([, passable]) => passable === 'no')
  if (limits.length > 0) return `limit of the traveller: ${limits[0]![0]}`
  if (open(tags)) return 'a pocket that only leads in, or out'
  for (const [key, value] of tags) {
    if (key === 'highway') continue
    if (open(new Map([...tags].filter(([other]) => other !== key)))) return `${key}=${value}`
  }
  return `highway=${tags.get('highway') ?? '?'} without a tag that opens it`
}

function whyStopped(g: StreetGraph, node: number, { nodes }: MapTags): string {
  const tags = nodes.get(placeKey(g.nodeLat[node]!, g.nodeLon[node]!))
  return tags?.has('barrier') ? `barrier=${tags.get('barrier')}` : 'node closed'
}

// ── which share of it is to blame ─────────────────────────────────────────────────────────────────────────────────────
/** The kind of way on which a way costs most above what the other one costs a metre, and the OSM way that costs most of it. */
export function blame(byKind: ReadonlyMap<string, Share>, otherCost: number, otherMetres: number): [string, number] {
  let [name, way, worst] = ['length', 0, 0]
  const each = otherCost / Math.max(1, otherMetres)
  for (const [kind, { cost, metres, way: dearest }] of byKind) {
    const excess = cost - each * metres
    if (excess > worst) [name, way, worst] = [kind, dearest, excess]
  }
  return [name, way]
}

export function theirShares(edges: readonly TheirEdge[]): Map<string, Share> {
  const byKind = new Map<string, Share>()
  for (const { use, way, metres, cost } of edges) add(byKind, use, way, cost, 0, metres)
  return byKind
}
