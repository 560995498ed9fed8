import { expect, onTestFinished, test } from 'vitest'
import type { PlanSetup, PlanTask } from '#workers/messages.ts'
import { createPool } from '#workers/pool.ts'

test('30: a plan thread that runs out of memory fails one request; the next is answered, and the process lives', async () => {
  const troubles: unknown[] = []
  const pool = createPool({
    worker: new URL('../workers/trouble.worker.ts', import.meta.url),
    setup: {} as PlanSetup,
    threads: 1,
    heapMb: 32,
    onThreadError: error => troubles.push(error),
  })
  onTestFinished(() => pool.close())
  const run = async (extra: Record<string, unknown>): Promise<string> => {
    const task = { style: { version: 6, language: [], extra } } as unknown as PlanTask
    const bytes = await pool.run(() => ({ task, done: () => {} }), { kind: 'plan', timeoutMs: 15_000 })
    return new TextDecoder().decode(bytes)
  }
  expect(await run({ say: 'before' })).toBe('before')
  const hungry = run({ do: 'eat' })
  const behind = run({ say: 'behind' })
  await expect(hungry).rejects.toMatchObject({ code: 'INTERNAL', message: expect.stringMatching(/memory/) })
  expect(await behind).toBe('behind')
  expect(await run({ say: 'after' })).toBe('after')
  expect(pool.busy).toBe(0)
})
