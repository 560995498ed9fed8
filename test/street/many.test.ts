// One-to-many on streets: against the slow twin in both directions, and its lengths against those of the ways told one by one.

import { describe, expect, test } from 'vitest'
import { costsOf } from '#engine/street/costs.ts'
import { placesAt } from '#engine/street/ends.ts'
import { waysToMany } from '#engine/street/many.ts'
import { streetPath } from '#engine/street/path.ts'
import { Profile, withChanges } from '#engine/street/profile.ts'
import { travelAs } from '#engine/street/search.ts'
import { random } from '../helpers/random.ts'
import { slowLabels, slowMs } from '../helpers/slow-streets.ts'
import { drawStreets, type Point, streets } from '../helpers/streets.ts'

const walking = { profile: withChanges(Profile.foot, { speed: 1 }), maxSeconds: 600, maxMatchingDistance: 50 }

describe('drawn', () => {
  const { at, search } = streets(`
    at a 0,0  at b 100,0  at c 100,50  at z 5000,0  at y 5100,0
    a-b highway=residential oneway=yes
    b-c highway=footway
    z-y highway=footway`)
  const point = (east: number, north: number): Point => at([east, north])

  test('seconds and metres in the order asked, nothing where there is no way or no street', () => {
    const many = [point(100, 40), point(20, 3), point(5050, 0), point(300, 300)]
    const told = waysToMany(search, point(0, 0), many, { ...walking, reverse: false })
    expect(told.map(way => way && [way.seconds, Math.round(way.metres)])).toEqual([
      [140, 140],
      [23, 23],
      undefined,
      undefined,
    ])
  })

  test('a one-way street holds for who drives, and the other way round it is another way', () => {
    const driving = { ...walking, profile: Profile.car }
    const ways = (reverse: boolean) => waysToMany(search, point(90, 0), [point(10, 0)], { ...driving, reverse })
    expect(ways(false)).toEqual([undefined])
    expect(ways(true)[0]?.metres).toBeCloseTo(80, 0)
  })
})

test.each(Array.from({ length: 150 }, (_, seed) => seed))('random city %i', seed => {
  const r = random(seed)
  const { search } = streets(drawStreets(r))
  const { graph } = search
  const point = (): Point => {
    const node = r.below(graph.counts.nodes)
    return { lat: graph.nodeLat[node]! + r.between(-3000, 3000), lon: graph.nodeLon[node]! + r.between(-3000, 3000) }
  }
  for (const preset of Object.values(Profile)) {
    const profile = {
      ...withChanges(preset, { speed: r.pick([0.7, 1, 4]), weights: { safety: 0, flat: 0 } }),
      passing: 1,
    }
    const [one, many] = [point(), Array.from({ length: 6 }, point)]
    const reverse = r.chance(0.5)
    const options = {
      profile,
      maxSeconds: r.pick([60, 300, 3600]),
      maxMatchingDistance: 200,
    }
    const costs = costsOf(graph, profile)
    travelAs(search, profile)
    const from = placesAt(search, one, 200, reverse).map(start => ({
      start,
      labels: slowLabels(graph, costs, start, reverse),
    }))
    const goals = many.map(to => placesAt(search, to, 200, !reverse))
    const ways = waysToMany(search, one, many, { ...options, reverse })
    many.forEach((to, i) => {
      const ms = Math.min(
        ...from.flatMap(({ start, labels }) =>
          goals[i]!.map(goal => slowMs(graph, costs, start, goal, labels, reverse)),
        ),
      )
      expect(ways[i]?.seconds).toBe(ms <= options.maxSeconds * 1000 ? Math.ceil(ms / 1000) : undefined)
      if (!ways[i] || reverse) return
      const path = streetPath(search, one, to, options)!
      // of ways that take the same time any may be told
      if (Math.abs(path.metres - ways[i].metres) > 0.01) expect(path.seconds).toBe(ways[i].seconds)
      else expect(ways[i].metres).toBeCloseTo(path.metres, 2)
    })
  }
})
