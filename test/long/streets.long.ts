// A thousand pairs of places for every profile and city, each as it comes with its wishes: the search's cost against Dijkstra over arcs.

import { describe, expect, test } from 'vitest'
import { type Costs, costsOf, usableSort } from '#engine/street/costs.ts'
import type { StreetGraph } from '#engine/street/graph.ts'
import { buildStopLinks } from '#engine/street/links.ts'
import { Profile } from '#engine/street/profile.ts'
import { createStreetSearch, travelAs } from '#engine/street/search.ts'
import { aim } from '#engine/street/shortest.ts'
import { type Place, snap } from '#engine/street/snap.ts'
import { loadOsm } from '#feeds/osm/load.ts'
import { dataFile } from '../helpers/data.ts'
import { type Random, random } from '../helpers/random.ts'
import { slowLabels, slowMs } from '../helpers/slow-streets.ts'
import { compareOn } from '../helpers/street-reference.ts'
import { stopsOnly } from '../helpers/streets.ts'

/** Slow labels serve for many goals: so many starts, and goals for each. */
const STARTS = 20
const GOALS = 50
const MAX_MS = 6 * 3600 * 1000

describe.each([
  ['Heidelberg', 'heidelberg/heidelberg.osm.pbf'],
  ['Newport', 'newport/newport-2023-06-13.osm.pbf'],
] as const)('%s', (_, file) => {
  test.skipIf(!dataFile(file)).each(Object.values(Profile))(
    '$name',
    async profile => {
      const { graph } = await loadOsm(dataFile(file)!)
      const search = createStreetSearch(graph, buildStopLinks(graph, stopsOnly([])))
      const costs = costsOf(graph, profile)
      const r = random(5)
      let found = 0
      for (let s = 0; s < STARTS; s++) {
        const start = somewhere(graph, r, costs)
        const labels = slowLabels(graph, costs, start)
        for (let g = 0; g < GOALS; g++) {
          const goal = somewhere(graph, r, costs)
          const expected = slowMs(graph, costs, start, goal, labels)
          travelAs(search, profile)
          const arrival = aim(search, start, goal, MAX_MS)
          expect(arrival?.cost).toBe(expected <= MAX_MS ? expected : undefined)
          if (arrival) found++
        }
      }
      expect(found).toBeGreaterThan(0.3 * STARTS * GOALS)
    },
    300_000,
  )

  test.skipIf(!dataFile(file)).each(Object.values(Profile))(
    '$name, either way, from 10 points to 200 stops and 5 places each',
    async profile => {
      const { graph } = await loadOsm(dataFile(file)!)
      compareOn(graph, profile, random(8), 10)
    },
    300_000,
  )
})

function somewhere(g: StreetGraph, r: Random, costs: Costs): Place {
  for (;;) {
    const node = r.below(g.counts.nodes)
    const [lat, lon] = [g.nodeLat[node]! + r.between(-3000, 3000), g.nodeLon[node]! + r.between(-3000, 3000)]
    const place = snap(g, lat, lon, 200, edge => usableSort(costs, g.edgeSort[edge]))
    if (place) return place
  }
}
