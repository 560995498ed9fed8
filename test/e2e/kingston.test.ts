// A day and a half of a real city's realtime, message after message through the threads: boards follow, every one equals what stoptimes
// answers, and at the end the state is what the last message alone would have made.

import assert from 'node:assert/strict'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { buildApp } from '#api/app.ts'
import { apiDefaults } from '#api/config.ts'
import type { StoptimesResponse } from '#api/contract/board.ts'
import { BOARD_SECONDS, readBoard } from '#api/live/board.ts'
import { boardStops } from '#api/motis/stops.ts'
import { publicStopId } from '#api/render/texts.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import type { RunningService } from '#workers/start.ts'
import { rowOf } from '../helpers/board.ts'
import { kingstonIsThere, startKingston } from '../helpers/recorded-city.ts'

describe.skipIf(!kingstonIsThere)('Kingston, replayed', () => {
  let kingston: Awaited<ReturnType<typeof startKingston>>
  beforeAll(async () => {
    kingston = await startKingston()
  })
  afterAll(() => kingston?.close())

  /** Every seventh stop's board beside stoptimes; how many rows were compared, and how many of them are live. */
  async function compareBoards(from: number): Promise<{ rows: number; live: number }> {
    const { service, clock } = kingston
    const app = buildApp(service, { ...apiDefaults, log: 'nothing' })
    const now = clock.now()
    const count = { rows: 0, live: 0 }
    const { stops, roomStops } = service.timetable.counts
    for (let s = from; s < stops - roomStops; s += 7) {
      const stop = s as StopIdx
      const id = publicStopId(service.timetable, stop)
      const response = await app.inject(
        `/api/v6/stoptimes?stopId=${encodeURIComponent(id)}&n=30&time=${new Date(now * 1000).toISOString()}`,
      )
      const { stopTimes } = response.json() as StoptimesResponse
      const { rows } = readBoard(service.horizon, boardStops(service, stop, false), now, [])
      const near = stopTimes.filter(({ cancelled, place }) => {
        const time = Date.parse((cancelled ? place.scheduledDeparture : place.departure)!) / 1000
        return time <= now + BOARD_SECONDS
      })
      assert.deepEqual(
        rows.map(({ id: _id, exp: _exp, alerts: _alerts, wheelchair: _wheelchair, ...row }) => row),
        near.map(rowOf),
        `${id} at ${new Date(now * 1000).toISOString()}`,
      )
      count.rows += rows.length
      count.live += rows.filter(row => row.rt === 'live').length
    }
    await app.close()
    return count
  }

  test('boards follow the messages and equal stoptimes', async () => {
    const { service, clock, messages } = kingston
    let live = 0
    for (const [i, { time, bytes }] of messages.entries()) {
      clock.set(time)
      assert.equal(await service.apply(0, bytes), undefined)
      if (i % 24 !== 4) continue
      const compared = await compareBoards(i % 7)
      assert.ok(compared.rows > 500, `${compared.rows} rows`)
      live += compared.live
    }
    assert.ok(live > 1000, `${live} live rows`)
  })

  test('the end state is the last message’s alone', async () => {
    const { service, clock, messages, start } = kingston
    const { time, bytes } = messages.at(-1)!
    const replayed = runTable(service)
    const alone = await start()
    clock.set(time)
    await alone.apply(0, bytes)
    assert.deepEqual(runTable(alone), replayed)
    const [status] = service.sources()
    assert.equal(status!.applied, messages.length)
    assert.ok(status!.matched > 150, `${status!.matched} matched, ${status!.unmatched} not`)
    await alone.close()
  })
})

/** What the feed says of every run, as text; added trips have other numbers each time, so ids name them. */
function runTable({ timetable: tt, horizon: { live } }: RunningService): string[] {
  return Array.from({ length: live.counts.runs }, (_, r) => {
    const [begin, end] = [live.runEventBegin[r]!, live.runEventBegin[r + 1]!]
    const columns = [live.eventArrival, live.eventDeparture, live.eventDepartureSource, live.eventFlags, live.eventStop]
    return `${textOf(tt, tt.tripId[live.runTrip[r]!]!)}@${live.runDay[r]}+${live.runShift[r]} ${live.runState[r]} ${columns.map(c => c.slice(begin, end).join()).join(' ')}`
  }).sort()
}
