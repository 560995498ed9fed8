// The list of deviations in docs/rules.md and the tests that deviate are held together: five at most.

import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'

const here = import.meta.dirname
const rules = readFileSync(resolve(here, '../../docs/rules.md'), 'utf8')
const [, section = ''] = /## Where others decide otherwise\n(.*?)\n## /s.exec(rules) ?? []
/** number → rules that its row names. */
const listed = new Map(
  [...section.matchAll(/^\| (\d+) \|.*\| ([A-Z]\d+(?:, [A-Z]\d+)*):/gm)].map(([, number, rules]) => [
    Number(number),
    rules!.split(', '),
  ]),
)
const tests = readdirSync(here)
  .filter(file => file.endsWith('.test.ts') && file !== 'deviations.test.ts')
  .flatMap(file => [...readFileSync(resolve(here, file), 'utf8').matchAll(/\(deviation (\d+), ([A-Z]\d+): /g)])
  .map(([, number, rule]) => [Number(number), rule!] as const)

test('at most five deviations are listed', () => {
  expect([...listed.keys()]).toEqual(Array.from({ length: listed.size }, (_, i) => i + 1))
  expect(listed.size).toBeGreaterThan(0)
  expect(listed.size).toBeLessThanOrEqual(5)
})

test('each has its tests, and each test that deviates is listed with its rule', () => {
  const deviating = Map.groupBy(tests, ([number]) => number)
  const named = [...deviating].map(([number, of]) => [number, [...new Set(of.map(([, rule]) => rule))].sort()] as const)
  expect(new Map(named.sort(([a], [b]) => a - b))).toEqual(listed)
})

test('no test of other projects’ cases decides otherwise without saying which deviation it is', () => {
  for (const file of readdirSync(here).filter(name => name.endsWith('.test.ts') && name !== 'deviations.test.ts'))
    expect(readFileSync(resolve(here, file), 'utf8'), file).not.toMatch(/\(ours\b|decide otherwise/)
})
