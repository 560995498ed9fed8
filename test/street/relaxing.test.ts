// Relaxing a limit never loses a way: neither between places, which may lie some way off the streets, nor to stops and from them; and with no
// limits nobody is later than with some. What is certain never becomes later: where he begins and ends as somebody without limits would. Elsewhere the
// street beside him is closed to him, and he is let through what nobody knows; to whom looser limits open that street it is told as it is for him.

import { expect, test } from 'vitest'
import type { EdgeIdx, StopIdx } from '#engine/core/ids.ts'
import { placesAt } from '#engine/street/ends.ts'
import { buildStopLinks } from '#engine/street/links.ts'
import { type StreetEnd, streetPath } from '#engine/street/path.ts'
import { type Limits, Profile, withChanges } from '#engine/street/profile.ts'
import { createStreetSearch, reachStops, type StreetSearch, travelAs } from '#engine/street/search.ts'
import type { Place } from '#engine/street/snap.ts'
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

interface Found {
  /** Rounded up. */
  readonly seconds: number
  /** It begins and ends where it would without limits; else it is told as unknown. */
  readonly certain: boolean
}

/** What is found: ways, and the stops from and to where the first of them begins. */
function found(search: StreetSearch, { pairs, metres, maxSeconds }: Asked, profile: Profile): Map<string, Found> {
  const options = { profile, maxSeconds: 7200, maxMatchingDistance: metres }
  const free = { ...profile, limits: {} }
  const placesOf = (traveller: Profile, end: StreetEnd, reverse: boolean) => {
    travelAs(search, traveller)
    return placesAt(search, end, metres, reverse)
  }
  const isCertain = (places: readonly Place[], end: StreetEnd, reverse: boolean): boolean => {
    const edges = new Set(placesOf(free, end, reverse).map(({ edge }) => edge))
    // or a millimetre beside the same junction
    return places.every(({ edge, moreMs = 0 }) => edges.has(edge) || moreMs < 5)
  }
  const isBegun = (end: StreetEnd, reverse: boolean, edge: EdgeIdx): boolean =>
    isCertain(
      placesOf(profile, end, reverse).filter(place => place.edge === edge),
      end,
      reverse,
    )
  const all = new Map<string, Found>()
  for (const [n, [from, to]] of pairs.entries()) {
    const way = streetPath(search, from, to, options)
    if (!way) continue
    const [first, last] = [way.stretches[0]!.edge, way.stretches.at(-1)!.edge]
    const certain = isBegun(from, false, first) && isBegun(to, true, last)
    if (!certain) expect(way.verdict.passable).toBe('unknown')
    if (profile.limits.unknown === 'refuse') expect(way.verdict.passable).toBe('yes')
    all.set(`way ${n}`, { seconds: way.seconds, certain })
  }
  const [place] = pairs[0]!
  for (const reverse of [false, true]) {
    const begins = isCertain(placesOf(profile, place, reverse), place, reverse)
    const reached = reachStops(search, place.lat, place.lon, { ...options, maxSeconds, reverse })
    const { seconds } = reached
    for (const [i, stop] of (reached.stops.slice(0, reached.count) as unknown as StopIdx[]).entries()) {
      const certain = begins && isCertain(placesOf(profile, { stop }, !reverse), { stop }, !reverse)
      all.set(`stop ${reverse ? 'from' : 'to'} ${stop}`, { seconds: seconds[i]!, certain })
    }
  }
  return all
}

/** Relaxes limits step by step, and gives what is lost or later after each, and against no limits at all. */
function relax(search: StreetSearch, r: Random, asked: Asked) {
  const preset = r.pick([Profile.foot, Profile.wheelchair, Profile.walker])
  const steps = r.pick(looser).map(limits => {
    const profile = { ...withChanges(preset, { weights: { safety: 0 } }), limits }
    return found(search, asked, profile)
  })
  const tighter = steps.slice(0, -1)
  const after = (to: (i: number) => (typeof steps)[number]) =>
    tighter.flatMap((before, i) => {
      const now = to(i)
      return [...before].flatMap(([what, { seconds, certain }]) =>
        // each of a way's ends is rounded by itself
        (now.get(what)?.seconds ?? Number.POSITIVE_INFINITY) > seconds + 1
          ? [{ what, step: i, certain, from: seconds, to: now.get(what)?.seconds }]
          : [],
      )
    })
  const all = tighter.flatMap(step => [...step.values()])
  return {
    compared: all.length,
    certain: all.filter(({ certain }) => certain).length,
    byStep: after(i => steps[i + 1]!),
    byAll: after(() => steps.at(-1)!),
  }
}

test('of places up to 200 m off, and of stops, none is lost', () => {
  const counted = { all: 0, certain: 0, later: 0 }
  for (let seed = 0; seed < 1600; seed++) {
    const r = random(seed < 1590 ? seed : seldom[seed - 1590]!)
    const { search } = town(r)
    const pairs = Array.from({ length: 3 }, () => [off(r), off(r)] as const)
    const asked = { pairs, metres: r.pick([50, 250]), maxSeconds: 7200 }
    const { compared, certain, byStep, byAll } = relax(search, r, asked)
    counted.all += compared
    counted.certain += certain
    counted.later += byStep.length
    expect([byAll, byStep.filter(({ certain, to }) => certain || to === undefined)], `town ${seed}`).toEqual([[], []])
  }
  expect(counted.all).toBeGreaterThan(8000)
  expect(counted.certain).toBeGreaterThan(counted.all / 2)
  expect(counted.later).toBeLessThan(counted.all / 200)
})

/** In these one passed an elevator or a barrier beside which one left the streets. */
const seldom = [1769, 2772, 3037, 3051, 4880, 5136, 5837, 8571, 13031, 15630]

const off = (r: Random) => metresToPoint(r.between(-200, 700), r.between(-200, 600))

const [map, feed] = ['heidelberg/heidelberg.osm.pbf', 'heidelberg/vrn_gtfs_cut.zip'].map(dataFile)
test.skipIf(!map || !feed)(
  'Heidelberg: as quick as ever without limits, and of what is certain with fewer',
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
    const counted = { all: 0, certain: 0, later: 0 }
    for (let n = 0; n < 400; n++) {
      const metres = r.pick([10, 50, 200])
      const asked = { pairs: [[somewhere(metres), somewhere(metres)] as const], metres: 250, maxSeconds: 900 }
      const { compared, certain, byStep, byAll } = relax(search, r, asked)
      counted.all += compared
      counted.certain += certain
      counted.later += byStep.length
      expect([byAll, byStep.filter(({ certain }) => certain)], `point ${n}`).toEqual([[], []])
    }

    expect(counted.all).toBeGreaterThan(5000)
    expect(counted.certain).toBeGreaterThan((counted.all * 3) / 4)
    expect(counted.later).toBeLessThan(counted.all / 100)
  },
)
