// What the way over Redis costs: an hour of the demo city's messages applied directly, and the same put into Redis by one connection, read by
// another, and applied, in turns. CPU of this process; Redis' own is not in it.
//
//   node bench/redis.ts [MESSAGES=60]

import type { UnixSeconds } from '#engine/core/time.ts'
import { closeRedis, connectRedis } from '#workers/redis/connection.ts'
import { takeLease } from '#workers/redis/lease.ts'
import { readNews, sayNews, sourceKey } from '#workers/redis/realtime.ts'
import { startService } from '#workers/start.ts'
import { startRedis } from '../test/helpers/redis.ts'
import { until } from '../test/helpers/until.ts'
import { figure, machine, median, print, quantile, spentSince } from './harness.ts'
import { NOW, openDemo } from './subjects.ts'

const messages = Number(process.argv[2] ?? 60)
const STEP = 60
const WARM_UP = 20

const { network, clock, messageAt } = await openDemo()
const planWorker = new URL('../api/plan.worker.ts', import.meta.url)
const open = () => startService({ network, clock, sources: [{ tag: 'demo', url: 'bench' }], planWorker, threads: 1 })
const server = await startRedis()
const [writer, reader] = [0, 1].map(() => connectRedis(server.url, { onChange: () => {} }))
await until('Redis', () => writer!.isReady && reader!.isReady)
const key = sourceKey('bench', 'bench')
const token = (await takeLease(writer!, { key, holder: 'bench', ttlMs: 3_600_000 }))!

const direct = await open()
const gateway = await open()
const stop = new AbortController()
let heard = () => {}
void readNews(
  reader!,
  [key],
  async (source, { news }) => {
    await gateway.hear(source, news)
    heard()
  },
  stop.signal,
).catch(() => {})

interface Way {
  readonly give: (bytes: Uint8Array) => Promise<void>
  readonly cpu: number[]
  readonly ms: number[]
}
const here: Way = { give: async bytes => void (await direct.apply(0, bytes)), cpu: [], ms: [] }
const over: Way = {
  give: bytes =>
    new Promise(resolve => {
      heard = resolve
      void sayNews(writer!, key, token, { kind: 'message', bytes }, Date.now())
    }),
  cpu: [],
  ms: [],
}

console.log(machine())
let bytes = 0
for (let i = 1; i <= WARM_UP + messages; i++) {
  const message = messageAt(NOW + i * STEP)
  clock.set((NOW + i * STEP) as UnixSeconds, true)
  // each is first as often as second
  for (const way of i % 2 === 0 ? [here, over] : [over, here]) {
    const before = process.cpuUsage()
    const began = performance.now()
    await way.give(message)
    if (i <= WARM_UP) continue
    way.ms.push(performance.now() - began)
    way.cpu.push(spentSince(before))
  }
  if (i > WARM_UP) bytes += message.length / messages
}
stop.abort()
print(figure('bytes of a message', bytes, ''))
print(figure('applied directly: CPU, median', median(here.cpu), 'ms'))
print(figure('over Redis: CPU of both ends, median', median(over.cpu), 'ms'))
print(figure('over Redis ÷ directly', median(over.cpu) / median(here.cpu), ''))
print(figure('over Redis: bytes → generation, p99', quantile(over.ms, 0.99), 'ms'))
await Promise.all([direct.close(), gateway.close()])
closeRedis(writer!)
closeRedis(reader!)
await server.stop()
