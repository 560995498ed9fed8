// A network at work, with or without a port: what plan, serve and demo have in common.

import { once } from 'node:events'
import { resolve } from 'node:path'
import type { SharedClock } from '#workers/clock.ts'
import type { RealtimeSource } from '#workers/messages.ts'
import type { OpenNetwork } from '#workers/network.ts'
import { type RunningService, startService } from '#workers/start.ts'
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

/** Returns after SIGINT or SIGTERM, when the last answer is out. */
export async function serveUntilStopped(setup: Setup, listen: { host: string; port: number }): Promise<void> {
  const [service, webRoot] = await Promise.all([openService(setup), ensureWebBuilt(projectRoot)])
  const server = await startServer(service, { host: listen.host, port: listen.port, webRoot }).catch(async error => {
    await service.close()
    throw error
  })
  console.log(`
  page       ${server.url}/
  API        ${server.url}/api/v6/plan  (MOTIS 2)
  live       ${server.url.replace('http', 'ws')}/live

Ctrl-C stops it.`)
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  await server.close()
  await service.close()
}
