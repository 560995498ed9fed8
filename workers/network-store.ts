// A network in an object store. Every file of its folder is an object named by its SHA-256; one small pointer says which of them are the
// network. Objects are put first and the pointer last, so whoever reads the pointer finds a whole network.
//
//   URL/network.json           { format, files: { "network.json": { sha256, bytes }, "timetable-1f0c3a55.bin": … }, before: [sha256 …] }
//   URL/objects/<sha256>       never changed; removed when neither this network nor the one before it (`before`) names it, and
//                              if that fails, the next time; what a publish that broke off has put stays for the next that needs it
//
//   CACHE/<store>/<version>/   a network's folder as `import` writes it, renamed into place when every file is there and right
//   CACHE/<store>/current      the newest of them; that and the one before it are kept, and share the files that did not change

import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { link, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Static, Type } from 'typebox'
import Compile from 'typebox/compile'
import { withoutSecrets } from '#engine/core/address.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { sha256Of } from '#feeds/download.ts'
import {
  getFile,
  getSmall,
  hasObject,
  putFile,
  putText,
  removeObject,
  type Store,
  type StoredFile,
} from '#feeds/store.ts'
import { fileNameOf } from './inputs.ts'
import { MANIFEST, parseManifest, syncFolder } from './network-files.ts'

const FORMAT = 1
const POINTER = 'network.json'
const MOST_BEFORE = 200
const MAX_POINTER_BYTES = 64 * 1024
const MAX_NETWORK_BYTES = 32 * 2 ** 30
/** Longest that bringing a network may take; what lies aside for longer is somebody's who died. */
const LONGEST_MS = 2 * 3600_000

const Digest = Type.String({ pattern: '^[0-9a-f]{64}$' })
const Pointer = Type.Object({
  format: Type.Literal(FORMAT),
  files: Type.Record(
    Type.String({ pattern: '^(network\\.json|[A-Za-z]{1,40}-[0-9a-f]{8}\\.bin)$' }),
    Type.Object({ sha256: Digest, bytes: Type.Integer({ minimum: 0 }) }, { additionalProperties: false }),
    { maxProperties: 40, additionalProperties: false },
  ),
  /** What only the network before this one needs, and what should be gone and is not yet. */
  before: Type.Array(Digest, { maxItems: MOST_BEFORE }),
})
type Pointer = Static<typeof Pointer>
const isPointer = Compile(Pointer)

type Files = Readonly<Record<string, StoredFile>>
export interface StoreProgress {
  readonly onProgress?: (file: string, done: number, total: number) => void
  readonly signal?: AbortSignal
}

/** Sixteen hexadecimal digits that only these very files have. */
const versionOf = (files: Files): string =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))))
    .digest('hex')
    .slice(0, 16)

const objectOf = (sha256: string): string => `objects/${sha256}`

/**
 * Puts the network of a folder where others find it. What is there already is not sent again, and nobody ever sees half of it.
 * @returns false: it is the one that was there. @throws NETWORK_UNREADABLE, FETCH_FAILED
 */
export async function publishNetwork(
  dir: string,
  store: Store,
  { onProgress = () => {}, signal }: StoreProgress = {},
): Promise<boolean> {
  const path = join(dir, MANIFEST)
  const text = readManifestText(dir)
  const sha256 = createHash('sha256').update(text).digest('hex')
  const files: Record<string, StoredFile> = { [MANIFEST]: { sha256, bytes: Buffer.byteLength(text) } }
  for (const { file, bytes } of Object.values(parseManifest(text, path).files))
    files[file] = { sha256: await sha256Of(join(dir, file)), bytes }
  const there = await readPointer(store)
  const total = bytesOf(files)
  let done = 0
  for (const [file, { sha256, bytes }] of Object.entries(files)) {
    signal?.throwIfAborted()
    onProgress(file, done, total)
    const name = objectOf(sha256)
    if (!(await hasObject(store, name, bytes))) {
      if (file === MANIFEST) await putText(store, name, text, sha256)
      else await putFile(store, name, join(dir, file), { sha256, bytes })
    }
    done += bytes
  }
  if (there && there !== 'unchanged' && versionOf(there.pointer.files) === versionOf(files)) return false
  const now = new Set(Object.values(files).map(file => file.sha256))
  const last = there && there !== 'unchanged' ? there.pointer : { files: {} as Files, before: [] }
  const before = Object.values(last.files).flatMap(file => (now.has(file.sha256) ? [] : [file.sha256]))
  const kept = new Set([...now, ...before])
  // before the pointer is put, so that it can name what is still there
  for (const old of last.before)
    if (!kept.has(old) && !(await removeObject(store, objectOf(old))) && before.length < MOST_BEFORE) before.push(old)
  const pointer = JSON.stringify({ format: FORMAT, files, before } satisfies Pointer, null, 2)
  await putText(store, POINTER, pointer, createHash('sha256').update(pointer).digest('hex'))
  return true
}

function readManifestText(dir: string): string {
  try {
    return readFileSync(join(dir, MANIFEST), 'utf8')
  } catch {
    throw new FreifahrtError('NETWORK_UNREADABLE', dir, 'there is no network here')
  }
}

export interface FoundPointer {
  readonly version: string
  readonly pointer: Pointer
  readonly etag?: string
}

/** @throws FETCH_FAILED, TIMEOUT, TOO_LARGE, NETWORK_UNREADABLE @returns undefined: nothing was ever published there */
export async function readPointer(store: Store, known?: string): Promise<FoundPointer | 'unchanged' | undefined> {
  const found = await getSmall(store, POINTER, MAX_POINTER_BYTES, known)
  if (found === undefined || found === 'unchanged') return found
  const where = `${withoutSecrets(store.url)}/${POINTER}`
  let pointer: unknown
  try {
    pointer = JSON.parse(found.text)
  } catch {
    throw new FreifahrtError('NETWORK_UNREADABLE', where, 'is no JSON')
  }
  if (!isPointer.Check(pointer) || pointer.files[MANIFEST] === undefined)
    throw new FreifahrtError('NETWORK_UNREADABLE', where, `points to no network of format ${FORMAT}`)
  if (bytesOf(pointer.files) > MAX_NETWORK_BYTES)
    throw new FreifahrtError('TOO_LARGE', where, `a network of more than ${MAX_NETWORK_BYTES} bytes`)
  return { version: versionOf(pointer.files), pointer, ...(found.etag !== undefined && { etag: found.etag }) }
}

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
  if (!(await isWhole(dir, pointer.files))) {
    const aside = join(home, `.aside-${randomBytes(6).toString('hex')}`)
    try {
      await gather(store, pointer.files, aside, [dir, ...(last ? [last] : [])], progress)
      if (await isWhole(dir, pointer.files)) await rm(aside, { recursive: true })
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
  files: Files,
  aside: string,
  beside: readonly string[],
  { onProgress = () => {}, signal }: StoreProgress,
): Promise<void> {
  await mkdir(aside, { recursive: true })
  const limit = AbortSignal.timeout(LONGEST_MS)
  const total = bytesOf(files)
  let done = 0
  for (const [file, expected] of Object.entries(files)) {
    const path = join(aside, file)
    if (!(await shared(file, expected, path, beside))) {
      await getFile(store, objectOf(expected.sha256), path, expected, {
        signal: signal ? AbortSignal.any([limit, signal]) : limit,
        onProgress: bytes => onProgress(file, done + bytes, total),
      })
      await rm(`${path}.http.json`, { force: true })
    }
    done += expected.bytes
    onProgress(file, done, total)
  }
  syncFolder(aside)
}

async function shared(file: string, expected: StoredFile, path: string, beside: readonly string[]): Promise<boolean> {
  for (const dir of beside) {
    if (!(await isRight(join(dir, file), expected))) continue
    try {
      await link(join(dir, file), path)
      return true
    } catch {
      // a file system without links, or tidied up meanwhile: it is fetched
    }
  }
  return false
}

async function isWhole(dir: string, files: Files): Promise<boolean> {
  for (const [file, expected] of Object.entries(files)) if (!(await isRight(join(dir, file), expected))) return false
  return true
}

const isRight = async (path: string, { sha256, bytes }: StoredFile): Promise<boolean> =>
  statSync(path, { throwIfNoEntry: false })?.size === bytes && (await sha256Of(path).catch(() => '')) === sha256

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

const bytesOf = (files: Files): number => Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0)
