// What operators are told beside requests.

import { expect, test } from 'vitest'
import { troubleLog } from '#api/operations/trouble.ts'
import { FreifahrtError } from '#engine/core/errors.ts'

function told(error: unknown, { log = 'errors' as const, isTTY = false } = {}): string[] {
  const lines: string[] = []
  troubleLog({ log }, { isTTY, write: text => lines.push(text) })('redis', error)
  return lines
}

test('a line of JSON where a program reads, words where a person does, nothing where that was asked for', () => {
  const error = new FreifahrtError('FETCH_FAILED', 'https://x', 'no answer')
  const [line] = told(error)
  expect(line).toMatch(/\n$/)
  expect(JSON.parse(line!)).toEqual({
    level: 40,
    time: expect.any(Number),
    pid: process.pid,
    hostname: expect.any(String),
    where: 'redis',
    msg: 'redis: FETCH_FAILED at https://x: no answer',
  })
  expect(told(error, { isTTY: true })).toEqual(['redis: FETCH_FAILED at https://x: no answer\n'])
  expect(told(error, { log: 'nothing' as never })).toEqual([])
})

test.each([
  [Object.assign(new Error(''), { code: 'ECONNRESET' }), 'ECONNRESET'],
  [new AggregateError([new Error('one'), new Error('other')]), 'one; other'],
  [new TypeError(''), 'TypeError'],
  ['gone', 'gone'],
])('whatever an error lacks, something is said of it: %o', (error, text) => {
  expect(JSON.parse(told(error)[0]!).msg).toBe(`redis: ${text}`)
})
