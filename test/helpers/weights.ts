// What a page weighs, compressed as the server sends it: the files that are built, followed from the page on.

import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gzipSync } from 'node:zlib'

export interface PageFiles {
  /** With all languages: more than anybody loads. */
  readonly first: ReadonlySet<string>
  readonly languages: readonly string[]
  /** What comes when a map is shown, and the map's thread. */
  readonly map: readonly string[]
  readonly workers: readonly string[]
}

/** @param dist the folder of the built pages */
export function pageFiles(dist: string, page: string): PageFiles {
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

  const start = closure([page, ...assetsIn(textOf(page), /(?:src|href)="\.\/(assets\/[^"]+)"/g)])
  const scripts = [...start].filter(file => file.endsWith('.js')).map(textOf)
  const languages = scripts.flatMap(text => assetsIn(text, /["'`]\.\/((?:ar|de|en|tr|uk)-[^"'`]+\.js)["'`]/g))
  const map = closure(assetsIn(scripts.join(), /["'`]\.?\/?(?:assets\/)?(map-[^"'`]+\.(?:js|css))["'`]/g))
  const workers = [...map]
    .filter(file => file.endsWith('.js'))
    .flatMap(file => assetsIn(textOf(file), /(maplibre-gl-worker-[\w-]+\.js)/g))
  return { first: new Set([...start, ...languages]), languages, map: [...map], workers }
}

/** Bytes. */
export const weigh = (dist: string, files: Iterable<string>): number =>
  [...new Set(files)].reduce((sum, file) => sum + gzipSync(readFileSync(join(dist, file))).length, 0)
