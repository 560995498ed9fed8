// How much a page weighs before its first view, and with its map. `node bench/pages.ts` prints the figures.

import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { ensureWebBuilt } from '../../web/build.ts'
import { pageFiles, weigh } from '../helpers/weights.ts'

const FIRST_VIEW = 250_000 // bytes
const WITH_MAP = 700_000

let dist: string
beforeAll(async () => {
  dist = await ensureWebBuilt(join(import.meta.dirname, '../..'))
})

test.each(['index.html', 'display.html', 'operations.html', 'missing.html'])(
  '%s: the first view, in any language',
  page => {
    const { first, languages } = pageFiles(dist, page)
    expect(languages.length).toBeGreaterThanOrEqual(5)
    expect(
      [...first].some(file => /map-/.test(file)),
      'the map waits until it is wanted',
    ).toBe(false)
    expect(weigh(dist, first)).toBeLessThan(FIRST_VIEW)
  },
)

test.each(['index.html', 'operations.html'])('%s with its map and the map\u2019s thread', page => {
  const { first, map, workers } = pageFiles(dist, page)
  expect(map.length).toBeGreaterThanOrEqual(2)
  expect(workers.length).toBeGreaterThanOrEqual(1)
  const weight = weigh(dist, [...first, ...map, ...workers])
  expect(weight).toBeGreaterThan(300_000)
  expect(weight).toBeLessThan(WITH_MAP)
})
