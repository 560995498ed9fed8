// A thread at work is told who is next.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { PlanSetup, PlanTask } from '#workers/messages.ts'
import { createPool, type Pool } from '#workers/pool.ts'
import type { PoolTask } from '#workers/seat.ts'
import { random } from '../helpers/random.ts'

let pool: Pool
let prepared: string[]
let done: string[]
/** The pool's, in ms: nobody looks long at work because the machine is. */
let clock: number

const open = async (threads: number): Promise<void> => {
  pool = createPool({
    worker: new URL('./trouble.worker.ts', import.meta.url),
    setup: {} as PlanSetup,
    threads,
    maxWaiting: 1000,
  })
  await Promise.all(Array.from({ length: threads }, () => run({ say: 'warm' })))
  prepared = []
  done = []
}
beforeEach(() => {
  clock = 0
  vi.spyOn(performance, 'now').mockImplementation(() => clock)
  prepared = []
  done = []
})
afterEach(async () => {
  vi.restoreAllMocks()
  await pool.close()
})

const run = (extra: Record<string, unknown>, signal?: AbortSignal): Promise<string> => {
  const name = String(extra.say ?? extra.do)
  const prepare = (): PoolTask => {
    prepared.push(name)
    const task = { style: { version: 6, language: [], extra } } as unknown as PlanTask
    return { task, done: () => done.push(name) }
  }
  return pool.run(prepare, { kind: 'plan', timeoutMs: 15_000, signal }).then(bytes => new TextDecoder().decode(bytes))
}

/** Keeps a thread busy until `open`. */
function gate(say: string): { extra: Record<string, unknown>; begun: () => Promise<void>; open: () => void } {
  const memory = new Int32Array(new SharedArrayBuffer(8))
  return {
    extra: { do: 'wait', gate: memory.buffer, say },
    async begun() {
      while (Atomics.load(memory, 1) === 0) await new Promise(setImmediate)
    },
    open() {
      Atomics.store(memory, 0, 1)
      Atomics.notify(memory, 0)
    },
  }
}

test('one task is given to a thread at work; the others wait, and all are answered in their order', async () => {
  await open(1)
  const { extra, begun, open: go } = gate('first')
  const first = run(extra)
  await begun()
  const after = [run({ say: 'second' }), run({ say: 'third' })]
  expect(prepared).toEqual(['first', 'second'])
  expect([pool.busy, pool.waiting]).toEqual([1, 2])
  go()
  expect(await Promise.all([first, ...after])).toEqual(['first', 'second', 'third'])
  expect(done).toEqual(['first', 'second', 'third'])
})

test('who leaves while next never runs, and what the task held is let go at once', async () => {
  await open(1)
  const { extra, begun, open: go } = gate('first')
  const first = run(extra)
  await begun()
  const leaving = new AbortController()
  const left = run({ say: 'left' }, leaving.signal)
  const third = run({ say: 'third' })
  leaving.abort(new Error('gone'))
  expect(done).toEqual(['left'])
  // its place is taken
  expect(prepared).toEqual(['first', 'left', 'third'])
  await expect(left).rejects.toThrow('gone')
  go()
  expect(await Promise.all([first, third])).toEqual(['first', 'third'])
  expect(done).toEqual(['left', 'first', 'third'])
})

test('a search that is given up says nothing of the one after it', async () => {
  await open(1)
  const leaving = new AbortController()
  const left = run({ do: 'search' }, leaving.signal)
  const { extra, begun, open: go } = gate('next')
  const next = run(extra)
  leaving.abort(new Error('gone'))
  await expect(left).rejects.toThrow('gone')
  await begun()
  go()
  expect(await next).toBe('next')
  expect(await run({ do: 'count' })).toBe('1')
})

test('who is next behind a long search goes to a thread that has nothing to do', async () => {
  await open(2)
  const [long, short] = [gate('long'), gate('short')]
  const answers = [run(long.extra), run(short.extra)]
  await Promise.all([long.begun(), short.begun()])
  // one behind each
  const after = [run({ say: 'a' }), run({ say: 'b' })]
  expect(prepared).toEqual(['long', 'short', 'a', 'b'])
  short.open()
  expect(await Promise.all(after)).toEqual(['a', 'b'])
  expect(pool.busy).toBe(1)
  long.open()
  expect(await Promise.all(answers)).toEqual(['long', 'short'])
  expect(done.toSorted()).toEqual(prepared.toSorted())
})

test('who is next behind a search that has become long is next behind another one', async () => {
  await open(2)
  const [long, short, after] = [gate('long'), gate('short'), gate('after')]
  const answers = [run(long.extra), run(short.extra)]
  await Promise.all([long.begun(), short.begun()])
  answers.push(run({ say: 'a' }), run(after.extra), run({ say: 'b' }))
  // behind long, behind short, in line
  expect(prepared).toEqual(['long', 'short', 'a', 'after'])
  clock = 100
  short.open()
  await after.begun()
  // nobody new behind the long one
  expect(await answers[1]).toBe('short')
  expect(prepared).toEqual(['long', 'short', 'a', 'after', 'a'])
  after.open()
  expect(await Promise.all(answers.slice(1))).toEqual(['short', 'a', 'after', 'b'])
  long.open()
  expect(await answers[0]).toBe('long')
  expect(done.toSorted()).toEqual(prepared.toSorted())
})

test('what is told once is known although the task that told it was taken back', async () => {
  await open(1)
  const { extra, begun, open: go } = gate('first')
  const first = run(extra)
  await begun()
  const tell = (query: object, signal?: AbortSignal): Promise<unknown> => {
    const task = { query, style: { version: 6, language: [], extra: { do: 'tell' } } } as unknown as PlanTask
    const options = { kind: 'plan', timeoutMs: 15_000, signal }
    return pool.run(() => ({ task, done() {} }), options).then(bytes => JSON.parse(new TextDecoder().decode(bytes)))
  }
  const [walks, rolls] = [{ name: 'walks' }, { name: 'rolls' }]
  const leaving = new AbortController()
  const left = tell({ time: 1, walker: walks, rider: rolls }, leaving.signal)
  leaving.abort(new Error('gone'))
  await expect(left).rejects.toThrow('gone')
  const kept = tell({ time: 2, walker: walks, rider: rolls })
  go()
  await first
  expect(await kept).toEqual({ time: 2, walker: walks, rider: rolls })
})

test('a thread that dies takes the task with it that it works on, not the next one', async () => {
  await open(1)
  const { extra, begun, open: go } = gate('dies')
  const dies = run({ ...extra, and: 'die' })
  await begun()
  const after = [run({ say: 'a' }), run({ say: 'b' })]
  expect(prepared).toEqual(['dies', 'a'])
  go()
  await expect(dies).rejects.toMatchObject({ code: 'INTERNAL' })
  expect(await Promise.all(after)).toEqual(['a', 'b'])
  // the next one was put together a second time
  expect(prepared).toEqual(['dies', 'a', 'a', 'b'])
  expect(done.toSorted()).toEqual(prepared.toSorted())
})

test('an answer that a thread has given before it died is heard', async () => {
  await open(1)
  const { extra, begun, open: go } = gate('answered')
  const answered = run(extra)
  await begun()
  const memory = new SharedArrayBuffer(8)
  const dies = run({ do: 'die', memory })
  go()
  // we hear of both at once
  while (new Float64Array(memory)[0] === 0);
  for (const until = Date.now() + 100; Date.now() < until; );
  await expect(dies).rejects.toMatchObject({ code: 'INTERNAL' })
  expect(await answered).toBe('answered')
})

test('closing sends away who is next', async () => {
  await open(1)
  const { extra, begun, open: go } = gate('first')
  const outcomes = Promise.allSettled([run(extra), begun().then(() => run({ say: 'never' }))])
  await begun()
  await pool.close()
  go()
  expect((await outcomes).map(o => o.status)).toEqual(['rejected', 'rejected'])
  expect(done.toSorted()).toEqual(prepared.toSorted())
})

test('whoever leaves, fails or dies: everybody else hears their own answer, and nothing is held', async () => {
  await open(2)
  const r = random(0x2)
  const outcomes = Array.from({ length: 600 }, async (_, i) => {
    await new Promise(resolve => setTimeout(resolve, r.between(0, 400)))
    const leaving = new AbortController()
    const what = r.between(0, 60)
    if (what < 15) setTimeout(() => leaving.abort(new Error('gone')), r.between(0, 3))
    const extra = what === 60 ? { do: 'die' } : what > 56 ? { do: 'throw' } : what < 4 ? { do: 'search' } : {}
    const answer = await run({ ...extra, say: `${i}` }, leaving.signal).catch(error => error)
    if (answer instanceof Error) {
      // nobody but who leaves or asks for trouble, or works in the thread when it dies, hears of any
      const own = 'do' in extra || leaving.signal.aborted
      return own ? 'own trouble' : String((answer as { code?: string }).code ?? answer)
    }
    return answer === `${i}` ? 'right' : `${i} heard ${answer}`
  })
  const heard = Map.groupBy(await Promise.all(outcomes), outcome => outcome)
  expect([...heard.keys()].toSorted()).toEqual(['own trouble', 'right'])
  expect([pool.busy, pool.waiting]).toEqual([0, 0])
  expect(done.toSorted()).toEqual(prepared.toSorted())
})
