// Many displays at once: N WebSocket clients (one in a hundred the page's own, web/shared/live.ts) in a process of their own, each on one stop of the demo
// city, while an hour of realtime is replayed; or of Kingston, while the last of its recorded messages are. In the end every client's board
// must say what `stoptimes` answers, also that of one more, which reads a fifth of the time. Ten thousand fit into `ulimit -n 20000`.
//
//   node bench/live-clients.ts [CLIENTS=1000] [MESSAGES=30] [demo|kingston]

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { apiDefaults, liveDefaults } from '#api/config.ts'
import { Channel } from '#api/live/channel.ts'
import { LiveClient } from '#api/live/client.ts'
import { publicStopId } from '#api/render/texts.ts'
import { startServer } from '#api/server.ts'
import { NONE, type StopIdx } from '#engine/core/ids.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { createClock, type SharedClock } from '#workers/clock.ts'
import { importNetwork } from '#workers/import.ts'
import { type OpenNetwork, openNetwork } from '#workers/network.ts'
import { startService } from '#workers/start.ts'
import { dataFile } from '../test/helpers/data.ts'
import { machine, median, quantile, spentSince } from './harness.ts'
import { readRecording } from './realtime.bench.ts'
import { NOW, openDemo } from './subjects.ts'

/** What the process of the clients is told, and what it answers. */
export type ToClients =
  | { readonly kind: 'watch'; readonly url: string; readonly stops: readonly string[] }
  /** Changes count from then on; 0: they do not count. */
  | { readonly kind: 'message'; readonly sent: number }
  | { readonly kind: 'check' }
export type FromClients =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'checked'
      /** From the message's bytes to a client that has the whole delta, and to rows in order as the page's own client shows them; ms. */
      readonly latencies: number[]
      readonly pages: number[]
      /** Of the clients' process, from the first message on, ms. */
      readonly cpu: number
      readonly boards: number
      readonly wrong: string[]
    }

const timesText = (times: readonly number[]): string =>
  `median ${quantile(times, 0.5).toFixed(0)} ms, p99 ${quantile(times, 0.99).toFixed(0)} ms, last ${quantile(times, 1).toFixed(0)} ms`

const clients = Number(process.argv[2] ?? 1000)
const messages = Number(process.argv[3] ?? 30)
const STEP = 60 // seconds of the city from one message to the next
// ms of ours: what is over by the clock alone goes out with the next tick, and a board gets at most one delta a second; neither is the message's
const SETTLE = 2200
const PAUSE = 1500

interface Subject {
  readonly tag: string
  readonly network: OpenNetwork
  readonly clock: SharedClock
  /** When each message comes, and what it says. */
  readonly replay: readonly { readonly time: number; readonly bytes: () => Uint8Array }[]
}

async function demo(): Promise<Subject> {
  const { network, clock, messageAt } = await openDemo()
  const times = Array.from({ length: messages }, (_, i) => NOW + (i + 1) * STEP)
  return { tag: 'demo', network, clock, replay: times.map(time => ({ time, bytes: () => messageAt(time) })) }
}

async function kingston(): Promise<Subject> {
  const [feed, recording] = [dataFile('kingston/gtfs.zip'), dataFile('kingston/tripupdates.tar.gz')]
  if (!feed || !recording) throw new Error('Kingston is not there: $FREIFAHRT_DATA names the folder of the real feeds')
  const dir = mkdtempSync(join(tmpdir(), 'freifahrt-clients-'))
  try {
    await importNetwork({ gtfs: [{ tag: 'kingston', from: feed }], out: join(dir, 'network') })
    const recorded = readRecording(recording).slice(-messages)
    const replay = recorded.map(({ time, bytes }) => ({ time, bytes: () => bytes }))
    const clock = createClock(replay[0]!.time as UnixSeconds)
    return { tag: 'kingston', network: openNetwork(join(dir, 'network')), clock, replay }
  } finally {
    rmSync(dir, { recursive: true })
  }
}

const { tag, network, clock, replay } = await (process.argv[4] === 'kingston' ? kingston() : demo())
const { timetable: tt } = network
const service = await startService({
  network,
  clock,
  sources: [{ tag, url: 'replayed' }],
  planWorker: new URL('../api/plan.worker.ts', import.meta.url),
})
const live = { ...liveDefaults, connectionsPerAddress: clients + 1, heartbeatMs: 3_600_000 }
const server = await startServer(service, { ...apiDefaults, port: 0, live })

const stations: string[] = []
for (let s = 0; s < tt.counts.stops; s++)
  if (tt.stopParent[s as StopIdx] === NONE && service.lookup.departures[s]! > 0)
    stations.push(publicStopId(tt, s as StopIdx))

const child = fork(new URL('./live-clients.child.ts', import.meta.url))
const tell = (message: ToClients): void => void child.send(message)
const heard = async (): Promise<FromClients> => ((await once(child, 'message')) as [FromClients])[0]

// what is encoded, and what of it is sent
const work = { encoded: 0, sent: 0, last: 0 }
const { update } = Channel.prototype
Channel.prototype.update = function (...args) {
  const delta = update.apply(this, args)
  if (delta) work.encoded++
  return delta
}
const { deliver } = LiveClient.prototype
LiveClient.prototype.deliver = function (...args) {
  work.sent++
  work.last = performance.now()
  deliver.apply(this, args)
}

globalThis.gc?.()
const idle = process.memoryUsage()
const connecting = performance.now()
tell({
  kind: 'watch',
  url: server.url,
  stops: Array.from({ length: clients }, (_, i) => stations[i % stations.length]!),
})
await heard()
console.log(machine())
console.log(
  `${clients} clients on ${Math.min(clients, stations.length)} stops, all with a snapshot after ${Math.round(performance.now() - connecting)} ms`,
)

globalThis.gc?.()
const full = process.memoryUsage()
const perClient = (one: number, other: number): string => ((one - other) / clients / 1024).toFixed(1)
console.log(
  `memory per client: ${perClient(full.rss, idle.rss)} KiB resident, ${perClient(full.heapUsed, idle.heapUsed)} KiB of heap`,
)
const turns = monitorEventLoopDelay({ resolution: 5 })
turns.enable()
const [cpu, main] = [process.cpuUsage(), process.threadCpuUsage()]
const applied: number[] = []
const delivered: number[] = []
for (const { time, bytes: bytesOf } of replay) {
  const bytes = bytesOf()
  tell({ kind: 'message', sent: 0 })
  clock.set(time as UnixSeconds, true)
  await sleep(SETTLE)
  const begun = performance.now()
  tell({ kind: 'message', sent: performance.timeOrigin + begun })
  await service.apply(0, bytes)
  applied.push(performance.now() - begun)
  await sleep(PAUSE)
  delivered.push(work.last - begun)
}
const all = spentSince(cpu)
const { user, system } = process.threadCpuUsage(main)
turns.disable()
const { encoded, sent } = work
tell({ kind: 'check' })
const result = await heard()
if (result.kind !== 'checked') throw new Error(result.kind)
const { latencies, pages, boards, wrong, cpu: theirs } = result
console.log(`${messages} messages → ${latencies.length.toLocaleString('en')} board changes at clients`)
console.log(`message → client: ${timesText(latencies)}; the page's own: ${timesText(pages)}`)
console.log(
  `published after ${median(applied).toFixed(0)} ms, last written after ${median(delivered).toFixed(0)} ms (median, at most ${quantile(delivered, 1).toFixed(0)} ms)`,
)
console.log(
  `CPU per message: server ${(all / messages).toFixed(0)} ms (its main thread ${(user / 1000 / messages).toFixed(0)} and ${(system / 1000 / messages).toFixed(0)} in the system), clients ${(theirs / messages).toFixed(0)} ms; server ${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB resident`,
)
const ms = (nanoseconds: number): string => (nanoseconds / 1e6).toFixed(0)
console.log(
  `event loop: p50 ${ms(turns.percentile(50))} ms, p99 ${ms(turns.percentile(99))} ms, longest ${ms(turns.max)} ms`,
)
console.log(`deltas: ${encoded.toLocaleString('en')} encoded, ${sent.toLocaleString('en')} sent`)
console.log(`boards that say what stoptimes answers: ${boards - wrong.length} of ${boards}`)
for (const text of wrong.slice(0, 5)) console.log(text)
child.disconnect()
await server.close()
await service.close()
process.exitCode = wrong.length === 0 ? 0 : 1
