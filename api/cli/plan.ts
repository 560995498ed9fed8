// `freifahrt plan`: one question to a network on disk. It asks the same application that `serve` runs, without a port, so what it prints
// is what a client of the API gets.

import { Command } from 'commander'
import { type Code, FreifahrtError } from '#engine/core/errors.ts'
import { createClock } from '#workers/clock.ts'
import { openNetwork } from '#workers/network.ts'
import type { TransitService } from '#workers/service.ts'
import { buildApp } from '../app.ts'
import type { PlanResponse } from '../contract/itinerary.ts'
import { PlanQuery } from '../motis/plan.ts'
import { itineraryText, reasonText } from './itinerary.ts'
import { collect, networkOption, nowOption, parseInstant, parseWhole } from './options.ts'
import { json } from './output.ts'
import { findPlace } from './place.ts'
import { gtfsRtOption, hearOnce, sourceOf } from './realtime.ts'
import { openService } from './running.ts'

interface Options {
  network: string
  from: string
  to: string
  time?: string
  now?: string
  window?: number
  arriveBy?: true
  gtfsRt?: string[]
  preferRoom?: number
  via?: string[]
  wheelchair?: true
  modes?: string
  wish?: string[]
  json?: true
}

export const planWord = (): Command =>
  new Command('plan')
    .description('Find journeys, from door to door or from stop to stop.')
    .addOption(networkOption().makeOptionMandatory())
    .requiredOption('--from <PLACE>', 'a stop_id, a stop’s name, or LAT,LON')
    .requiredOption('--to <PLACE>', 'likewise')
    .option('--time <ISO>', 'leave at, with an offset or in the network’s own local time (default: now)')
    .option(
      '--window <S>',
      'all good departures within so many seconds (default: the next few, without those that only add a change)',
      parseWhole,
    )
    .option('--arrive-by', '--time is the latest arrival')
    .option('--via <PLACE[=MIN]>', 'come by there, and stay so many minutes; may be repeated', collect)
    .option('--wheelchair', 'only what a wheelchair can do')
    .option('--modes <LIST>', 'vehicles to use, as in TRAM,BUS,SUBWAY (default: all)')
    .option('--wish <NAME=VALUE>', 'any other parameter of GET /api/v6/plan; may be repeated', collect)
    .option('--prefer-room <MIN>', 'so many minutes for a less full vehicle, where realtime tells', parseWhole)
    .addOption(gtfsRtOption('realtime to take into account, an address or a file; may be repeated'))
    .addOption(nowOption())
    .option('--json', 'print the /api/v6/plan answer')
    .addHelpText(
      'after',
      `
Examples:
  freifahrt plan --network data/heidelberg --from 49.4075,8.6750 --to 49.4127,8.7102 --time 2022-07-05T08:00
  freifahrt plan --network data/heidelberg --from "Heidelberg Hbf" --to Bismarckplatz --time 2022-07-05T08:00 --arrive-by
  freifahrt plan --network data/heidelberg --from "Heidelberg Hbf" --to Neuenheim --via Bismarckplatz=20 --modes TRAM --wheelchair
  freifahrt plan --network data/heidelberg --from "Heidelberg Hbf" --to Neuenheim --wish maxTransfers=1 --wish preTransitModes=WALK,BIKE

--wish takes the parameters that docs/api.md and the page /docs of a running server tell.`,
    )
    .action(plan)

async function plan(options: Options): Promise<void> {
  const network = openNetwork(options.network)
  const zone = network.manifest.zones[0] ?? 'UTC'
  const clock = createClock(options.now === undefined ? undefined : parseInstant(options.now, zone, '--now'))
  const time = options.time === undefined ? clock.now() : parseInstant(options.time, zone, '--time')
  const sources = (options.gtfsRt ?? []).map(sourceOf)
  const service = await openService({ network, clock, sources })
  const app = buildApp(service)
  try {
    await hearOnce(service, sources)
    const query = parametersOf(service, options, time)
    const response = await app.inject({ url: `/api/v6/plan?${query}` })
    if (response.statusCode !== 200) throw refused((response.json() as { error: string }).error)
    const answer = response.json() as PlanResponse
    console.log(options.json ? json(answer) : answerText(answer, zone))
  } finally {
    await app.close()
    await service.close()
  }
}

/** The question as a client of the API writes it; what the words mean, and which there are, only the API says. */
function parametersOf(service: TransitService, options: Options, time: number): URLSearchParams {
  const vias = (options.via ?? []).map(text => /^(?<place>.+?)(?:=(?<stay>\d+))?$/s.exec(text)!.groups!)
  const query = new URLSearchParams({
    fromPlace: findPlace(service, options.from, '--from'),
    toPlace: findPlace(service, options.to, '--to'),
    time: new Date(time * 1000).toISOString(),
    ...(options.window === undefined ? {} : { searchWindow: String(options.window) }),
    // for reading, few and different; --json is the API's own answer
    ...(options.window === undefined && !options.json ? { distinct: 'true' } : {}),
    ...(options.arriveBy ? { arriveBy: 'true' } : {}),
    ...(options.preferRoom === undefined ? {} : { preferRoom: String(options.preferRoom) }),
    ...(options.wheelchair ? { pedestrianProfile: 'WHEELCHAIR' } : {}),
    ...(options.modes === undefined ? {} : { transitModes: options.modes }),
    ...(vias.length > 0 ? { viaMinimumStay: vias.map(({ stay }) => stay ?? '0').join() } : {}),
  })
  // a comma would part a coordinate
  for (const { place } of vias) query.append('via', findPlace(service, place!, '--via').replace(',', ';'))
  for (const wish of options.wish ?? []) {
    const [name, value] = readWish(wish)
    query.set(name, value)
  }
  return query
}

const SAID_OTHERWISE: Readonly<Record<string, string>> = {
  fromPlace: '--from',
  toPlace: '--to',
  time: '--time',
  via: '--via',
}

/** `NAME=VALUE`: a name that the API does not have would change nothing, unseen. */
function readWish(text: string): [name: string, value: string] {
  const at = text.indexOf('=')
  const name = text.slice(0, Math.max(0, at))
  if (at < 1) throw new FreifahrtError('BAD_REQUEST', '--wish', `'${text}' is no wish: write maxTransfers=1`)
  if (SAID_OTHERWISE[name])
    throw new FreifahrtError('BAD_REQUEST', '--wish', `say ${name} with ${SAID_OTHERWISE[name]}`)
  if (!Object.hasOwn(PlanQuery.properties, name))
    throw new FreifahrtError('BAD_REQUEST', '--wish', `'${name}' is no parameter of GET /api/v6/plan`)
  return [name, text.slice(at + 1)]
}

/** The API's sentence, which begins with code and place, as an error again. */
function refused(error: string): FreifahrtError {
  const [, code, where, detail] = /^([A-Z_]+) at ([^:]+): (.*)$/s.exec(error) ?? ['', 'BAD_REQUEST', 'plan', error]
  return new FreifahrtError(code as Code, where!, detail!)
}

function answerText({ direct, itineraries, reasons = [] }: PlanResponse, zone: string): string {
  const all = [...itineraries, ...direct]
  if (all.length === 0) return ['No journey found.', ...reasons.map(reason => reasonText(reason, zone))].join('\n')
  return all.map(itinerary => itineraryText(itinerary, zone)).join('\n\n')
}
