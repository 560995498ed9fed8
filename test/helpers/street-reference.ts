// The fast search of the streets against the slow one.

import { expect } from 'vitest'
import { costsOf } from '#engine/street/costs.ts'
import { placesAt, placesOfStop } from '#engine/street/ends.ts'
import type { StreetGraph } from '#engine/street/graph.ts'
import { buildStopLinks } from '#engine/street/links.ts'
import { streetPath } from '#engine/street/path.ts'
import { type Profile, withChanges } from '#engine/street/profile.ts'
import { createStreetSearch, reachStops, type StreetSearch, travelAs } from '#engine/street/search.ts'
import type { Place } from '#engine/street/snap.ts'
import type { Random } from './random.ts'
import { slowLabels, slowMs } from './slow-streets.ts'
import { pathProblems } from './street-invariants.ts'
import { type Point, stopsOnly } from './streets.ts'

/** From so many points of a map to 200 stops and 5 places each. */
export function compareOn(graph: StreetGraph, profile: Profile, r: Random, points: number): void {
  const stops = Array.from({ length: 200 }, () => near(graph, r))
  const search = createStreetSearch(graph, buildStopLinks(graph, stopsOnly(stops)))
  let compared = 0
  for (let tries = 0; compared < points && tries < 20 * points; tries++) {
    const goals = Array.from({ length: 5 }, () => near(graph, r))
    if (compare(search, near(graph, r), goals, profile, r)) compared++
  }
  expect(compared).toBe(points)
}

/** Everything asked of one point is answered alike by both; false where no street is near. */
export function compare(
  search: StreetSearch,
  from: Point,
  goals: readonly Point[],
  preset: Profile,
  r: Random,
): boolean {
  const { graph, links } = search
  const speed = r.pick([0.7, 1, 1.2, 4])
  // cost is time: no wishes, and no street dearer than it is long
  const profile = { ...withChanges(preset, { speed, weights: { safety: 0, flat: 0 } }), passing: 1 }
  const reverse = r.chance(0.5)
  const maxSeconds = r.pick([60, 300, 900, 3600])
  const options = { profile, maxSeconds, maxMatchingDistance: 200 }
  const costs = costsOf(graph, profile)
  travelAs(search, profile)
  const waysFrom = (reverse: boolean) =>
    placesAt(search, from, 200, reverse).map(start => ({ start, labels: slowLabels(graph, costs, start, reverse) }))
  const ways = waysFrom(reverse)
  if (ways.length === 0) return false
  const soonest = (from: typeof ways, goals: readonly Place[], reverse: boolean): number =>
    Math.min(
      ...from.flatMap(({ start, labels }) => goals.map(goal => slowMs(graph, costs, start, goal, labels, reverse))),
    )
  const expected = Array.from({ length: links.counts.stops }, (_, stop) => {
    const places = placesOfStop(search, profile, stop as never, !reverse)
    return soonest(ways, places, reverse)
  }).flatMap((ms, stop) => (ms <= maxSeconds * 1000 ? [`${stop} ${Math.ceil(ms / 1000)}`] : []))
  const found = reachStops(search, from.lat, from.lon, { ...options, reverse })
  const got = Array.from({ length: found.count }, (_, i) => `${found.stops[i]} ${found.seconds[i]}`)
  expect(got.sort()).toEqual(expected.sort())

  const forward = reverse ? waysFrom(false) : ways
  for (const to of goals) {
    travelAs(search, profile)
    const ms = soonest(forward, placesAt(search, to, 200, true), false)
    const path = streetPath(search, from, to, options)
    expect(path?.seconds).toBe(ms <= maxSeconds * 1000 ? Math.ceil(ms / 1000) : undefined)
    if (path) expect(pathProblems(path, from, to, speed)).toEqual([])
  }
  return true
}

export const near = (g: StreetGraph, r: Random): Point => {
  const node = r.below(g.counts.nodes)
  return { lat: g.nodeLat[node]! + r.between(-3000, 3000), lon: g.nodeLon[node]! + r.between(-3000, 3000) }
}
