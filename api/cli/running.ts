// A network at work, with or without a port: what plan, serve and demo have in common.

import { once } from 'node:events'
import { resolve } from 'node:path'
import type { SharedClock } from '#workers/clock.ts'
import type { RealtimeSource } from '#workers/messages.ts'
import { type OpenNetwork, openNetwork } from '#workers/network.ts'
import { type RunningService, startService } from '#workers/start.ts'
import { watchNetwork } from '#workers/watch.ts'
import { ensureWebBuilt } from '../../web/build.ts'
import { startServer } from '../server.ts'

/** The project's folder: its own files, and `data/` for what the command fetches and makes. */
export const projectRoot = resolve(import.meta.dirname, '../..')

const planWorker = new URL('../plan.worker.ts', import.meta.url)

export interface Setup {
  readonly network: OpenNetwork
  readonly clock: SharedClock
  readonly sources: readonly RealtimeSource[]
  readonly pollSeconds?: number
}

export const openService = (setup: Setup): Promise<RunningService> => startService({ ...setup, planWorker })

/**
 * Returns after SIGINT or SIGTERM, when the last answer is out.
 * @param dir the network's folder: a network imported there later takes over without a pause
 */
export async function serveUntilStopped(
  setup: Setup,
  listen: { host: string; port: number },
  dir?: string,
): Promise<void> {
  const [first, webRoot] = await Promise.all([openService(setup), ensureWebBuilt(projectRoot)])
  let service = first
  const server = await startServer(service, { host: listen.host, port: listen.port, webRoot }).catch(async error => {
    await service.close()
    throw error
  })
  console.log(`
  page       ${server.url}/
  API        ${server.url}/api/v6/plan  (MOTIS 2)
  live       ${server.url.replace('http', 'ws')}/live

Ctrl-C stops it.`)

  // one change after the other; what cannot be opened leaves the network in force alone
  let turn = Promise.resolve()
  const takeOver = async (): Promise<void> => {
    try {
      const next = await openService({ ...setup, network: openNetwork(dir!) })
      await server.swap(next).catch(async error => {
        await next.close()
        throw error
      })
      await service.close()
      service = next
      console.log(`${dir}: a new network has taken over`)
    } catch (error) {
      console.error(`${dir}: the network in force stays: ${error instanceof Error ? error.message : error}`)
    }
  }
  const stopWatching =
    dir === undefined
      ? () => {}
      : watchNetwork(dir, () => {
          turn = turn.then(takeOver)
        })
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  stopWatching()
  await turn
  await server.close()
  await service.close()
}
