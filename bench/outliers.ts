// Why two programs go different ways on the same map (valhalla.ts): each one's way is laid on the other's map, edge by edge, and that one's own
// costs say what is in it: closed, by which tag; or dearer, by which kind of way or wish.

import { createOSMStream } from 'osm-pbf-parser-node'
import { E7, metresBetween } from '#engine/core/geo.ts'
import type { EdgeIdx } from '#engine/core/ids.ts'
import { NEVER } from '#engine/core/time.ts'
import { type Costs, judgeWay, leaveMs } from '#engine/street/costs.ts'
import { formOf, kindNames, kindOf, mayGo, type StreetGraph, traitsOf } from '#engine/street/graph.ts'
import { mayTurn } from '#engine/street/labels.ts'
import type { StreetPath } from '#engine/street/path.ts'
import type { Profile } from '#engine/street/profile.ts'
import { edgePoints, pushStretch, type Stretch } from '#engine/street/stretch.ts'
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
interface TheirEdge {
  readonly way: number
  readonly use: string
  readonly metres: number
  readonly cost: number
  /** lat, lon, … in 1e-7 degrees */
  readonly points: readonly number[]
}

/** Lays ways of OSM over our edges. */
function layer(g: StreetGraph): (edges: readonly TheirEdge[]) => { laid: Stretch[]; missing: TheirEdge[] } {
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

interface Weighed {
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
function weigh(g: StreetGraph, costs: Costs, laid: readonly Stretch[], tags: MapTags): Weighed {
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
function blame(byKind: ReadonlyMap<string, Share>, otherCost: number, otherMetres: number): [string, number] {
  let [name, way, worst] = ['length', 0, 0]
  const each = otherCost / Math.max(1, otherMetres)
  for (const [kind, { cost, metres, way: dearest }] of byKind) {
    const excess = cost - each * metres
    if (excess > worst) [name, way, worst] = [kind, dearest, excess]
  }
  return [name, way]
}

function theirShares(edges: readonly TheirEdge[]): Map<string, Share> {
  const byKind = new Map<string, Share>()
  for (const { use, way, metres, cost } of edges) add(byKind, use, way, cost, 0, metres)
  return byKind
}

/** Where our way breaks off there: the first piece that is no way there, or the first two that do not follow each other. */
async function breaksOff(
  tracer: Tracer,
  g: StreetGraph,
  costing: string,
  path: StreetPath,
  tags: MapTags,
): Promise<Reason> {
  const pieces = path.stretches.filter(({ fromMm, toMm }) => fromMm !== toMm)
  const goes = async (some: readonly Stretch[]): Promise<boolean> => {
    const points: number[] = []
    for (const piece of some) pushStretch(g, piece, points)
    const found = await edgesOf(tracer, costing, { shape: shapeOf(points), shape_match: 'map_snap' })
    const metres = some.reduce((sum, { fromMm, toMm }) => sum + Math.abs(toMm - fromMm) / 1000, 0)
    const ways = new Set(found.map(({ way }) => way))
    return (
      Math.abs(found.reduce((sum, edge) => sum + edge.metres, 0) - metres) < 8 + metres * 0.05 &&
      some.every(({ edge, fromMm, toMm }) => Math.abs(toMm - fromMm) < 8000 || ways.has(g.edgeWay[edge]!))
    )
  }
  for (const [i, piece] of pieces.entries()) {
    const next = pieces[i + 1]
    const way = g.edgeWay[piece.edge]!
    if (!(await goes([piece]))) return [wordsOf(tags, way), way]
    if (next && !(await goes([piece, next])) && (await goes([next])))
      return [`a turn from ${wordsOf(tags, way)} to ${wordsOf(tags, g.edgeWay[next.edge]!)}`, way]
  }
  return ['nowhere piece by piece', g.edgeWay[pieces[0]!.edge]!]
}

/** What decides of a way who may use it. */
function wordsOf({ ways, rims }: MapTags, way: number): string {
  const said = ways.get(way) ?? new Map<string, string>()
  if (isArea(said) || rims.has(way)) return 'a square or platform walked across'
  const access = ['access', 'foot', 'bicycle', 'vehicle', 'motor_vehicle', 'motorcar', 'oneway', 'oneway:bicycle']
  return ['highway', 'railway', 'route', ...access]
    .flatMap(key => (said.has(key) ? `${key}=${said.get(key)}` : []))
    .join(' ')
}

const shapeOf = (points: readonly number[]): { lat: number; lon: number }[] =>
  Array.from({ length: points.length / 2 }, (_, i) => ({ lat: points[i * 2]! / E7, lon: points[i * 2 + 1]! / E7 }))

// ── both together ─────────────────────────────────────────────────────────────────────────────────────────────────────
export interface Tracer {
  traceRoute(query: string): Promise<string>
  traceAttributes(query: string): Promise<string>
}

/** Valhalla's answer: kilometres, seconds, its own cost; the line with six digits behind the point. */
export interface Trip {
  readonly summary: { readonly length: number; readonly time: number; readonly cost: number }
  readonly legs: readonly { readonly shape: string }[]
}

export interface Explained {
  /** Why the longer of the two is not like the shorter, by the word of the one that goes it. */
  readonly reason: string
  /** The OSM way that shows it best. */
  readonly way: number
  /** What each says of the other one's way. */
  readonly both: string
}

/** Metres from where both were asked to begin or end. */
const ELSEWHERE = 3

export function explainer(tracer: Tracer, graph: StreetGraph, tags: MapTags, costing: string) {
  const lay = layer(graph)
  const theirEdges = async (trip: Trip): Promise<TheirEdge[]> => {
    const query = { encoded_polyline: trip.legs[0]!.shape }
    const walked = await edgesOf(tracer, costing, { ...query, shape_match: 'edge_walk' })
    return walked.length > 0 ? walked : edgesOf(tracer, costing, { ...query, shape_match: 'map_snap' })
  }
  return {
    /** Both have a way, of different lengths. */
    async outlier(costs: Costs, path: StreetPath, trip: Trip): Promise<Explained> {
      const theirs = await theirEdges(trip)
      const line = decodeLine(trip.legs[0]!.shape)
      if (apart(path.points, line, 0) > ELSEWHERE || apart(path.points, line, -2) > ELSEWHERE)
        return { reason: 'there it begins or ends on another street', way: theirs[0]?.way ?? 0, both: '' }
      const here = theirWayHere(graph, costs, path, tags, lay(theirs))
      const there = await ourWayThere(tracer, graph, costing, path, tags, trip)
      const [reason, way] = path.metres > trip.summary.length * 1000 ? here : there
      return { reason, way, both: `theirs here: ${here.join(' ')}; ours there: ${there.join(' ')}` }
    },
    /** Only they have one. */
    async onlyThere(costs: Costs, asked: readonly number[], trip: Trip): Promise<Explained> {
      const line = decodeLine(trip.legs[0]!.shape)
      if (apart(asked, line, 0) > ELSEWHERE || apart(asked, line, -2) > ELSEWHERE)
        return { reason: 'only there; it begins or ends on another street', way: 0, both: '' }
      const { laid, missing } = lay(await theirEdges(trip))
      const [reason, way] = closedHere(graph, costs, tags, laid, missing) ?? ['open here, piece by piece', 0]
      return { reason: `only there; ${reason}`, way, both: '' }
    },
  }
}

type Reason = readonly [string, number]

function closedHere(
  g: StreetGraph,
  costs: Costs,
  tags: MapTags,
  laid: readonly Stretch[],
  missing: readonly TheirEdge[],
): Reason | undefined {
  const lost = missing[0]
  if (lost) return [`no street here: ${wordsOf(tags, lost.way)}`, lost.way]
  const closed = weigh(g, costs, laid, tags).closed[0]
  return closed && [`closed here: ${closed.why}`, closed.way]
}

function theirWayHere(
  g: StreetGraph,
  costs: Costs,
  path: StreetPath,
  tags: MapTags,
  { laid, missing }: { laid: Stretch[]; missing: TheirEdge[] },
): Reason {
  const closed = closedHere(g, costs, tags, laid, missing)
  if (closed) return closed
  if (laid.length === 0) return ['their own way cannot be traced', 0]
  const [ours, other] = [weigh(g, costs, path.stretches, tags), weigh(g, costs, laid, tags)]
  if (other.cost < ours.cost * 0.995) return ['CHEAPER HERE', g.edgeWay[path.stretches[0]!.edge]!]
  const [kind, way] = blame(other.byKind, ours.cost, path.metres)
  return [`${other.seconds > ours.seconds ? 'slower here' : 'quicker here, but against the wishes'}: ${kind}`, way]
}

async function ourWayThere(
  tracer: Tracer,
  g: StreetGraph,
  costing: string,
  path: StreetPath,
  tags: MapTags,
  trip: Trip,
): Promise<Reason> {
  const query = { shape: shapeOf(path.points), shape_match: 'map_snap' }
  const answer = await tracer
    .traceRoute(JSON.stringify({ ...query, costing, directions_type: 'none' }))
    .catch(() => undefined)
  const summary: Trip['summary'] | undefined = answer && JSON.parse(answer).trip.summary
  const edges = await edgesOf(tracer, costing, query)
  if (!summary || Math.abs(summary.length * 1000 - path.metres) > 0.05 * path.metres + 30) {
    const [why, way] = await breaksOff(tracer, g, costing, path, tags)
    return [`closed there: ${why}`, way]
  }
  if (summary.cost < trip.summary.cost * 0.995) return ['cheaper there: not found', edges[0]?.way ?? 0]
  const [kind, way] = blame(theirShares(edges), trip.summary.cost, trip.summary.length * 1000)
  return [`${summary.time > trip.summary.time ? 'slower there' : 'quicker there, but with penalties'}: ${kind}`, way]
}

/** The edges of a line; none if it cannot be matched. */
async function edgesOf(tracer: Tracer, costing: string, query: object): Promise<TheirEdge[]> {
  const answer = await tracer.traceAttributes(JSON.stringify({ ...query, costing })).catch(() => undefined)
  if (!answer) return []
  const { edges, shape } = JSON.parse(answer)
  const points = decodeLine(shape)
  let before = 0
  return edges.map((edge: TracedEdge): TheirEdge => {
    const until = edge.end_node?.elapsed_cost ?? before
    const cost = until - before
    before = until
    return {
      way: edge.way_id,
      use: edge.use === 'road' ? edge.road_class : edge.use,
      metres: edge.length * 1000,
      cost,
      points: points.slice(edge.begin_shape_index * 2, edge.end_shape_index * 2 + 2),
    }
  })
}

interface TracedEdge {
  readonly way_id: number
  readonly use: string
  readonly road_class: string
  readonly length: number
  readonly begin_shape_index: number
  readonly end_shape_index: number
  readonly end_node?: { readonly elapsed_cost?: number }
}

/** lat, lon, … in 1e-7 degrees of a polyline with six digits. */
function decodeLine(text: string): number[] {
  const points: number[] = []
  const last = [0, 0]
  for (let at = 0, axis = 0; at < text.length; axis ^= 1) {
    let [value, shift, byte] = [0, 0, 0]
    do {
      byte = text.charCodeAt(at++) - 63
      value |= (byte & 31) << shift
      shift += 5
    } while (byte >= 32)
    last[axis]! += value & 1 ? ~(value >> 1) : value >> 1
    points.push(last[axis]! * 10)
  }
  return points
}

const apart = (a: readonly number[], b: readonly number[], at: number): number =>
  metresBetween(a.at(at)!, a.at(at + 1)!, b.at(at)!, b.at(at + 1)!)
