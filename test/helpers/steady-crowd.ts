// Callers who come when they come, whether or not others have been answered: requests at random moments, so many a second on average, each on a
// connection that is free. (autocannon sends each second's requests as fast as answers come and rests until the second is over, so the cheaper
// a refusal, the longer nobody asks at all.) Sockets and prepared bytes, for whoever asks shares the machine with whoever is asked.
//
// A process of its own: told what to do, tells what came of it, and goes with its parent.

import { connect, type Socket } from 'node:net'
import type { Cannon } from './cannon.ts'
import { random } from './random.ts'

export interface ToSteadyCrowd {
  readonly url: string
  readonly connections: number
  readonly seconds: number
  /** Requests a second over all connections; undefined: as fast as answers come. */
  readonly rate?: number | undefined
}

export interface SteadyResult extends Cannon {
  /** Of those with 200, ms, ascending. */
  readonly latencies: readonly number[]
}

const r = random(0xc40d)
/** An answer that takes longer is lost. */
const LAST_ANSWER_MS = 10_000
const HEAD_END = Buffer.from('\r\n\r\n')

/** One connection, asked again and again. Resolves with the status of the answer once all of it is there; never for one that was cut off. */
function caller(port: number, request: Buffer) {
  const socket: Socket = connect(port, '127.0.0.1').setNoDelay(true)
  let told: ((status: number) => void) | undefined
  let head: Buffer = Buffer.alloc(0)
  let status = 0
  let missing = 0
  socket.on('data', (bytes: Buffer) => {
    if (status === 0) {
      head = head.length > 0 ? Buffer.concat([head, bytes]) : bytes
      const end = head.indexOf(HEAD_END)
      if (end < 0) return
      const text = head.toString('latin1', 0, end)
      status = Number(text.slice(9, 12))
      missing = Number(/content-length: (\d+)/i.exec(text)![1]) - (head.length - end - HEAD_END.length)
      head = Buffer.alloc(0)
    } else missing -= bytes.length
    if (missing > 0) return
    const [answer, given] = [told!, status]
    told = undefined
    status = 0
    answer(given)
  })
  socket.on('error', () => {})
  return {
    ask(then: (status: number) => void): void {
      told = then
      socket.write(request)
    },
    close: () => socket.destroy(),
  }
}

function run({ url, connections, seconds, rate }: ToSteadyCrowd, done: (result: SteadyResult) => void): void {
  const { port, pathname, search, host } = new URL(url)
  const request = Buffer.from(`GET ${pathname}${search} HTTP/1.1\r\nhost: ${host}\r\n\r\n`)
  const statuses: Record<string, number> = {}
  const accepted: number[] = []
  let [asked, answers] = [0, 0]
  const callers = Array.from({ length: connections }, () => caller(Number(port), request))
  const free = [...callers]
  const [began, end] = [performance.now(), performance.now() + seconds * 1000]
  // who finds all connections taken comes as soon as one is free
  let due = 0
  let next = began
  const gap = rate === undefined ? 0 : 1000 / rate
  const send = (): void => {
    while ((due > 0 || gap === 0) && free.length > 0 && performance.now() < end) {
      due--
      const one = free.pop()!
      const since = performance.now()
      asked++
      one.ask(status => {
        answers++
        statuses[status] = (statuses[status] ?? 0) + 1
        if (status === 200) accepted.push(performance.now() - since)
        free.push(one)
        send()
      })
    }
  }
  const timer = setInterval(() => {
    const now = performance.now()
    for (; gap > 0 && next <= now; next += -Math.log((1 + r.below(1e9)) / 1e9) * gap) due++
    send()
    if (now < end) return
    clearInterval(timer)
    // those that are still being answered are no part of the rate
    tell((now - began) / 1000, accepted.length, end + LAST_ANSWER_MS)
  }, 1)
  const tell = (took: number, good: number, until: number): void => {
    if (answers < asked && performance.now() < until) return void setTimeout(tell, 5, took, good, until)
    const lost = asked - answers
    for (const one of callers) one.close()
    const codes = Object.fromEntries(Object.entries(statuses).map(([code, count]) => [code, { count }]))
    const failed = asked - accepted.length
    accepted.sort((a, b) => a - b)
    const p99 = accepted[Math.floor(0.99 * accepted.length)] ?? 0
    done({
      seconds: took,
      answers,
      good,
      failed,
      lost,
      statuses: codes,
      p99: Math.round(p99),
      latencies: accepted,
    })
  }
  send()
}

process.on('message', (message: ToSteadyCrowd) => run(message, result => process.send!(result)))
process.on('disconnect', () => process.exit())
