// Streets: how long it takes to the stops, across the city, to everywhere, and door to door beside stop to stop; in CPU, and beside Dijkstra's
// algorithm over arcs (test/helpers/slow-streets.ts), which looks at the whole map.

import { createReadStream } from 'node:fs'
import { createOSMStream } from 'osm-pbf-parser-node'
import { scheduleHorizon } from '#api/cli/schedule.ts'
import { createGround } from '#engine/access/ground.ts'
import { walkLimits, walksBetweenStops } from '#engine/access/walks.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { keepNeeded } from '#engine/footpaths/needed.ts'
import { mergeTransfers } from '#engine/footpaths/transfers.ts'
import { onFoot } from '#engine/plan/approaches.ts'
import { createPlanner, plan } from '#engine/plan/plan.ts'
import { type Query, type QueryPlace, queryDefaults } from '#engine/plan/query.ts'
import { reachAll } from '#engine/plan/reach.ts'
import { daysFor } from '#engine/plan/window.ts'
import { costsOf } from '#engine/street/costs.ts'
import { placeNear } from '#engine/street/ends.ts'
import { buildStopLinks } from '#engine/street/links.ts'
import { streetPath } from '#engine/street/path.ts'
import { Profile, withChanges } from '#engine/street/profile.ts'
import { createStreetSearch, reachStops, travelAs } from '#engine/street/search.ts'
import { buildLookup } from '#engine/timetable/lookup.ts'
import { loadGtfs } from '#feeds/gtfs/load.ts'
import { openSource } from '#feeds/gtfs/source.ts'
import { readBlobs } from '#feeds/osm/blocks.ts'
import { decodeBlock, OsmBlock } from '#feeds/osm/decode.ts'
import { loadOsm } from '#feeds/osm/load.ts'
import type { NetworkTables } from '#workers/network.ts'
import { random } from '../test/helpers/random.ts'
import { slowLabels } from '../test/helpers/slow-streets.ts'
import { count, cpuMsOf, figure, median, type Row, ratio, repeat, spentSince } from './harness.ts'

export interface StreetSubject {
  readonly name: string
  readonly tables: NetworkTables
  /** Of the day that is asked about. */
  readonly midnight: number
}

/** A feed with its map, in this process and without files. */
export async function openMapped(feed: string, map: string, tag: string): Promise<NetworkTables> {
  const { timetable } = await loadGtfs([{ tag, source: await openSource(feed) }])
  const { graph } = await loadOsm(map)
  const links = buildStopLinks(graph, timetable)
  const { far, near } = walkLimits(timetable)
  const walks = walksBetweenStops(createGround(timetable, createStreetSearch(graph, links)), {
    walker: Profile.foot,
    maxSeconds: far,
  })
  return { timetable, footpaths: keepNeeded(timetable, mergeTransfers(timetable, walks), near), streets: graph, links }
}

const PLACES = 60
/** A ratio to what takes less than this is printed, not guarded: on a map so small it is one of microseconds, and as often half or twice itself. */
const LEAST_MS = 50

export function streetRows({ name, tables, midnight }: StreetSubject): Row[] {
  const { timetable: tt, streets: graph, links } = tables
  if (!graph || !links) return []
  const search = createStreetSearch(graph, links)
  const { departures } = buildLookup(tt)
  const served = Array.from({ length: tt.counts.stops }, (_, s) => s as StopIdx).filter(
    s => departures[s]! > 0 && tt.stopLocationType[s] === 0 && links.linksBegin[s]! < links.linksBegin[s + 1]!,
  )
  const r = random(3)
  const stops = Array.from({ length: 2 * PLACES }, () => r.pick(served))
  // some hundred metres from a stop
  const places = stops.map(stop => ({
    kind: 'coordinate' as const,
    lat: tt.stopLat[stop]! + r.between(-30_000, 30_000),
    lon: tt.stopLon[stop]! + r.between(-40_000, 40_000),
  }))
  const each = (work: (i: number) => void): number => median(repeat(PLACES, work))
  // what takes no millisecond: the best of several rounds, so that compiling it is not counted
  const quick = (work: (i: number) => void): number => Math.min(...Array.from({ length: 8 }, () => each(work)))

  // ── to the stops and across the city
  const around = (profile: Profile, minutes: number) => (i: number) => {
    const { lat, lon } = places[i]!
    reachStops(search, lat, lon, { profile, maxSeconds: minutes * 60, maxMatchingDistance: 250, reverse: false })
  }
  const across = (i: number): void => {
    const travel = { profile: Profile.bike, maxSeconds: 36_000, maxMatchingDistance: 250 }
    streetPath(search, places[i]!, places[i + PLACES]!, travel)
  }
  const costs = costsOf(graph, Profile.bike)
  travelAs(search, Profile.bike)
  const start = places.map(place => placeNear(search, place, 250)).find(place => place !== undefined)!
  const slow = Math.min(...repeat(12, () => slowLabels(graph, costs, start)))
  const [near, route] = [quick(around(Profile.foot, 15)), quick(across)]
  const beside = slow < LEAST_MS ? (named: string, value: number) => figure(named, value, '') : ratio
  /** What has a label after one of these: it is the same on every machine. */
  const labels = (work: (i: number) => void): number => {
    let sum = 0
    for (let i = 0; i < PLACES; i++) {
      work(i)
      sum += search.touchedCount
    }
    return sum / PLACES
  }

  // ── with transit
  const planner = createPlanner(tt, tables.footpaths, { graph, links })
  const asked = (i: number, at: readonly QueryPlace[], more: Partial<Query> = {}): Query => ({
    ...queryDefaults,
    from: at[i]!,
    to: at[i + PLACES]!,
    time: (midnight + (7 + (i % 12)) * 3600) as UnixSeconds,
    ...more,
  })
  const atStops = stops.map(stop => ({ kind: 'stop', stop }) as const)
  const days = new Map(
    Array.from({ length: PLACES }, (_, i) => daysFor(tt, asked(i, places)))
      .flat()
      .map(day => [`${day.zone} ${day.day}`, day]),
  )
  const horizon = scheduleHorizon(tables, days.values())
  const planning = (at: readonly QueryPlace[], more?: Partial<Query>): number =>
    each(i => plan(planner, horizon, asked(i, at, more)))
  const by = (mode: 'BIKE' | 'CAR'): Partial<Query> => ({
    approaches: { ...onFoot, access: ['WALK', mode], egress: ['WALK'] },
  })
  const walked = planning(places, { maxDirect: 0 })
  const stopToStop = planning(atStops, { maxDirect: 0 })
  const battery = { chargeWh: 24, reserveWh: 0, charging: true }
  const shortly = each(i =>
    plan(
      planner,
      horizon,
      asked(i, places, {
        approaches: { ...onFoot, access: ['BIKE'], egress: ['BIKE'] },
        rider: withChanges(Profile.eBike, { battery }),
        maxAccess: 1800,
        maxEgress: 1800,
      }),
    ),
  )
  const half = each(i => reachAll(planner, horizon, { ...asked(i, places), one: places[i]!, maxTravelTime: 1800 }))
  return [
    figure(`${name}, stops within 15 min on foot`, near, 'ms'),
    figure(`${name}, stops within 20 min by bicycle`, quick(around(Profile.bike, 20)), 'ms'),
    figure(`${name}, stops within 30 min on foot`, quick(around(Profile.foot, 30)), 'ms'),
    count(`${name}, stops within 15 min on foot: labels`, labels(around(Profile.foot, 15))),
    count(`${name}, bicycle route: labels`, labels(across)),
    figure(`${name}, stops within 30 min on foot and with transit, door to door`, half, 'ms'),
    figure(`${name}, door to door, by an e-bike for 3 km at both ends`, shortly, 'ms'),
    figure(`${name}, bicycle route across the city`, route, 'ms'),
    beside(`${name}, stops within 15 min on foot: CPU, plain Dijkstra = 100,000`, (100_000 * near) / slow),
    beside(`${name}, bicycle route: CPU, plain Dijkstra = 100,000`, (100_000 * route) / slow),
    count(`${name}, bytes of the graph for an edge`, graph.buffer.byteLength / graph.counts.edges),
    figure(`${name}, stop to stop`, stopToStop, 'ms'),
    ratio(`${name}, door to door on foot: CPU, stop to stop = 100`, (100 * walked) / stopToStop),
    ratio(
      `${name}, door to door, also walking all the way: CPU, stop to stop = 100`,
      (100 * planning(places)) / stopToStop,
    ),
    figure(
      `${name}, door to door, by bicycle to the stops as well: stop to stop = 100`,
      (100 * planning(places, by('BIKE'))) / stopToStop,
      '',
    ),
    figure(
      `${name}, door to door, by car to the stops as well: stop to stop = 100`,
      (100 * planning(places, by('CAR'))) / stopToStop,
      '',
    ),
  ]
}

/** The walks between all stops, made as the import makes them, for each traveller who has a table; and of who has none, when he first asks. */
export function walkRows({ name, tables, midnight }: StreetSubject): Row[] {
  const { timetable: tt, footpaths, streets: graph, links } = tables
  if (!graph || !links) return []
  const ground = createGround(tt, createStreetSearch(graph, links))
  const { far, near } = walkLimits(tt)
  const made = (walker: Profile): number => {
    const before = process.cpuUsage()
    keepNeeded(tt, mergeTransfers(tt, walksBetweenStops(ground, { walker, maxSeconds: far })), near)
    return spentSince(before)
  }
  made(Profile.foot) // warm
  const { foot, wheelchair, walker, pram } = Profile
  const tableRows = [foot, wheelchair, walker, pram].map(who =>
    figure(`${name}, walks of ${who.name}`, made(who), 'ms'),
  )

  const { departures } = buildLookup(tt)
  const served = Array.from({ length: tt.counts.stops }, (_, s) => s as StopIdx).filter(
    s => departures[s]! > 0 && links.linksBegin[s]! < links.linksBegin[s + 1]!,
  )
  const r = random(9)
  const asked = Array.from({ length: PLACES }, (_, i) => ({
    ...queryDefaults,
    from: { kind: 'stop', stop: r.pick(served) } as const,
    to: { kind: 'stop', stop: r.pick(served) } as const,
    time: (midnight + (7 + (i % 12)) * 3600) as UnixSeconds,
  }))
  const planner = createPlanner(tt, footpaths, { graph, links })
  const horizon = scheduleHorizon(tables, asked.flatMap(q => daysFor(tt, q)).values())
  const planning = (rider: Profile): number =>
    median(repeat(PLACES, i => plan(planner, horizon, { ...asked[i]!, walker: rider })))
  planning(foot)
  const usual = planning(foot)
  const own = withChanges(foot, { limits: { maxKerb: 3, maxSlope: 6 } })
  return [
    ...tableRows,
    figure(`${name}, with limits of one's own: stop to stop, as usual = 100`, (100 * planning(own)) / usual, ''),
    figure(`${name}, the same again`, (100 * planning(own)) / usual, ''),
  ]
}

/** A map's entities scanned, nothing made of them. */
export async function osmRows(name: string, map: string): Promise<Row[]> {
  const block = new OsmBlock()
  let entities = 0
  const scan = async (): Promise<void> => {
    entities = 0
    for await (const { type, bytes, where } of readBlobs(createReadStream(map, { highWaterMark: 1 << 20 }), name)) {
      if (type === 'header') continue
      decodeBlock(bytes, where, block)
      entities += block.nodeId.length + block.wayId.length + block.relationId.length
    }
  }
  const plain = async (): Promise<void> => {
    let seen = 0
    for await (const item of createOSMStream(map, { withTags: true, withInfo: false })) if ('id' in item) seen++
    if (seen !== entities) throw new Error(`${seen} entities there, ${entities} here`)
  }
  // in turn, the best of each: the first ones are being compiled
  let [mine, theirs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (let i = 0; i < 5; i++) {
    mine = Math.min(mine, await cpuMsOf(scan))
    theirs = Math.min(theirs, await cpuMsOf(plain))
  }
  return [
    figure(`${name}, OSM scanned`, entities / mine / 1000, 'M entities per CPU-second'),
    ratio(`${name}, OSM scanned: CPU, osm-pbf-parser-node = 1,000`, (1000 * mine) / theirs),
  ]
}
