// The import thread: fetch, read, join, write; from feeds and a map to the files of a network.

import { parentPort, workerData } from 'node:worker_threads'
import { createGround } from '#engine/access/ground.ts'
import { walkLimits, walksBetweenStops, walksOfStated } from '#engine/access/walks.ts'
import type { ServiceDay } from '#engine/core/time.ts'
import type { Footpaths } from '#engine/footpaths/footpaths.ts'
import { keepNeeded } from '#engine/footpaths/needed.ts'
import { mergeTransfers, notingUnstated } from '#engine/footpaths/transfers.ts'
import { gatherPlaces } from '#engine/places/gather.ts'
import type { StreetGraph } from '#engine/street/graph.ts'
import { buildStopLinks } from '#engine/street/links.ts'
import { Profile } from '#engine/street/profile.ts'
import { createStreetSearch } from '#engine/street/search.ts'
import { countDepartures } from '#engine/timetable/lookup.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'
import { loadGtfs } from '#feeds/gtfs/load.ts'
import { openSource } from '#feeds/gtfs/source.ts'
import { openHeights } from '#feeds/height-tiles.ts'
import { layStreets } from '#feeds/layers.ts'
import { loadLandscape } from '#feeds/osm/landscape.ts'
import { loadOsm } from '#feeds/osm/load.ts'
import { attributionsOf, boundsOf, countsOf, openStreetMap, serviceDaysOf, zonesOf } from './facts.ts'
import type { FromImport, ImportProgress, ImportReport, ImportSetup } from './import.ts'
import { chooseTags, fetchInput, madeFromSame, readArea, refuseShrunk } from './inputs.ts'
import { readLayers } from './layers.ts'
import { toErrorMessage } from './messages.ts'
import { buffersOf, type NetworkTables } from './network.ts'
import { type Manifest, writeNetwork } from './network-files.ts'
import { giveWay } from './priority.ts'

giveWay()
const { job, temporary } = workerData as ImportSetup
const send = (message: FromImport): void => parentPort!.postMessage(message)
// what was said last, and when
let step: ImportProgress['step'] | undefined
let told = 0

run().then(
  report => send({ kind: 'done', report }),
  (error: unknown) => send({ kind: 'failed', error: toErrorMessage(error) }),
)

async function run(): Promise<ImportReport> {
  const tags = chooseTags(job.gtfs)
  const area = job.area === undefined ? {} : { area: readArea(job.area) }
  const feeds = []
  for (const [i, { from }] of job.gtfs.entries()) feeds.push({ tag: tags[i]!, ...(await fetchInput(from, job, tell)) })
  const map = job.osm === undefined ? undefined : await fetchInput(job.osm, job, tell)
  const layers = map && readLayers(job)
  const before = job.unlessSame && !layers ? madeFromSame(job, feeds, map) : undefined
  if (before) return report(before, false)

  const sources = []
  for (const { tag, path } of feeds) sources.push({ tag, source: await openSource(path) })
  const { timetable, reports } = await loadGtfs(sources, {
    ...area,
    // a calendar too long to keep whole is kept around this day
    today: Math.floor(Date.now() / 86_400_000) as ServiceDay,
    onProgress: ({ tag, file, read, total }) => tell({ step: 'timetable', what: `${tag}/${file}`, done: read, total }),
  })
  const onStreets = (done: number, total: number | undefined): void => progress('streets', map!.from, done, total)
  const streets = map && (await loadOsm(map.path, { ...area, onProgress: onStreets }))
  const heights =
    streets && job.elevation !== undefined
      ? await openHeights(job.elevation, streets.graph.nodeLat, streets.graph.nodeLon)
      : undefined
  const laid =
    streets && layers && layStreets(streets.graph, { ...layers.layers, ...(heights && { heightAt: heights.heightAt }) })
  const graph = laid?.graph ?? streets?.graph
  const landscape =
    map &&
    (await loadLandscape(map.path, area.area, done =>
      tell({ step: 'landscape', what: map.from, done, total: map.bytes }),
    ))
  const tables = {
    ...joined(timetable, graph),
    ...(landscape && { ground: landscape.ground }),
    places: gatherPlaces({ timetable, departures: countDepartures(timetable), streets: streets?.graph, ...landscape }),
  }

  const counts = countsOf(tables)
  if (!job.force) refuseShrunk(job, counts)
  tell({ step: 'write', what: job.out, done: 0 })
  const facts = {
    createdAt: new Date().toISOString(),
    feeds: feeds.map(({ path: _, ...feed }, i) => ({ ...feed, report: reports[i]! })),
    ...(map &&
      streets && {
        map: {
          from: map.from,
          sha256: map.sha256,
          bytes: map.bytes,
          report: streets.report,
          ...(laid && { layers: { ...layers!.report, ...heights?.report, ...laid.report } }),
        },
      }),
    ...(job.area !== undefined && { area: job.area }),
    bounds: boundsOf(timetable),
    zones: zonesOf(timetable),
    serviceDays: serviceDaysOf(timetable),
    attributions: attributionsOf(reports, [
      ...(map ? [job.mapAttribution ?? openStreetMap] : []),
      ...(job.attributions ?? []),
    ]),
    counts,
  }
  return report(writeNetwork(job.out, facts, new Map(Object.entries(buffersOf(tables))), temporary), true)
}

/** Stops meet streets: where each stop touches them, and who is a walk away from whom, on foot, in a wheelchair, with a walker, with a pram. */
function joined(timetable: Timetable, streets: StreetGraph | undefined): NetworkTables {
  const links = streets && buildStopLinks(streets, timetable)
  const ground = createGround(timetable, streets && links && createStreetSearch(streets, links))
  const { far, near } = walkLimits(timetable)
  const unstated = new Map<number, number>()
  const walks = (walker: Profile, onFoot?: ReadonlyMap<number, number>): Footpaths => {
    const found = walksBetweenStops(ground, {
      walker,
      maxSeconds: far,
      onProgress: (done, total) =>
        progress('walks', walker === Profile.foot ? 'stops' : 'stops, step-free', done, total),
    })
    const noting = onFoot ? found : notingUnstated(timetable, found, unstated)
    const all = mergeTransfers(timetable, noting, onFoot, walker.speed)
    return streets ? keepNeeded(timetable, all, near) : all
  }
  const footpaths = walks(Profile.foot)
  // without a map and without pathways nobody knows where steps are
  const known = streets !== undefined || timetable.counts.pathways > 0
  const stated = known ? walksOfStated(ground, { walker: Profile.foot, maxSeconds: far }) : []
  const onFoot = new Map([...stated, ...unstated])
  return {
    timetable,
    footpaths,
    ...(known && {
      wheelchairFootpaths: walks(Profile.wheelchair, onFoot),
      walkerFootpaths: walks(Profile.walker, onFoot),
      pramFootpaths: walks(Profile.pram, onFoot),
    }),
    ...(streets && links && { streets, links }),
  }
}

function report(manifest: Manifest, changed: boolean): ImportReport {
  const { user, system } = process.threadCpuUsage()
  return {
    out: job.out,
    manifest,
    changed,
    seconds: performance.now() / 1000,
    cpuSeconds: (user + system) / 1e6,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
  }
}

const progress = (step: ImportProgress['step'], what: string, done: number, total: number | undefined): void =>
  tell({ step, what, done, ...(total !== undefined && { total }) })

function tell(news: ImportProgress): void {
  const now = performance.now()
  if (news.step === step && now - told < 100 && news.done !== news.total) return
  step = news.step
  told = now
  send({ kind: 'progress', progress: news })
}
