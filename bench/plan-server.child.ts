// A server as `serve` starts it, in a process of its own, so that its CPU is nobody else's: one feed behind HTTP and one plan thread. The
// parent asks over the channel between them.

import { PlanQuery, toQuery } from '#api/motis/plan.ts'
import type { PlanExtra } from '#api/plan-page.ts'
import { readParameters } from '#api/plugins/parameters.ts'
import { startServer } from '#api/server.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import type { Query } from '#engine/plan/query.ts'
import { spanOf } from '#engine/plan/window.ts'
import { createClock } from '#workers/clock.ts'
import type { OpenNetwork } from '#workers/network.ts'
import { startService } from '#workers/start.ts'
import { spentSince } from './harness.ts'
import { watchLoop } from './loop.ts'
import type { BenchQuestion } from './plan-server.worker.ts'
import { openFeed } from './subjects.ts'

export type ToServer =
  /** From now on CPU and the event loop are watched, until `used` is asked. */
  | { readonly kind: 'watch' | 'used' }
  /** The same questions, in the plan thread, by the search alone. */
  | { readonly kind: 'search'; readonly paths: readonly string[] }
  /** The same questions, each with a limit of so many milliseconds. */
  | { readonly kind: 'hurry'; readonly paths: readonly string[]; readonly limits: readonly number[] }
  | { readonly kind: 'close' }

/** All in milliseconds. */
export interface FromServer {
  readonly url?: string
  readonly cpu?: number
  /** Of `cpu` what the plan thread spent on searches. */
  readonly search?: number
  /** p99 of how late the event loop was. */
  readonly late?: number
  /** How much longer than its limit each search that reached it kept its caller, and its thread. */
  readonly overruns?: readonly { readonly caller: number; readonly thread: number }[]
}

const [feed, now] = [process.argv[2]!, Number(process.argv[3])]
const tables = await openFeed(feed, 'tokyo')
let atWork = 0
const service = await startService({
  network: { ...tables, manifest: { bounds: [0, 0, 0, 0], attributions: [], feeds: [] } } as unknown as OpenNetwork,
  clock: createClock(now as UnixSeconds),
  planWorker: new URL('./plan-server.worker.ts', import.meta.url),
  threads: 1,
  onStage(stage, seconds) {
    if (stage === 'plan') atWork = 1000 * seconds
  },
})
const server = await startServer(service, { port: 0 })
const loop = watchLoop()
let since = process.cpuUsage()

const queryOf = (path: string): Query => {
  const given = Object.fromEntries(new URL(path, server.url).searchParams)
  const asked = readParameters(PlanQuery as unknown as Parameters<typeof readParameters>[0], given)
  return toQuery(service, asked as unknown as PlanQuery, 6)
}

const asked = (question: BenchQuestion): Promise<Uint8Array<ArrayBuffer>> => service.ask(question, undefined)

const searched = async (): Promise<number> => new Float64Array((await asked({ kind: 'searched' })).buffer)[0]!

async function search(paths: readonly string[]): Promise<FromServer> {
  const queries = paths.map(queryOf)
  for (const { begin, end } of queries.map(spanOf)) await service.ensureDays(begin, end)
  await asked({ kind: 'search alone', queries })
  const before = process.cpuUsage()
  await asked({ kind: 'search alone' })
  return { cpu: spentSince(before) }
}

async function hurry(paths: readonly string[], limits: readonly number[]): Promise<FromServer> {
  const overruns: { caller: number; thread: number }[] = []
  for (const [i, path] of paths.entries()) {
    const timeoutMs = limits[i]!
    const extra = { ...STYLE, requestParameters: {} } satisfies PlanExtra
    const started = performance.now()
    const answered = await service.plan(queryOf(path), { version: 6, language: [], extra }, { timeoutMs }).then(
      () => true,
      () => false,
    )
    const caller = performance.now() - started - timeoutMs
    // the thread is free when another task may begin
    while (service.load().busy > 0) await new Promise(setImmediate)
    if (!answered) overruns.push({ caller, thread: atWork - timeoutMs })
  }
  return { overruns }
}

const STYLE = {
  annotate: true,
  detailedLegs: true,
  detailedTransfers: true,
  joinInterlinedLegs: true,
  maxItineraries: undefined,
  numLegAlternatives: 0,
}

async function answer(message: ToServer): Promise<FromServer> {
  switch (message.kind) {
    case 'watch':
      await searched()
      loop.begin()
      since = process.cpuUsage()
      return {}
    case 'used': {
      const used = { cpu: spentSince(since), late: loop.end() }
      return { ...used, search: await searched() }
    }
    case 'search':
      return search(message.paths)
    case 'hurry':
      return hurry(message.paths, message.limits)
    case 'close':
      await server.close()
      await service.close()
      return {}
  }
}

const say = (answered: FromServer): void => void process.send?.(answered)

process.on('message', async (message: ToServer) => {
  say(await answer(message))
  if (message.kind === 'close') process.disconnect?.()
})
say({ url: server.url })
