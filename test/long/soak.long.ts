// The demo city for MINUTES (default 30, `$SOAK_MINUTES`) at twenty times its speed, with clients that come and go. Memory must not grow in
// the second half; ten times on the way every board, and every row that any client shows, must say what a horizon says that was built anew from
// the last message alone.

import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { apiDefaults, liveDefaults } from '#api/config.ts'
import { BOARD_SECONDS, readBoard } from '#api/live/board.ts'
import type { Row } from '#api/live/rows/board.ts'
import { LONGEST_REST } from '#api/live/topic.ts'
import { boardStops } from '#api/motis/stops.ts'
import { publicStopId } from '#api/render/texts.ts'
import { startServer } from '#api/server.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { rootStop } from '#engine/timetable/timetable.ts'
import { createClock } from '#workers/clock.ts'
import { type RunningService, startService } from '#workers/start.ts'
import { NOW, openDemo } from '../../bench/subjects.ts'
import { connectLive, type LiveClient } from '../../web/shared/live.ts'
import { type Board, timeOf } from '../../web/shared/live-channel.ts'
import { bytesInUse } from '../helpers/collect.ts'
import { random } from '../helpers/random.ts'
import { until } from '../helpers/until.ts'

const MINUTES = Number(process.env.SOAK_MINUTES ?? 30)
const SPEED = 20
const CHECKS = 10
/** Seconds of ours between two messages. */
const STEP = 1
const CLIENTS = 200
/** What is kept for those who come back fills as long as this: by half way it has to be full, or its filling looks like growth. */
const live = { ...liveDefaults, resumeMs: Math.min(liveDefaults.resumeMs, MINUTES * 7500) }

test(`54: ${MINUTES} minutes at ${SPEED}× speed`, async () => {
  // runs that only realtime knows are rows of a network's own tables: two services at once need two
  const [{ network, messageAt }, other] = [await openDemo(), await openDemo()]
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
  const clients: { readonly live: LiveClient; readonly shown: Map<StopIdx, Board> }[] = []
  const come = (): void => {
    const live = connectLive({ url: `${server.url.replace('http', 'ws')}/live` })
    const shown = new Map<StopIdx, Board>()
    for (let i = 0; i < 1 + below(3); i++) {
      const stop = rootStop(tt, pick(stations))
      live.watch(`station:${publicStopId(tt, stop)}`, board => void shown.set(stop, board))
    }
    if (below(4) === 0) live.watch('fleet:demo', () => {})
    clients.push({ live, shown })
  }
  const checked = { boards: 0, rows: 0, shown: 0 }
  const check = async (): Promise<void> => {
    clock.set(time as UnixSeconds, true)
    const anew = await startService({ ...options, network: other.network })
    await anew.apply(0, messageAt(time))
    await service.tick()
    // a board gets at most one delta a second, and a tick finds what is over
    await sleep(2500)
    await until('all boards', () =>
      clients.every(({ shown }) => shown.values().every(({ state }) => state === 'known')),
    )
    const now = clock.now()
    const boardOf = ({ horizon }: RunningService, stop: StopIdx) =>
      readBoard(horizon, boardStops(service, stop, false), now, [])
    for (const stop of stations) {
      const board = boardOf(anew, stop)
      expect(boardOf(service, stop), publicStopId(tt, stop)).toEqual(board)
      checked.boards++
      checked.rows += board.rows.length
    }
    // a row that comes in at a board's far end may be a rest late; those about to leave have done so by a client's clock, which is not held
    const [first, last] = [now + LONGEST_REST, now + BOARD_SECONDS - LONGEST_REST]
    const sure = (rows: readonly Row[]): readonly Row[] =>
      rows.filter(row => row.exp > first && timeOf(row) <= last).sort(byId)
    for (const { shown } of clients)
      for (const [stop, { rows }] of shown) {
        const told = rows.map(row => ({ ...row, v: undefined }))
        const built: Row[] = JSON.parse(JSON.stringify(boardOf(anew, stop).rows))
        expect(sure(told), `a client's ${publicStopId(tt, stop)}`).toEqual(sure(built))
        checked.shown += built.length
      }
    await anew.close()
  }
  const begun = performance.now()
  const memory: { minutes: number; mb: number }[] = []
  let time: number = NOW
  let checks = 0
  while (performance.now() - begun < MINUTES * 60_000) {
    time += STEP * SPEED
    clock.set(time as UnixSeconds)
    await service.apply(0, messageAt(time))
    while (clients.length < CLIENTS) come()
    for (let i = 0; i < 5; i++) clients.splice(below(clients.length), 1)[0]!.live.close()
    const minutes = (performance.now() - begun) / 60_000
    if (memory.length === 0 || minutes - memory.at(-1)!.minutes > MINUTES / 60) {
      memory.push({ minutes, mb: bytesInUse() / 1e6 })
    }
    if (minutes > ((checks + 1) * MINUTES) / (CHECKS + 1) && checks < CHECKS - 1) {
      checks++
      await check()
    }
    await sleep(STEP * 1000)
  }
  await check()
  for (const { live } of clients) live.close()

  const slope = slopeOf(memory.slice(memory.length >> 1))
  const [first, last] = [memory[memory.length >> 1]!, memory.at(-1)!]
  console.log(
    `${((time - NOW) / 3600).toFixed(1)} h of the city: ${first.mb.toFixed(0)} MB half way, ${last.mb.toFixed(0)} MB at the end, ${(slope * 60).toFixed(1)} MB an hour`,
  )

  console.log(
    `${checks + 1} times as a state built anew has them: ${checked.boards} boards with ${checked.rows} rows, and ${checked.shown} rows at clients`,
  )
  await server.close()
  await service.close()
  // after collection; caches of texts and days still fill a little
  expect(last.mb).toBeLessThan(first.mb * 1.1 + 20)
})

const byId = (a: Row, b: Row): number => (a.id < b.id ? -1 : 1)

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
