// 21, 31, 33, 34 and what two workers are good for, on the demo city: swaps under load, a gateway that goes, a storm of clients, more requests
// than can be answered. Who asks is a process of its own. Figures are printed; on a busy machine they are what it left us.

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { apiDefaults, liveDefaults } from '#api/config.ts'
import { publicStopId } from '#api/render/texts.ts'
import { type Server, startServer } from '#api/server.ts'
import { NONE, type StopIdx } from '#engine/core/ids.ts'
import { DAY, type ServiceDay, type UnixSeconds } from '#engine/core/time.ts'
import { serveSimulator } from '#feeds/demo/serve.ts'
import { createSimulator } from '#feeds/demo/simulator.ts'
import { writeDemoCity } from '#feeds/demo/write.ts'
import { importNetwork } from '#workers/import.ts'
import { type RunningService, startService } from '#workers/start.ts'
import { type DemoBench, NOW, openDemo } from '../../bench/subjects.ts'
import { type Cannon, keptCrowd } from '../helpers/cannon.ts'
import { metric, runCommand } from '../helpers/command.ts'
import type { CrowdReport, ToCrowd } from '../helpers/live-crowd.ts'
import { medians, type Round, roundOf } from '../helpers/plan-rounds.ts'
import { until } from '../helpers/until.ts'

const planWorker = new URL('../../api/plan.worker.ts', import.meta.url)
// one address is the whole crowd; refused at the door, it tries again
const live = { ...liveDefaults, connectionsPerAddress: 20_000, heartbeatMs: 3_600_000, socketPingMs: 3_600_000 }
const SWAPS = Number(process.env.SWAPS ?? 20)
const ROUNDS = 30
let demo: DemoBench
let stations: string[] = []
let plan = ''
const open: { close(): unknown }[] = []

beforeAll(async () => {
  enableCompileCache() // as the command does
  demo = await openDemo()
  const { timetable: tt } = demo.network
  const service = await start(1)
  for (let s = 0; s < tt.counts.stops; s++)
    if (tt.stopParent[s as StopIdx] === NONE && service.lookup.departures[s]! > 0)
      stations.push(publicStopId(tt, s as StopIdx))
  const time = new Date(NOW * 1000).toISOString()
  plan = `/api/v6/plan?fromPlace=${stations[3]}&toPlace=${stations.at(-4)}&time=${time}`
  await service.close()
})
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})
afterAll(() => {
  stations = []
})

const start = (threads: number, maxWaiting = 64): Promise<RunningService> =>
  startService({
    network: demo.network,
    clock: demo.clock,
    sources: [{ tag: 'demo', url: 'replayed' }],
    planWorker,
    threads,
    maxWaiting,
  })

async function serve(service: RunningService): Promise<Server> {
  const server = await startServer(service, { ...apiDefaults, port: 0, live })
  open.push(server)
  return server
}

function crowd() {
  const child: ChildProcess = fork(new URL('../helpers/live-crowd.ts', import.meta.url))
  open.push({ close: () => child.disconnect() })
  const tell = (message: ToCrowd): void => void child.send(message)
  return {
    async connect(urls: readonly string[], clients: number): Promise<number> {
      const began = performance.now()
      tell({ kind: 'connect', urls, clients, stops: stations })
      await once(child, 'message')
      return performance.now() - began
    },
    async report(): Promise<CrowdReport> {
      tell({ kind: 'report' })
      return ((await once(child, 'message')) as [CrowdReport])[0]
    },
  }
}

const perSecond = ({ good, seconds }: Cannon): number => good / seconds
const quartile = (of: readonly number[], n: number): number => of.toSorted((a, b) => a - b)[(of.length * n) >> 2]!
const median = (of: readonly number[]): number => quartile(of, 2)

/** The newest minute of the demo city: each call is a minute later. */
let minutes = 0
async function newMessage(...services: RunningService[]): Promise<void> {
  const time = NOW + ++minutes * 60
  const bytes = demo.messageAt(time)
  demo.clock.set(time as UnixSeconds, true)
  await Promise.all(services.map(service => service.apply(0, bytes)))
}

test('21: twenty swaps under requests and 2,000 live clients, by the command as it is run', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'freifahrt-swaps-'))
  open.push({ close: () => rmSync(dir, { recursive: true }) })
  const network = join(dir, 'network')
  const days = { from: (Math.floor(NOW / DAY) - 1) as ServiceDay, days: 92 }
  const { gtfs, osm } = await writeDemoCity(join(dir, 'city'), { ...days, seed: 1 })
  await importNetwork({ gtfs: [{ tag: 'demo', from: gtfs }], osm, out: network })
  const began = performance.now()
  const clock = () => NOW + (performance.now() - began) / 1000
  const vehicles = await serveSimulator({ simulator: createSimulator({ seed: 1 }), clock })
  open.push(vehicles)
  const now = new Date(NOW * 1000).toISOString()
  const served = await runCommand(
    ['serve', '--network', network, '--port', '0', '--now', now, '--gtfs-rt', `${vehicles.url}/gtfs-rt.pb`],
    {
      FREIFAHRT_POLL_SECONDS: '2',
      FREIFAHRT_REQUESTS_PER_MINUTE: '0',
      FREIFAHRT_LIVE_CONNECTIONS_PER_ADDRESS: '20000',
    },
  )
  open.push({ close: () => served.child.kill('SIGKILL') })
  const clients = crowd()
  await clients.connect([served.url], 2000)
  const url = `${served.url}/api/v6/stoptimes?stopId=${stations[3]}&n=10`

  const callers = keptCrowd()
  open.push(callers)
  /** The same load while `work` is done. @returns how long answers took in ms, and the memory every second */
  async function under(work: () => Promise<unknown>): Promise<{ ms: number[]; failed: number; mb: number[] }> {
    let working = true
    const [ms, mb]: number[][] = [[], []]
    let failed = 0
    const looking = (async () => {
      for (; working; await sleep(1000)) mb!.push((await metric(served, 'process_resident_memory_bytes')) / 1e6)
    })()
    const asking = (async () => {
      while (working) {
        const one = await callers.ask({ url, connections: 32, rate: 200, seconds: 1 })
        for (const took of one.latencies) ms!.push(took)
        failed += one.failed
      }
    })()
    await work()
    working = false
    await Promise.all([looking, asking])
    return { ms: ms!, failed, mb: mb! }
  }

  await under(() => sleep(20_000))
  const after: number[] = []
  const rounds: Record<'calm' | 'swapping', Awaited<ReturnType<typeof under>>>[] = []
  // in turns: what the machine can do moves within seconds
  while (after.length < SWAPS) {
    const calm = await under(() => sleep(4000))
    const swapping = await under(async () => {
      // the same network once more, as one that has just been renamed into place
      copyFileSync(join(network, 'network.json'), join(dir, 'network.json'))
      renameSync(join(dir, 'network.json'), join(network, 'network.json'))
      const taken = () => served.said.filter(line => line.includes('a new network has taken over')).length
      await until(`swap ${after.length + 1}`, () => taken() > after.length, 60_000)
      after.push((await metric(served, 'process_resident_memory_bytes')) / 1e6)
    })
    rounds.push({ calm, swapping })
  }
  const later = await under(() => sleep(40_000))
  const report = await clients.report()
  const p99 = (ms: readonly number[]): number => ms.toSorted((a, b) => a - b)[Math.floor(0.99 * ms.length)]!
  const each = (which: 'calm' | 'swapping') => rounds.map(round => p99(round[which].ms))
  const all = (which: 'calm' | 'swapping') => rounds.flatMap(round => round[which].ms)
  const [calm, swapping] = [median(each('calm')), median(each('swapping'))]
  const [normal, left] = [median(rounds.slice(0, 3).flatMap(round => round.calm.mb)), median(later.mb.slice(-10))]
  const [early, late] = [median(after.slice(5, 10)), median(after.slice(-5))]
  const failed = later.failed + rounds.reduce((sum, round) => sum + round.calm.failed + round.swapping.failed, 0)
  const answers = all('calm').length + all('swapping').length + later.ms.length
  const percent = (now: number, before: number): string => `${(100 * (now / before - 1)).toFixed(1)} %`
  console.log(
    `21: ${failed} of ${failed + answers} requests failed, ${report.closed} of ${report.open} sockets closed; p99 ${calm.toFixed(0)} ms calm, ${swapping.toFixed(0)} ms in a swap: × ${(swapping / calm).toFixed(2)} (medians of turns; all together ${p99(all('calm')).toFixed(0)} and ${p99(all('swapping')).toFixed(0)} ms), ${p99(later.ms).toFixed(0)} ms later; RSS ${normal.toFixed(0)} MB before, ${early.toFixed(0)} after swaps 6–10, ${late.toFixed(0)} after the last five (${percent(late, early)}), ${left.toFixed(0)} MB later (${percent(left, normal)})`,
  )
  const turns = rounds.map((_, i) => `${each('calm')[i]!.toFixed(0)} → ${each('swapping')[i]!.toFixed(0)}`)
  console.log(`21: p99 in each turn: ${turns.join(', ')}`)
  console.log(`21: RSS after each swap: ${after.map(mb => mb.toFixed(0)).join(' ')}`)
  expect(failed).toBe(0)
  expect([report.closed, report.open]).toEqual([0, 2000])
  // a load that the machine cannot bear says nothing of swaps
  expect(calm).toBeLessThan(500)
  expect(swapping).toBeLessThan(3 * calm)
  // and no single one holds everybody up
  expect(Math.max(...each('swapping'))).toBeLessThan(1000)
  expect(left).toBeLessThan(normal * 1.1)
  // two networks at once are what it takes, not one more each time
  expect(late).toBeLessThan(early * 1.05)
})

test('33: a gateway goes under load: its clients resume at the other', async () => {
  const [first, second] = [await start(1), await start(1)]
  open.push(first, second)
  const [a, b] = [await serve(first), await serve(second)]
  const clients = crowd()
  const others = crowd()
  await Promise.all([clients.connect([a.url, b.url], 2500), others.connect([b.url], 2500)])
  for (let i = 0; i < 3; i++) {
    await newMessage(first, second)
    await sleep(6000) // until both have told everybody: a feed takes longer still
  }
  open.splice(open.indexOf(a), 1)
  const began = performance.now()
  await a.close()
  await newMessage(second)
  await until('all to be back', async () => (await clients.report()).open === 2500, 30_000)
  await sleep(500)
  const { resumed, started } = await clients.report()
  const share = resumed / (resumed + started)
  console.log(
    `33: 2,500 clients back in ${Math.round(performance.now() - began)} ms; ${(100 * share).toFixed(1)} % without a new snapshot`,
  )
  expect(share).toBeGreaterThanOrEqual(0.95)
})

test('34: ten thousand clients at once', async () => {
  const service = await start(1)
  open.push(service)
  const server = await serve(service)
  await newMessage(service)
  const clients = crowd()
  const ms = await clients.connect([server.url], 10_000)
  const { refused, open: connected } = await clients.report()
  const sent = performance.now()
  const { deltas } = await clients.report()
  await newMessage(service)
  await until(
    'everyone whose board changed to hear of it',
    async () => (await clients.report()).deltas > deltas,
    30_000,
  )
  console.log(
    `34: 10,000 clients with a snapshot after ${Math.round(ms)} ms, ${refused} refused; first delta ${Math.round(performance.now() - sent)} ms after the message; ${Math.round(process.memoryUsage.rss() / 1e6)} MB`,
  )
  // who is refused at the door (429) has come in a moment later
  expect(connected).toBe(10_000)
  expect(ms).toBeLessThan(30_000)
})

test('31: five times as many plans as can be answered', async () => {
  const service = await start(1, 16)
  open.push(service)
  const url = `${(await serve(service)).url}${plan}`
  // who asks shares the machine: a crowd as large, refused by somebody else as cheaply as can be, is there when the capacity is measured
  const refuser = fork(new URL('../helpers/refuser.ts', import.meta.url))
  const [few, many] = [keptCrowd(), keptCrowd()]
  open.push({ close: () => refuser.disconnect() }, few, many)
  const [port] = await once(refuser, 'message')
  const elsewhere = `http://127.0.0.1:${port}`
  const round = (crowdTo: string, rate: number, of: { rate?: number } = {}) =>
    Promise.all([
      few.ask({ url, connections: 8, seconds: 1, ...of }),
      many.ask({ url: crowdTo, connections: 92, seconds: 1, rate }),
    ])
  await few.ask({ url, connections: 8, seconds: 10 })
  const capacities = [perSecond(await few.ask({ url, connections: 8, seconds: 5 }))]
  const [goodputs, shares]: number[][] = [[], []]
  const over: Cannon[] = []
  // in turns: what the machine can do moves within seconds, and what is compared are neighbours; the first rounds warm
  for (let i = -5; i < ROUNDS; i++) {
    const rate = median(capacities)
    const [full] = await round(elsewhere, 4 * rate)
    const both = await round(url, 4 * rate, { rate })
    capacities.push(perSecond(full))
    if (i < 0) continue
    over.push(...both)
    goodputs!.push(perSecond(both[0]) + perSecond(both[1]))
    shares!.push(goodputs![i]! / perSecond(full))
  }
  const statuses = [...new Set(over.flatMap(one => Object.keys(one.statuses)))].sort()
  const asked = over.reduce((sum, { answers, seconds }) => sum + answers / seconds, 0) / ROUNDS
  const percent = (of: number): string => (100 * of).toFixed(0)
  console.log(
    `31: ${median(capacities).toFixed(0)} plans a second beside the crowd; at ${asked.toFixed(0)} requests a second ${median(goodputs!).toFixed(0)}: ${percent(median(shares!))} % (the half in the middle ${percent(quartile(shares!, 1))}–${percent(quartile(shares!, 3))}), statuses ${statuses.join()}, p99 at most ${Math.max(...over.map(one => one.p99))} ms`,
  )
  expect(statuses.filter(status => !['200', '429', '503'].includes(status))).toEqual([])
  expect(over.reduce((sum, { lost }) => sum + lost, 0)).toBe(0)
  expect(asked).toBeGreaterThan(4.5 * median(capacities))
  expect(median(shares!)).toBeGreaterThanOrEqual(0.8)
})

test('7: plans a second with one thread and with two', async () => {
  const services: RunningService[] = []
  const urls: string[] = []
  for (const threads of [1, 2]) {
    const service = await start(threads)
    services.push(service)
    open.push(service)
    urls.push(`${(await serve(service)).url}${plan}`)
  }
  // in turn: what else the machine does changes within seconds; the first rounds warm the threads
  const rounds = urls.map((): Round[] => [])
  for (let round = 0; round < 7; round++)
    for (const [i, url] of urls.entries()) {
      const measured = await roundOf(services[i]!, url)
      if (round >= 2) rounds[i]!.push(measured)
    }
  const [one, two] = rounds.map(medians) as [Round, Round]
  // who asks shares the cores, so plans a second say how many there are; what a plan costs says what a second thread would bring with a core of its own
  const text = ({ rate, planMs, restMs, idle }: Round): string =>
    `${rate.toFixed(0)} a second (${planMs.toFixed(2)} ms of processor each, ${restMs.toFixed(2)} in the first thread; ${(100 * idle).toFixed(0)} % of the machine idle)`
  const scaling = (2 * one.planMs) / two.planMs
  console.log(
    `7: plans with one thread ${text(one)}, with two ${text(two)}: × ${(two.rate / one.rate).toFixed(2)} here, × ${scaling.toFixed(2)} where each thread has a core`,
  )
  expect(two.rate).toBeGreaterThan(one.rate * 0.9)
  expect([one.busy, two.busy]).toEqual([1, 2])
  expect(scaling).toBeGreaterThan(1.25)
  // nor do they wait for each other: what two threads leave idle is somebody else's fault
  expect(two.idle).toBeLessThan(0.15)
})
