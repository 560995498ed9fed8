// A display lives through a day against the server's own live part, at every minute of it compared with what the server answers to
// `stoptimes`; twice the network is gone, once for hours.

import { expect, test } from 'vitest'
import type { StoptimesResponse } from '#api/contract/board.ts'
import { newAhead, PIECE } from '../../web/display/ahead.ts'
import { plannedOf } from '../../web/display/planned.ts'
import { memoryShelf } from '../../web/display/shelf.ts'
import { inputAt, type KnownStop } from '../../web/display/use-stops.ts'
import { type StopView, stopView } from '../../web/display/view.ts'
import { connectLive } from '../../web/shared/live.ts'
import { appFor, get } from '../helpers/api.ts'
import { displayDay, STATION } from '../helpers/display-day.ts'

const MINUTE = 60
const ROWS = 9
const OPTIONS = { rows: ROWS, lines: [], platforms: [] }
/** Minutes of the day, from four in the morning: half an hour in the rush, and most of the night. */
const OUTAGES = [
  [260, 290],
  [1000, 1330],
] as const

test('24 hours: no row late or missing at any minute, with the network and without', async () => {
  const seed = 20260110
  const day = displayDay(seed)
  const app = appFor(day.service)
  const shelf = memoryShelf()
  const ahead = newAhead(
    STATION,
    async from => {
      if (!day.reachable) throw new Error('no network')
      const time = new Date(from * 1000).toISOString()
      const url = `/api/v6/stoptimes?stopId=${STATION}&time=${time}&window=${PIECE}&realtimeMode=OFF&withAlerts=false`
      return (await get<StoptimesResponse>(app, url)).stopTimes.map(plannedOf)
    },
    shelf,
  )
  const live = connectLive({ url: 'ws://server/live', world: day.world })
  let connected = false
  live.onConnection(({ state }) => {
    connected = state === 'open'
  })
  let stop: KnownStop = {
    id: STATION,
    walkSeconds: 0,
    board: undefined,
    ahead,
    rememberedName: undefined,
  }
  live.watch(`stop:${STATION}`, board => {
    stop = { ...stop, board }
  })

  day.newTrouble()
  day.pass(MINUTE)
  let lost = 0
  let called = 0
  const stored: number[] = []
  for (let minute = 0; minute < 24 * 60; minute++) {
    const silence = OUTAGES.find(([from, to]) => minute >= from && minute < to)
    day.reachable = silence === undefined
    // the vehicles tell something new every three minutes; what happens unheard is not compared with
    if (!silence && minute % 3 === 0) day.newTrouble()
    for (let pieces = 0; pieces < 3 && minute % 10 === 0; pieces++) await ahead.step(live.now())
    day.pass(MINUTE)

    const now = live.now()
    expect(Math.abs(now - day.service.time), `minute ${minute}: the clock`).toBeLessThanOrEqual(1)
    expect(connected, `minute ${minute}`).toBe(silence === undefined)
    const view = stopView(
      inputAt(stop, day.service.time),
      OPTIONS,
      connected ? undefined : { since: stop.board!.asOf, connected },
      day.service.time,
    )
    const since = silence ? minute - silence[0] : 0
    const { trust } = view.freshness
    // the last word may be as old as a heartbeat when the network goes
    if (silence === undefined) expect(trust, `minute ${minute}`).toBe('live')
    else if (since !== 0 && since !== 4) expect(trust, `minute ${minute}`).toBe(since < 4 ? 'stale' : 'timetable')
    const truth = await truthAt(trust === 'timetable')
    expect(shown(view), `minute ${minute}, ${trust}, seed ${seed}`).toEqual(truth)
    lost += silence ? 1 : 0
    called += view.rows.filter(row => row.off).length
    if (minute % 240 === 239) stored.push((await shelf.keys()).length)
  }
  expect(day.errors).toEqual([])
  // it was a day worth the name
  expect([lost, called > 100]).toEqual([360, true])
  // what is kept does not grow: three days in pieces of three hours, and the one now
  expect(Math.max(...stored)).toBeLessThanOrEqual(25)
  live.close()

  /** What the server would show. */
  async function truthAt(timetable: boolean): Promise<string[]> {
    const mode = timetable ? '&realtimeMode=OFF' : ''
    const { stopTimes } = await get<StoptimesResponse>(app, `/api/v6/stoptimes?stopId=${STATION}&n=${ROWS}${mode}`)
    return inOrder(
      stopTimes.slice(0, ROWS).map(({ tripId, place }) => ({
        trip: tripId,
        time: Date.parse((timetable ? place.scheduledDeparture : place.departure)!) / 1000,
      })),
    )
  }
})

const shown = ({ rows }: StopView): string[] => inOrder(rows.map(({ departure: { trip }, time }) => ({ trip, time })))

/** Of the same moment in the same order; of the last moment there may be more than were asked for. */
function inOrder(rows: readonly { trip: string; time: number }[]): string[] {
  const last = rows.at(-1)?.time ?? 0
  return [
    ...rows
      .filter(row => row.time < last)
      .map(({ trip, time }) => `${time} ${trip}`)
      .sort(),
    `${rows.filter(row => row.time === last).length} at ${last}`,
  ]
}
