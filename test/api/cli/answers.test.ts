import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { ANSWER_HEADER, answerRow, readQueries } from '#api/cli/answers.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import type { Journey } from '#engine/transit/journey.ts'
import { differences, readAnswers } from '../../../bench/compare.ts'
import { peersFile } from '../../helpers/data.ts'

const dir = mkdtempSync(join(tmpdir(), 'freifahrt-test-'))
afterAll(() => rmSync(dir, { recursive: true }))
const queryFile = (text: string): string => {
  const path = join(dir, 'queries.csv')
  writeFileSync(path, text)
  return path
}
const HEADER = 'from_stop_id,to_stop_id,departure\n'
const journey = (departure: number, arrival: number, transfers: number): Journey => ({
  departure: departure as UnixSeconds,
  arrival: arrival as UnixSeconds,
  transfers,
  legs: [],
})

test('queries keep their first three columns as they stand', () => {
  const [query, quoted] = readQueries(
    queryFile(`${HEADER}A.1,B,2026-06-10T08:04:00+09:00\r\n"a,""b""",B,2026-06-10T08:04:00Z\n`),
  )
  expect(query).toEqual({ text: 'A.1,B,2026-06-10T08:04:00+09:00', from: 'A.1', to: 'B', time: 1781046240 })
  expect(quoted).toMatchObject({ text: '"a,""b""",B,2026-06-10T08:04:00Z', from: 'a,"b"' })
})

test.each([
  ['a,b\n', /BAD_REQUEST at .*queries\.csv: the first line must be/],
  [`${HEADER}A,B,08:04\n`, /BAD_REQUEST at .*queries\.csv:2: 'A,B,08:04' is no query/],
  [`${HEADER}A,B,2026-06-10T08:04:00Z\nA,B\n`, /queries\.csv:3/],
])('what is no file of queries is refused with its line: %j', (text, expected) => {
  expect(() => readQueries(queryFile(text))).toThrow(expected)
})

test('an answer names the journey that is there first, and all of them in order', () => {
  const query = { text: 'A,B,2026-06-10T08:04:00+09:00', from: 'A', to: 'B', time: 1781046240 as UnixSeconds }
  const row = answerRow(query, [journey(1781046600, 1781053200, 0), journey(1781046240, 1781052240, 2)], 1.25)
  expect(row).toBe(
    'A,B,2026-06-10T08:04:00+09:00,2026-06-10T00:44:00Z,2,2,2026-06-09T23:04:00Z|2026-06-10T00:44:00Z|2;2026-06-09T23:10:00Z|2026-06-10T01:00:00Z|0;,1.2500',
  )
  expect(answerRow(query, [], 0.5)).toBe('A,B,2026-06-10T08:04:00+09:00,,,0,,0.5000')
})

test('answers are compared as moments, whatever their offset', () => {
  const file = (rows: string[]) => readAnswers([ANSWER_HEADER, ...rows].join('\n'))
  const ours = file(['A,B,t1,2026-06-10T00:44:00Z,2,1,2026-06-09T23:04:00Z|2026-06-10T00:44:00Z|2;,1', 'A,C,t1,,,0,,2'])
  const same = file([
    'A,B,t1,2026-06-10T09:44:00+09:00,2,1,2026-06-10T08:04:00+09:00|2026-06-10T09:44:00+09:00|2;,9',
    'A,C,t1,,,0,,2',
  ])
  expect(differences(ours, same, false)).toEqual([])
  const other = file([
    'A,B,t1,2026-06-10T00:50:00Z,1,1,2026-06-09T23:04:00Z|2026-06-10T00:50:00Z|1;,9',
    'A,C,t1,,,0,,2',
  ])
  expect(differences(ours, other, true)).toEqual([
    { query: 'A,B,t1', onlyOurs: ['2026-06-10T00:44:00Z'], onlyTheirs: ['2026-06-10T00:50:00Z'] },
  ])
})

const nigiri = peersFile('tokyo/answers-nigiri-earliest.csv')
const ultra = peersFile('tokyo/answers-ultra-raptor-earliest.csv')
test.skipIf(!nigiri || !ultra)('two other engines’ answers agree, to the minute, in 999 of 1,000 queries', () => {
  const [a, b] = [nigiri, ultra].map(path => readAnswers(readFileSync(path!, 'utf8'), 60_000))
  expect(a).toHaveLength(1000)
  expect(differences(a!, b!, true)).toMatchObject([{ onlyOurs: ['none'], onlyTheirs: ['2026-06-10T09:14:00Z'] }])
})
