// `freifahrt feed`: asks realtime sources on behalf of all gateways.

import { once } from 'node:events'
import { Command, Option } from 'commander'
import { withoutSecrets } from '#engine/core/address.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { startFeedRole } from '#workers/feed.ts'
import { findPreset, presetNames } from '#workers/presets.ts'
import { createOperations, type Operations, redisState } from '../operations/operations.ts'
import { startOperationsServer } from '../operations/server.ts'
import { troubleLog } from '../operations/trouble.ts'
import { readSettings, type Settings } from '../settings.ts'
import { openOperators } from './operators.ts'
import { configOption, hostOption, isUrl, portOption } from './options.ts'
import { conditionOption, conditionsOf, gtfsRtOption, sourceOf } from './realtime.ts'
import type { Setup } from './setup.ts'

interface Options {
  preset?: string
  mirror?: string
  gtfsRt?: string[]
  gbfs?: string[]
  elevators?: string[]
  parking?: string[]
  config?: string
  host?: string
  port?: number
}

export const feedWord = (): Command =>
  new Command('feed')
    .description(
      'Ask realtime sources and put what they say into Redis, for every `serve` that shares it ($REDIS_URL).',
    )
    .addOption(new Option('--preset <NAME>', `the sources of a city known by name (${presetNames.join(', ')})`))
    .addOption(new Option('--mirror <URL>', 'ask URL/host/path instead of https://host/path for a preset'))
    .addOption(gtfsRtOption('a source to ask; the same as `serve` is given'))
    .addOption(conditionOption('--gbfs', 'vehicles for rent, as `serve` is given them'))
    .addOption(conditionOption('--elevators', 'elevators out of order, likewise'))
    .addOption(conditionOption('--parking', 'free spaces of car parks, likewise'))
    .addOption(configOption())
    .addOption(portOption())
    .addOption(hostOption())
    .addHelpText(
      'after',
      `
Of several processes one asks each source; when it falls silent another takes over within ten seconds. /health and /metrics are on --port.

Examples:
  REDIS_URL=redis://localhost freifahrt feed --gtfs-rt de=https://realtime.gtfs.de/realtime-free.pb --port 9001
  REDIS_URL=redis://localhost freifahrt feed --preset dortmund --port 9001`,
    )
    .action(feed)

async function feed(options: Options): Promise<void> {
  const given = {
    host: options.host,
    port: options.port,
    realtime: options.gtfsRt,
    gbfs: options.gbfs,
    elevators: options.elevators,
    parking: options.parking,
  }
  const { settings } = readSettings(given, process.env, options.config)
  if (settings.redisUrl === '') throw new FreifahrtError('BAD_REQUEST', 'feed', 'set REDIS_URL: whom should it tell?')
  const preset = options.preset === undefined ? undefined : findPreset(options.preset, options.mirror)
  const sources = [...(preset?.realtime ?? []), ...settings.realtime.map(sourceOf)]
  const conditions = [...(preset?.conditions ?? []), ...conditionsOf(settings)]
  const asked = sources.length + conditions.length
  if (asked === 0)
    throw new FreifahrtError('BAD_REQUEST', 'feed', 'give --gtfs-rt [TAG=]URL, another source or --preset NAME')
  const operators = openOperators(settings)
  const operations = createOperations({ operators, roles: ['feed'] })
  const role = runFeedRole({ sources, conditions }, settings, operations)
  const server = await startOperationsServer(operations, settings)
  console.log(`asking ${asked} sources; health on ${server.url}/health/ready`)
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  operations.unready.add('stopping')
  await role.close()
  await server.close()
}

/** The feed role inside any process: tells its metrics and readiness. */
export function runFeedRole(
  asked: Pick<Setup, 'sources' | 'conditions'>,
  settings: Settings,
  operations: Operations,
): { close(): Promise<void> } {
  const sources = asked.sources.filter(({ url }) => isUrl(url))
  const { conditions = [] } = asked
  const tell = troubleLog(settings)
  const role = startFeedRole({
    redisUrl: settings.redisUrl,
    prefix: settings.redisPrefix,
    sources,
    conditions,
    pollSeconds: settings.pollSeconds,
    allowHosts: settings.allowHosts,
    onState: redisState(operations, tell),
    onNews(url, { kind }, taken) {
      operations.metrics.count('feed_news', { source: withoutSecrets(url), kind, taken: String(taken) })
    },
    onTrouble: tell,
  })
  operations.metrics.read('feed_role', () => ({
    sources: sources.length + conditions.length,
    leading: role.leading().length,
  }))
  return role
}
