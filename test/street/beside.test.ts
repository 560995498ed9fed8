// Which way a bench stands beside, wherever on the map.

import { expect, test } from 'vitest'
import { GrowColumn } from '#engine/core/columns.ts'
import { E7, METRES_PER_DEGREE } from '#engine/core/geo.ts'
import { putBeside } from '#engine/street/beside.ts'
import { NODE_BENCH } from '#engine/street/graph.ts'
import { packSpot, type Spot, SpotKind } from '#engine/street/spots.ts'

const EVERYBODY = 0xff

//   ● bench, 24 m east of each of ten streets at 65° north; the map begins and ends at the equator
test('a bench in the north is as near as one in the south', () => {
  const metres = E7 / METRES_PER_DEGREE
  const [begin, nodes] = [new GrowColumn(Uint32Array), new GrowColumn(Uint32Array)]
  const [lat, lon] = [new GrowColumn(Int32Array), new GrowColumn(Int32Array)]
  const way = (south: number, west: number): void => {
    begin.push(nodes.length)
    for (const north of [0, 100]) {
      nodes.push(lat.length)
      lat.push(Math.round(south + north * metres))
      lon.push(Math.round(west))
    }
  }
  const north = 65 * E7
  const east = metres / Math.cos((65 * Math.PI) / 180)
  const benches: Spot[] = []
  way(0, 0)
  for (let i = 0; i < 10; i++) {
    way(north, i * 137 * east)
    benches.push({
      ...{ kind: SpotKind.bench, name: '', capacity: 0, nodeTraits: NODE_BENCH },
      traits: packSpot({ covered: 0, fee: 0, main: false, secured: false }),
      lat: Math.round(north + 50 * metres),
      lon: Math.round((i * 137 + 24) * east),
    })
  }
  way(0, 1000)
  begin.push(nodes.length)
  const traits = new Uint32Array(begin.length).fill(EVERYBODY)
  const { nodeOf } = putBeside({ begin, traits, nodes, lat, lon }, benches, (y, x) => {
    lat.push(y)
    lon.push(x)
    return lat.length - 1
  })
  expect([...nodeOf.keys()].sort((a, b) => a - b)).toEqual([...benches.keys()])
})
