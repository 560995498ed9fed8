// A network in an object store. Every file of its folder is cut into parts, and each part is an object named by its SHA-256; one small pointer
// says which of them are the network. Objects are put first and the pointer last, so whoever reads the pointer finds a whole network.
//
//   URL/network.json           { format, partBytes, files: { "timetable-1f0c3a55.bin": { bytes, parts: [sha256 …] }, … }, before: [sha256 …] }
//   URL/publishing.json        { parts: { sha256: time } }, what publishes that have not ended may have put
//   URL/objects/<sha256>       never changed; removed when neither this network nor the one before it (`before`) names it, and
//                              if that fails, the next time; so is what a publish that broke off has put, two hours later

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type Static, Type } from 'typebox'
import Compile from 'typebox/compile'
import { withoutSecrets } from '#engine/core/address.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { getSmall, type Store, type StoredFile } from '#feeds/store.ts'
import { MANIFEST } from '../network-files.ts'

export const FORMAT = 2
export const POINTER = 'network.json'
export const MOST_BEFORE = 1000
export const MAX_POINTER_BYTES = 256 * 1024
const MAX_NETWORK_BYTES = 32 * 2 ** 30
/** Longest that publishing or bringing a network may take; what lies aside for longer is somebody's who died. */
export const LONGEST_MS = 2 * 3600_000

export const Digest = Type.String({ pattern: '^[0-9a-f]{64}$' })
const PartedFile = Type.Object(
  { bytes: Type.Integer({ minimum: 0 }), parts: Type.Array(Digest, { maxItems: 2000 }) },
  { additionalProperties: false },
)
/** A file and its parts' SHA-256. */
export type PartedFile = Static<typeof PartedFile>
const Pointer = Type.Object({
  format: Type.Literal(FORMAT),
  /** Length of each part but a file's last. */
  partBytes: Type.Integer({ minimum: 1 }),
  files: Type.Record(Type.String({ pattern: '^(network\\.json|[A-Za-z]{1,40}-[0-9a-f]{8}\\.bin)$' }), PartedFile, {
    maxProperties: 40,
    additionalProperties: false,
  }),
  /** What only the network before this one needs, and what should be gone and is not yet. */
  before: Type.Array(Digest, { maxItems: MOST_BEFORE }),
})
export type Pointer = Static<typeof Pointer>
const isPointer = Compile(Pointer)

export type Files = Pointer['files']

export interface StoreProgress {
  readonly onProgress?: (file: string, done: number, total: number) => void
  readonly signal?: AbortSignal
}

/** Sixteen hexadecimal digits that only these very files have. */
export const versionOf = (files: Files): string =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))))
    .digest('hex')
    .slice(0, 16)

export const objectOf = (sha256: string): string => `objects/${sha256}`

export const bytesOf = (files: Files): number => Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0)

/** A file's parts, and where each begins. */
export const partsOf = ({ bytes, parts }: PartedFile, partBytes: number): (StoredFile & { readonly begin: number })[] =>
  parts.map((sha256, i) => ({ sha256, begin: i * partBytes, bytes: Math.min(partBytes, bytes - i * partBytes) }))

/** Reads a file through. @throws what the file system says */
export async function readParts(path: string, bytes: number, partBytes: number): Promise<PartedFile> {
  const parts: string[] = []
  for (let begin = 0; begin < bytes; begin += partBytes) {
    const hash = createHash('sha256')
    const end = Math.min(bytes, begin + partBytes) - 1
    for await (const piece of createReadStream(path, { start: begin, end, highWaterMark: 1 << 20 })) hash.update(piece)
    parts.push(hash.digest('hex'))
  }
  return { bytes, parts }
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
  if (!isPointer.Check(pointer) || pointer.files[MANIFEST] === undefined || !Object.values(pointer.files).every(fits))
    throw new FreifahrtError('NETWORK_UNREADABLE', where, `points to no network of format ${FORMAT}`)
  if (bytesOf(pointer.files) > MAX_NETWORK_BYTES)
    throw new FreifahrtError('TOO_LARGE', where, `a network of more than ${MAX_NETWORK_BYTES} bytes`)
  return { version: versionOf(pointer.files), pointer, ...(found.etag !== undefined && { etag: found.etag }) }

  function fits({ bytes, parts }: PartedFile): boolean {
    return parts.length === Math.ceil(bytes / (pointer as Pointer).partBytes)
  }
}
