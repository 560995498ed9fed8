// Why two programs go different ways on the same map (valhalla.ts): each one's way is laid on the other's map, edge by edge, and that one's own
// costs say what is in it: closed, by which tag; or dearer, by which kind of way or wish.

import { E7, metresBetween } from '#engine/core/geo.ts'
import type { EdgeIdx } from '#engine/core/ids.ts'
import type { Costs } from '#engine/street/costs.ts'
import { formOf, type StreetGraph, traitsOf } from '#engine/street/graph.ts'
import type { StreetPath } from '#engine/street/path.ts'
import { Profile } from '#engine/street/profile.ts'
import { isPushed } from '#engine/street/pushing.ts'
import { pushStretch, type Stretch } from '#engine/street/stretch.ts'
import { isArea } from '#feeds/osm/tags.ts'
import { blame, layer, type MapTags, type TheirEdge, theirShares, weigh } from './laid.ts'

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
  const lost = !summary || Math.abs(summary.length * 1000 - path.metres) > 0.05 * path.metres + 30
  const pushed = costing === 'bicycle' ? longestPushed(g, path) : undefined
  // what they take a pushed piece for says nothing
  if (pushed !== undefined && (lost || summary.cost < trip.summary.cost)) return ['pushed here', g.edgeWay[pushed]!]
  if (lost) {
    const [why, way] = await breaksOff(tracer, g, costing, path, tags)
    return [`closed there: ${why}`, way]
  }
  if (summary.cost < trip.summary.cost * 0.995) return ['cheaper there: not found', edges[0]?.way ?? 0]
  const [kind, way] = blame(theirShares(edges), trip.summary.cost, trip.summary.length * 1000)
  return [`${summary.time > trip.summary.time ? 'slower there' : 'quicker there, but with penalties'}: ${kind}`, way]
}

/** The edge on which a bicycle is pushed farthest, if any. */
function longestPushed(g: StreetGraph, { stretches }: StreetPath): EdgeIdx | undefined {
  const length = ({ fromMm, toMm }: Stretch): number => Math.abs(toMm - fromMm)
  return stretches
    .filter(s => length(s) > 0)
    .filter(s => isPushed(Profile.bike.mode, traitsOf(g, s.edge), formOf(g, s.edge), s.fromMm > s.toMm ? 1 : 0))
    .sort((a, b) => length(b) - length(a))[0]?.edge
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
