// The fast search against the slow one: random drawn cities, and real ones where they are at hand.

import { describe, expect, test } from 'vitest'
import { costsOf, usableSort } from '#engine/street/costs.ts'
import type { StreetGraph } from '#engine/street/graph.ts'
import { buildStopLinks, stopPlace } from '#engine/street/links.ts'
import { streetPath } from '#engine/street/path.ts'
import { Profile, withChanges } from '#engine/street/profile.ts'
import { createStreetSearch, reachStops, type StreetSearch } from '#engine/street/search.ts'
import { snap } from '#engine/street/snap.ts'
import { loadOsm } from '#feeds/osm/load.ts'
import { dataFile } from '../helpers/data.ts'
import { type Random, random } from '../helpers/random.ts'
import { slowLabels, slowMs } from '../helpers/slow-streets.ts'
import { pathProblems } from '../helpers/street-invariants.ts'
import { drawStreets, type Point, stopsOnly, streets } from '../helpers/streets.ts'

const profiles = Object.values(Profile)

/** Everything asked of one point is answered alike by both. */
function compare(search: StreetSearch, from: Point, goals: readonly Point[], preset: Profile, r: Random): void {
  const { graph, links } = search
  const speed = r.pick([0.7, 1, 1.2, 4])
  const profile = withChanges(preset, { speed, weights: { safety: 0, flat: 0 } })
  const reverse = r.chance(0.5)
  const maxSeconds = r.pick([60, 300, 900, 3600])
  const options = { profile, maxSeconds, maxMatchingDistance: 200 }
  const costs = costsOf(graph, profile)
  const placeAt = (p: Point) => snap(graph, p.lat, p.lon, 200, edge => usableSort(costs, graph.edgeSort[edge]))
  const start = placeAt(from)
  if (!start) return
  const labels = slowLabels(graph, costs, start, reverse)
  const expected = Array.from({ length: links.counts.stops }, (_, stop) => {
    const place = stopPlace(links, stop as never)
    return place ? slowMs(graph, costs, start, place, labels, reverse) : Number.POSITIVE_INFINITY
  }).flatMap((ms, stop) => (ms <= maxSeconds * 1000 ? [`${stop} ${Math.ceil(ms / 1000)}`] : []))
  const found = reachStops(search, from.lat, from.lon, { ...options, reverse })
  const got = Array.from({ length: found.count }, (_, i) => `${found.stops[i]} ${found.seconds[i]}`)
  expect(got.sort()).toEqual(expected.sort())

  const forward = reverse ? slowLabels(graph, costs, start) : labels
  for (const to of goals) {
    const goal = placeAt(to)
    const ms = goal ? slowMs(graph, costs, start, goal, forward) : Number.POSITIVE_INFINITY
    const path = streetPath(search, from, to, options)
    expect(path?.seconds).toBe(ms <= maxSeconds * 1000 ? Math.ceil(ms / 1000) : undefined)
    if (path) expect(pathProblems(path, from, to, speed)).toEqual([])
  }
}

test.each(Array.from({ length: 250 }, (_, seed) => seed))('random city %i', seed => {
  const r = random(seed)
  const { search } = streets(drawStreets(r))
  const point = (): Point => near(search.graph, r)
  for (const profile of profiles) compare(search, point(), [point(), point(), point()], profile, r)
})

const near = (g: StreetGraph, r: Random): Point => {
  const node = r.below(g.counts.nodes)
  return { lat: g.nodeLat[node]! + r.between(-3000, 3000), lon: g.nodeLon[node]! + r.between(-3000, 3000) }
}

describe.each([
  ['Heidelberg', dataFile('heidelberg/heidelberg.osm.pbf')],
  ['Newport', dataFile('newport/newport-2023-06-13.osm.pbf')],
])('%s', (_, path) => {
  test.skipIf(!path)(
    'every profile, from 27 points to 200 stops and 5 places each',
    async () => {
      const { graph } = await loadOsm(path!)
      const r = random(7)
      const stops = Array.from({ length: 200 }, () => near(graph, r))
      const search = createStreetSearch(graph, buildStopLinks(graph, stopsOnly(stops)))
      for (let i = 0; i < 27; i++)
        compare(
          search,
          near(graph, r),
          Array.from({ length: 5 }, () => near(graph, r)),
          profiles[i % profiles.length]!,
          r,
        )
    },
    60_000,
  )
})
