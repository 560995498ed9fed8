// What has to hold of every street map, on random ones: a walk is as long back as there, an elevator that works again is as if it always
// had, and no car enters a zone without cars.

import { expect, test } from 'vitest'
import type { EdgeIdx } from '#engine/core/ids.ts'
import { costsOf, usableSort } from '#engine/street/costs.ts'
import { streetElevators, withoutElevators } from '#engine/street/elevators.ts'
import { placesOfStop } from '#engine/street/ends.ts'
import { openStreetGraph, type StreetGraph } from '#engine/street/graph.ts'
import { streetPath } from '#engine/street/path.ts'
import { Profile, withCharge } from '#engine/street/profile.ts'
import { createStreetSearch, reachFromMany, searchOn } from '#engine/street/search.ts'
import { type Area, areaContains, parseArea } from '#feeds/area.ts'
import { layStreets } from '#feeds/layers.ts'
import { type Random, random } from '../helpers/random.ts'
import { type DrawnStreets, drawStreets, metresToPoint, streets } from '../helpers/streets.ts'

const somewhere = (r: Random) => metresToPoint(r.between(-50, 550), r.between(-50, 450))
const options = (profile: Profile) => ({ profile, maxSeconds: 7200, maxMatchingDistance: 200 })

/** Pairs of places, and the seconds from the first to the second and back. */
function thereAndBack(r: Random, drawing: string): [there: number | undefined, back: number | undefined][] {
  const { search } = streets(drawing)
  return Array.from({ length: 10 }, () => {
    const [a, b] = [somewhere(r), somewhere(r)]
    const seconds = (from: typeof a, to: typeof a) => streetPath(search, from, to, options(Profile.foot))?.seconds
    return [seconds(a, b), seconds(b, a)]
  })
}

test('a walk takes as long back as there, where nothing is one-way, no turn forbidden and no gate locked', () => {
  let [found, oneWay] = [0, 0]
  for (let seed = 0; seed < 150; seed++) {
    const drawing = drawStreets(random(seed))
    const bothWays = drawing.replaceAll(' oneway:foot=yes', '').replaceAll(/^turn .*$|^node .*access=private$/gm, '')
    for (const [there, back] of thereAndBack(random(seed), bothWays)) {
      // both are rounded up
      expect(Math.abs((there ?? -9) - (back ?? -9)), `seed ${seed}`).toBeLessThanOrEqual(1)
      if (there !== undefined) found++
    }
    for (const [there, back] of thereAndBack(random(seed), drawing))
      if (Math.abs((there ?? -9) - (back ?? -9)) > 1) oneWay++
  }
  expect(found).toBeGreaterThan(800)
  expect(oneWay).toBeGreaterThan(20)
})

//   A ══ platform ══ e ── footway ── B       A and P 3 m beside the elevator's node, which is nearest to them, B beyond it
test('nor is one from a place beside an elevator, a signal or a kerb shorter than one to it', () => {
  for (const node of ['highway=elevator', 'highway=traffic_signals', 'kerb=raised']) {
    const s = streets(`
      at a 0,0  at e 100,0  at b 200,60
      a-e highway=platform
      e-b highway=footway
      node e ${node}
      stop P 101,-3
      stop A 50,0
      stop B 200,60`)
    const seconds = (from: string, to: string) =>
      streetPath(s.search, { stop: s.stop(from) }, { stop: s.stop(to) }, options(Profile.foot))!.seconds
    for (const [one, other] of [
      ['P', 'A'],
      ['P', 'B'],
      ['A', 'B'],
    ] as const) {
      expect(seconds(one, other), `${node} ${one} ${other}`).toBe(seconds(other, one))
      const reach = reachFromMany(
        s.search,
        placesOfStop(s.search, Profile.foot, s.stop(one), false).map(place => ({ place, ms: 0 })),
        { profile: Profile.foot, maxSeconds: 900 },
        false,
      )
      expect(reach.seconds[reach.stops.subarray(0, reach.count).indexOf(s.stop(other))]).toBe(seconds(one, other))
    }
  }
})

test('an elevator out of order and working again leaves every answer as it was', () => {
  let changed = 0
  for (let seed = 0; seed < 200; seed++) {
    const r = random(seed)
    const { graph, links } = streets(drawStreets(r))
    const pairs = Array.from({ length: 10 }, () => [somewhere(r), somewhere(r)] as const)
    const answers = (g: StreetGraph) => {
      const search = createStreetSearch(g, links)
      return pairs.map(([from, to]) => streetPath(search, from, to, options(Profile.wheelchair))?.seconds)
    }
    const before = answers(graph)
    const without = answers(withoutElevators(graph, streetElevators(graph)))
    expect(answers(graph), `seed ${seed}`).toEqual(before)
    for (const [i, seconds] of without.entries()) {
      // what is closed never helps
      if (seconds !== undefined) expect(seconds).toBeGreaterThanOrEqual(before[i]!)
      if (seconds !== before[i]) changed++
    }
  }
  expect(changed).toBeGreaterThan(20)
})

test('searches of the same streets, some closed, share their labels: whoever asks in whatever order is answered as by one of his own', () => {
  const travellers = [Profile.foot, Profile.wheelchair, Profile.car, withCharge(Profile.electricWheelchair, 2)]
  for (let seed = 0; seed < 60; seed++) {
    const r = random(seed)
    const { graph, links } = streets(drawStreets(r))
    const open = createStreetSearch(graph, links)
    const graphs = [graph, ...streetElevators(graph).map(elevator => withoutElevators(graph, [elevator]))]
    const shared = graphs.map((g, i) => (i === 0 ? open : searchOn(g, open)))
    for (let n = 0; n < 25; n++) {
      const i = r.below(graphs.length)
      const [from, to, profile] = [somewhere(r), somewhere(r), r.pick(travellers)]
      const own = createStreetSearch(graphs[i]!, links)
      const seconds = (search: typeof own) => streetPath(search, from, to, options(profile))?.seconds
      expect(seconds(shared[i]!), `seed ${seed}, ${n}`).toBe(seconds(own))
    }
    expect(shared.filter(({ nodeMs }) => nodeMs.length > 0)).toHaveLength(1)
  }
})

test('no street inside a zone without cars can be driven, and no car begins or ends there', () => {
  let [inside, drivable, driven] = [0, 0, 0]
  for (let seed = 0; seed < 150; seed++) {
    const r = random(seed)
    const drawn = streets(drawStreets(r))
    const zone = zoneAround(r)
    const closed = openStreetGraph(layStreets(drawn.graph, { carFree: zone }).graph.buffer)
    const [costs, before] = [costsOf(closed, Profile.car), costsOf(drawn.graph, Profile.car)]
    for (let e = 0; e < closed.counts.edges; e++) {
      const edge = e as EdgeIdx
      if (!touches(drawn.graph, edge, zone)) continue
      inside++
      if (usableSort(before, drawn.graph.edgeSort[edge])) drivable++
      expect(usableSort(costs, closed.edgeSort[edge]), `seed ${seed}, edge ${e}`).toBe(false)
    }
    driven += drives(r, drawn, closed, zone, seed)
  }
  expect(inside).toBeGreaterThan(500)
  expect(drivable).toBeGreaterThan(100)
  expect(driven).toBeGreaterThan(50)
})

/** Routes of cars, none of whose points lies in the zone. */
function drives(r: Random, { links }: DrawnStreets, closed: StreetGraph, zone: Area, seed: number): number {
  const search = createStreetSearch(closed, links)
  let found = 0
  for (let i = 0; i < 10; i++) {
    const path = streetPath(search, somewhere(r), somewhere(r), options(Profile.car))
    if (!path) continue
    found++
    for (let p = 0; p < path.points.length; p += 2)
      expect(areaContains(zone, path.points[p]!, path.points[p + 1]!), `seed ${seed}`).toBe(false)
  }
  return found
}

function zoneAround(r: Random): Area {
  const [x, y] = [r.between(0, 300), r.between(0, 300)]
  const [low, high] = [metresToPoint(x, y), metresToPoint(x + 180, y + 150)]
  return parseArea([low.lon, low.lat, high.lon, high.lat].map(v => v / 1e7).join(','))
}

/** Looked at every metre or so. */
function touches(g: StreetGraph, edge: EdgeIdx, zone: Area): boolean {
  const at = (node: number): [number, number] => [g.nodeLat[node]!, g.nodeLon[node]!]
  const points = [at(g.edgeFrom[edge])]
  for (let p = g.pointsBegin[edge]!; p < g.pointsBegin[edge + 1]!; p++) points.push([g.pointLat[p]!, g.pointLon[p]!])
  points.push(at(g.edgeTo[edge]))
  return points.some(([lat, lon], i) => {
    const [nextLat, nextLon] = points[i + 1] ?? [lat, lon]
    return Array.from({ length: 100 }, (_, k) => k / 100).some(t =>
      areaContains(zone, lat + (nextLat - lat) * t, lon + (nextLon - lon) * t),
    )
  })
}
