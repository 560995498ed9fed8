// The demo city for MINUTES (default 30, `$SOAK_MINUTES`) at twenty times its speed, with clients that come and go. Memory must not grow in
// the second half, and boards must say what a horizon says that was built anew from the last message alone.

import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { apiDefaults, liveDefaults } from '#api/config.ts'
import { readBoard } from '#api/live/board.ts'
import { boardStops } from '#api/motis/stops.ts'
import { publicStopId } from '#api/render/texts.ts'
import { startServer } from '#api/server.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { createClock } from '#workers/clock.ts'
import { startService } from '#workers/start.ts'
import { NOW, openDemo } from '../../bench/subjects.ts'
import { connectLive, type LiveClient } from '../../web/shared/live.ts'
import { bytesInUse } from '../helpers/collect.ts'
import { random } from '../helpers/random.ts'

const MINUTES = Number(process.env.SOAK_MINUTES ?? 30)
const SPEED = 20
/** Seconds of ours between two messages. */
const STEP = 1
const CLIENTS = 200
/** What is kept for those who come back fills as long as this: by half way it has to be full, or its filling looks like growth. */
const live = { ...liveDefaults, resumeMs: Math.min(liveDefaults.resumeMs, MINUTES * 7500) }

test(`54: ${MINUTES} minutes at ${SPEED}× speed`, async () => {
  const { network, messageAt } = await openDemo()
  const clock = createClock(NOW as UnixSeconds)
  const options = {
    network,
    clock,
    sources: [{ tag: 'demo', url: 'replayed' }],
    planWorker: new URL('../../api/plan.worker.ts', import.meta.url),
    threads: 1,
  }
  const service = await startService(options)
  const server = await startServer(service, { ...apiDefaults, port: 0, live })
  const { timetable: tt } = service
  const stations: StopIdx[] = []
  for (let s = 0; s < tt.counts.stops; s++) if (service.lookup.departures[s]! > 0) stations.push(s as StopIdx)
  const { below, pick } = random(7)
  const clients: LiveClient[] = []
  const come = (): void => {
    const client = connectLive({ url: `${server.url.replace('http', 'ws')}/live` })
    for (let i = 0; i < 1 + below(3); i++) client.watch(`station:${publicStopId(tt, pick(stations))}`, () => {})
    if (below(4) === 0) client.watch('fleet:demo', () => {})
    clients.push(client)
  }
  const begun = performance.now()
  const memory: { minutes: number; mb: number }[] = []
  let time: number = NOW
  while (performance.now() - begun < MINUTES * 60_000) {
    time += STEP * SPEED
    clock.set(time as UnixSeconds)
    await service.apply(0, messageAt(time))
    while (clients.length < CLIENTS) come()
    for (let i = 0; i < 5; i++) clients.splice(below(clients.length), 1)[0]!.close()
    const minutes = (performance.now() - begun) / 60_000
    if (memory.length === 0 || minutes - memory.at(-1)!.minutes > MINUTES / 60) {
      memory.push({ minutes, mb: bytesInUse() / 1e6 })
    }
    await sleep(STEP * 1000)
  }
  for (const client of clients) client.close()

  const slope = slopeOf(memory.slice(memory.length >> 1))
  const [first, last] = [memory[memory.length >> 1]!, memory.at(-1)!]
  console.log(
    `${((time - NOW) / 3600).toFixed(1)} h of the city: ${first.mb.toFixed(0)} MB half way, ${last.mb.toFixed(0)} MB at the end, ${(slope * 60).toFixed(1)} MB an hour`,
  )

  // the same clock, the last message alone
  const anew = await startService(options)
  await anew.apply(0, messageAt(time))
  await service.tick()
  const now = clock.now()
  let rows = 0
  for (const stop of stations) {
    const stops = boardStops(service, stop, false)
    const board = readBoard(service.horizon, stops, now, [])
    expect(board, publicStopId(tt, stop)).toEqual(readBoard(anew.horizon, stops, now, []))
    rows += board.rows.length
  }
  console.log(`${stations.length} boards with ${rows} rows as a state built anew has them`)
  await server.close()
  await service.close()
  await anew.close()
  // after collection; caches of texts and days still fill a little
  expect(last.mb).toBeLessThan(first.mb * 1.1 + 20)
})

/** Least squares, MB a minute. */
function slopeOf(points: readonly { readonly minutes: number; readonly mb: number }[]): number {
  const mean = (read: (point: (typeof points)[number]) => number): number =>
    points.reduce((sum, point) => sum + read(point), 0) / points.length
  const [x, y] = [mean(p => p.minutes), mean(p => p.mb)]
  const [sxy, sxx] = points.reduce(
    ([a, b], p) => [a + (p.minutes - x) * (p.mb - y), b + (p.minutes - x) ** 2] as [number, number],
    [0, 0] as [number, number],
  )
  return sxx === 0 ? 0 : sxy / sxx
}
