import { expect, test } from 'vitest'
import { createBus } from '#workers/bus.ts'

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
