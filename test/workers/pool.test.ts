import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { PlanSetup, PlanTask } from '#workers/messages.ts'
import { createPool, type Pool } from '#workers/pool.ts'
import type { PoolTask } from '#workers/seat.ts'

let pool: Pool
let done: string[]
beforeEach(() => {
  done = []
  pool = createPool({
    worker: new URL('./trouble.worker.ts', import.meta.url),
    setup: {} as PlanSetup,
    threads: 1,
    maxWaiting: 2,
  })
})
afterEach(async () => {
  vi.restoreAllMocks()
  await pool.close()
})

const task = (extra: Record<string, unknown>): (() => PoolTask) => {
  return () => ({
    task: { style: { version: 6, language: [], extra } } as unknown as PlanTask,
    done: () => done.push(String(extra.say ?? extra.do)),
  })
}
const run = (
  extra: Record<string, unknown>,
  timeoutMs = 15_000,
  signal?: AbortSignal,
  kind = 'plan',
): Promise<string> => pool.run(task(extra), { kind, timeoutMs, signal }).then(bytes => new TextDecoder().decode(bytes))

/** Keeps the only thread busy until `open`. */
function gate(): { extra: Record<string, unknown>; open: () => void } {
  const memory = new SharedArrayBuffer(4)
  return {
    extra: { do: 'wait', gate: memory, say: 'waited' },
    open() {
      Atomics.store(new Int32Array(memory), 0, 1)
      Atomics.notify(new Int32Array(memory), 0)
    },
  }
}

test('answers one after the other', async () => {
  expect(await Promise.all([run({ say: 'a' }), run({ say: 'b' }), run({ say: 'c' })])).toEqual(['a', 'b', 'c'])
  expect(done).toEqual(['a', 'b', 'c'])
})

test('the thread is told what comes next before anybody hears its last answer', async () => {
  const order: string[] = []
  const asked = ['a', 'b'].map(async say => {
    await pool.run(
      () => {
        order.push(`${say} begins`)
        return task({ say })()
      },
      { kind: 'plan', timeoutMs: 15_000 },
    )
    order.push(`${say} is told`)
  })
  await Promise.all(asked)
  expect(order).toEqual(['a begins', 'b begins', 'a is told', 'b is told'])
})

test('what a worker refuses arrives with its code', async () => {
  await expect(run({ do: 'refuse' })).rejects.toMatchObject({ code: 'UNKNOWN_STOP', where: 'from' })
  await expect(run({ do: 'throw' })).rejects.toMatchObject({
    code: 'INTERNAL',
    message: expect.stringContaining('a bug'),
  })
  expect(await run({ say: 'still here' })).toBe('still here')
})

test('a full line is OVERLOADED at once, and the line is served all the same', async () => {
  const { extra, open } = gate()
  const waited = run(extra)
  const inLine = [run({ say: '1' }), run({ say: '2' })]
  expect(pool.waiting).toBe(2)
  await expect(run({ say: '3' })).rejects.toMatchObject({ code: 'OVERLOADED' })
  open()
  expect(await waited).toBe('waited')
  expect(await Promise.all(inLine)).toEqual(['1', '2'])
})

/** In ms: of twenty tasks of 60, a tenth of what is missing with each. */
const MEAN = 60 * (1 - 0.9 ** 20)
/** What a task of this kind takes is known from then on. */
async function meanOf(kind: string): Promise<void> {
  let clock = 0
  vi.spyOn(performance, 'now').mockImplementation(() => clock)
  for (let i = 0; i < 20; i++) {
    const { extra, open } = gate()
    const slow = run(extra, 15_000, undefined, kind)
    clock += 60
    open()
    await slow
  }
}

test('31: who would wait longer than they can is refused at once, and let in again as soon as the line is short', async () => {
  await meanOf('plan')
  const { extra, open } = gate()
  const waited = run(extra)
  expect(pool.refusal('plan', 15_000)).toBeUndefined()
  expect(pool.waitMs).toBeCloseTo(MEAN)
  await expect(run({ say: 'no' }, 70)).rejects.toMatchObject({
    code: 'OVERLOADED',
    message: expect.stringMatching(/0 requests are waiting, for 105 ms/),
  })
  open()
  await waited
  expect(pool.refusal('plan', 70)).toBeUndefined()
  expect(done).not.toContain('no')
})

test('31: slow tasks of one kind say nothing of another, but stand in its way', async () => {
  await meanOf('tile')
  const plans = gate()
  const planning = run(plans.extra)
  expect(pool.refusal('plan', 5)).toBeUndefined()
  expect(pool.refusal('tile', 30)).toMatch(/0 requests are waiting/)
  const tile = run({ say: 'tile' }, 15_000, undefined, 'tile')
  expect(pool.refusal('plan', 30)).toMatch(/1 requests are waiting, for 53 ms/)
  plans.open()
  await Promise.all([planning, tile])
})

test('a task is put together only when a thread is free for it', async () => {
  const { extra, open } = gate()
  const waited = run(extra)
  let prepared = false
  const second = pool.run(
    () => {
      prepared = true
      return task({ say: 'late' })()
    },
    { kind: 'plan', timeoutMs: 15_000 },
  )
  expect(prepared).toBe(false)
  open()
  await waited
  await second
  expect(prepared).toBe(true)
})

test('a task that hangs is TIMEOUT, its thread is replaced, its buffers are let go', async () => {
  await run({ say: 'warm' })
  await expect(run({ do: 'hang' }, 50)).rejects.toMatchObject({ code: 'TIMEOUT' })
  expect(await run({ say: 'again' })).toBe('again')
  expect(done).toEqual(['warm', 'hang', 'again'])
})

test('a task that nobody waits for any more is told so and keeps its thread', async () => {
  const gone = new AbortController()
  const left = run({ do: 'search' }, 15_000, gone.signal)
  setImmediate(() => gone.abort(new Error('gone')))
  await expect(left).rejects.toThrow('gone')
  expect(await run({ do: 'count' })).toBe('1')
  await expect(run({ do: 'search' }, 50)).rejects.toMatchObject({ code: 'TIMEOUT' })
  // the same thread counts on
  expect(await run({ do: 'count' })).toBe('2')
})

test('a task whose time is over while in line never runs', async () => {
  const { extra, open } = gate()
  const waited = run(extra)
  await expect(run({ say: 'late' }, 20)).rejects.toMatchObject({ code: 'TIMEOUT' })
  open()
  await waited
  expect(await run({ say: 'next' })).toBe('next')
  expect(done).toEqual(['waited', 'next'])
})

test('a generation is handed to a thread once, and again to the thread that takes its place', async () => {
  const horizon = { generation: 7 }
  const read = (): Promise<string> =>
    pool
      .run(
        () => {
          const { task: asked, done } = task({ do: 'read' })()
          return { task: { ...asked, horizon } as unknown as PlanTask, done }
        },
        { kind: 'plan', timeoutMs: 15_000 },
      )
      .then(bytes => new TextDecoder().decode(bytes))
  expect([await read(), await read()]).toEqual(['7', '7'])
  await expect(run({ do: 'die' })).rejects.toMatchObject({ code: 'INTERNAL' })
  expect([await read(), await read()]).toEqual(['7', '7'])
})

test('a thread is told what is another than before, and every query has all of its own and nothing of another', async () => {
  const [walks, rolls] = [{ name: 'walks' }, { name: 'rolls' }]
  const tell = async (query: object): Promise<unknown> => {
    const { task: asked, done } = task({ do: 'tell' })()
    const prepare = () => ({ task: { ...asked, query } as unknown as PlanTask, done })
    return JSON.parse(new TextDecoder().decode(await pool.run(prepare, { kind: 'plan', timeoutMs: 15_000 })))
  }
  const queries = [
    { time: 1, walker: walks, rider: rolls, approaches: { access: ['WALK'] } },
    { time: 2, walker: walks, rider: rolls, approaches: { access: ['WALK'] } },
    { time: 3, walker: walks, rider: rolls },
    { time: 4, walker: walks, rider: rolls },
    { time: 5, walker: rolls, rider: rolls },
    { time: 6, walker: rolls, rider: walks, directFactor: 2, vias: [] },
    { time: 6, walker: rolls, rider: walks, vias: [{ stay: 60 }] },
    { time: 6, walker: rolls, rider: walks },
  ]
  for (const query of queries) expect(await tell(query)).toEqual(query)
  await expect(run({ do: 'die' })).rejects.toMatchObject({ code: 'INTERNAL' })
  // what cannot be sent has told nothing
  await expect(tell({ time: 7, walker: () => {} })).rejects.toMatchObject({ code: 'INTERNAL' })
  for (const query of [queries[5]!, ...queries]) expect(await tell(query)).toEqual(query)
})

test('a thread that dies takes one task with it, not the pool', async () => {
  const dies = run({ do: 'die' })
  const next = run({ say: 'next' })
  await expect(dies).rejects.toMatchObject({ code: 'INTERNAL' })
  expect(await next).toBe('next')
  expect(done).toEqual(['die', 'next'])
})

test('a caller who goes away leaves the line; a running task ends in peace', async () => {
  const { extra, open } = gate()
  const [runner, waiter] = [new AbortController(), new AbortController()]
  const running = run(extra, 15_000, runner.signal)
  const waiting = run({ say: 'never' }, 15_000, waiter.signal)
  waiter.abort(new Error('gone'))
  await expect(waiting).rejects.toThrow('gone')
  runner.abort(new Error('gone too'))
  await expect(running).rejects.toThrow('gone too')
  open()
  expect(await run({ say: 'next' })).toBe('next')
  expect(done).toEqual(['waited', 'next'])
})

test('a preparation that fails frees its thread', async () => {
  const bad = pool.run(() => Promise.reject(new Error('no such day')), { kind: 'plan', timeoutMs: 15_000 })
  await expect(bad).rejects.toThrow('no such day')
  expect(await run({ say: 'next' })).toBe('next')
})

test('closing sends everybody away', async () => {
  const { extra, open } = gate()
  const running = run(extra)
  const waiting = run({ say: 'never' })
  const outcomes = Promise.allSettled([running, waiting])
  await pool.close()
  open()
  expect((await outcomes).map(o => o.status)).toEqual(['rejected', 'rejected'])
  await expect(run({ say: 'closed' })).rejects.toMatchObject({ code: 'OVERLOADED' })
})

test('who leaves while the question is being prepared costs no search', async () => {
  const prepared = Promise.withResolvers<PoolTask>()
  const leaving = new AbortController()
  const left = pool.run(() => prepared.promise, { kind: 'plan', timeoutMs: 15_000, signal: leaving.signal })
  leaving.abort()
  await expect(left).rejects.toThrow('aborted')
  const next = run({ say: 'next' })
  // would keep the only thread for good
  prepared.resolve(task({ ...gate().extra, say: 'searched for nobody' })())
  expect(await next).toBe('next')
  expect(done).toEqual(['searched for nobody', 'next'])
})
