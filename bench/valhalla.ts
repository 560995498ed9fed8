// Freifahrt and Valhalla on the same map: the same pairs of places, on foot, by bicycle and by car, both in this process. Lengths are laid
// side by side, pairs that differ by more than a fifth are explained (outliers.ts; --outliers lists them), CPU per answer is compared.
//
//   node bench/valhalla.ts MAP.osm.pbf [PAIRS] [--outliers]
//
// Needs `npm --prefix bench/peers i` once. Valhalla answers without directions (directions_type none), ours with steps and geometry.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { E7 } from '#engine/core/geo.ts'
import type { EdgeIdx } from '#engine/core/ids.ts'
import { costsOf, usableSort } from '#engine/street/costs.ts'
import { mayUse, type StreetGraph, traitsOf } from '#engine/street/graph.ts'
import { buildStopLinks } from '#engine/street/links.ts'
import { type StreetPath, streetPath } from '#engine/street/path.ts'
import { Profile, withChanges } from '#engine/street/profile.ts'
import { createStreetSearch, reachStops, travelAs } from '#engine/street/search.ts'
import { loadOsm } from '#feeds/osm/load.ts'
import { type Random, random } from '../test/helpers/random.ts'
import { stopsOnly } from '../test/helpers/streets.ts'
import { cpuMsOf, digits, machine, median, quantile, repeat, summary } from './harness.ts'
import { type MapTags, readTags } from './laid.ts'
import { type Explained, explainer, type Tracer, type Trip } from './outliers.ts'

const { positionals, values } = parseArgs({ allowPositionals: true, options: { outliers: { type: 'boolean' } } })
const [map, pairCount = '500'] = positionals
if (!map) throw new Error('usage: node bench/valhalla.ts MAP.osm.pbf [PAIRS] [--outliers]')

interface Point {
  readonly lat: number
  readonly lon: number
}
interface Actor extends Tracer {
  route(query: string): Promise<string>
  isochrone(query: string): Promise<string>
}

/** From here on a way goes across the city. */
const ACROSS_METRES = 4000

const dir = mkdtempSync(join(tmpdir(), 'freifahrt-valhalla-'))
try {
  const { graph } = await loadOsm(map)
  const tags = await readTags(map)
  const actor = await openValhalla(map)
  console.log(`${machine()}\n${map}: ${graph.counts.nodes} nodes, ${graph.counts.edges} edges`)
  const travellers = [
    ['pedestrian', Profile.foot],
    ['bicycle', Profile.bike],
    ['auto', Profile.car],
  ] as const
  for (const [costing, profile] of travellers) await compareRoutes(actor, graph, tags, costing, profile)
  await measureAccess(actor, graph)
} finally {
  rmSync(dir, { recursive: true, force: true })
}

async function openValhalla(osm: string): Promise<Actor> {
  const { Actor, getConfig } = await import(
    new URL('./peers/node_modules/@valhallajs/valhallajs/index.mjs', import.meta.url).href
  )
  const config = await getConfig({ tileDir: join(dir, 'tiles'), tileExtract: '' })
  config.mjolnir.tile_extract = ''
  // the places are asked in one process: no logs between the figures
  config.mjolnir.logging = { type: '', color: false }
  writeFileSync(join(dir, 'config.json'), JSON.stringify(config))
  const cli = resolve(import.meta.dirname, 'peers/node_modules/@valhallajs/valhallajs/bin/valhalla-cli.js')
  execFileSync(process.execPath, [cli, 'build_tiles', '-c', join(dir, 'config.json'), resolve(osm)], {
    stdio: ['ignore', 'ignore', 'ignore'],
    // it leaves notes where it runs
    cwd: dir,
  })
  return new Actor(config)
}

async function compareRoutes(
  actor: Actor,
  graph: StreetGraph,
  tags: MapTags,
  costing: string,
  profile: Profile,
): Promise<void> {
  const r = random(7)
  const search = createStreetSearch(graph, buildStopLinks(graph, stopsOnly([])))
  const pairs = Array.from(
    { length: Number(pairCount) },
    () => [usableNode(graph, profile, r), usableNode(graph, profile, r)] as const,
  )
  const options = { profile, maxSeconds: 12 * 3600, maxMatchingDistance: 250 }
  const [ratios, times, ours, theirs]: number[][] = [[], [], [], []]
  const outliers: (Explained & { readonly line: string })[] = []
  const explain = explainer(actor, graph, tags, costing)
  const lengths: number[] = []
  let [onlyWe, onlyThey] = [0, 0]
  for (const [from, to] of pairs) streetPath(search, from, to, options) // warm
  for (const [from, to] of pairs) {
    let path: ReturnType<typeof streetPath>
    ours!.push(await cpuMsOf(async () => (path = streetPath(search, from, to, options))))
    const query = JSON.stringify({ locations: [place(from), place(to)], costing, directions_type: 'none' })
    let answer: string | undefined
    theirs!.push(await cpuMsOf(async () => (answer = await actor.route(query).catch(() => undefined))))
    lengths.push(path?.metres ?? 0)
    const trip: Trip | undefined = answer === undefined ? undefined : JSON.parse(answer).trip
    if (!path || !trip) {
      if (path) onlyWe++
      if (trip) {
        onlyThey++
        const explained = await explain.onlyThere(search.costs, [from.lat, from.lon, to.lat, to.lon], trip)
        outliers.push({
          ...explained,
          line: `    only there   ${at(from)} → ${at(to)}   ${explained.reason} (${explained.way})`,
        })
      }
      continue
    }
    if (path.metres < 50) continue
    const ratio = path.metres / (trip.summary.length * 1000)
    ratios!.push(ratio)
    times!.push(path.seconds / trip.summary.time)
    if (!farApart(ratio)) continue
    const explained = await explain.outlier(search.costs, path, trip)
    outliers.push({ ...explained, line: outlierText(path, trip, explained) })
  }
  const [mine, peer] = [ours!, theirs!]
  const across = (times: readonly number[]): number => median(times.filter((_, i) => lengths[i]! > ACROSS_METRES))
  console.log(`${costing}: ${ratios!.length} pairs with a way in both, ${onlyWe} only here, ${onlyThey} only there
  length, ours / theirs   median ${median(ratios!).toFixed(3)}  5 % ${quantile(ratios!, 0.05).toFixed(2)}  95 % ${quantile(ratios!, 0.95).toFixed(2)}  beyond a fifth: ${ratios!.filter(farApart).length}
  seconds, ours / theirs  median ${median(times!).toFixed(3)}
  CPU ms, ours            ${summary(mine)}
  CPU ms, theirs          ${summary(peer)}   ratio of the medians ${(median(mine) / median(peer)).toFixed(3)}
  over ${ACROSS_METRES / 1000} km: ours ${digits(across(mine))}, theirs ${digits(across(peer))}   ratio ${(across(mine) / across(peer)).toFixed(3)}`)
  const reasons = [...Map.groupBy(outliers, ({ reason }) => reason)].sort((a, b) => b[1].length - a[1].length)
  for (const [reason, found] of reasons) {
    const ways = new Set(found.map(({ way }) => way))
    console.log(`  ${String(found.length).padStart(3)}  ${reason}: ${[...ways].slice(0, 4).join(', ')}`)
  }
  if (values.outliers) for (const { line } of outliers) console.log(line)
}

/** Longer or shorter than the other by more than a fifth. */
function farApart(ratio: number): boolean {
  return Math.abs(Math.log(ratio)) > Math.log(1.2)
}

function at({ lat, lon }: Point): string {
  return `${lat / E7},${lon / E7}`
}

function outlierText(path: StreetPath, { summary: { length, time } }: Trip, { reason, way, both }: Explained): string {
  const end = (i: number): string => at({ lat: path.points.at(i)!, lon: path.points.at(i + 1)! })
  const [here, there] = [
    `${Math.round(path.metres)} m, ${path.seconds} s`,
    `${Math.round(length * 1000)} m, ${Math.round(time)} s`,
  ]
  return `    ${(path.metres / length / 1000).toFixed(2)}  ours ${here}; theirs ${there}   ${end(0)} → ${end(-2)}   ${reason} (${way})   ${both}`
}

/** A node from which this traveller can go on, and not only by pushing a bicycle. */
function usableNode(g: StreetGraph, profile: Profile, r: Random): Point {
  const costs = costsOf(g, profile)
  for (;;) {
    const node = r.below(g.counts.nodes)
    for (let a = g.arcsBegin[node]!; a < g.arcsBegin[node + 1]!; a++) {
      const edge = (g.arcEdge[a]! >>> 1) as EdgeIdx
      if (usableSort(costs, g.edgeSort[edge]) && mayUse(traitsOf(g, edge), profile.mode))
        return { lat: g.nodeLat[node]!, lon: g.nodeLon[node]! }
    }
  }
}

/** To 400 stops: 15 min on foot, 20 min by bike, 30 min on foot; beside Valhalla's isochrone of the same time, which has to reach as far. */
async function measureAccess(actor: Actor, graph: StreetGraph): Promise<void> {
  const r = random(11)
  const stops = stopsOnly(Array.from({ length: 400 }, () => usableNode(graph, Profile.foot, r)))
  const search = createStreetSearch(graph, buildStopLinks(graph, stops))
  const points = Array.from({ length: 100 }, () => usableNode(graph, Profile.foot, r))
  for (const [costing, preset, minutes] of [
    ['pedestrian', Profile.foot, 15],
    ['bicycle', Profile.bike, 20],
    ['pedestrian', Profile.foot, 30],
  ] as const) {
    const ask = { profile: preset, maxSeconds: minutes * 60, maxMatchingDistance: 250, reverse: false }
    const mine = repeat(points.length, i => reachStops(search, points[i]!.lat, points[i]!.lon, ask))
    const theirs: number[] = []
    for (const from of points.slice(0, 30)) {
      const query = JSON.stringify({ locations: [place(from)], costing, contours: [{ time: minutes }] })
      theirs.push(await cpuMsOf(() => actor.isochrone(query).catch(() => undefined)))
    }
    console.log(
      `stops within ${minutes} min, ${costing}: CPU ms ${summary(mine)}   Valhalla's isochrone of ${minutes} min ${digits(median(theirs))}`,
    )
  }
  // a profile never seen before
  const made = repeat(20, i => travelAs(search, withChanges(Profile.wheelchair, { speed: 0.5 + i / 100 })))
  console.log(`tables of a new profile: CPU ms ${summary(made)}, ${graph.counts.sorts} sorts`)
}

function place({ lat, lon }: Point) {
  return { lat: lat / 1e7, lon: lon / 1e7 }
}
