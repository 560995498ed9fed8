// 29: plan threads that die in the middle of a question, one after the other.

import { expect, test } from 'vitest'
import type { PlanSetup, PlanTask } from '#workers/messages.ts'
import { createPool } from '#workers/pool.ts'
import { PATIENCE } from '../helpers/until.ts'

test('29: a plan thread that dies: who asked hears of that, long before their time is over, and the next is answered', async () => {
  const pool = createPool({
    worker: new URL('../workers/trouble.worker.ts', import.meta.url),
    setup: {} as PlanSetup,
    threads: 1,
  })
  const ask = (extra: Record<string, unknown>) =>
    pool.run(() => ({ task: { style: { version: 6, language: [], extra } } as unknown as PlanTask, done() {} }), {
      kind: 'plan',
      timeoutMs: 10 * PATIENCE,
    })
  await ask({ say: 'warm' })
  for (let i = 0; i < 5; i++) {
    const next = ask({ do: 'die' }).then(
      () => expect.unreachable(),
      error => {
        expect(error).toMatchObject({ code: 'INTERNAL' })
        return ask({ say: 'next' })
      },
    )
    expect(new TextDecoder().decode(await next)).toBe('next')
  }
  await pool.close()
})
