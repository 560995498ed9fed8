// What is laid over the map's streets: slopes from heights, accidents on the streets where they happened, zones without cars.

import { METRES_PER_DEGREE, metresBetween } from '#engine/core/geo.ts'
import type { EdgeIdx } from '#engine/core/ids.ts'
import {
  isOffGround,
  Kind,
  kindOf,
  Mode,
  mayUse,
  type SlopeDoubt,
  type StreetGraph,
  slopeOf,
  traitsOf,
  withAccidents,
  withSlope,
} from '#engine/street/graph.ts'
import { type EdgeWords, reform } from '#engine/street/reform.ts'
import { type Place, snap } from '#engine/street/snap.ts'
import { edgePoints } from '#engine/street/stretch.ts'
import type { Accident } from './accidents.ts'
import { type Area, areaContains, ringsOf } from './area.ts'
import { type HeightAt, smoothed } from './elevation.ts'

export interface Layers {
  readonly heightAt?: HeightAt
  readonly accidents?: readonly Accident[]
  readonly carFree?: Area
}

export interface LayersReport {
  /** Edges that got a slope; that lie on a street with accidents; that were closed to cars. */
  readonly sloped: number
  readonly dangerous: number
  readonly carFree: number
  /** Accidents too far from any street. */
  readonly accidentsNowhere: number
}

/** Heights are measured every 30 to 90 m: what is shorter gets no slope from them. */
const MIN_SLOPE_METRES = 30
/**
 * From so many metres on a slope is told within so many percent. Of two heights, each smoothed of SRTM's random error (6 m in nine cases of ten;
 * Rodríguez et al., 2006), the difference is within 5 m; on anything shorter it is good for nothing but what a climb costs.
 */
const DOUBT_METRES = [
  [250, 2],
  [100, 5],
] as const
/** Steeper no street is that nobody has mapped as such. Percent. */
const STEEPEST = 20
/** An accident belongs to a street this near. */
const ACCIDENT_METRES = 25
/** So near a junction it happened there. */
const JUNCTION_METRES = 10
/** A weight of 1 on so many metres is level 1. */
const LEVEL_METRES = 100

/** A copy of the graph with the layers in its edges; what was found of each is in the report. */
export function layStreets(
  g: StreetGraph,
  { heightAt, accidents, carFree }: Layers,
): { graph: StreetGraph; report: LayersReport } {
  const report = { sloped: 0, dangerous: 0, carFree: 0, accidentsNowhere: 0 }
  const weights = new Float64Array(g.counts.edges)
  const open = (edge: EdgeIdx): boolean => [Mode.foot, Mode.bike].some(mode => mayUse(traitsOf(g, edge), mode))
  for (const { lat, lon, weight } of accidents ?? []) {
    const place = snap(g, lat, lon, ACCIDENT_METRES, open)
    if (!place) report.accidentsNowhere++
    else for (const edge of placesOfAccident(g, place)) if (open(edge)) weights[edge]! += weight
  }
  const smooth = heightAt && smoothed(heightAt)
  const change = (edge: EdgeIdx, { traits, form }: EdgeWords): EdgeWords => {
    const metres = g.edgeMillimetres[edge] / 1000
    const wants = metres >= MIN_SLOPE_METRES && slopeOf(form, 0) === undefined && isOnGround(traits, form)
    const slope = smooth && wants ? slopeBetween(g, edge, smooth) : undefined
    if (slope !== undefined) report.sloped++
    const weight = weights[edge]!
    if (weight > 0) report.dangerous++
    const closed = carFree !== undefined && mayUse(traits, Mode.car) && entersArea(edgePoints(g, edge), carFree)
    if (closed) report.carFree++
    const sloped = slope === undefined ? form : withSlope(form, slope, doubtOn(metres))
    const level = Math.min(7, Math.ceil((weight * LEVEL_METRES) / Math.max(LEVEL_METRES / 2, metres)))
    return {
      traits: closed ? (traits & ~(0x11 << Mode.car)) >>> 0 : traits,
      form: weight > 0 ? withAccidents(sloped, level) : sloped,
    }
  }
  return { graph: reform(g, change, carFree && ringsOf(carFree)), report }
}

/** The street on which it happened, or all that meet at a junction: it was as dangerous to who came by another one. */
function placesOfAccident(g: StreetGraph, { edge, alongMm }: Place): Iterable<EdgeIdx> {
  const rest = g.edgeMillimetres[edge] - alongMm
  if (Math.min(alongMm, rest) > JUNCTION_METRES * 1000) return [edge]
  const node = alongMm < rest ? g.edgeFrom[edge] : g.edgeTo[edge]
  const arcs = g.arcEdge.subarray(g.arcsBegin[node], g.arcsBegin[node + 1])
  return new Set(Array.from(arcs, arc => (arc >>> 1) as EdgeIdx))
}

const climbing = new Set([Kind.steps, Kind.escalator, Kind.elevator])
const isOnGround = (traits: number, form: number): boolean => !isOffGround(form) && !climbing.has(kindOf(traits))

const doubtOn = (metres: number): SlopeDoubt =>
  DOUBT_METRES.find(([least]) => metres >= least)?.[1] ?? Number.POSITIVE_INFINITY

/** Percent from its first node to its last. */
function slopeBetween(g: StreetGraph, edge: EdgeIdx, heightAt: HeightAt): number | undefined {
  const [from, to] = [g.edgeFrom[edge], g.edgeTo[edge]]
  const [low, high] = [heightAt(g.nodeLat[from]!, g.nodeLon[from]!), heightAt(g.nodeLat[to]!, g.nodeLon[to]!)]
  if (low === undefined || high === undefined) return undefined
  return Math.max(-STEEPEST, Math.min(STEEPEST, ((high - low) / g.edgeMillimetres[edge]) * 100_000))
}

/** Does a line enter the area? Looked at every few metres, ends included. */
function entersArea(points: readonly number[], area: Area): boolean {
  const step = 5 / METRES_PER_DEGREE
  for (let i = 0; i + 3 < points.length; i += 2) {
    const [lat, lon, nextLat, nextLon] = [points[i]!, points[i + 1]!, points[i + 2]!, points[i + 3]!]
    const looks = Math.max(1, Math.ceil(metresBetween(lat, lon, nextLat, nextLon) / METRES_PER_DEGREE / step))
    for (let k = 0; k <= looks; k++)
      if (areaContains(area, lat + ((nextLat - lat) * k) / looks, lon + ((nextLon - lon) * k) / looks)) return true
  }
  return false
}
