// 29: plan threads that die in the middle of a question, one after the other.

import { expect, test } from 'vitest'
import type { PlanSetup, PlanTask } from '#workers/messages.ts'
import { createPool } from '#workers/pool.ts'

test('29: a plan thread that dies: who asked hears of it within 100 ms, the next is answered within two seconds', async () => {
  const memory = new SharedArrayBuffer(8)
  const diedAt = new Float64Array(memory)
  const pool = createPool({
    worker: new URL('../workers/trouble.worker.ts', import.meta.url),
    setup: {} as PlanSetup,
    threads: 1,
  })
  const ask = (extra: Record<string, unknown>) =>
    pool.run(() => ({ task: { style: { version: 6, language: [], extra } } as unknown as PlanTask, done() {} }), {
      kind: 'plan',
      timeoutMs: 15_000,
    })
  const now = (): number => performance.timeOrigin + performance.now()
  const [told, again]: number[][] = [[], []]
  await ask({ say: 'warm' })
  for (let i = 0; i < 5; i++) {
    const next = ask({ do: 'die', memory }).then(
      () => expect.unreachable(),
      error => {
        expect(error).toMatchObject({ code: 'INTERNAL' })
        told!.push(now() - diedAt[0]!)
        return ask({ say: 'next' })
      },
    )
    expect(new TextDecoder().decode(await next)).toBe('next')
    again!.push(now() - diedAt[0]!)
  }
  await pool.close()
  const median = (of: readonly number[]): number => of.toSorted((a, b) => a - b)[of.length >> 1]!
  expect(median(told!)).toBeLessThan(100)
  expect(Math.max(...again!)).toBeLessThan(2000)
})
