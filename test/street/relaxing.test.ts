// Relaxing a limit never loses a way: neither between places, which may lie some way off the streets, nor to stops and from them.

import { expect, test } from 'vitest'
import type { StopIdx } from '#engine/core/ids.ts'
import { streetPath } from '#engine/street/path.ts'
import { type Limits, Profile, withChanges } from '#engine/street/profile.ts'
import { reachStops } from '#engine/street/search.ts'
import { type Random, random } from '../helpers/random.ts'
import { drawStreets, metresToPoint, streets } from '../helpers/streets.ts'

/** A town of streets of all kinds, many of them closed to who has limits. */
const town = (r: Random) =>
  streets(
    drawStreets(r)
      .split('\n')
      .filter(line => !line.startsWith('turn'))
      .map(line => (/highway=(residential|footway)$/.test(line) ? `${line} ${r.pick(tags)}` : line))
      .join('\n'),
  )
const tags = ['', '', 'width=0.7', 'surface=cobblestone', 'incline=9%', 'wheelchair=no', 'smoothness=bad', 'width=2']

/** Each names the limits of the one before, or fewer and looser ones. */
const looser: readonly Limits[][] = [
  [{ stairs: false, minWidth: 1.5, maxSlope: 3 }, { stairs: false, minWidth: 1, maxSlope: 6 }, { stairs: false }, {}],
  [{ wheelchair: true, maxSlope: 5 }, { wheelchair: true }, {}],
  [
    { surface: 'smooth', smoothness: 'good' },
    { surface: 'cobbles', smoothness: 'bad' },
    { smoothness: 'horrible' },
    {},
  ],
  [{ unknown: 'refuse', minWidth: 1 }, { minWidth: 1 }, { minWidth: 0.6 }],
  [{ unknown: 'refuse', stairs: false }, { unknown: 'refuse' }, {}],
  [{ elevators: false, stairs: false, maxKerb: 0 }, { stairs: false, maxKerb: 3 }, { maxKerb: 15 }],
]

test('of places up to 200 m off, and of stops, none is lost', () => {
  const counted = { ways: 0, stops: 0, sooner: 0 }
  const lost: string[] = []
  for (let seed = 0; seed < 1200; seed++) {
    const r = random(seed)
    const s = town(r)
    const preset = r.pick([Profile.foot, Profile.wheelchair, Profile.walker])
    const steps = r.pick(looser).map(limits => ({
      ...withChanges(preset, { weights: { safety: 0 } }),
      limits,
    }))
    const pairs = Array.from({ length: 3 }, () => [off(r), off(r)] as const)
    const metres = r.pick([50, 250])
    let before: { ways: (number | undefined)[]; stops: Set<string> } | undefined
    for (const [i, profile] of steps.entries()) {
      const options = { profile, maxSeconds: 7200, maxMatchingDistance: metres }
      const ways = pairs.map(([from, to]) => streetPath(s.search, from, to, options)?.seconds)
      const stops = new Set(
        [false, true].flatMap(reverse => {
          const found = reachStops(s.search, pairs[0]![0].lat, pairs[0]![0].lon, { ...options, reverse })
          return Array.from(found.stops.subarray(0, found.count), stop => `${reverse} ${s.stopName(stop as StopIdx)}`)
        }),
      )
      if (before) {
        for (const [n, seconds] of before.ways.entries())
          if (seconds !== undefined) {
            counted.ways++
            if (ways[n] === undefined) lost.push(`town ${seed}: way ${n}, step ${i}`)
            else if (ways[n] < seconds) counted.sooner++
          }
        for (const stop of before.stops) {
          counted.stops++
          if (!stops.has(stop)) lost.push(`town ${seed}: stop ${stop}, step ${i}`)
        }
      }
      before = { ways, stops }
    }
  }
  expect(lost).toEqual([])
  expect(counted.ways).toBeGreaterThan(1000)
  expect(counted.stops).toBeGreaterThan(1000)
  expect(counted.sooner).toBeGreaterThan(50)
})

const off = (r: Random) => metresToPoint(r.between(-200, 700), r.between(-200, 600))
