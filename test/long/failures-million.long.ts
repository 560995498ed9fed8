// 7: a message of a million entities. The live thread reads and applies it; whoever answers requests meanwhile does not notice. The figures are
// printed; on a busy machine they are what it left us.

import { monitorEventLoopDelay } from 'node:perf_hooks'
import { expect, onTestFinished, test } from 'vitest'
import type { UnixSeconds } from '#engine/core/time.ts'
import { startService } from '#workers/start.ts'
import { NOW, openDemo } from '../../bench/subjects.ts'
import { feedMessage, proto } from '../helpers/realtime.ts'

const ENTITIES = 1_000_000

/** One in a hundred is of a trip that the timetable knows. */
function million(timestamp: number, known: readonly string[]): Uint8Array {
  const header = feedMessage({ timestamp })
  const parts: Uint8Array[] = [header]
  for (let i = 0; i < ENTITIES; i++) {
    const id = `e${i}`
    const trip = i % 100 === 0 ? known[(i / 100) % known.length]! : `elsewhere-${i}`
    const descriptor = field(0x0a, Buffer.from(trip))
    const stop = Buffer.from([0x12, 6, 0x08, 1, 0x1a, 2, 0x08, 60])
    const update = field(0x1a, Buffer.concat([field(0x0a, descriptor), stop]))
    parts.push(field(0x12, Buffer.concat([field(0x0a, Buffer.from(id)), update])))
  }
  return Buffer.concat(parts)
}
const field = (tag: number, bytes: Uint8Array): Buffer => Buffer.concat([Buffer.from([tag, bytes.length]), bytes])

test('7: a million entities', async () => {
  const demo = await openDemo()
  const service = await startService({
    network: demo.network,
    clock: demo.clock,
    sources: [{ tag: 'demo', url: 'replayed' }],
    planWorker: new URL('../../api/plan.worker.ts', import.meta.url),
    threads: 1,
  })
  onTestFinished(() => service.close())
  demo.clock.set(NOW as UnixSeconds, true)
  const known = proto.FeedMessage.decode(demo.messageAt(NOW)).entity.flatMap(
    ({ tripUpdate }) => tripUpdate?.trip?.tripId ?? [],
  )
  expect(known.length).toBeGreaterThan(10)
  const bytes = million(NOW, known)
  const warm = await service.apply(0, bytes)
  const seconds: number[] = []
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  for (let i = 1; i <= 3; i++) {
    const next = million(NOW + i, known)
    delay.reset()
    const began = performance.now()
    expect(await service.apply(0, next)).toBeUndefined()
    seconds.push((performance.now() - began) / 1000)
  }
  delay.disable()
  const [source] = service.sources()
  console.log(
    `7: ${ENTITIES.toLocaleString('en')} entities, ${(bytes.length / 1e6).toFixed(0)} MB: ${seconds.map(s => s.toFixed(2)).join(', ')} s; event loop of the serving thread p99 ${(delay.percentile(99) / 1e6).toFixed(0)} ms, at most ${(delay.max / 1e6).toFixed(0)} ms`,
  )
  expect(warm).toBeUndefined()
  expect(source!.entities).toBe(ENTITIES)
  expect(Math.min(...seconds)).toBeLessThan(5)
  expect(delay.percentile(99) / 1e6).toBeLessThan(50)
})
