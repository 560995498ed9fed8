// Brings the network of an object store (pointer.ts) into a folder of this machine.
//
//   CACHE/<store>/<version>/   a network's folder as `import` writes it, renamed into place when every file is there and right
//   CACHE/<store>/current      the newest of them; that and the one before it are kept, and share the files that did not change

import { randomBytes } from 'node:crypto'
import { createReadStream, readdirSync, readFileSync, statSync } from 'node:fs'
import { appendFile, link, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withoutSecrets } from '#engine/core/address.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { getFile, type Store } from '#feeds/store.ts'
import { fileNameOf } from '../inputs.ts'
import { syncFolder } from '../network-files.ts'
import {
  bytesOf,
  LONGEST_MS,
  objectOf,
  type PartedFile,
  type Pointer,
  partsOf,
  readParts,
  readPointer,
  type StoreProgress,
} from './pointer.ts'

/**
 * The store's network as a folder of the cache, only what is missing fetched.
 * @throws FETCH_FAILED and its kin; what was in the cache then stays
 */
export async function bringNetwork(store: Store, cache: string, progress: StoreProgress = {}): Promise<string> {
  const found = await readPointer(store)
  if (found === undefined || found === 'unchanged')
    throw new FreifahrtError('FETCH_FAILED', withoutSecrets(store.url), 'no network has been published there')
  const { version, pointer } = found
  const home = homeOf(store, cache)
  const dir = join(home, version)
  const last = lastBrought(store, cache)
  if (!(await isWhole(dir, pointer))) {
    const aside = join(home, `.aside-${randomBytes(6).toString('hex')}`)
    try {
      await gather(store, pointer, aside, [dir, ...(last ? [last] : [])], progress)
      if (await isWhole(dir, pointer)) await rm(aside, { recursive: true })
      else {
        // there already, but not what it should be
        await rm(dir, { recursive: true, force: true })
        await rename(aside, dir)
        syncFolder(home)
      }
    } catch (error) {
      await rm(aside, { recursive: true, force: true })
      throw error
    }
  }
  await writeFile(join(home, 'current.new'), version)
  await rename(join(home, 'current.new'), join(home, 'current'))
  // brought again, it leaves the one before it where it is
  if (last !== dir) await tidy(home, new Set([dir, ...(last ? [last] : [])]))
  return dir
}

/** What was brought last, for as long as the store cannot be reached; undefined: nothing yet. */
export function lastBrought(store: Store, cache: string): string | undefined {
  const home = homeOf(store, cache)
  try {
    const dir = join(home, /^[0-9a-f]{16}$/.exec(readFileSync(join(home, 'current'), 'utf8'))?.[0] ?? '-')
    return statSync(dir).isDirectory() ? dir : undefined
  } catch {
    return undefined
  }
}

const homeOf = (store: Store, cache: string): string => join(cache, fileNameOf(store.url))

/** Every file into `aside`: one that lies in `beside` already is shared, the others are fetched. */
async function gather(
  store: Store,
  { files, partBytes }: Pointer,
  aside: string,
  beside: readonly string[],
  { onProgress = () => {}, signal }: StoreProgress,
): Promise<void> {
  await mkdir(aside, { recursive: true })
  const limit = AbortSignal.timeout(LONGEST_MS)
  const total = bytesOf(files)
  let done = 0
  for (const [name, file] of Object.entries(files)) {
    const path = join(aside, name)
    if (!(await shared(name, file, partBytes, path, beside)))
      await fetchParts(store, file, partBytes, path, {
        signal: signal ? AbortSignal.any([limit, signal]) : limit,
        onProgress: bytes => onProgress(name, done + bytes, total),
      })
    done += file.bytes
    onProgress(name, done, total)
  }
  syncFolder(aside)
}

async function fetchParts(
  store: Store,
  file: PartedFile,
  partBytes: number,
  path: string,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (bytes: number) => void },
): Promise<void> {
  const part = `${path}.part`
  await writeFile(path, '')
  for (const { sha256, begin, bytes } of partsOf(file, partBytes)) {
    const progress = { signal, onProgress: (done: number) => onProgress(begin + done) }
    await getFile(store, objectOf(sha256), part, { sha256, bytes }, progress)
    if (file.parts.length === 1) await rename(part, path)
    else await appendFile(path, createReadStream(part, { highWaterMark: 1 << 20 }))
    await Promise.all([part, `${part}.http.json`].map(old => rm(old, { force: true })))
  }
}

async function shared(
  name: string,
  file: PartedFile,
  partBytes: number,
  path: string,
  beside: readonly string[],
): Promise<boolean> {
  for (const dir of beside) {
    if (!(await isRight(join(dir, name), file, partBytes))) continue
    try {
      await link(join(dir, name), path)
      return true
    } catch {
      // a file system without links, or tidied up meanwhile: it is fetched
    }
  }
  return false
}

async function isWhole(dir: string, { files, partBytes }: Pointer): Promise<boolean> {
  for (const [name, file] of Object.entries(files)) if (!(await isRight(join(dir, name), file, partBytes))) return false
  return true
}

async function isRight(path: string, { bytes, parts }: PartedFile, partBytes: number): Promise<boolean> {
  if (statSync(path, { throwIfNoEntry: false })?.size !== bytes) return false
  const found = await readParts(path, bytes, partBytes).catch(() => ({ parts: [] }))
  return found.parts.length === parts.length && found.parts.every((part, i) => part === parts[i])
}

/** Two networks are kept: another process may still be opening the one before. */
async function tidy(home: string, kept: ReadonlySet<string>): Promise<void> {
  for (const name of readdirSync(home)) {
    const path = join(home, name)
    const info = statSync(path, { throwIfNoEntry: false })
    if (!info?.isDirectory() || kept.has(path)) continue
    if (name.startsWith('.aside-') && Date.now() - info.mtimeMs < LONGEST_MS) continue
    await rm(path, { recursive: true, force: true })
  }
}
