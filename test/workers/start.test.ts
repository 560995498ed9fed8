import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { textOf } from '#engine/core/strings.ts'
import { DAY, parseDate, type ServiceDay, type UnixSeconds } from '#engine/core/time.ts'
import { type Query, queryDefaults } from '#engine/plan/query.ts'
import { createClock, type SharedClock } from '#workers/clock.ts'
import type { ConditionSource } from '#workers/messages.ts'
import type { Published } from '#workers/service.ts'
import { type RunningService, startService } from '#workers/start.ts'
import { openNetworkOf } from '../helpers/open-network.ts'
import { feedMessage, trip } from '../helpers/realtime.ts'
import { timetable } from '../helpers/timetable.ts'
import { until } from '../helpers/until.ts'

// 20 lines with 20 trips each on ten days, so that a live block takes a while to read
const drawing = Array.from({ length: 20 }, (_, line) =>
  Array.from(
    { length: 20 },
    (_, n) => `S${line}   A${line} ${10 + n}:00   B${line} ${10 + n}:10   C${line} ${10 + n}:20`,
  ),
).flat()
const drawn = timetable(drawing.join('\n'), { days: Array.from({ length: 10 }, (_, i) => String(20260105 + i)) })
const { tt } = drawn
const day = parseDate('20260110') as ServiceDay
const noon = (day * DAY + DAY / 2) as UnixSeconds

let clock: SharedClock
let service: RunningService
let published: Published[]
const threads: Worker[] = []

async function start(worker: string, url = 'test:', conditions: ConditionSource[] = []): Promise<void> {
  clock = createClock()
  clock.set(noon, true)
  service = await startService({
    network: openNetworkOf(drawn),
    clock,
    sources: [{ tag: '', url }],
    conditions,
    planWorker: new URL(worker, import.meta.url),
    threads: 1,
    onTrouble: () => {},
  })
  service.onPublish(p => published.push(p))
}

beforeEach(() => {
  published = []
  threads.length = 0
  const on = Worker.prototype.on
  vi.spyOn(Worker.prototype, 'on').mockImplementation(function (this: Worker, ...args: Parameters<typeof on>) {
    if (!threads.includes(this)) threads.push(this)
    return on.apply(this, args)
  })
})
afterEach(async () => {
  await service.close()
  vi.restoreAllMocks()
})

let stamp = 0
/** Every trip of the day late by the same seconds, everywhere. */
const allLate = (delay: number): Uint8Array => {
  const names = Array.from({ length: 20 }, (_, line) =>
    Array.from({ length: 20 }, (_, n) => (n === 0 ? `S${line}` : `S${line}#${n + 1}`)),
  ).flat()
  return feedMessage(
    { timestamp: noon - 200 + (stamp++ % 150) },
    ...names.map(id =>
      trip(id, { startDate: '20260110' })
        .stop(`A${id.split('#')[0]!.slice(1)}`)
        .delay(delay),
    ),
  )
}

const query = (time: number): Query => ({
  ...queryDefaults,
  from: { kind: 'stop', stop: drawn.stop('A0') },
  to: { kind: 'stop', stop: drawn.stop('C0') },
  time: time as UnixSeconds,
})
const style = { version: 6, language: [], extra: {} }
interface Answer {
  generation: number
  delays: number[]
  runs: number
  planned: number
  alerts: number
}
const ask = async (time: number = noon): Promise<Answer> =>
  JSON.parse(new TextDecoder().decode(await service.plan(query(time), style)))

test('a message is in the horizon, and in the next plan, when apply says so', async () => {
  await start('./reader.worker.ts')
  expect(await ask()).toMatchObject({ generation: 1, runs: 0 })
  expect(await service.apply(0, allLate(120))).toBeUndefined()
  expect(service.horizon.live.counts.runs).toBe(400)
  expect(published).toMatchObject([{ generation: 2, sourcesChanged: true, alertsChanged: false }])
  expect(published[0]!.changedStops.length).toBe(60)
  expect(published[0]!.latencyMs).toBeGreaterThan(0)
  expect(await ask()).toMatchObject({ generation: 2, runs: 400, delays: [120] })
  expect(service.sources()[0]).toMatchObject({ tag: 'test', applied: 1, matched: 400 })
})

test('garbage leaves everything as it is', async () => {
  await start('./reader.worker.ts')
  await service.apply(0, allLate(120))
  expect(await service.apply(0, new Uint8Array(100).fill(255))).toBe('REALTIME_UNREADABLE')
  expect(await ask()).toMatchObject({ runs: 400, delays: [120] })
})

// FAILURE: no answer may mix two generations, however fast they follow each other
test('no torn read while generations follow each other as fast as they can', async () => {
  await start('./reader.worker.ts')
  let publishing = true
  const generations = new Set<number>()
  const publish = (async () => {
    for (let i = 1; i <= 100; i++) {
      await service.apply(0, allLate(i))
      if (i % 25 === 0) await until('answers meanwhile', () => generations.size >= i / 25)
    }
    publishing = false
  })()
  while (publishing) {
    const answer = await ask()
    generations.add(answer.generation)
    expect(answer.delays.length).toBeLessThanOrEqual(1)
    expect([0, 400]).toContain(answer.runs)
  }
  await publish
  expect(published.length).toBe(100)
})

test('any other question goes the same way: its days are compiled, then a plan thread answers', async () => {
  await start('./reader.worker.ts')
  const days = service.horizon.days.size
  const far = (noon + 4 * DAY) as UnixSeconds
  const read = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes))
  const question = { kind: 'anything', number: 7 }
  expect(read(await service.ask(question, undefined))).toEqual({ question, days })
  expect(read(await service.ask(question, [far, far]))).toEqual({ question, days: days + 1 })
})

test('a plan for a far day compiles it first, for all who wait', async () => {
  await start('./reader.worker.ts')
  const far = noon + 3 * DAY
  const before = (await ask()).planned
  const answers = await Promise.all([ask(far), ask(far), ask(far)])
  expect(answers.map(a => a.planned > before)).toEqual([true, true, true])
  expect(service.horizon.days.size).toBe(answers[0]!.planned / (400 * 3))
})

test('boards of another date have their days after ensureDays', async () => {
  await start('./reader.worker.ts')
  const last = [...service.horizon.days.values()].map(d => d.day).includes((day + 4) as ServiceDay)
  expect(last).toBe(false)
  await service.ensureDays((noon + 4 * DAY) as UnixSeconds, (noon + 4 * DAY + 3600) as UnixSeconds)
  expect([...service.horizon.days.values()].map(d => d.day)).toContain(day + 4)
})

test('a live thread that dies is started again; the last good horizon serves meanwhile', async () => {
  await start('./reader.worker.ts')
  await service.apply(0, allLate(120))
  const last = published.at(-1)!.generation
  const again = new Promise<Published>(resolve => service.onPublish(resolve))
  const dying = service.apply(0, allLate(180))
  const outcome = Promise.allSettled([dying])
  await threads[0]!.terminate()
  expect((await outcome)[0]!.status).toBe('rejected')
  expect(await ask()).toMatchObject({ delays: [120] })
  const { generation, changedStops } = await again
  expect(generation).toBeGreaterThan(last)
  // whatever was shown as live may have to go
  expect(changedStops.length).toBe(service.timetable.counts.stops)
  await service.apply(0, allLate(240))
  expect(await ask()).toMatchObject({ delays: [240] })
})

test('a source that cannot be reached says so', async () => {
  // nobody listens on port 1
  await start('./reader.worker.ts', 'http://127.0.0.1:1/feed.pb')
  if (!service.sources()[0]!.refused) await new Promise<Published>(resolve => service.onPublish(resolve))
  expect(service.sources()[0]).toMatchObject({ refused: 'FETCH_FAILED', refusedCount: 1, applied: 0 })
})

test('a source of an unknown feed is refused at the start', async () => {
  await start('./reader.worker.ts')
  const unknown = startService({
    network: openNetworkOf(drawn),
    clock,
    sources: [{ tag: 'nobody', url: 'test:' }],
    planWorker: new URL('./reader.worker.ts', import.meta.url),
  })
  await expect(unknown).rejects.toMatchObject({ code: 'UNKNOWN_TAG' })
})

test('the timetable is the one that was opened', async () => {
  await start('./reader.worker.ts')
  expect(service.timetable).toBe(tt)
  expect(service.bounds).toEqual([7.4, 51.5, 7.99, 51.5])
})

test('services over one network do not write their added runs over one another', async () => {
  await start('./reader.worker.ts')
  const other = await startService({
    network: openNetworkOf(drawn),
    clock,
    sources: [{ tag: '', url: 'test:' }],
    planWorker: new URL('./reader.worker.ts', import.meta.url),
    threads: 1,
    onTrouble: () => {},
  })
  const extra = (id: string) =>
    feedMessage(
      { timestamp: noon },
      trip(id, { routeId: 'S0', startDate: '20260110', startTime: '12:00:00' })
        .is('NEW')
        .stop('A0')
        .departure({ time: noon + 600 })
        .stop('C0')
        .arrival({ time: noon + 900 }),
    )
  const added = ({ timetable, horizon: { live } }: RunningService): string[] =>
    Array.from(live.runTrip.subarray(0, live.counts.runs), t => textOf(timetable, timetable.tripId[t]!))
  try {
    expect(await service.apply(0, extra('first'))).toBeUndefined()
    expect(await other.apply(0, extra('second'))).toBeUndefined()
    expect([added(service), added(other)]).toEqual([['first'], ['second']])
    expect(other.timetable.buffer).not.toBe(tt.buffer)
  } finally {
    await other.close()
  }
})

test('a source of car parks says when it was heard, and before that since when it is followed', async () => {
  const source: ConditionSource = { kind: 'parking', tag: 'lots', url: 'test:lots' }
  await start('./trouble.worker.ts', 'test:', [source])
  expect(service.conditionSources()).toEqual([{ ...source, receivedAt: undefined, since: noon }])
  clock.set((noon + 60) as UnixSeconds, true)
  await service.hear(1, { kind: 'message', bytes: Buffer.from(JSON.stringify({ lots: [] })) })
  expect(service.conditionSources()).toEqual([{ ...source, receivedAt: noon + 60, since: noon + 60 }])
})
