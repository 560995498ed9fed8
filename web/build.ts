// Builds the page once, when there is no web/dist or when it was built from other sources. The server asks for it at start, so that a
// fresh clone needs no build step. Built aside and renamed, so that two processes starting at once never serve half a page.

import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const STAMP = '.built-from'

/** Makes sure that `root`/web/dist is there and up to date, and gives its path. Throws what vite throws when a source is broken. */
export async function ensureWebBuilt(root: string): Promise<string> {
  const dist = join(root, 'web', 'dist')
  const sources = await hashSources(root)
  if ((await builtFrom(dist)) === sources) return dist

  const { build } = await import('vite')
  const aside = join(root, '.cache', `web-${process.pid}`)
  await build({
    configFile: join(root, 'web', 'vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: aside, emptyOutDir: true },
  })
  await writeFile(join(aside, STAMP), sources)
  // somebody else may have built the same meanwhile, and serve it
  if ((await builtFrom(dist)) === sources) await rm(aside, { recursive: true })
  else await replace(aside, dist)
  return dist
}

async function builtFrom(dist: string): Promise<string | undefined> {
  return readFile(join(dist, STAMP), 'utf8').catch(() => undefined)
}

/** Everything that the page is made of: its own files and the versions of what it is built with. */
async function hashSources(root: string): Promise<string> {
  const web = join(root, 'web')
  const files = (await readdir(web, { recursive: true, withFileTypes: true }))
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .filter(file => !file.startsWith(join(web, 'dist')))
    .sort()
  const hash = createHash('sha256')
  for (const file of [...files, join(root, 'package.json')])
    hash.update(`${file.slice(root.length)}\0`).update(await readFile(file))
  return hash.digest('hex')
}

async function replace(aside: string, dist: string): Promise<void> {
  const old = `${aside}-old`
  await mkdir(join(dist, '..'), { recursive: true })
  await rename(dist, old).catch(() => {})
  // whoever renames second finds the place taken by the same build
  await rename(aside, dist).catch(() => rm(aside, { recursive: true, force: true }))
  await rm(old, { recursive: true, force: true })
}
