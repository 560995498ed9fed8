// Many live clients in a process of their own, as plain as can be: each watches one channel, remembers where it is, and when its socket closes
// comes back to the next of its addresses with what it has.

import WebSocket from 'ws'
import { SUBPROTOCOL } from '#api/live/messages.ts'

export type ToCrowd =
  | {
      readonly kind: 'connect'
      readonly urls: readonly string[]
      readonly clients: number
      readonly stops: readonly string[]
    }
  | { readonly kind: 'report' }
  /** A message is on its way, since this Unix ms. */
  | { readonly kind: 'sent'; readonly at: number }
export interface CrowdReport {
  readonly open: number
  readonly closed: number
  readonly refused: number
  readonly snapshots: number
  readonly deltas: number
  /** Came back and were brought on by deltas, or had to be given a snapshot. */
  readonly resumed: number
  readonly started: number
  /** What those who came back were told first, all together. */
  readonly resumeBytes: number
  /** From each message to each client's first delta after it, ms, ascending. */
  readonly latencies: readonly number[]
  /** Station → the digests of what those who watch it have; one when they all have the same. */
  readonly digests: Readonly<Record<string, readonly string[]>>
}

/** What a client has: where it is, and its rows' versions. */
interface Known {
  readonly e: string
  readonly s: number
  readonly d: string
  readonly have: Readonly<Record<string, string>>
}
interface Told {
  readonly type: string
  readonly e: string
  readonly s: number
  readonly d: string
  readonly rows?: readonly { readonly id: string; readonly v: string }[]
  readonly up?: readonly { readonly id: string; readonly v: string }[]
  readonly rm?: readonly string[]
}

const AT_ONCE = 200
const figures = { open: 0, closed: 0, refused: 0, snapshots: 0, deltas: 0, resumed: 0, started: 0, resumeBytes: 0 }
let known = 0
let wanted = 0
let sent = 0
const latencies: number[] = []
/** Those that are open, and what they have. */
const states = new Map<WebSocket, { readonly stop: string; readonly d: string }>()

function connect(urls: readonly string[], stop: string, to: number, done: () => void, resume?: Known): void {
  const socket = new WebSocket(`${urls[to % urls.length]!.replace('http', 'ws')}/live`, SUBPROTOCOL)
  let at: Omit<Known, 'have'> | undefined = resume
  const have = new Map(Object.entries(resume?.have ?? {}))
  let answered = false
  let heard = sent
  socket.on('error', () => {})
  socket.once('open', () => {
    figures.open++
    socket.send('{"type":"hello"}')
    socket.send(JSON.stringify({ type: 'sub', id: 1, ch: `station:${stop}`, ...(resume && { resume }) }))
  })
  socket.on('message', data => {
    const message = JSON.parse(String(data)) as Told
    if (message.type !== 'snap' && message.type !== 'delta') return
    at = { e: message.e, s: message.s, d: message.d }
    states.set(socket, { stop, d: message.d })
    if (message.rows) have.clear()
    for (const { id, v } of message.rows ?? message.up!) have.set(id, v)
    for (const id of message.rm ?? []) have.delete(id)
    if (resume && !answered) figures.resumeBytes += (data as Buffer).length
    if (message.type === 'snap') figures.snapshots++
    else {
      figures.deltas++
      if (heard !== sent) latencies.push(Date.now() - sent)
      heard = sent
    }
    if (answered) return
    answered = true
    if (resume) figures[message.type === 'delta' ? 'resumed' : 'started']++
    else if (++known === wanted) process.send!({ kind: 'ready' })
    done()
  })
  socket.once('close', () => {
    states.delete(socket)
    if (answered) {
      figures.open--
      figures.closed++
      const has = { ...at!, have: Object.fromEntries(have) }
      setTimeout(() => connect(urls, stop, to + 1, () => {}, has), Math.random() * 1000)
    } else {
      figures.refused++
      setTimeout(() => connect(urls, stop, to, done, resume), 100 + Math.random() * 400)
    }
  })
}

function digests(): Record<string, string[]> {
  const found = new Map<string, Set<string>>()
  for (const { stop, d } of states.values()) found.set(stop, (found.get(stop) ?? new Set()).add(d))
  return Object.fromEntries([...found].map(([stop, all]) => [stop, [...all]]))
}

process.on('message', (message: ToCrowd) => {
  if (message.kind === 'sent') {
    sent = message.at
    return
  }
  if (message.kind === 'report')
    return void process.send!({
      kind: 'report',
      ...figures,
      latencies: latencies.toSorted((a, b) => a - b),
      digests: digests(),
    })
  wanted += message.clients
  let next = 0
  const more = (): void => {
    if (next >= message.clients) return
    const i = next++
    connect(message.urls, message.stops[i % message.stops.length]!, 0, more)
  }
  for (let i = 0; i < AT_ONCE; i++) more()
})
process.on('disconnect', () => process.exit())
