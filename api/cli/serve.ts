// `freifahrt serve`: a network on disk, or a preset that is fetched first, behind HTTP and WebSocket until it is told to stop.

import { join } from 'node:path'
import { Command, Option } from 'commander'
import { withoutSecrets } from '#engine/core/address.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { coversTime } from '#engine/horizon/days.ts'
import { createClock } from '#workers/clock.ts'
import { openNetwork } from '#workers/network.ts'
import type { Manifest } from '#workers/network-files.ts'
import { bring, broughtBefore, type NetworkPlace, placeName, placeOf } from '#workers/network-place.ts'
import { presetNames } from '#workers/presets.ts'
import { readSettings } from '../settings.ts'
import { progressText } from './import.ts'
import { configOption, hostOption, isUrl, networkOption, nowOption, parseInstant, portOption } from './options.ts'
import { grouped, progressLine } from './output.ts'
import { installPreset } from './preset.ts'
import { conditionOption, conditionsOf, gtfsRtOption, sourceOf } from './realtime.ts'
import { checkPort, projectRoot, serveUntilStopped } from './running.ts'
import { storeAccess } from './store.ts'

export interface ServeOptions {
  network?: string
  preset?: string
  gtfsRt?: string[]
  gbfs?: string[]
  elevators?: string[]
  parking?: string[]
  port?: number
  host?: string
  config?: string
  now?: string
  data: string
  mirror?: string
}

/** What a preset needs; `npm start` takes it too. */
export const presetOptions = (): Option[] => [
  new Option('--preset <NAME>', `a city known by name (${presetNames.join(', ')}): downloads, imports and serves it`),
  new Option('--data <DIR>', 'where a preset keeps its network and downloads').default(
    join(projectRoot, 'data'),
    'data/',
  ),
  new Option('--mirror <URL>', 'let a preset fetch URL/host/path instead of https://host/path'),
]

export const serveWord = (): Command => {
  const word = new Command('serve')
    .description('Serve a network: the page, the API and live boards.')
    .addOption(
      networkOption('a network that `freifahrt import` wrote, or its address in an object store').conflicts('preset'),
    )
    .addOption(
      conditionOption(
        '--gbfs',
        'vehicles for rent (GBFS 2 or 3, a manifest, or TAG=FILE.json that a job writes); may be repeated',
      ),
    )
    .addOption(
      conditionOption('--elevators', "elevators out of order, JSON in the shape of DB's FaSta; may be repeated"),
    )
    .addOption(
      conditionOption('--parking', 'free spaces of car parks, JSON in the shape of ParkAPI 1 or 3; may be repeated'),
    )
    .addOption(
      gtfsRtOption(
        'realtime to poll; may be repeated; TAG: the feed it speaks of; URL#addedWithoutRoute, #milliseconds, #differential, #predictFromPositions, #earlyAtTimepoints, #alertsEarlySeconds=N: a producer’s ways',
      ),
    )
    .addOption(portOption())
    .addOption(hostOption())
    .addOption(configOption())
    .addOption(nowOption())
    .addHelpText(
      'after',
      `
Examples:
  freifahrt serve --network data/heidelberg --now 2022-07-05T08:00
  freifahrt serve --network data/city --gtfs-rt https://example.org/tripupdates.pb --port 80 --host 0.0.0.0
  freifahrt serve --network https://store.example.org/networks/city
  freifahrt serve --preset dortmund`,
    )
    .action(serve)
  for (const option of presetOptions()) word.addOption(option)
  return word
}

export async function serve(options: ServeOptions): Promise<void> {
  const { settings } = readSettings(
    {
      host: options.host,
      port: options.port,
      network: options.network,
      realtime: options.gtfsRt,
      gbfs: options.gbfs,
      elevators: options.elevators,
      parking: options.parking,
    },
    process.env,
    options.config,
  )
  const asked = settings.realtime.map(sourceOf)
  for (const { url } of asked)
    if (!isUrl(url)) throw new FreifahrtError('BAD_REQUEST', '--gtfs-rt', `'${url}' is no http or https address`)
  await checkPort(settings)
  const preset =
    options.preset === undefined ? undefined : await installPreset(options.preset, options.data, options.mirror)
  const text = preset?.dir ?? settings.network
  if (text === '') throw new FreifahrtError('BAD_REQUEST', 'serve', 'give --network DIR or --preset NAME')
  const place = placeOf(text, settings.cache, storeAccess(settings))
  const dir = await broughtFrom(place)
  const network = openNetwork(dir)
  const { manifest } = network
  const sources = [...(preset?.sources ?? []), ...asked]
  const clock = createClock(
    options.now === undefined ? undefined : parseInstant(options.now, manifest.zones[0] ?? 'UTC', '--now'),
  )
  console.log(describe(placeName(place), manifest))
  for (const { tag, url } of sources)
    console.log(`  realtime ${tag === '' ? '' : `${tag} `}from ${withoutSecrets(url)}`)
  if (!coversTime(network.timetable, clock.now()))
    console.error(
      'Today is on no service day of this network, its boards are empty: --now lets the clock start on one.',
    )
  const conditions = [...(preset?.conditions ?? []), ...conditionsOf(settings)]
  for (const { kind, tag, url } of conditions) console.log(`  ${kind} ${tag} from ${withoutSecrets(url)}`)
  return serveUntilStopped({ network, clock, sources, conditions, from: { place, dir } }, settings)
}

/** The network's folder. A store that cannot be reached just now is no reason to stay closed. */
async function broughtFrom(place: NetworkPlace): Promise<string> {
  const line = progressLine()
  const onProgress = (file: string, done: number, total: number): void =>
    line.say(progressText({ step: 'download', what: file, done, total }))
  try {
    return await bring(place, { onProgress }).finally(line.end)
  } catch (error) {
    const before = broughtBefore(place)
    if (!before) throw error
    console.error(`${error instanceof Error ? error.message : error}; serving the network that was brought last`)
    return before
  }
}

function describe(dir: string, { feeds, counts, serviceDays, map }: Manifest): string {
  const [first, last] = serviceDays
  const names = feeds.map(feed => feed.tag).join(', ')
  return `${dir}: ${grouped(counts.stops ?? 0)} stops, ${grouped(counts.trips ?? 0)} trips of ${names}, ${first}–${last}${map ? '' : ', no street map'}`
}
