// A GTFS zip, read by its central directory (PKWARE APPNOTE 6.3, zip64 included): entries are inflated as streams and checked against
// their stated length and CRC. Nothing is ever extracted by name, nested zips are not opened, encryption and other methods than
// stored and deflate are refused. What a zip states is checked against limits before anything is inflated.

import { type FileHandle, open } from 'node:fs/promises'
import { basename } from 'node:path'
import { pipeline } from 'node:stream'
import { crc32, createInflateRaw } from 'node:zlib'
import { FreifahrtError } from '#engine/core/errors.ts'
import type { GtfsSource } from './source.ts'

export interface ZipLimits {
  /** Entries in the directory. */
  readonly entries: number
  /** Inflated bytes of all entries together; a country's feed needs a few GiB. */
  readonly inflated: number
  /** Inflated : deflated for one entry; looked at above `ratioFrom` inflated bytes. */
  readonly ratio: number
  readonly ratioFrom: number
}

export const zipLimits: ZipLimits = { entries: 200, inflated: 16 * 2 ** 30, ratio: 200, ratioFrom: 10 * 2 ** 20 }

export interface Entry {
  readonly name: string
  readonly method: number
  readonly encrypted: boolean
  readonly crc: number
  readonly deflated: number
  readonly inflated: number
  readonly offset: number
}

const CHUNK = 1 << 18
const END_LENGTH = 22
const LONGEST_COMMENT = 0xffff
const [STORED, DEFLATE] = [0, 8]

/** Short name → what of a zip is wanted. */
export type Choose = (entries: readonly Entry[], where: string) => ReadonlyMap<string, Entry>

/** Throws FEED_UNREADABLE, FEED_TOO_LARGE. */
export async function openZip(
  path: string,
  limits: ZipLimits = zipLimits,
  choose: Choose = chooseFolder,
): Promise<GtfsSource> {
  const name = basename(path)
  const file = await open(path)
  try {
    const entries = await readDirectory(file, name, limits)
    const chosen = choose(entries, name)
    return {
      name,
      files: new Map(Array.from(chosen, ([short, entry]) => [short, entry.inflated])),
      read: short => readEntry(file, `${name}/${short}`, chosen.get(short)!),
      close: () => file.close(),
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

const unreadable = (where: string, detail: string) => new FreifahrtError('FEED_UNREADABLE', where, detail)
const tooLarge = (where: string, detail: string) => new FreifahrtError('FEED_TOO_LARGE', where, detail)

async function readBytes(file: FileHandle, where: string, at: number, length: number): Promise<DataView> {
  const bytes = new Uint8Array(length)
  const { bytesRead } = at < 0 ? { bytesRead: 0 } : await file.read(bytes, 0, length, at)
  if (bytesRead !== length) throw unreadable(where, `truncated: ${bytesRead} of ${length} bytes at ${at}`)
  return new DataView(bytes.buffer)
}

async function readDirectory(file: FileHandle, where: string, limits: ZipLimits): Promise<Entry[]> {
  const { count, offset, length } = await findDirectory(file, where)
  if (count > limits.entries) throw tooLarge(where, `${count} entries, allowed are ${limits.entries}`)
  // a name, an extra field and a comment have 16 bits each for their length
  if (length > limits.entries * 4 * 2 ** 16) throw tooLarge(where, `a directory of ${length} bytes`)
  const view = await readBytes(file, where, offset, length)
  const entries: Entry[] = []
  let inflated = 0
  for (let at = 0, i = 0; i < count; i++) {
    if (at + 46 > length || view.getUint32(at, true) !== 0x02014b50) throw unreadable(where, 'the directory is damaged')
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map(o => view.getUint16(at + o, true)) as [
      number,
      number,
      number,
    ]
    const end = at + 46 + nameLength + extraLength + commentLength
    if (end > length) throw unreadable(where, 'the directory is damaged')
    const entry = readHeader(view, at, nameLength, extraLength, where)
    checkName(entry.name, view, at, where)
    inflated += entry.inflated
    if (inflated > limits.inflated) throw tooLarge(where, `inflates to more than ${limits.inflated} bytes`)
    if (entry.inflated > limits.ratioFrom && entry.inflated > entry.deflated * limits.ratio)
      throw tooLarge(`${where}/${entry.name}`, `inflates ${Math.round(entry.inflated / entry.deflated)} : 1`)
    entries.push(entry)
    at = end
  }
  return entries
}

async function findDirectory(
  file: FileHandle,
  where: string,
): Promise<{ count: number; offset: number; length: number }> {
  const { size } = await file.stat()
  const tail = Math.min(size, END_LENGTH + LONGEST_COMMENT)
  const view = await readBytes(file, where, size - tail, tail)
  let at = tail - END_LENGTH
  while (
    at >= 0 &&
    !(view.getUint32(at, true) === 0x06054b50 && at + END_LENGTH + view.getUint16(at + 20, true) <= tail)
  )
    at--
  if (at < 0) throw unreadable(where, 'no zip, or its end is missing')
  const plain = {
    count: view.getUint16(at + 10, true),
    length: view.getUint32(at + 12, true),
    offset: view.getUint32(at + 16, true),
  }
  if (plain.count !== 0xffff && plain.length !== 0xffff_ffff && plain.offset !== 0xffff_ffff) return plain
  const locator = await readBytes(file, where, size - tail + at - 20, 20)
  if (locator.getUint32(0, true) !== 0x07064b50) return plain
  const end = await readBytes(file, where, Number(locator.getBigUint64(8, true)), 56)
  if (end.getUint32(0, true) !== 0x06064b50) throw unreadable(where, 'the zip64 directory is damaged')
  return {
    count: Number(end.getBigUint64(32, true)),
    length: Number(end.getBigUint64(40, true)),
    offset: Number(end.getBigUint64(48, true)),
  }
}

function readHeader(view: DataView, at: number, nameLength: number, extraLength: number, where: string): Entry {
  const name = new TextDecoder().decode(new Uint8Array(view.buffer, at + 46, nameLength))
  let [deflated, inflated, offset] = [20, 24, 42].map(o => view.getUint32(at + o, true)) as [number, number, number]
  // zip64: the extra field 1 holds those of the three that did not fit, in this order
  const extraEnd = at + 46 + nameLength + extraLength
  for (let e = at + 46 + nameLength; e + 4 <= extraEnd; e += 4 + view.getUint16(e + 2, true)) {
    if (view.getUint16(e, true) !== 1) continue
    let field = e + 4
    const wide = (narrow: number): number => {
      if (narrow !== 0xffff_ffff) return narrow
      if (field + 8 > extraEnd) throw unreadable(`${where}/${name}`, 'its zip64 lengths are missing')
      field += 8
      return Number(view.getBigUint64(field - 8, true))
    }
    inflated = wide(inflated)
    deflated = wide(deflated)
    offset = wide(offset)
  }
  return {
    name,
    method: view.getUint16(at + 10, true),
    encrypted: (view.getUint16(at + 8, true) & 1) === 1,
    crc: view.getUint32(at + 16, true),
    deflated,
    inflated,
    offset,
  }
}

/** A feed has no reason for such names; whoever sends them is up to something (zip slip). */
function checkName(name: string, view: DataView, at: number, where: string): void {
  const unix = view.getUint16(at + 4, true) >> 8 === 3
  const symlink = unix && view.getUint32(at + 38, true) >>> 28 === 0xa
  if (symlink || /^\/|^[a-z]:|\\|\0/i.test(name) || name.split('/').includes('..'))
    throw unreadable(where, `the entry ${JSON.stringify(name)} is not a plain file of the feed`)
}

/** Files at the root, or in the one folder that has them (S1); without the folder's name. */
function chooseFolder(entries: readonly Entry[], where: string): Map<string, Entry> {
  const folders = new Map<string, Map<string, Entry>>()
  for (const entry of entries) {
    const cut = entry.name.lastIndexOf('/') + 1
    const [folder, short] = [entry.name.slice(0, cut), entry.name.slice(cut)]
    if (!short.endsWith('.txt') || short.startsWith('.') || /(^|\/)(__MACOSX|\.[^/]*)\//.test(folder)) continue
    const files = folders.get(folder) ?? new Map<string, Entry>()
    if (files.has(short)) throw unreadable(where, `two entries named ${short}`)
    folders.set(folder, files.set(short, entry))
  }
  const root = folders.get('')
  if (root?.has('stops.txt')) return root
  const feeds = [...folders].filter(([, files]) => files.has('stops.txt'))
  if (feeds.length > 1)
    throw unreadable(where, `feeds in several folders: ${feeds.map(([folder]) => folder).join(', ')}`)
  return feeds[0]?.[1] ?? root ?? new Map()
}

async function* readEntry(file: FileHandle, where: string, entry: Entry): AsyncGenerator<Uint8Array> {
  if (entry.encrypted || (entry.method !== STORED && entry.method !== DEFLATE))
    throw unreadable(where, entry.encrypted ? 'encrypted' : `compressed with method ${entry.method}`)
  const head = await readBytes(file, where, entry.offset, 30)
  if (head.getUint32(0, true) !== 0x04034b50) throw unreadable(where, 'its header is damaged')
  const start = entry.offset + 30 + head.getUint16(26, true) + head.getUint16(28, true)
  let length = 0
  let crc = 0
  for await (const chunk of entry.deflated === 0 ? [] : inflate(file, where, entry, start)) {
    length += chunk.length
    if (length > entry.inflated) throw unreadable(where, `longer than the ${entry.inflated} bytes it states`)
    crc = crc32(chunk, crc)
    yield chunk
  }
  if (length !== entry.inflated) throw unreadable(where, `truncated: ${length} of ${entry.inflated} bytes`)
  if (crc !== entry.crc) throw unreadable(where, 'its checksum is wrong')
}

async function* inflate(file: FileHandle, where: string, entry: Entry, start: number): AsyncGenerator<Uint8Array> {
  const raw = rawChunks(file, where, start, entry.deflated)
  try {
    // the callback only keeps the error from being thrown a second time: the loop sees it
    yield* entry.method === STORED ? raw : pipeline(raw, createInflateRaw({ chunkSize: CHUNK }), () => {})
  } catch (error) {
    throw error instanceof FreifahrtError ? error : unreadable(where, (error as Error).message)
  }
}

async function* rawChunks(file: FileHandle, where: string, start: number, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < length; at += CHUNK) {
    const view = await readBytes(file, where, start + at, Math.min(CHUNK, length - at))
    yield new Uint8Array(view.buffer)
  }
}
