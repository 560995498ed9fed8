// The displays of live-clients.ts.

import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import type { StopTime, StoptimesResponse } from '#api/contract/board.ts'
import { BOARD_SECONDS } from '#api/live/board.ts'
import type { Row } from '#api/live/rows/board.ts'
import { LONGEST_REST } from '#api/live/topic.ts'
import { browserWorld, connectLive, type LiveSocket, type LiveWorld, SUBPROTOCOL } from '../web/shared/live.ts'
import type { Board } from '../web/shared/live-channel.ts'
import type { FromClients, ToClients } from './live-clients.ts'

let base = ''
let sent = 0
const latencies: number[] = []
const boards: { stop: string; board: Board | undefined }[] = []
const tell = (message: FromClients): void => void process.send!(message)

process.on('message', async (message: ToClients) => {
  if (message.kind === 'watch') void watch(message.url, message.stops)
  else if (message.kind === 'message') sent = message.sent
  else tell({ kind: 'checked', latencies, boards: boards.length, wrong: await compare() })
})
process.on('disconnect', () => process.exit())

/** Connections are begun in groups: all at once, a listener's queue would overflow. */
const GROUP = 100

async function watch(url: string, stops: readonly string[]): Promise<void> {
  base = url
  slowly(url, stops[0]!)
  let waiting = stops.length
  for (const [i, stop] of stops.entries()) {
    if (i % GROUP === GROUP - 1) await sleep(50)
    const seen: (typeof boards)[number] = { stop, board: undefined }
    boards.push(seen)
    connectLive({ url: `${url.replace('http', 'ws')}/live` }).watch(`station:${stop}`, board => {
      if (board.state === 'waiting') return
      if (seen.board === undefined && --waiting === 0) tell({ kind: 'ready' })
      else if (sent > 0) latencies.push(performance.timeOrigin + performance.now() - sent)
      seen.board = board
    })
  }
}

/** A display whose line is open a fifth of the time only. */
function slowly(url: string, stop: string): void {
  const seen: (typeof boards)[number] = { stop, board: undefined }
  boards.push(seen)
  const socket = new WebSocket(`${url.replace('http', 'ws')}/live`, SUBPROTOCOL)
  socket.once('open', () => {
    const pause = setInterval(() => {
      socket.pause()
      setTimeout(() => socket.resume(), 800)
    }, 1000)
    socket.once('close', () => clearInterval(pause))
  })
  const world: LiveWorld = { ...browserWorld(), open: () => socket as unknown as LiveSocket }
  connectLive({ url, world }).watch(`station:${stop}`, board => {
    if (board.state !== 'waiting') seen.board = board
  })
}

/** Clients whose board is not what the API answers, with the first difference. */
async function compare(): Promise<string[]> {
  const answers = new Map<string, string[]>()
  const { now } = (await (await fetch(`${base}/api/freifahrt/v1/feeds`)).json()) as { now: string }
  // a board ends a day ahead, and a row that comes in at that far end may be a rest late; stoptimes goes on
  const end = seconds(now) + BOARD_SECONDS - LONGEST_REST
  for (const stop of new Set(boards.map(b => b.stop))) {
    const response = await fetch(`${base}/api/v6/stoptimes?stopId=${encodeURIComponent(stop)}&n=30`)
    const { stopTimes } = (await response.json()) as StoptimesResponse
    const near = stopTimes.filter(row => expected(row) <= end)
    answers.set(stop, near.map(timeText).sort())
  }
  return boards.flatMap(({ stop, board }) => {
    const rows = board!.rows
      .filter(row => (row.pred ?? row.sched) <= end)
      .map(rowText)
      .sort()
    const answer = answers.get(stop)!
    const at = Math.max(rows.length, answer.length)
    for (let i = 0; i < at; i++)
      if (rows[i] !== answer[i]) return [`${stop}\n  board      ${rows[i]}\n  stoptimes  ${answer[i]}`]
    return []
  })
}

const rowText = ({ trip, sched, pred, platform, state }: Row): string =>
  [trip, sched, pred ?? sched, platform ?? '', state === 'cancelled' || state === 'skipped'].join(' ')

const seconds = (iso = ''): number => Date.parse(iso) / 1000

/** A cancelled one is listed at its planned time. */
const expected = ({ place, cancelled }: StopTime): number =>
  seconds(cancelled ? place.scheduledDeparture : place.departure)

const timeText = (row: StopTime): string =>
  [row.tripId, seconds(row.place.scheduledDeparture), expected(row), row.place.track ?? '', row.cancelled].join(' ')
