// docs/data-model.md names each table's version.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const read = (path: string): string => readFileSync(join(import.meta.dirname, '../..', path), 'utf8')

test('the versions that the data model names are those of the tables', () => {
  const rows = [...read('docs/data-model.md').matchAll(/^\| [^|]+ \| (\d+) \| `(engine\/[^`]+)` \|/gm)]
  expect(rows.length).toBeGreaterThan(8)
  for (const [file, named] of Map.groupBy(rows, ([, , file]) => file!)) {
    const declared = [...read(file).matchAll(/^ {2}version: (\d+),$/gm)].map(([, version]) => version)
    expect(declared.sort(), file).toEqual(named.map(([, version]) => version!).sort())
  }
})
