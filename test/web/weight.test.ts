// How much a page weighs before its first view, compressed as the server sends it: the files that are built, followed from the page on.

import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import { ensureWebBuilt } from '../../web/build.ts'

const FIRST_VIEW = 250_000 // bytes
const WITH_MAP = 700_000

let dist: string
beforeAll(async () => {
  dist = await ensureWebBuilt(join(import.meta.dirname, '../..'))
})

const textOf = (file: string): string => readFileSync(join(dist, file), 'utf8')
const assetsIn = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)]
    .map(([, name]) => `assets/${basename(name!)}`)
    .filter(file => existsSync(join(dist, file)))

/** `file`, and what it loads by itself: not what waits until it is wanted. */
function closure(files: readonly string[], known = new Set<string>()): Set<string> {
  for (const file of files) {
    if (known.has(file)) continue
    known.add(file)
    if (file.endsWith('.js')) closure(assetsIn(textOf(file), /(?:from|import)\s*["'`]\.\/([^"'`]+)["'`]/g), known)
  }
  return known
}

function filesOf(page: string): Set<string> {
  const html = textOf(page)
  return closure([page, ...assetsIn(html, /(?:src|href)="\.\/(assets\/[^"]+)"/g)])
}

const weigh = (files: Iterable<string>): number =>
  [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(dist, file))).length, 0)

/** All languages together: more than anybody loads. */
const languages = (start: ReadonlySet<string>): string[] =>
  [...start].flatMap(file =>
    file.endsWith('.js') ? assetsIn(textOf(file), /["'`]\.\/((?:ar|de|en|tr|uk)-[^"'`]+\.js)["'`]/g) : [],
  )

test.each(['index.html', 'display.html', 'operations.html'])('%s: the first view, in any language', page => {
  const files = filesOf(page)
  const words = languages(files)
  expect(words.length).toBeGreaterThanOrEqual(5)
  expect(
    [...files].some(file => /map-/.test(file)),
    'the map waits until it is wanted',
  ).toBe(false)
  expect(weigh(new Set([...files, ...words]))).toBeLessThan(FIRST_VIEW)
})

test.each(['index.html', 'operations.html'])('%s with its map and the map\u2019s thread', page => {
  const first = filesOf(page)
  const all = [...first]
    .filter(file => file.endsWith('.js'))
    .map(textOf)
    .join()
  const map = assetsIn(all, /["'`]\.?\/?(?:assets\/)?(map-[^"'`]+\.(?:js|css))["'`]/g)
  const parts = closure(map)
  const workers = [...parts]
    .filter(file => file.endsWith('.js'))
    .flatMap(file => assetsIn(textOf(file), /(maplibre-gl-worker-[\w-]+\.js)/g))
  expect(map.length).toBeGreaterThanOrEqual(2)
  expect(workers.length).toBeGreaterThanOrEqual(1)
  const weight = weigh(new Set([...first, ...languages(first), ...parts, ...workers]))
  expect(weight).toBeGreaterThan(300_000)
  expect(weight).toBeLessThan(WITH_MAP)
})
