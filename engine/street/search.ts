// What a worker needs to ask the streets, and the question asked most: which stops are near a point?

import { E7 } from '../core/geo.ts'
import { NEVER } from '../core/time.ts'
import { BucketQueue } from './buckets.ts'
import { mayUse, type StreetGraph } from './graph.ts'
import type { StopLinks } from './links.ts'
import { type Costs, costsOf, leaveMs, Profile, partMs } from './modes.ts'
import { flood } from './shortest.ts'
import { type Place, snap } from './snap.ts'

export interface StreetSearch {
  readonly graph: StreetGraph
  readonly links: StopLinks
  /** node → best time so far, NEVER if not reached */
  readonly nodeMs: Int32Array
  /** node → arc by which it was reached; FIRST is set if the search began somewhere on that arc's edge */
  readonly nodeArc: Uint32Array
  /** Nodes with a label. */
  readonly touched: Uint32Array
  touchedCount: number
  readonly queue: BucketQueue
  profile: Profile
  speed: number
  costs: Costs
  /** Length of a degree of longitude against one of latitude, at the end of the map where it is smallest. */
  readonly shrink: number
  /** What reachStops gives, and its scratch: stop → ms. */
  readonly reached: { readonly stops: Uint32Array; readonly seconds: Int32Array; count: number }
  readonly stopMs: Int32Array
}

/** The search state of one worker. */
export function createStreetSearch(graph: StreetGraph, links: StopLinks): StreetSearch {
  const { nodes } = graph.counts
  const { stops } = links.counts
  const farthest = graph.nodeLat.reduce((most, lat) => Math.max(most, Math.abs(lat)), 0)
  return {
    graph,
    links,
    nodeMs: new Int32Array(nodes).fill(NEVER),
    nodeArc: new Uint32Array(nodes),
    touched: new Uint32Array(nodes),
    touchedCount: 0,
    queue: new BucketQueue(),
    profile: Profile.foot,
    speed: Profile.foot.speed,
    costs: costsOf(Profile.foot, Profile.foot.speed),
    shrink: Math.cos((farthest / E7) * (Math.PI / 180)),
    reached: { stops: new Uint32Array(stops), seconds: new Int32Array(stops), count: 0 },
    stopMs: new Int32Array(stops).fill(NEVER),
  }
}

/** From now on this traveller; the tables are made anew only when another comes. */
export function travelAs(search: StreetSearch, profile: Profile, speed: number): Costs {
  if (search.profile !== profile || search.speed !== speed) {
    search.profile = profile
    search.speed = speed
    search.costs = costsOf(profile, speed)
  }
  return search.costs
}

export interface Travel {
  readonly profile: Profile
  /** m/s */
  readonly speed: number
  readonly maxSeconds: number
}

export interface PointTravel extends Travel {
  /** Metres from the point to the nearest usable street. */
  readonly maxMatchingDistance: number
}

/** Boardable stops and the seconds to (or from) each, rounded up; the arrays are the search's own and filled up to `count`. */
export type ReachedStops = StreetSearch['reached']

/**
 * The stops within `maxSeconds` of a point.
 * @param lat, lon 1e-7 degrees
 * @param options.reverse from the stops to the point
 */
export function reachStops(
  search: StreetSearch,
  lat: number,
  lon: number,
  options: PointTravel & { readonly reverse: boolean },
): ReachedStops {
  const place = snap(search.graph, lat, lon, options.maxMatchingDistance, traits =>
    mayUse(traits, options.profile.mode),
  )
  search.reached.count = 0
  return place ? reachFrom(search, place, options, options.reverse) : search.reached
}

/** The stops around a place on the streets. */
export function reachFrom(
  search: StreetSearch,
  place: Place,
  { profile, speed, maxSeconds }: Travel,
  reverse: boolean,
): ReachedStops {
  const { graph, links, reached, stopMs } = search
  const { entriesBegin, entryStop, entryArc, entryMm, linkOffsetMm } = links
  const costs = travelAs(search, profile, speed)
  const maxMs = Math.min(maxSeconds * 1000, NEVER - 1)
  const reverseBit = reverse ? 1 : 0
  reached.count = 0
  flood(search, place, maxMs, reverse)

  const offer = (stop: number, ms: number): void => {
    if (ms > maxMs) return
    const total = ms + Math.round(linkOffsetMm[stop]! * costs.plain)
    if (total > maxMs || total >= stopMs[stop]!) return
    if (stopMs[stop] === NEVER) reached.stops[reached.count++] = stop
    stopMs[stop] = total
  }
  for (let i = 0; i < search.touchedCount; i++) {
    const node = search.touched[i]!
    const [begin, end] = [entriesBegin[node]!, entriesBegin[node + 1]!]
    if (begin === end) continue
    const ms = search.nodeMs[node]!
    const leave = leaveMs(costs, graph.nodeTraits[node]!, ms)
    for (let e = begin; e < end; e++) {
      const traits = graph.edgeTraits[(entryArc[e]! >>> 1) as Place['edge']]
      const mm = entryMm[e]!
      offer(entryStop[e]!, (mm === 0 ? ms : leave) + partMs(costs, traits, (entryArc[e]! & 1) ^ reverseBit, mm))
    }
  }
  offerSameEdge(search, place, reverseBit, offer)

  for (let i = 0; i < reached.count; i++) {
    const stop = reached.stops[i]!
    reached.seconds[i] = Math.ceil(stopMs[stop]! / 1000)
    stopMs[stop] = NEVER
  }
  return reached
}

/** Stops on the very edge where the walk begins need no junction on the way. */
function offerSameEdge(
  { graph, links, costs }: StreetSearch,
  place: Place,
  reverse: number,
  offer: (stop: number, ms: number) => void,
): void {
  const from = graph.edgeFrom[place.edge]
  const traits = graph.edgeTraits[place.edge]
  const off = Math.round(place.offsetMm * costs.plain)
  for (let e = links.entriesBegin[from]!; e < links.entriesBegin[from + 1]!; e++) {
    if (links.entryArc[e] !== place.edge << 1) continue
    const mm = links.entryMm[e]! - place.alongMm
    offer(links.entryStop[e]!, off + partMs(costs, traits, (mm < 0 ? 1 : 0) ^ reverse, Math.abs(mm)))
  }
}
