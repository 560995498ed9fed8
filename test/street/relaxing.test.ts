// Relaxing a limit never loses a way: neither between places, which may lie some way off the streets, nor to stops and from them; and with no
// limits nobody is later than with some.

import { expect, test } from 'vitest'
import { buildStopLinks } from '#engine/street/links.ts'
import { streetPath } from '#engine/street/path.ts'
import { type Limits, Profile, withChanges } from '#engine/street/profile.ts'
import { createStreetSearch, reachStops, type StreetSearch } from '#engine/street/search.ts'
import { loadGtfs } from '#feeds/gtfs/load.ts'
import { openSource } from '#feeds/gtfs/source.ts'
import { loadOsm } from '#feeds/osm/load.ts'
import { dataFile } from '../helpers/data.ts'
import { type Random, random } from '../helpers/random.ts'
import { drawStreets, metresToPoint, type Point, streets } from '../helpers/streets.ts'

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

/** Each names the limits of the one before, or fewer and looser ones; in the end there are none. */
const looser: readonly Limits[][] = [
  [{ stairs: false, minWidth: 1.5, maxSlope: 3 }, { stairs: false, minWidth: 1, maxSlope: 6 }, { stairs: false }, {}],
  [{ wheelchair: true, maxSlope: 5 }, { wheelchair: true }, {}],
  [
    { surface: 'smooth', smoothness: 'good' },
    { surface: 'cobbles', smoothness: 'bad' },
    { smoothness: 'horrible' },
    {},
  ],
  [{ unknown: 'refuse', minWidth: 1 }, { minWidth: 1 }, { minWidth: 0.6 }, {}],
  [{ unknown: 'refuse', stairs: false }, { unknown: 'refuse' }, {}],
  [{ elevators: false, stairs: false, maxKerb: 0 }, { stairs: false, maxKerb: 3 }, { maxKerb: 15 }, {}],
]

interface Asked {
  readonly pairs: readonly (readonly [Point, Point])[]
  readonly metres: number
  readonly maxSeconds: number
}

/** What is found → seconds: ways, and the stops from and to where the first of them begins. */
function found(search: StreetSearch, { pairs, metres, maxSeconds }: Asked, profile: Profile): Map<string, number> {
  const options = { profile, maxSeconds: 7200, maxMatchingDistance: metres }
  const seconds = new Map<string, number>()
  for (const [n, [from, to]] of pairs.entries()) {
    const way = streetPath(search, from, to, options)
    if (way) seconds.set(`way ${n}`, way.seconds)
  }
  const [{ lat, lon }] = pairs[0]!
  for (const reverse of [false, true]) {
    const { stops, seconds: reached, count } = reachStops(search, lat, lon, { ...options, maxSeconds, reverse })
    for (let i = 0; i < count; i++) seconds.set(`stop ${reverse ? 'from' : 'to'} ${stops[i]}`, reached[i]!)
  }
  return seconds
}

/** Relaxes limits step by step, and gives what is lost or later after each, and against no limits at all. */
function relax(search: StreetSearch, r: Random, asked: Asked) {
  const preset = r.pick([Profile.foot, Profile.wheelchair, Profile.walker])
  const steps = r.pick(looser).map(limits => {
    const profile = { ...withChanges(preset, { weights: { safety: 0 } }), limits }
    return found(search, asked, profile)
  })
  const after = (from: readonly (typeof steps)[number][], to: (i: number) => (typeof steps)[number]) =>
    from.flatMap((before, i) => {
      const now = to(i)
      return [...before].flatMap(([what, seconds]) =>
        // each of a way's ends is rounded by itself
        (now.get(what) ?? Number.POSITIVE_INFINITY) > seconds + 1
          ? [{ what, step: i, from: seconds, to: now.get(what) }]
          : [],
      )
    })
  return {
    compared: steps.slice(0, -1).reduce((sum, { size }) => sum + size, 0),
    byStep: after(steps.slice(0, -1), i => steps[i + 1]!),
    byAll: after(steps.slice(0, -1), () => steps.at(-1)!),
  }
}

test('of places up to 200 m off, and of stops, none is lost', () => {
  const counted = { all: 0, later: 0, laterThanAll: 0 }
  for (let seed = 0; seed < 1200; seed++) {
    const r = random(seed)
    const { search } = town(r)
    const pairs = Array.from({ length: 3 }, () => [off(r), off(r)] as const)
    const { compared, byStep, byAll } = relax(search, r, { pairs, metres: r.pick([50, 250]), maxSeconds: 7200 })
    counted.all += compared
    counted.later += byStep.length
    counted.laterThanAll += byAll.length
    expect(
      [...byStep, ...byAll].filter(({ to }) => to === undefined),
      `town ${seed}`,
    ).toEqual([])
  }
  expect(counted.all).toBeGreaterThan(4000)
  // on the far side of a street closed to him another may be farther for who may use this one
  expect(counted.later).toBeLessThan(counted.all / 100)
  expect(counted.laterThanAll).toBeLessThan(counted.all / 1000)
})

const off = (r: Random) => metresToPoint(r.between(-200, 700), r.between(-200, 600))

const [map, feed] = ['heidelberg/heidelberg.osm.pbf', 'heidelberg/vrn_gtfs_cut.zip'].map(dataFile)
test.skipIf(!map || !feed)(
  'Heidelberg: as quick as ever without limits, and hardly ever later with fewer',
  async () => {
    const { graph } = await loadOsm(map!)
    const { timetable } = await loadGtfs([{ tag: 'vrn', source: await openSource(feed!) }])
    const search = createStreetSearch(graph, buildStopLinks(graph, timetable))
    const r = random(11)
    const somewhere = (metres: number): Point => {
      const node = r.below(graph.counts.nodes)
      const units = metres * 90
      return {
        lat: graph.nodeLat[node]! + r.between(-units, units),
        lon: graph.nodeLon[node]! + r.between(-units, units),
      }
    }
    const counted = { all: 0, later: 0 }
    for (let n = 0; n < 400; n++) {
      const metres = r.pick([10, 50, 200])
      const asked = { pairs: [[somewhere(metres), somewhere(metres)] as const], metres: 250, maxSeconds: 900 }
      const { compared, byStep, byAll } = relax(search, r, asked)
      counted.all += compared
      counted.later += byStep.length
      expect(byAll, `point ${n}`).toEqual([])
    }

    expect(counted.all).toBeGreaterThan(5000)
    expect(counted.later).toBeLessThan(counted.all / 100)
  },
)
