// Puts a network of this machine into an object store (pointer.ts). What is there already is not sent again, so a publish that broke off goes on
// with the part it had come to.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Static, Type } from 'typebox'
import Compile from 'typebox/compile'
import { FreifahrtError } from '#engine/core/errors.ts'
import { getSmall, hasObject, putFile, putText, removeObject, type Store } from '#feeds/store.ts'
import { MANIFEST, parseManifest } from '../network-files.ts'
import {
  bytesOf,
  Digest,
  type Files,
  FORMAT,
  LONGEST_MS,
  MAX_POINTER_BYTES,
  MOST_BEFORE,
  objectOf,
  POINTER,
  type Pointer,
  partsOf,
  readParts,
  readPointer,
  type StoreProgress,
  versionOf,
} from './pointer.ts'

const PUBLISHING = 'publishing.json'
/** Length of a part: what is sent again, at most, when a connection breaks. */
const PART_BYTES = 64 * 2 ** 20

export interface PublishOptions extends StoreProgress {
  readonly partBytes?: number
  /** Unix milliseconds. */
  readonly now?: number
}

/**
 * Puts the network of a folder where others find it. Nobody ever sees half of it.
 * @returns false: it is the one that was there. @throws NETWORK_UNREADABLE, FETCH_FAILED
 */
export async function publishNetwork(
  dir: string,
  store: Store,
  { onProgress = () => {}, signal, partBytes = PART_BYTES, now = Date.now() }: PublishOptions = {},
): Promise<boolean> {
  const files = await readFiles(dir, partBytes)
  const found = await readPointer(store).catch(orNothing)
  const there = found && found !== 'unchanged' ? found.pointer : undefined
  const isNew = !there || versionOf(there.files) !== versionOf(files)
  const needed = new Set(digestsOf(files))
  const open = await readOpen(store)

  const missing = new Set<string>()
  const total = bytesOf(files)
  let done = 0
  for (const file of Object.values(files))
    for (const { sha256, bytes } of partsOf(file, partBytes))
      if (!(await hasObject(store, objectOf(sha256), bytes))) missing.add(sha256)
  // before the first is sent: should this break off, the next to publish knows what may lie there
  if (missing.size > 0) await writeOpen(store, new Map([...open, ...[...missing].map(part => [part, now] as const)]))
  for (const [name, file] of Object.entries(files))
    for (const part of partsOf(file, partBytes)) {
      signal?.throwIfAborted()
      onProgress(name, done, total)
      if (missing.delete(part.sha256)) await putFile(store, objectOf(part.sha256), join(dir, name), part)
      done += part.bytes
    }

  const before = there ? await beforeOf(store, there, needed, isNew) : await namedBy(store, needed)
  if (isNew) {
    const pointer = JSON.stringify({ format: FORMAT, partBytes, files, before } satisfies Pointer, null, 2)
    await putText(store, POINTER, pointer, createHash('sha256').update(pointer).digest('hex'))
  }
  await sweep(store, new Set([...needed, ...before]), now)
  return isNew
}

/** A pointer that nobody can read, of another format too, is as good as none: it is written over. */
function orNothing(error: unknown): undefined {
  if (!(error instanceof FreifahrtError) || error.code !== 'NETWORK_UNREADABLE') throw error
}

async function readFiles(dir: string, partBytes: number): Promise<Files> {
  const path = join(dir, MANIFEST)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    throw new FreifahrtError('NETWORK_UNREADABLE', dir, 'there is no network here')
  }
  const files: Files = { [MANIFEST]: await readParts(path, Buffer.byteLength(text), partBytes) }
  for (const { file, bytes } of Object.values(parseManifest(text, path).files))
    files[file] = await readParts(join(dir, file), bytes, partBytes)
  return files
}

const digestsOf = (files: Files): string[] => Object.values(files).flatMap(({ parts }) => parts)

/** What a pointer that we cannot read names, in whatever format: whoever can may still need it, until the next publish. */
async function namedBy(store: Store, needed: ReadonlySet<string>): Promise<string[]> {
  const found = await getSmall(store, POINTER, MAX_POINTER_BYTES)
  const text = found && found !== 'unchanged' ? found.text : ''
  const named = new Set(text.match(/\b[0-9a-f]{64}\b/g))
  return [...named].filter(sha256 => !needed.has(sha256)).slice(0, MOST_BEFORE)
}

/** What only the network before needs; what the one before that left is removed, or named until it is gone. */
async function beforeOf(store: Store, last: Pointer, needed: ReadonlySet<string>, isNew: boolean): Promise<string[]> {
  if (!isNew) return last.before
  const before = [...new Set(digestsOf(last.files))].filter(sha256 => !needed.has(sha256))
  const kept = new Set([...needed, ...before])
  for (const old of last.before)
    if (!kept.has(old) && !(await removeObject(store, objectOf(old))) && before.length < MOST_BEFORE) before.push(old)
  return before
}

const Publishing = Type.Object({ parts: Type.Record(Digest, Type.Integer({ minimum: 0 }), { maxProperties: 3000 }) })
const isPublishing = Compile(Publishing)

/** Part → when its publish began, Unix milliseconds. What is no such list is none. */
async function readOpen(store: Store): Promise<Map<string, number>> {
  const found = await getSmall(store, PUBLISHING, MAX_POINTER_BYTES)
  if (found === undefined || found === 'unchanged') return new Map()
  try {
    const value: unknown = JSON.parse(found.text)
    return new Map(isPublishing.Check(value) ? Object.entries(value.parts) : [])
  } catch {
    return new Map()
  }
}

async function writeOpen(store: Store, open: ReadonlyMap<string, number>): Promise<void> {
  const text = JSON.stringify({ parts: Object.fromEntries(open) } satisfies Static<typeof Publishing>)
  await putText(store, PUBLISHING, text, createHash('sha256').update(text).digest('hex'))
}

/** Removes what publishes that broke off have left; what one has begun to put lately may still be needed. */
async function sweep(store: Store, named: ReadonlySet<string>, now: number): Promise<void> {
  const left = new Map<string, number>()
  const listed = await readOpen(store)
  for (const [part, began] of listed) {
    if (named.has(part)) continue
    if (now - began <= LONGEST_MS || !(await removeObject(store, objectOf(part)))) left.set(part, began)
  }
  if (left.size === listed.size) return
  if (left.size > 0) await writeOpen(store, left)
  else await removeObject(store, PUBLISHING)
}
