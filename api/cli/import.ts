// `freifahrt import`: feeds and a map → a network on disk, with a report of what was dropped and why.

import { Command, Option } from 'commander'
import { withoutSecrets } from '#engine/core/address.ts'
import type { ImportJob, ImportProgress, ImportReport } from '#workers/import.ts'
import { importNetwork } from '#workers/import.ts'
import { publishNetwork } from '#workers/network-store/publish.ts'
import { readSettings } from '../settings.ts'
import { reportText } from './import-report.ts'
import { collect, parseTagged } from './options.ts'
import { bytes, grouped, json, progressLine } from './output.ts'
import { storeAccess } from './store.ts'

interface Options {
  gtfs: string[]
  osm?: string
  area?: string
  accidents?: string[]
  carFree?: string
  elevation?: string
  out: string
  publish?: string
  json?: true
  force?: true
}

export const importWord = (): Command =>
  new Command('import')
    .description('Make a network out of timetables and a street map. A refused input leaves DIR as it was.')
    .addOption(
      new Option(
        '--gtfs <[TAG=]FEED>',
        'GTFS zip, folder or URL; may be repeated; TAG becomes the prefix of its public ids',
      )
        .argParser(collect)
        .makeOptionMandatory(),
    )
    .option('--osm <MAP.osm.pbf>', 'OpenStreetMap extract, file or URL; without it people walk in straight lines')
    .option(
      '--area <W,S,E,N>',
      'keep only what lies inside (degrees, or a GeoJSON file with polygons); cut while reading',
    )
    .addOption(
      new Option(
        '--accidents <CSV>',
        'accidents with cyclists and pedestrians, in the form of the German Unfallatlas; may be repeated; safe ways go round them',
      ).argParser(collect),
    )
    .option('--car-free <GeoJSON>', 'polygons (or W,S,E,N) that no car enters')
    .option('--elevation <DIR>', 'folder of SRTM tiles (N51E007.hgt, .hgt.gz, .hgt.zip …) for slopes')
    .requiredOption('--out <DIR>', 'the network; replaced whole if it is there')
    .option('--publish <URL>', 'put the network into an object store as well, for `serve --network URL`')
    .option('--force', 'take a feed that has lost more than a fifth of its trips or stops')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      `
Examples:
  freifahrt import --gtfs vrn.zip --osm heidelberg.osm.pbf --out data/heidelberg
  freifahrt import --gtfs de=https://download.gtfs.de/germany/nv_free/latest.zip --area 7.29,51.40,7.65,51.61 --out data/dortmund`,
    )
    .action(importFeeds)

async function importFeeds({ gtfs, osm, area, out, publish, json: asJson, force, ...layers }: Options): Promise<void> {
  const report = await importWithProgress({
    gtfs: gtfs.map(parseTagged),
    out,
    ...(osm !== undefined && { osm }),
    ...(area !== undefined && { area }),
    ...(layers.accidents && { accidents: layers.accidents }),
    ...(layers.carFree !== undefined && { carFree: layers.carFree }),
    ...(layers.elevation !== undefined && { elevation: layers.elevation }),
    ...(force && { force }),
  })
  console.log(asJson ? json(report) : reportText(report))
  if (publish !== undefined) await publishWithProgress(out, publish)
}

async function publishWithProgress(dir: string, url: string): Promise<void> {
  const { settings } = readSettings()
  const line = progressLine()
  const changed = await publishNetwork(
    dir,
    { ...storeAccess(settings), url },
    { onProgress: (what, done, total) => line.say(progressText({ step: 'publish', what, done, total })) },
  ).finally(line.end)
  console.log(`${withoutSecrets(url)}: ${changed ? 'published' : 'this network is there already'}`)
}

/** Shows how far it is when it takes longer than a second. */
export async function importWithProgress(job: ImportJob): Promise<ImportReport> {
  const line = progressLine()
  return importNetwork(job, { onProgress: progress => line.say(progressText(progress)) }).finally(line.end)
}

export function progressText({ step, what, done, total }: ImportProgress): string {
  const amount = (n: number): string => (step === 'download' || step === 'publish' ? bytes(n) : grouped(n))
  if (total === undefined || total === 0) return `${step}: ${what}${done > 0 ? `, ${amount(done)}` : ''}`
  return `${step}: ${what}, ${Math.floor((100 * done) / total)} % of ${amount(total)}`
}
