import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'

const rules = readFileSync(resolve(import.meta.dirname, '../docs/rules.md'), 'utf8')

/** The last cell of each row of a section. */
function lastCells(section: string): string[] {
  const [, text = ''] = rules.split(`\n## ${section}`)
  const rows = text
    .split('\n## ')[0]!
    .split('\n')
    .filter(line => /^\| [N0-9]/.test(line))
  return rows.map(row => row.split('|').at(-2)!)
}

test.each(['N: streets', 'Failures'])('%s: every test that shows a rule is there', section => {
  const named = lastCells(section).flatMap(cell => cell.match(/\b[a-z0-9]+(\/[a-z0-9-]+)+(?![\w./])/g) ?? [])
  expect(named.length).toBeGreaterThan(20)
  const missing = named.filter(
    name => !['test', 'long'].some(kind => existsSync(resolve(import.meta.dirname, `${name}.${kind}.ts`))),
  )
  expect(missing).toEqual([])
})
