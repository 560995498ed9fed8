// The live thread: the only one that owns realtime. It polls the sources, takes messages from the process, and tells it about each new
// generation. What it does with them is in publisher.ts.

import { parentPort, workerData } from 'node:worker_threads'
import { withoutSecrets } from '#engine/core/address.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { attachClock } from './clock.ts'
import { followConditions } from './conditions.ts'
import { type FromLive, type LiveSetup, type ToLive, toErrorMessage } from './messages.ts'
import { openTables } from './network.ts'
import type { News } from './news.ts'
import { startPolling } from './polling.ts'
import { comeBack } from './priority.ts'
import { Publisher } from './publisher.ts'
import { createRefusals } from './refusals.ts'

const TICK_MS = 1000

const setup: LiveSetup = workerData
const send = (message: FromLive): void => parentPort!.postMessage(message)
const { timetable, streets } = openTables(setup.network)
const clock = attachClock(setup.clock)
const publisher = new Publisher({
  timetable,
  sources: setup.sources,
  clock,
  cut: setup.cut,
  firstGeneration: setup.firstGeneration,
  publish: send,
})
// answers that have to wait until what they promise is published
let promised: FromLive[] = []

const refusals = createRefusals(
  (source, reason) => {
    const where = withoutSecrets(setup.sources[source]!.url)
    trouble('realtime', new FreifahrtError('REALTIME_UNREADABLE', where, `message not taken: ${reason}`))
  },
  () => performance.now(),
)
publisher.start()
setInterval(() => guarded('tick', () => publisher.tick()), TICK_MS)
if (setup.polled)
  startPolling(setup.sources, setup, (source, news, error) => {
    if (error !== undefined) trouble('realtime', error)
    if (news.kind === 'message') return apply(source, news.bytes, performance.timeOrigin + performance.now())
    take(source, news)
    return undefined
  })

const conditions = followConditions(timetable, streets, setup, clock, {
  onChange: (now, stops) => guarded('conditions', () => publisher.setConditions(now, stops)),
  onFailure: (where, error) => trouble(where, error),
  onHeard: (source, at) => send({ kind: 'heard', source, at }),
})

parentPort!.on('message', (message: ToLive) => {
  switch (message.kind) {
    case 'apply':
      answer(message.id, () => apply(message.source, message.bytes, message.since))
      break
    case 'notice':
      answer(message.id, () => void take(message.source, message.news))
      break
    case 'ensure':
      answer(message.id, () => void publisher.ensure(message.days))
      break
    case 'conditions':
      answer(message.id, () => void conditions.set(message.conditions))
      break
    case 'condition':
      answer(message.id, () => void conditions.hear(message.source, message.news))
      break
    case 'tick':
      answer(message.id, () => void publisher.tick())
      break
    case 'release':
      guarded('release', () => publisher.release(message.generation))
      break
    case 'equal':
      comeBack()
  }
  if (!publisher.settled) return
  for (const reply of promised) send(reply)
  promised = []
})

function apply(source: number, bytes: Uint8Array, since: number): string | undefined {
  const refused = publisher.apply(source, bytes, since)
  refusals.heard(source, refused)
  return refused
}

function take(source: number, news: Exclude<News, { kind: 'message' }>): void {
  if (news.kind === 'unchanged') publisher.confirm(source)
  else publisher.refuse(source, news.reason)
}

function answer(id: number, work: () => string | undefined): void {
  try {
    const refused = work()
    promised.push({ kind: 'done', id, ...(refused && { refused }) })
  } catch (error) {
    send({ kind: 'done', id, error: toErrorMessage(error) })
  }
}

/** A bug in one step must not end the thread: the last good generation stays. */
function guarded(where: string, work: () => void): void {
  try {
    work()
  } catch (error) {
    trouble(where, error)
  }
}

function trouble(where: string, error: unknown): void {
  send({ kind: 'trouble', where, error: toErrorMessage(error) })
}
