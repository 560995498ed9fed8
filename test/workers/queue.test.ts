import { expect, test } from 'vitest'
import { createBus } from '#workers/bus.ts'
import { createQueue } from '#workers/queue.ts'

test('jobs run one after the other and stay visible', async () => {
  const gates = new Map<string, () => void>()
  const queue = createQueue<{ fetch: readonly [string, number] }>({
    fetch: (name, { progress }) =>
      new Promise(resolve => {
        progress(`at ${name}`)
        gates.set(name, () => resolve(name.length))
      }),
  })
  const heard: unknown[] = []
  const first = queue.add('fetch', 'a', { onProgress: value => heard.push(value) })
  const second = queue.add('fetch', 'bb')
  await Promise.resolve()
  expect(queue.jobs().map(job => job.state)).toEqual(['running', 'waiting'])
  gates.get('a')!()
  expect(await first).toBe(1)
  await Promise.resolve()
  gates.get('bb')!()
  expect(await second).toBe(2)
  expect(queue.jobs().map(job => [job.name, job.state, job.progress])).toEqual([
    ['fetch', 'done', 'at a'],
    ['fetch', 'done', 'at bb'],
  ])
  expect(heard).toEqual(['at a'])
})

test('a failed job does not stop the next', async () => {
  const queue = createQueue<{ work: readonly [boolean, string] }>({
    work: async good => {
      if (!good) throw new Error('no luck')
      return 'fine'
    },
  })
  const bad = queue.add('work', false)
  const good = queue.add('work', true)
  await expect(bad).rejects.toThrow('no luck')
  expect(await good).toBe('fine')
  expect(queue.jobs().map(job => [job.state, job.error])).toEqual([
    ['failed', 'no luck'],
    ['done', undefined],
  ])
})

test('only the last few ended jobs are remembered', async () => {
  const queue = createQueue<{ work: readonly [number, number] }>({ work: async n => n })
  for (let i = 0; i < 50; i++) await queue.add('work', i)
  expect(queue.jobs().length).toBeLessThan(25)
  expect(queue.jobs().at(-1)!.id).toBe(50)
})

test('a job says how often it was tried, and no other keeps the number', async () => {
  const queue = createQueue<{ work: readonly [number, number] }>({
    work: async (tries, { attempt }) => {
      for (let i = 1; i <= tries; i++) attempt(i)
      return tries
    },
  })
  await Promise.all([2, 0, 3].map(tries => queue.add('work', tries)))
  expect(queue.jobs().map(job => job.attempts)).toEqual([2, 0, 3])
})

test('closing aborts the running job and fails those that wait', async () => {
  const queue = createQueue<{ work: readonly [null, never] }>({
    work: (_, { signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
  })
  const outcomes = Promise.allSettled([queue.add('work', null), queue.add('work', null)])
  await Promise.resolve()
  await queue.close()
  expect((await outcomes).map(o => o.status)).toEqual(['rejected', 'rejected'])
})

test('a caller may take a job out of the line', async () => {
  const ran: string[] = []
  const queue = createQueue<{ work: readonly [string, number] }>({ work: async name => ran.push(name) })
  const gone = new AbortController()
  const first = queue.add('work', 'first')
  const second = queue.add('work', 'second', { signal: gone.signal })
  gone.abort(new Error('not wanted any more'))
  await first
  await expect(second).rejects.toThrow('not wanted any more')
  expect(ran).toEqual(['first'])
})

test('a message reaches all who listen, even past one who fails', () => {
  const failed: unknown[] = []
  const bus = createBus<{ said: string }>((name, error) => failed.push([name, (error as Error).message]))
  const heard: string[] = []
  bus.hear('said', () => {
    throw new Error('deaf')
  })
  const stop = bus.hear('said', text => heard.push(text))
  bus.say('said', 'one')
  stop()
  bus.say('said', 'two')
  expect(heard).toEqual(['one'])
  expect(failed).toEqual([
    ['said', 'deaf'],
    ['said', 'deaf'],
  ])
})
