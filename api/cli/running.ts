// A network at work, with or without a port: what plan, serve and demo have in common.

import { once } from 'node:events'
import { createServer } from 'node:net'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { OpenNetwork } from '#workers/network.ts'
import { type RunningService, startService } from '#workers/start.ts'
import { ensureWebBuilt } from '../../web/build.ts'
import { apiConfigOf } from '../config.ts'
import { createOperations, type Operations } from '../operations/operations.ts'
import { startTracing } from '../operations/tracing.ts'
import { type TellTrouble, troubleLog } from '../operations/trouble.ts'
import { type Server, startServer } from '../server.ts'
import type { Settings } from '../settings.ts'
import { warmUp } from '../warm.ts'
import { openOperators } from './operators.ts'
import { isShared, startRoles } from './roles.ts'
import type { Setup } from './setup.ts'
import { type InForce, type OpenService, takeOverNetworks } from './take-over.ts'

/** The project's folder: its own files, and `data/` for what the command fetches and makes. */
export const projectRoot = resolve(import.meta.dirname, '../..')

const planWorker = new URL('../plan.worker.ts', import.meta.url)

/** A port that is taken is told before a city is fetched or made. Throws what listening there throws. */
export async function checkPort({ host, port }: Pick<Settings, 'host' | 'port'>): Promise<void> {
  const probe = createServer().listen({ host, port })
  await once(probe, 'listening')
  await once(probe.close(), 'close')
}

export const openService = (setup: Setup): Promise<RunningService> => startService({ ...setup, planWorker })

/**
 * Returns after SIGINT or SIGTERM, when the last answer is out: not ready at once, after `drainSeconds` no new connections, and after
 * LONGEST_DRAIN_MS whoever is still there is cut off.
 */
export function serveUntilStopped(setup: Setup, settings: Settings): Promise<void> {
  // whoever waits for its end must not keep the network that it began with
  const { network, ...rest } = setup
  const first = [network]
  return keepServing(() => first.pop()!, rest, settings)
}

async function keepServing(first: () => OpenNetwork, setup: Omit<Setup, 'network'>, settings: Settings): Promise<void> {
  const tell = troubleLog(settings)
  const tracing = settings.otlpEndpoint === '' ? undefined : await startTracing(settings.otlpEndpoint)
  const operators = openOperators(settings)
  const operations = createOperations({
    operators,
    tracing,
    roles: isShared(settings) ? settings.roles : ['serve', 'feed', 'jobs'],
  })
  const open = opener(setup, settings, operations, tell)
  const [inForce, webRoot] = await Promise.all([
    open(first()).then((service): InForce => ({ service })),
    ensureWebBuilt(projectRoot),
  ])
  const roles = await startRoles(inForce, setup, settings, operations)
  const config = { ...apiConfigOf(settings), webRoot, counts: roles.counts }
  const server = await startServer(inForce.service, config, operations).catch(async error => {
    await inForce.service.close()
    throw error
  })
  warmFirst(inForce.service, operations, tell)
  greet(server)
  const stopTakingOver = takeOverNetworks(setup, settings, { inForce, open, server, operations, tell, ...roles })
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  operations.unready.add('stopping')
  await sleep(settings.drainSeconds * 1000)
  const lastWord = setTimeout(() => server.cutOff(), LONGEST_DRAIN_MS - settings.drainSeconds * 1000)
  roles.stopLooking()
  await stopTakingOver()
  await server.close()
  await roles.close()
  await inForce.service.close()
  await tracing?.close().catch(() => {})
  clearTimeout(lastWord)
}

const opener =
  (setup: Omit<Setup, 'network'>, settings: Settings, operations: Operations, tell: TellTrouble): OpenService =>
  (network, behind = false) =>
    startService({
      ...setup,
      network,
      behind,
      planWorker,
      pollSeconds: setup.pollSeconds ?? settings.pollSeconds,
      maxWaiting: settings.planWaiting,
      planTimeoutMs: settings.planTimeoutMs,
      ...(settings.planThreads > 0 && { threads: settings.planThreads }),
      polled: !isShared(settings),
      allowHosts: settings.allowHosts,
      onStage: operations.metrics.stage,
      onTrouble: tell,
    })

/** Where readiness is looked at, riders come when the first of them need not wait: seconds in a country. */
function warmFirst(service: RunningService, operations: Operations, tell: TellTrouble): void {
  operations.unready.add('warming')
  void warmUp(service)
    .catch(error => tell('warming up', error))
    .finally(() => operations.unready.delete('warming'))
}

function greet({ url }: Server): void {
  console.log(`
  page       ${url}/
  API        ${url}/api/v6/plan  (MOTIS 2)
  live       ${url.replace('http', 'ws')}/live

Ctrl-C stops it.`)
}

// an orchestrator waits fifteen seconds or more before it kills
const LONGEST_DRAIN_MS = 14_000
