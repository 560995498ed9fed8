import { once } from 'node:events'
import { getPriority } from 'node:os'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { begunBehind, comeBack } from '#workers/priority.ts'

const start = (): Worker => new Worker(new URL('./priority.worker.ts', import.meta.url))

// back to where it was is only where root or a limit of niceness lets it
test.skipIf(process.platform !== 'linux' || !comeBack())(
  'a thread that is begun behind answers is behind them from its first instruction on, until it comes back',
  async () => {
    const usual = getPriority()
    const [{ first, allowed, back }] = await once(begunBehind(start), 'message')
    expect([first, allowed, back]).toEqual([Math.min(19, usual + 5), true, getPriority(process.pid)])
    // who began it is where it was, and so are those that it begins later
    expect(getPriority()).toBe(usual)
    expect((await once(start(), 'message'))[0]).toMatchObject({ first: usual, back: usual })
  },
)
