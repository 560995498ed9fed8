// Rented and parked vehicles in random cities, against slow twins that try everything.

import { describe, expect, test } from 'vitest'
import { anyRental } from '#engine/access/courses.ts'
import { placeAtEnd } from '#engine/access/switches.ts'
import { ruleAt } from '#engine/conditions/rental.ts'
import type { EdgeIdx, StopIdx } from '#engine/core/ids.ts'
import { placeNear, placesAt, placesOfStop } from '#engine/street/ends.ts'
import { HOLDING_UP, Mode, mayUse, traitsOf } from '#engine/street/graph.ts'
import { hurried } from '#engine/street/hurry.ts'
import { Profile, withChanges } from '#engine/street/profile.ts'
import { createStreetSearch, type StreetSearch, travelAs } from '#engine/street/search.ts'
import { aim } from '#engine/street/shortest.ts'
import type { Place } from '#engine/street/snap.ts'
import { reached, rentals, station, system, walker } from '../helpers/courses.ts'
import { random } from '../helpers/random.ts'
import { drawStreets, metresToPoint, type Point, streets } from '../helpers/streets.ts'

describe('random cities: equal to trying every pair of stations, and every junction where it may be left anywhere', () => {
  test.each(Array.from({ length: 120 }, (_, i) => [i >> 1, i % 2 === 0 ? 'without wishes' : 'with wishes'] as const))(
    'city %i %s',
    (seed, wishes) => {
      const r = random(seed)
      const s = streets(drawStreets(r))
      const point = (): Point => metresToPoint(r.between(0, 450), r.between(0, 350))
      const stations = Array.from({ length: r.between(1, 5) }, (_, i) =>
        station(`s${i}`, point(), {
          available: r.chance(0.7) ? { b: 1 } : {},
          returning: r.chance(0.8),
          docks: r.chance(0.8) ? undefined : { b: r.below(2) },
        }),
      )
      const [lat, lon] = Object.values(point()) as [number, number]
      const zone = [[[lat, lon, lat + 8000, lon, lat + 8000, lon + 12000, lat, lon + 12000]]]
      const closed = { types: undefined, start: true, end: false, through: false, stationParking: false }
      const free = seed % 2 === 1
      const rental = system(stations, {
        zones: r.chance(0.5) ? [{ name: 'z', polygon: zone, rules: [{ ...closed, through: free }] }] : [],
        types: [{ ...system([]).types[0]!, returns: free ? 'NONE' : 'ANY_STATION' }],
      })
      const indifferent = withChanges(Profile.bike, { weights: { safety: 0, flat: 0, maxDetour: 0 } })
      const rider = wishes === 'with wishes' ? Profile.bike : indifferent
      const [course] = rentals(s, rental, anyRental, rider)
      const from = point()
      const found = reached(s, course!, from)

      // a station is where a place of the query would be, a junction where it is
      const ways = (
        graph: typeof s.graph,
        profile: Profile,
        a: Point,
        b: readonly (Point & { id: string | undefined; node?: number })[],
      ) => {
        const search = createStreetSearch(graph, s.links)
        travelAs(search, profile)
        const starts = placesAt(search, a, 100, false)
        return b.map(to => msBetween(search, starts, goalsAt(search, to)))
      }
      const goalsAt = (search: StreetSearch, to: Point & { node?: number }): readonly Place[] => {
        const { node } = to
        if (node === undefined) return placesAt(search, to, 100, true)
        const { graph } = search
        const arcs = graph.arcEdge.subarray(graph.arcsBegin[node]!, graph.arcsBegin[node + 1]!)
        // by whichever of its streets one comes there
        const ends = Array.from(arcs, arc => placeAtEnd(graph, node, (arc >>> 1) as EdgeIdx))
        return [placeNear(search, to, 100), ...ends].filter(place => place !== undefined)
      }
      const msBetween = (search: StreetSearch, starts: readonly Place[], goals: readonly Place[]) => {
        const all = starts.flatMap(start => goals.map(goal => aim(search, start, goal, 900_000)?.ms ?? Infinity))
        return all.some(ms => ms <= 900_000) ? Math.min(...all) : undefined
      }
      const rounded = (ms: number | undefined) => (ms === undefined ? undefined : Math.ceil(ms / 1000))
      const stops = Array.from({ length: s.tt.counts.stops }, (_, i) => i)
      const best = new Map<string, number>()
      const unhindered = new Map<string, number>()
      const take = stations.filter(t => t.renting && (t.available.b ?? 0) > 0)
      // a way drawn from the place of a junction does not wait there, nor is it stopped; one to it may end on another street beside it
      const ridden = (node: number): boolean =>
        s.graph.arcEdge
          .subarray(s.graph.arcsBegin[node]!, s.graph.arcsBegin[node + 1]!)
          .some(arc => mayUse(traitsOf(course!.graph, (arc >>> 1) as never), Mode.bike))
      const junctions = Array.from(s.graph.nodeLat, (lat, node) => ({
        ...{ id: undefined, node, lat, lon: s.graph.nodeLon[node]! },
        held: (s.graph.nodeTraits[node]! & HOLDING_UP) !== 0 || !ridden(node),
      }))
      const leave = [
        ...stations.filter(t => t.returning && (t.docks?.b ?? 1) > 0).map(t => ({ ...t, held: false })),
        ...(free ? junctions.filter(({ lat, lon }) => ruleAt(rental, 'b', lat, lon).end) : []),
      ]
      const directs = leave.map(l => reachedOnFoot(createStreetSearch(s.graph, s.links), l))
      const walks = ways(s.graph, walker, from, take)
      for (const [i, t] of take.entries()) {
        const rides = walks[i] === undefined ? [] : ways(course!.graph, hurried(course!.ride) ?? course!.ride, t, leave)
        for (const [j, direct] of directs.entries()) {
          const ride = rounded(rides[j])
          if (ride === undefined) continue
          for (const stop of stops) {
            const total = rounded(walks[i])! + 60 + ride + 30 + (direct.get(stop) ?? Number.POSITIVE_INFINITY)
            if (total > 900) continue
            for (const least of leave[j]!.held ? [best] : [best, unhindered])
              least.set(s.stopName(stop), Math.min(total, least.get(s.stopName(stop)) ?? total))
          }
        }
      }
      // each of the slow way's three parts is rounded up
      for (const [name, seconds] of unhindered)
        if (seconds < 890 && rider === indifferent) expect(found.get(name)?.seconds, name).toBeLessThanOrEqual(seconds)
        else if (seconds < 890) expect([...found.keys()]).toContain(name)
      for (const [name, seconds] of asLiked())
        if (seconds < 890) expect(found.get(name)?.seconds, name).toBeLessThanOrEqual(seconds + 1)
      for (const [name, { seconds, by }] of found) {
        expect(seconds).toBeGreaterThanOrEqual((best.get(name) ?? 900) - 4)
        expect(by.parts.filter(p => p.mode === 'RENTAL')).toHaveLength(1)
        const ride = by.parts.find(p => p.mode === 'RENTAL')!
        expect(take.some(t => t.id === ride.from?.station)).toBe(true)
        expect(leave.some(l => l.id === ride.to?.station)).toBe(true)
        expect(Math.abs(by.parts.reduce((sum, p) => sum + p.seconds, 0) - seconds)).toBeLessThan(1.01)
      }
      // no edge with an end where riding through is forbidden is open to the bicycle
      for (let e = 0; e < s.graph.counts.edges; e++) {
        const ends = [s.graph.edgeFrom[e as never], s.graph.edgeTo[e as never]]
        const forbidden = ends.some(n => !ruleAt(rental, 'b', s.graph.nodeLat[n]!, s.graph.nodeLon[n]!).through)
        if (forbidden) expect(course!.graph.edgeSort[e as never]).toBe(s.graph.counts.sorts)
      }

      /** Stop → seconds by the place to which one rides cheapest of all, from whichever station, however long that takes. */
      function asLiked(): Map<string, number> {
        const search = createStreetSearch(course!.graph, s.links)
        travelAs(search, course!.ride)
        const begins = take.flatMap((t, i) =>
          placesAt(search, t, 100, false).map(start => ({ start, spent: (walks[i] ?? Infinity) + 60_000 })),
        )
        const liked = new Map<string, number>()
        for (const [j, direct] of directs.entries()) {
          if (leave[j]!.held) continue
          const arrivals = goalsAt(search, leave[j]!).map(goal => {
            const rides = begins.flatMap(({ start, spent }) => {
              const { cost, ms } = aim(search, start, goal, 1_800_000) ?? { cost: Infinity, ms: Infinity }
              return [{ cost: spent + cost, ms: spent + ms }]
            })
            return rides.reduce((best, ride) => (ride.cost < best.cost ? ride : best), { cost: Infinity, ms: Infinity })
              .ms
          })
          for (const [stop, seconds] of direct) {
            const name = s.stopName(stop as StopIdx)
            const total = Math.ceil(Math.min(...arrivals) / 1000) + 30 + seconds
            liked.set(name, Math.min(total, liked.get(name) ?? Infinity))
          }
        }
        return liked
      }

      function reachedOnFoot(
        search: ReturnType<typeof createStreetSearch>,
        at: Point & { id: string | undefined },
      ): Map<number, number> {
        travelAs(search, walker)
        const nearest = [placeNear(search, at, 250)].filter(place => place !== undefined)
        const starts = at.id === undefined ? nearest : placesAt(search, at, 100, false)
        return new Map(
          stops.flatMap(i => {
            const seconds = rounded(msBetween(search, starts, placesOfStop(search, walker, i as StopIdx, true)))
            return seconds === undefined ? [] : [[i, seconds] as const]
          }),
        )
      }
    },
  )
})
