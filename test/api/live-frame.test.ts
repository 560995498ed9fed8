// Frames are what the ws package reads, at every length at which their head changes.

import type { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import * as ws from 'ws'
import { encode, frameOf } from '#api/live/frame.ts'

// exported, though not typed
const { Receiver } = ws as unknown as { Receiver: new (options: object) => Writable }

test.each([0, 1, 125, 126, 127, 65_535, 65_536, 200_000])('%i bytes', async length => {
  const text = 'x'.repeat(length)
  const payload = encode(text)
  expect(payload.toString()).toBe(text)
  const receiver = new Receiver({ isServer: false })
  const message = new Promise<string>(resolve => receiver.once('message', data => resolve(String(data))))
  receiver.write(frameOf(payload))
  expect(await message).toBe(text)
})

test('lengths are those of the bytes, not of the letters', () => {
  expect(encode('Bühl').length).toBe(5)
  expect([...frameOf(encode('ü'))]).toEqual([0x81, 2, 0xc3, 0xbc])
  expect(() => frameOf(Buffer.from('x'))).toThrow('encode')
})
