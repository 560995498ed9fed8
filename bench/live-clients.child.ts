// The displays of live-clients.ts.

import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import type { StopTime, StoptimesResponse } from '#api/contract/board.ts'
import { BOARD_SECONDS } from '#api/live/board.ts'
import type { ClientMessage, ServerMessage } from '#api/live/messages.ts'
import type { Row } from '#api/live/rows/board.ts'
import { LONGEST_REST } from '#api/live/topic.ts'
import { browserWorld, connectLive, type LiveSocket, type LiveWorld, SUBPROTOCOL } from '../web/shared/live.ts'
import { type Board, newChannel, stateOf, takeDelta, takeSnapshot } from '../web/shared/live-channel.ts'
import { spentSince } from './harness.ts'
import type { FromClients, ToClients } from './live-clients.ts'

let base = ''
let sent = 0
let begun: NodeJS.CpuUsage | undefined
const latencies: number[] = []
const pages: number[] = []
const boards: { readonly stop: string; board: Board | undefined }[] = []
const tell = (message: FromClients): void => void process.send!(message)

process.on('message', async (message: ToClients) => {
  if (message.kind === 'watch') void watch(message.url, message.stops)
  else if (message.kind === 'message') {
    sent = message.sent
    begun ??= process.cpuUsage()
    if (sent === 0) takeOver()
  } else {
    takeOver()
    const cpu = spentSince(begun!)
    tell({ kind: 'checked', latencies, pages, cpu, boards: boards.length, wrong: await compare() })
  }
})
process.on('disconnect', () => process.exit())

/** Connections are begun in groups: all at once, a listener's queue would overflow. */
const GROUP = 100
/** So many displays are the page's own client, to the rows in order; the others wait for a message and take it over later. */
const ONE_PAGE_IN = 100

async function watch(url: string, stops: readonly string[]): Promise<void> {
  base = url
  slowly(url, stops[0]!)
  let waiting = stops.length
  for (const [i, stop] of stops.entries()) {
    if (i % GROUP === GROUP - 1) await sleep(50)
    const page = i % ONE_PAGE_IN === 0
    const times = page ? pages : latencies
    const known = (): void => {
      if (--waiting === 0) tell({ kind: 'ready' })
    }
    const changed = (): void => {
      if (sent > 0) times.push(performance.timeOrigin + performance.now() - sent)
    }
    if (page) display(url, stop, known, changed)
    else listen(url, stop, known, changed)
  }
}

const addressOf = (url: string): string => `${url.replace('http', 'ws')}/live`

/** The page's own client. */
function display(url: string, stop: string, known: () => void, changed: () => void, world?: LiveWorld): void {
  const seen: (typeof boards)[number] = { stop, board: undefined }
  boards.push(seen)
  connectLive({ url: addressOf(url), ...(world && { world }) }).watch(`station:${stop}`, board => {
    if (board.state === 'waiting') return
    if (seen.board === undefined) known()
    else changed()
    seen.board = board
  })
}

/** What has come whole and is taken over once the message has reached everybody: ten thousand displays have more than our core to read it with. */
const arrived: (() => void)[] = []
function takeOver(): void {
  for (const take of arrived.splice(0)) take()
}

/** As little as a client can do that has a board in the end. */
function listen(url: string, stop: string, known: () => void, changed: () => void): void {
  const channel = newChannel(`station:${stop}`)
  const say = (message: ClientMessage): void => socket.send(JSON.stringify(message))
  const socket = new WebSocket(addressOf(url), SUBPROTOCOL, { perMessageDeflate: false, skipUTF8Validation: true })
  socket.once('error', () => setTimeout(listen, 500, url, stop, known, changed)) // too many at the door
  socket.once('open', () => {
    boards.push({
      stop,
      get board() {
        return stateOf(channel) as Board
      },
    })
    say({ type: 'hello' })
    say({ type: 'sub', id: 1, ch: channel.key })
  })
  const take = (message: ServerMessage): void => {
    if (message.type === 'snap') takeSnapshot(channel, message)
    else if (message.type === 'delta' && takeDelta(channel, message) === 'resync')
      say({ type: 'resync', ch: channel.key })
  }
  socket.on('message', (data: Buffer) => {
    if (channel.state === 'waiting') {
      take(JSON.parse(String(data)))
      if (channel.state !== 'waiting') known()
      return
    }
    if (data.subarray(0, DELTA.length).equals(DELTA)) changed()
    arrived.push(() => take(JSON.parse(String(data))))
  })
}
const DELTA = Buffer.from('{"type":"delta"')

/** A display whose line is open a fifth of the time only. */
function slowly(url: string, stop: string): void {
  const socket = new WebSocket(addressOf(url), SUBPROTOCOL)
  socket.once('open', () => {
    const pause = setInterval(() => {
      socket.pause()
      setTimeout(() => socket.resume(), 800)
    }, 1000)
    socket.once('close', () => clearInterval(pause))
  })
  display(
    url,
    stop,
    () => {},
    () => {},
    { ...browserWorld(), open: () => socket as unknown as LiveSocket },
  )
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
