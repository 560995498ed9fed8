// What a plan costs beyond its search, on a real network behind HTTP: CPU of the serving process, its event loop, and how its time limit is kept.
// Server and load are two processes; everything is taken in one run.
//
//   load ──HTTP──▶ serving process: main thread, plan thread, collector …    CPU of all of it
//                  of that: its plan thread's searches                       − CPU of those, as the thread itself counts it
//                  the same questions, in its plan thread, searched alone     warmer, and another one each time: shown beside it
//   control        a process whose event loop does nothing, beside the load  how late the machine alone makes it

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import autocannon from 'autocannon'
import type { BenchQuery } from '#api/cli/answers.ts'
import { random } from '../test/helpers/random.ts'
import { figure, median, quantile, type Row } from './harness.ts'
import { type Control, idleControl } from './loop.ts'
import type { FromServer, ToServer } from './plan-server.child.ts'

const CONNECTIONS = 4
/** Of search, load and search again: the median difference counts, and what the machine does for longer than that hits both. */
const ROUNDS = 5
const IDLE_MS = 1000
/** So many requests, and V8 has hardly anything left to compile: after 1,200 it still spends 0.1 ms a request on that, after 3,200 some 0.05. */
const WARM = 6400
/** Pages cost five times as much as single departure times. */
const [DEPARTURES, PAGES] = [400, 60]
/** How often each is asked in a round: seconds, of which a loop that is looked at every 5 ms has a 99th percentile. */
const TIMES = 8
/** Milliseconds of time limits: some are over before the first round is. */
const HURRY = [1, 20] as const

interface Child {
  readonly url: string
  ask(message: ToServer): Promise<FromServer>
  close(): Promise<void>
}

async function openServer(feed: string, now: number): Promise<Child> {
  const child = fork(new URL('./plan-server.child.ts', import.meta.url), [feed, String(now)])
  const heard = async (): Promise<FromServer> => (await once(child, 'message'))[0]
  const { url } = await heard()
  const ask = (message: ToServer): Promise<FromServer> => {
    child.send(message)
    return heard()
  }
  return {
    url: url!,
    ask,
    async close() {
      await ask({ kind: 'close' })
    },
  }
}

/** @param queries `from` and `to` are stop ids with or without the feed's tag */
export async function planHttpRows(feed: string, queries: readonly BenchQuery[]): Promise<Row[]> {
  const server = await openServer(feed, queries[0]!.time)
  const control = await idleControl()
  try {
    const path = (q: BenchQuery, more: Record<string, string>): string => {
      const time = new Date(q.time * 1000).toISOString()
      return `/api/v6/plan?${new URLSearchParams({ fromPlace: tagged(q.from), toPlace: tagged(q.to), time, ...more })}`
    }
    const at = queries.slice(0, DEPARTURES).map(q => path(q, { timetableView: 'false' }))
    const pages = queries.slice(0, PAGES).map(q => path(q, {}))
    return [
      ...(await aboveSearch(server, control, 'tokyo, plan over HTTP, one departure time', at)),
      ...(await aboveSearch(server, control, 'tokyo, plan over HTTP, a page', pages)),
      ...(await overrunRows(server, queries, path)),
    ]
  } finally {
    control.close()
    await server.close()
  }
}

const tagged = (id: string): string => (id.startsWith('tokyo_') ? id : `tokyo_${id}`)

async function aboveSearch(server: Child, control: Control, name: string, paths: readonly string[]): Promise<Row[]> {
  // a share for each connection: with one list for all, each would begin with its first and the last ones would never be asked
  const shares = Array.from({ length: CONNECTIONS }, (_, c) =>
    paths.filter((_, i) => i % CONNECTIONS === c).map(path => ({ path, method: 'GET' as const })),
  )
  const load = async (amount = paths.length): Promise<autocannon.Result> => {
    let connection = 0
    const result = await autocannon({
      url: server.url,
      connections: CONNECTIONS,
      amount,
      setupClient: client => client.setRequests(shares[connection++ % CONNECTIONS]!),
    })
    if (result.non2xx + result.errors > 0) throw new Error(`${name}: ${result.non2xx} refused, ${result.errors} failed`)
    return result
  }
  const each = (ms: number, times = 1): number => ms / paths.length / times
  const searched = async (): Promise<number> => each((await server.ask({ kind: 'search', paths })).cpu!)
  await searched()
  await load(Math.min(WARM, 16 * paths.length))
  const [alone, aboveAlone, within, above, idle, beside, late]: number[][] = [[], [], [], [], [], [], []]
  let bytes = 0
  for (let round = 0; round < ROUNDS; round++) {
    await server.ask({ kind: 'watch' })
    await sleep(IDLE_MS)
    idle!.push((await server.ask({ kind: 'used' })).late!)
    const before = await searched()
    await server.ask({ kind: 'watch' })
    await control.begin()
    bytes = (await load(TIMES * paths.length)).throughput.total
    beside!.push(await control.end())
    const used = await server.ask({ kind: 'used' })
    const [cpu, search] = [each(used.cpu!, TIMES), each(used.search!, TIMES)]
    within!.push(search)
    above!.push(cpu - search)
    const apart = (before + (await searched())) / 2
    alone!.push(apart)
    aboveAlone!.push(cpu - apart)
    late!.push(used.late!)
  }
  return [
    figure(`${name}: CPU of the search`, median(within!), 'ms'),
    figure(`${name}: CPU above it`, median(above!), 'ms'),
    figure(`${name}: CPU of the search alone`, median(alone!), 'ms'),
    figure(`${name}: CPU above it alone`, median(aboveAlone!), 'ms'),
    figure(`${name}: answer`, each(bytes, TIMES) / 1000, 'kB'),
    figure(`${name}: event loop late by, p99, idle before`, median(idle!), 'ms'),
    figure(`${name}: event loop late by, p99, idle control`, median(beside!), 'ms'),
    figure(`${name}: event loop late by, p99, full load`, median(late!), 'ms'),
  ]
}

/** Wide windows and a time limit that most of them reach. */
async function overrunRows(
  server: Child,
  queries: readonly BenchQuery[],
  path: (q: BenchQuery, more: Record<string, string>) => string,
): Promise<Row[]> {
  const r = random(0x11)
  const paths = queries.map(q => path(q, { searchWindow: '86400', numItineraries: '256', maxTransfers: '14' }))
  const limits = paths.map(() => r.between(...HURRY))
  const { overruns } = await server.ask({ kind: 'hurry', paths, limits })
  const of = (who: 'caller' | 'thread', share: number): number =>
    quantile(
      overruns!.map(o => o[who]),
      share,
    )
  return [
    figure('tokyo, time limit: searches that reached it', overruns!.length, ''),
    figure('tokyo, time limit: answer late by, median', of('caller', 0.5), 'ms'),
    figure('tokyo, time limit: answer late by, p99.9', of('caller', 0.999), 'ms'),
    figure('tokyo, time limit: thread late by, median', of('thread', 0.5), 'ms'),
    figure('tokyo, time limit: thread late by, p99.9', of('thread', 0.999), 'ms'),
  ]
}
