// The fast search against the slow one: random drawn cities, and real ones where they are at hand.

import { beforeAll, describe, test } from 'vitest'
import type { StreetGraph } from '#engine/street/graph.ts'
import { Profile } from '#engine/street/profile.ts'
import { loadOsm } from '#feeds/osm/load.ts'
import { dataFile } from '../helpers/data.ts'
import { random } from '../helpers/random.ts'
import { compare, compareOn, near } from '../helpers/street-reference.ts'
import { drawStreets, type Point, streets } from '../helpers/streets.ts'

const profiles = Object.values(Profile)

test.each(Array.from({ length: 250 }, (_, seed) => seed))('random city %i', seed => {
  const r = random(seed)
  const { search } = streets(drawStreets(r))
  const point = (): Point => near(search.graph, r)
  // half of the profiles: each is asked in every other city
  for (const profile of profiles.filter((_, i) => i % 2 === seed % 2))
    compare(search, point(), [point(), point(), point()], profile, r)
})

// more points of each in test/long/streets.long.ts
describe.each([
  ['Heidelberg', dataFile('heidelberg/heidelberg.osm.pbf')],
  ['Newport', dataFile('newport/newport-2023-06-13.osm.pbf')],
])('%s', (_, path) => {
  let graph: StreetGraph
  beforeAll(async () => {
    if (path) graph = (await loadOsm(path)).graph
  })
  test.skipIf(!path).each(profiles)('$name, from a point to 200 stops and 5 places', profile => {
    compareOn(graph, profile, random(7 + profiles.indexOf(profile)), 1)
  })
})
