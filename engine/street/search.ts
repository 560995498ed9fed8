// What a worker needs to ask the streets, and the question asked most: which stops are near a point?

import { type Caller, patient } from '../core/caller.ts'
import { E7 } from '../core/geo.ts'
import type { EdgeIdx } from '../core/ids.ts'
import { NEVER } from '../core/time.ts'
import { BucketQueue } from './buckets.ts'
import { type Costs, costsOf, partMs } from './costs.ts'
import { placesAt, usedLink } from './ends.ts'
import { enduresEdge, enduresMs, labelNode } from './endurance.ts'
import { HOLDING_UP, type StreetGraph } from './graph.ts'
import { hurried } from './hurry.ts'
import type { StopLinks } from './links.ts'
import { Profile } from './profile.ts'
import { floodFrom, mayGoOn } from './shortest.ts'
import type { Place } from './snap.ts'
import { offMs, type Seed, type SeedNodes } from './start.ts'
import { type Endurance, MOST_LABELS } from './store-labels.ts'
import { makeSeconds } from './turning.ts'
import { unlimited } from './unlimited.ts'

export interface StreetSearch {
  readonly graph: StreetGraph
  readonly links: StopLinks
  readonly caller: Caller
  /** Of searches on the same streets, with one thing or another closed, the one whose turn it was last has the labels of all (start.ts). */
  readonly turn: { holder: StreetSearch | undefined }
  // labels are nodes, then turns (labels.ts), then second labels of nodes (turning.ts); of who has a store any number, and there may be more of
  // them (endurance.ts)
  /** label → lowest cost so far in ms, NEVER if not reached */
  nodeMs: Int32Array
  /** label → arc by which it was reached; FIRST is set if the search began somewhere on that arc's edge */
  nodeArc: Uint32Array
  /** label → the one before, NONE at the start's edge */
  nodeFrom: Uint32Array
  /** label → ms on the way; the same as nodeMs when no wishes are weighed */
  times: Int32Array
  ownTimes: Int32Array
  /** What has a label. */
  touched: Uint32Array
  touchedCount: number
  /** Has the time that is asked for ended ways of the last search? (hurry.ts) */
  cutOff: boolean
  /** Searches until now: who remembers it knows whether the labels are still those of his. */
  begun: number
  /** Nodes with a second label; made when somebody comes who loses time by turning round. */
  seconds: { readonly nodes: Uint32Array; count: number } | undefined
  readonly queue: BucketQueue
  costs: Costs
  /** Made when somebody with a store comes first; given back with the labels. */
  endurance: Endurance | undefined
  /** Of one search of who has a store; beyond it is TOO_LARGE. */
  readonly mostLabels: number
  /** Tables of the profiles asked for lately, by what they say. */
  readonly knownCosts: Map<string, Costs>
  /** Length of a degree of longitude against one of latitude, at the end of the map where it is smallest. */
  readonly shrink: number
  /** What reachStops gives, and its scratch: stop → cost, ms. */
  readonly reached: { readonly stops: Uint32Array; readonly seconds: Int32Array; count: number }
  readonly stopCost: Int32Array
  readonly stopMs: Int32Array
}

/** The search state of one worker. */
export function createStreetSearch(
  graph: StreetGraph,
  links: StopLinks,
  caller: Caller = patient,
  mostLabels: number = MOST_LABELS,
): StreetSearch {
  const search = withLabels(graph, links, caller, mostLabels, graph.counts.nodes + graph.counts.turns, {
    holder: undefined,
  })
  search.turn.holder = search
  return search
}

/** A search on the same streets, some of them closed: only one of the two has labels at a time. */
export const searchOn = (graph: StreetGraph, { links, caller, mostLabels, turn }: StreetSearch): StreetSearch =>
  withLabels(graph, links, caller, mostLabels, 0, turn)

function withLabels(
  graph: StreetGraph,
  links: StopLinks,
  caller: Caller,
  mostLabels: number,
  labels: number,
  turn: StreetSearch['turn'],
): StreetSearch {
  const { stops } = links.counts
  const farthest = graph.nodeLat.reduce((most, lat) => Math.max(most, Math.abs(lat)), 0)
  const nodeMs = new Int32Array(labels).fill(NEVER)
  return {
    graph,
    links,
    caller,
    turn,
    nodeMs,
    nodeArc: new Uint32Array(labels),
    nodeFrom: new Uint32Array(labels),
    times: nodeMs,
    ownTimes: new Int32Array(labels),
    touched: new Uint32Array(labels),
    touchedCount: 0,
    cutOff: false,
    begun: 0,
    seconds: undefined,
    queue: new BucketQueue(),
    costs: costsOf(graph, Profile.foot),
    endurance: undefined,
    mostLabels,
    knownCosts: new Map(),
    shrink: Math.cos((farthest / E7) * (Math.PI / 180)),
    reached: { stops: new Uint32Array(stops), seconds: new Int32Array(stops), count: 0 },
    stopCost: new Int32Array(stops).fill(NEVER),
    stopMs: new Int32Array(stops),
  }
}

/** Tables kept: queries come in a few profiles at a time. */
const KNOWN_COSTS = 12

/** The tables of a traveller, whoever travels at present. */
export function costsFor({ graph, costs, knownCosts }: StreetSearch, profile: Profile): Costs {
  if (costs.profile === profile) return costs
  const key = JSON.stringify(profile)
  const found = knownCosts.get(key) ?? sharingPlaces(costsOf(graph, profile), [costs, ...knownCosts.values()])
  // the one asked for last goes last
  knownCosts.delete(key)
  knownCosts.set(key, found)
  if (knownCosts.size > KNOWN_COSTS) knownCosts.delete(knownCosts.keys().next().value!)
  return found
}

/** Where racks and stations touch the streets is, without limits, no matter of pace and wishes: to who differs in these alone it is known already. */
function sharingPlaces(costs: Costs, known: readonly Costs[]): Costs {
  if (unlimited(costs.profile) !== costs.profile) return costs
  const streets = ({ speed: _, weights: __, ...profile }: Profile): string => JSON.stringify(profile)
  const like = known.find(({ profile }) => streets(profile) === streets(costs.profile))
  return like ? { ...costs, left: like.left, comeTo: like.comeTo } : costs
}

/** From now on this traveller; the tables are made anew only when another comes. */
export function travelAs(search: StreetSearch, profile: Profile): Costs {
  search.costs = costsFor(search, profile)
  if (search.costs.turning && !search.seconds && search.turn.holder === search) makeSeconds(search)
  search.times = search.costs.pace === search.costs.time ? search.nodeMs : search.ownTimes
  return search.costs
}

export interface Travel {
  readonly profile: Profile
  readonly maxSeconds: number
}

/** A point in 1e-7 degrees. */
export interface StreetPoint {
  readonly lat: number
  readonly lon: number
}

export interface PointTravel extends Travel {
  /** Metres from the point to the nearest usable street. */
  readonly maxMatchingDistance: number
}

/** Up to which cost a way of so many seconds may be found. */
export const costBound = ({ costs }: StreetSearch, maxSeconds: number): number =>
  Math.min(maxSeconds * 1000 * costs.dearest, NEVER - 1)

/** Up to which time a search within a `costBound` goes on. */
export const timeBound = ({ costs }: StreetSearch, maxMs: number): number =>
  costs.untilTime && maxMs < NEVER - 1 ? Math.round(maxMs / costs.dearest) : NEVER

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
  travelAs(search, options.profile)
  const places = placesAt(search, { lat, lon }, options.maxMatchingDistance, options.reverse)
  search.reached.count = 0
  if (places.length === 0) return search.reached
  return reachFromMany(
    search,
    places.map(place => ({ place, ms: 0 })),
    options,
    options.reverse,
  )
}

/** The stops around a place on the streets. */
export function reachFrom(search: StreetSearch, place: Place, travel: Travel, reverse: boolean): ReachedStops {
  return reachFromMany(search, [{ place, ms: 0 }], travel, reverse)
}

/** The stops around many places, each with what has been spent until there; `maxSeconds` counts that as well. */
export function reachFromMany(
  search: StreetSearch,
  seeds: readonly Seed[],
  travel: Travel,
  reverse: boolean,
): ReachedStops {
  search.reached.count = 0
  reachMore(search, seeds, travel, reverse)
  const profile = search.cutOff ? hurried(travel.profile) : undefined
  if (profile) reachMore(search, seeds, { ...travel, profile }, reverse)
  return search.reached
}

/** The stops that are reached beside those that are already; from nodes as well. */
export function reachMore(
  search: StreetSearch,
  seeds: readonly Seed[],
  { profile, maxSeconds }: Travel,
  reverse: boolean,
  nodes?: SeedNodes,
): ReachedStops {
  const costs = travelAs(search, profile)
  const { graph, links, reached, stopCost, stopMs } = search
  const { entriesBegin, entryLink, entryArc, entryMm, linkOffsetMm } = links
  const [bound, latest] = [costBound(search, maxSeconds), maxSeconds * 1000]
  const reverseBit = reverse ? 1 : 0
  const before = reached.count
  // whoever gives up does so in here, while no stop is marked
  floodFrom(search, seeds, bound, reverse, nodes)
  for (let i = 0; i < before; i++) stopCost[reached.stops[i]!] = KNOWN

  const offer = (link: number, cost: number, ms: number): void => {
    if (cost > bound) return
    const used = usedLink(search, profile, link, !reverse)
    if (!used) return
    const stop = links.linkStop[link]!
    const off = offMs(costs, { offsetMm: linkOffsetMm[link]!, moreMs: used.moreMs })
    if (cost + off > bound || cost + off >= stopCost[stop]!) return
    if (ms + off > latest) {
      search.cutOff = true
      return
    }
    if (stopCost[stop] === NEVER) reached.stops[reached.count++] = stop
    stopCost[stop] = cost + off
    stopMs[stop] = ms + off
  }
  for (let i = 0; i < search.touchedCount; i++) {
    const label = search.touched[i]!
    const node = labelNode(search, label)
    const [begin, end] = [entriesBegin[node]!, entriesBegin[node + 1]!]
    if (begin === end) continue
    const wait = costs.leave[graph.nodeTraits[node]! & HOLDING_UP]!
    for (let e = begin; e < end; e++) {
      const arc = entryArc[e]!
      const sort = graph.edgeSort[(arc >>> 1) as EdgeIdx]
      const mm = entryMm[e]!
      if (mm > 0 && !mayGoOn(search, label, arc, reverseBit)) continue
      const direction = (arc & 1) ^ reverseBit
      const missing = enduresMs(search, label, reverseBit, (sort << 1) | direction, mm, linkOffsetMm[entryLink[e]!]!)
      const more = wait + missing
      const cost = search.nodeMs[label]! + more + partMs(costs.pace, sort, direction, mm)
      offer(entryLink[e]!, cost, search.times[label]! + more + partMs(costs.time, sort, direction, mm))
    }
  }
  for (const seed of seeds) offerSameEdge(search, seed, reverseBit, offer)

  for (let i = 0; i < reached.count; i++) {
    const stop = reached.stops[i]!
    stopCost[stop] = NEVER
    if (i >= before) reached.seconds[i] = Math.ceil(stopMs[stop]! / 1000)
  }
  return reached
}

/** In stopCost: reached before. */
const KNOWN = -1

/** Stops on the very edge where the walk begins need no junction on the way. */
function offerSameEdge(
  { graph, links, costs }: StreetSearch,
  { place, ms: spent, left }: Seed,
  reverse: number,
  offer: (link: number, cost: number, ms: number) => void,
): void {
  const from = graph.edgeFrom[place.edge]
  const sort = graph.edgeSort[place.edge]
  const off = spent + offMs(costs, place)
  for (let e = links.entriesBegin[from]!; e < links.entriesBegin[from + 1]!; e++) {
    if (links.entryArc[e] !== place.edge << 1) continue
    const mm = links.entryMm[e]! - place.alongMm
    const direction = (mm < 0 ? 1 : 0) ^ reverse
    const offMm = place.offsetMm + links.linkOffsetMm[links.entryLink[e]!]!
    if (!enduresEdge(costs, (sort << 1) | direction, Math.abs(mm), offMm, left)) continue
    const [cost, ms] = [costs.pace, costs.time].map(table => off + partMs(table, sort, direction, Math.abs(mm)))
    offer(links.entryLink[e]!, cost!, ms!)
  }
}
