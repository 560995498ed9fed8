// Relaxing a limit loses no journey: who may use more streets finds, for each journey that keeps his stricter limits, one that leaves no sooner, arrives
// no later and changes no more often. A journey keeps them where each of its walks begins and ends at a street that is open to him; whom limits close the
// street beside him is let through as a last resort, and told so (street/relaxing.test.ts).

import { expect, test } from 'vitest'
import { createGround } from '#engine/access/ground.ts'
import { walkLimits, walksBetweenStops, walksOfStated } from '#engine/access/walks.ts'
import type { EdgeIdx, StopIdx } from '#engine/core/ids.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import type { Footpaths } from '#engine/footpaths/footpaths.ts'
import { keepNeeded } from '#engine/footpaths/needed.ts'
import { mergeTransfers } from '#engine/footpaths/transfers.ts'
import { createPlanner, type Planner, plan } from '#engine/plan/plan.ts'
import { placeOf, type Query, type QueryPlace, queryDefaults } from '#engine/plan/query.ts'
import { placesAt } from '#engine/street/ends.ts'
import { buildStopLinks } from '#engine/street/links.ts'
import { closedBeside, type StreetEnd } from '#engine/street/path.ts'
import { type Limits, Profile } from '#engine/street/profile.ts'
import { createStreetSearch, travelAs } from '#engine/street/search.ts'
import { unlimited } from '#engine/street/unlimited.ts'
import type { Journey, Leg } from '#engine/transit/journey.ts'
import { loadGtfs } from '#feeds/gtfs/load.ts'
import { openSource } from '#feeds/gtfs/source.ts'
import { loadOsm } from '#feeds/osm/load.ts'
import { dataFile } from '../helpers/data.ts'
import { horizonOf } from '../helpers/horizon.ts'
import { type Random, random } from '../helpers/random.ts'
import { metresToPoint } from '../helpers/streets.ts'
import { drawTown, METRES, SIDE } from '../helpers/town.ts'

/** Each names the limits of the one before, or fewer and looser ones; in the end there are none. */
const looser: readonly Limits[][] = [
  [{ stairs: false, minWidth: 1.5, maxSlope: 3 }, { stairs: false, minWidth: 1, maxSlope: 6 }, { stairs: false }, {}],
  [{ surface: 'smooth', smoothness: 'good' }, { surface: 'cobbles', smoothness: 'bad' }, {}],
  [{ unknown: 'refuse', stairs: false }, { stairs: false }, {}],
  [{ elevators: false, stairs: false, maxKerb: 0 }, { stairs: false, maxKerb: 3 }, {}],
]

type World = readonly [planner: Planner, horizon: ReturnType<typeof horizonOf>]

function worldOf(tt: Planner['timetable'], graph: Parameters<typeof buildStopLinks>[0]): World {
  const links = buildStopLinks(graph, tt)
  const ground = createGround(tt, createStreetSearch(graph, links))
  const { far, near } = walkLimits(tt)
  const stated = walksOfStated(ground, { walker: Profile.foot, maxSeconds: far })
  const table = (walker: Profile): Footpaths => {
    const usual = walker === Profile.foot ? undefined : stated
    return keepNeeded(tt, mergeTransfers(tt, walksBetweenStops(ground, { walker, maxSeconds: far }), usual), near)
  }
  const [foot, chair, pram] = [Profile.foot, Profile.wheelchair, Profile.pram].map(table)
  return [createPlanner(tt, foot!, { graph, links }, chair, chair, pram), horizonOf(tt, foot!)]
}

/** Every walk begins and ends at a street that is open to the walker, and no change takes more than a quarter of an hour. */
function keepsLimits([{ streets, timetable }]: World, q: Query, { legs }: Journey): boolean {
  const isOpen = (place: QueryPlace, reverse: boolean): boolean => {
    const end: StreetEnd = place.kind === 'stop' ? { stop: place.stop } : place
    if (place.kind === 'stop' && timetable.stopLocationType[place.stop] !== 0) return true
    const asked = { profile: q.walker, maxMatchingDistance: q.maxMatchingDistance }
    if (closedBeside(streets!, end, asked, reverse).length > 0) return false
    const edgesOf = (walker: Profile): EdgeIdx[] => {
      travelAs(streets!, walker)
      return placesAt(streets!, end, q.maxMatchingDistance, reverse).map(({ edge }) => edge)
    }
    const free = new Set(edgesOf(unlimited(q.walker)))
    return edgesOf(q.walker).every(edge => free.has(edge))
  }
  // of longer changes tables know those that some traveller needs (own-walks.ts)
  const { near } = walkLimits(timetable)
  const isFar = (leg: Leg): boolean =>
    leg.kind === 'walk' && leg.from.kind === 'stop' && leg.to.kind === 'stop' && leg.arrival - leg.departure > near
  if (legs.some(isFar)) return false
  return legs.every(
    leg => leg.kind === 'ride' || (isOpen(placeOf(q, leg.from), false) && isOpen(placeOf(q, leg.to), true)),
  )
}

/** Each end of each walk is rounded by itself, to a second. */
function isCovered(j: Journey, by: readonly Journey[]): boolean {
  const more = 2 * j.legs.filter(({ kind }) => kind === 'walk').length
  return by.some(o => o.departure >= j.departure - more && o.arrival <= j.arrival + more && o.transfers <= j.transfers)
}

interface Counted {
  all: number
  /** Of those, the ones that keep their limits. */
  kept: number
  /** That nothing with looser limits is as good as: of all, and of those. */
  lost: number
  lostKept: string[]
}

function relax(world: World, r: Random, asked: Omit<Query, 'walker'>, counted: Counted): void {
  const steps = r.pick(looser).map(limits => {
    const q = { ...asked, walker: { ...Profile.foot, limits } }
    const { itineraries, direct } = plan(...world, q)
    return { q, journeys: [...itineraries, ...direct] }
  })
  for (const [i, { q, journeys }] of steps.slice(0, -1).entries())
    for (const j of journeys) {
      const keeps = keepsLimits(world, q, j)
      counted.all++
      if (keeps) counted.kept++
      if (isCovered(j, steps[i + 1]!.journeys)) continue
      counted.lost++
      if (keeps) counted.lostKept.push(JSON.stringify([i, q.walker.limits, q.from, q.to, q.time, q.arriveBy, j]))
    }
}

const wished = { window: 3600, minJourneys: 0, maxDirect: 1800 }
const counting = (): Counted => ({ all: 0, kept: 0, lost: 0, lostKept: [] })

test('random towns', () => {
  const counted = counting()
  for (let seed = 0; seed < 120; seed++) {
    const r = random(seed)
    const { drawn, graph } = drawTown(r)
    const { tt, day } = drawn
    const world = worldOf(tt, graph)
    const place = (): QueryPlace =>
      r.chance(0.5)
        ? { kind: 'stop', stop: r.below(tt.counts.stops - tt.counts.roomStops) as StopIdx }
        : { kind: 'coordinate', ...metresToPoint(r.below(SIDE * METRES), r.below(SIDE * METRES)) }
    for (let n = 0; n < 3; n++) {
      const [from, to, arriveBy] = [place(), place(), r.chance(0.4)]
      const time = (day * 86_400 + 9 * 3600 + r.below(7200)) as UnixSeconds
      relax(world, r, { ...queryDefaults, ...wished, from, to, arriveBy, time }, counted)
    }
  }
  expect(counted.lostKept).toEqual([])
  expect(counted.kept).toBeGreaterThan(1700)
  expect(counted.lost).toBeLessThan(counted.all / 50)
})

const [map, feed] = ['heidelberg/heidelberg.osm.pbf', 'heidelberg/vrn_gtfs_cut.zip'].map(dataFile)
test.skipIf(!map || !feed)('Heidelberg', async () => {
  const { graph } = await loadOsm(map!)
  const { timetable } = await loadGtfs([{ tag: 'vrn', source: await openSource(feed!) }])
  const world = worldOf(timetable, graph)
  const r = random(7)
  const place = (): QueryPlace => {
    const node = r.below(graph.counts.nodes)
    const units = r.pick([10, 50]) * 90
    const off = (at: number): number => at + r.between(-units, units)
    return { kind: 'coordinate', lat: off(graph.nodeLat[node]!), lon: off(graph.nodeLon[node]!) }
  }
  const counted = counting()
  for (let n = 0; n < 120; n++) {
    const time = (Date.parse('2022-07-05T06:00:00Z') / 1000 + r.below(36_000)) as UnixSeconds
    relax(world, r, { ...queryDefaults, ...wished, from: place(), to: place(), arriveBy: r.chance(0.4), time }, counted)
  }
  expect(counted.lostKept).toEqual([])
  expect(counted.kept).toBeGreaterThan(300)
  expect(counted.lost).toBeLessThan(counted.all / 50)
})
