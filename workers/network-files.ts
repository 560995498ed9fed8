// A network on disk: a folder of table images and one manifest that names them.
//
//   DIR/network.json            the manifest: what it was made from, and each file's size and CRC-32; the commit point
//   DIR/timetable-1f0c3a55.bin  table images (see docs/data-model.md), named by their checksum,
//   DIR/footpaths-….bin         so that a new network never overwrites a file that an old manifest names
//   DIR/streets-….bin …
// Written beside DIR, synced, and renamed into place: whoever dies in between leaves the old network or none, never a half one.
// Any byte that changes on disk is noticed: CRC-32 finds each burst of up to 32 bits, and the manifest carries its own.

import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { crc32 } from 'node:zlib'
import { FreifahrtError } from '#engine/core/errors.ts'
import type { AccidentReport } from '#feeds/accidents.ts'
import type { Attribution, FeedReport } from '#feeds/gtfs/report.ts'
import type { Heights } from '#feeds/height-tiles.ts'
import type { LayersReport } from '#feeds/layers.ts'
import type { OsmReport } from '#feeds/osm/load.ts'

const FORMAT = 1
export const MANIFEST = 'network.json'

export interface FeedSummary {
  readonly tag: string
  /** Name of the file, or the address it came from. */
  readonly from: string
  /** '' for a folder. */
  readonly sha256: string
  readonly bytes: number
  readonly report: FeedReport
}

export interface MapSummary {
  readonly from: string
  readonly sha256: string
  readonly bytes: number
  readonly report: OsmReport
  /** What was laid over the streets, when something was. */
  readonly layers?: LayersReport & { readonly accidents: readonly AccidentReport[] } & Partial<Heights['report']>
}

/** What is known of a network without opening its tables. */
export interface NetworkFacts {
  /** ISO time of the import. */
  readonly createdAt: string
  readonly feeds: readonly FeedSummary[]
  readonly map?: MapSummary
  /** As given: W,S,E,N or the name of a polygon. */
  readonly area?: string
  /** W, S, E, N in degrees. */
  readonly bounds: readonly [number, number, number, number]
  readonly zones: readonly string[]
  /** First and last service day, YYYYMMDD. */
  readonly serviceDays: readonly [string, string]
  readonly attributions: readonly Attribution[]
  readonly counts: Readonly<Record<string, number>>
}

export interface NetworkFile {
  readonly file: string
  readonly bytes: number
  readonly crc32: number
}

export interface Manifest extends NetworkFacts {
  readonly format: number
  readonly files: Readonly<Record<string, NetworkFile>>
}

/** Table images by name; a map is the only part that may be missing. */
export type Parts = ReadonlyMap<string, SharedArrayBuffer>

/**
 * Writes a network, replacing the one at `out` if there is one. Nothing is changed at `out` until all is on disk. Throws BAD_REQUEST if
 * something else is there, NETWORK_UNWRITABLE.
 * @param temporary the folder beside `out` to write to first; see temporaryFor
 */
export function writeNetwork(out: string, facts: NetworkFacts, parts: Parts, temporary = temporaryFor(out)): Manifest {
  verifyReplaceable(out)
  try {
    mkdirSync(temporary, { recursive: true })
    const files: Record<string, NetworkFile> = {}
    for (const [name, buffer] of parts) {
      const bytes = new Uint8Array(buffer)
      const sum = crc32(bytes)
      const file = `${name}-${sum.toString(16).padStart(8, '0')}.bin`
      writeSynced(join(temporary, file), bytes)
      files[name] = { file, bytes: bytes.length, crc32: sum }
    }
    const manifest: Manifest = { format: FORMAT, ...facts, files }
    writeSynced(join(temporary, MANIFEST), Buffer.from(encodeManifest(manifest)))
    syncFolder(temporary)
    commit(temporary, out, manifest)
    return manifest
  } catch (error) {
    // a full disk, a folder that may not be written to
    const unwritable = new FreifahrtError('NETWORK_UNWRITABLE', out, (error as Error).message)
    try {
      rmSync(temporary, { recursive: true, force: true })
    } catch {
      // nor may it be tidied up
    }
    throw unwritable
  }
}

/**
 * A folder name beside `out` that no other import uses; also clears away what killed imports have left there. A folder is only there while its
 * files are being written.
 */
export function temporaryFor(out: string): string {
  const target = resolve(out)
  const prefix = `.${basename(target)}.import-`
  const beside = dirname(target)
  if (statSync(beside, { throwIfNoEntry: false })?.isDirectory())
    for (const name of readdirSync(beside)) {
      if (!name.startsWith(prefix)) continue
      if (isLeftover(join(beside, name), name.slice(prefix.length)))
        rmSync(join(beside, name), { recursive: true, force: true })
    }
  return join(beside, `${prefix}${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`)
}

/** No import is silent for so long. */
const SILENT_MS = 3600_000

/**
 * A process id says something on its own machine alone, and there it comes again: in a container it is the same after each start. So what nobody has
 * written to for an hour is left over, whoever it was; sooner what a process of this machine left that is no more, or one that had our own id.
 * @param maker HOST-PID-RANDOM
 */
function isLeftover(folder: string, maker: string): boolean {
  const [, host, id] = /^(?:(.*)-)?(\d+)-[0-9a-f]+$/.exec(maker) ?? []
  const written = lastWrite(folder)
  if (written < Date.now() - SILENT_MS) return true
  if (host !== hostname()) return false
  const pid = Number(id)
  return !isAlive(pid) || (pid === process.pid && written < Date.now() - process.uptime() * 1000)
}

/** Unix milliseconds; for ever where there is no folder any more: its import has just ended. */
function lastWrite(folder: string): number {
  try {
    const paths = [folder, ...readdirSync(folder).map(name => join(folder, name))]
    return Math.max(...paths.map(path => statSync(path).mtimeMs))
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

/** Throws BAD_REQUEST if something that is no network is already at `out`. */
export function verifyReplaceable(out: string): void {
  // '' is the working directory, as it is for everything else here
  const target = resolve(out)
  if (!existsSync(target)) return
  const replaceable =
    statSync(target).isDirectory() && (existsSync(join(target, MANIFEST)) || readdirSync(target).length === 0)
  if (!replaceable)
    throw new FreifahrtError('BAD_REQUEST', target, 'is there already and no network: choose another folder')
}

/** Reads and checks every file, each straight into shared memory. Throws NETWORK_UNREADABLE. */
export function readNetwork(dir: string): { manifest: Manifest; parts: Parts } {
  const manifest = readManifest(dir)
  const parts = new Map<string, SharedArrayBuffer>()
  for (const [name, { file, bytes, crc32: sum }] of Object.entries(manifest.files)) {
    const buffer = readShared(dir, file, bytes)
    if (crc32(new Uint8Array(buffer)) !== sum)
      throw unreadable(join(dir, file), 'its bytes have changed (wrong checksum)')
    parts.set(name, buffer)
  }
  return { manifest, parts }
}

/** Throws NETWORK_UNREADABLE. */
export function readManifest(dir: string): Manifest {
  const path = join(dir, MANIFEST)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    throw new FreifahrtError('NETWORK_UNREADABLE', dir, 'there is no network here; make one with `freifahrt import`')
  }
  return parseManifest(text, path)
}

/** @param path where the text stands. Throws NETWORK_UNREADABLE. */
export function parseManifest(text: string, path: string): Manifest {
  let found: { crc32?: unknown; manifest?: Manifest }
  try {
    found = JSON.parse(text)
  } catch {
    throw unreadable(path, 'is no JSON')
  }
  const format = found.manifest?.format
  if (format !== undefined && format !== FORMAT)
    throw unreadable(path, `has format ${format}, this program reads ${FORMAT}`)
  // written in one way only: whatever reads differently when written again was changed by somebody else
  if (found.manifest?.files === undefined || encodeManifest(found.manifest) !== text)
    throw unreadable(path, 'its bytes have changed (wrong checksum)')
  return found.manifest
}

function encodeManifest(manifest: Manifest): string {
  const sum = crc32(JSON.stringify(manifest))
  return JSON.stringify({ crc32: sum, manifest }, null, 2)
}

function commit(temporary: string, out: string, manifest: Manifest): void {
  const target = resolve(out)
  if (!existsSync(target) || readdirSync(target).length === 0) {
    renameSync(temporary, target)
    syncFolder(dirname(target))
    return
  }
  // the old network's own files stay untouched until the manifest, renamed last, no longer names them
  for (const { file } of Object.values(manifest.files)) renameSync(join(temporary, file), join(target, file))
  syncFolder(target)
  renameSync(join(temporary, MANIFEST), join(target, MANIFEST))
  syncFolder(target)
  rmSync(temporary, { recursive: true, force: true })
  const named = new Set([MANIFEST, ...Object.values(manifest.files).map(f => f.file)])
  for (const file of readdirSync(target)) if (file.endsWith('.bin') && !named.has(file)) rmSync(join(target, file))
}

function readShared(dir: string, file: string, bytes: number): SharedArrayBuffer {
  const path = join(dir, file)
  // a manifest is checked, but never trusted to name a file elsewhere
  if (basename(file) !== file) throw unreadable(path, 'leads out of the network')
  let handle: number
  try {
    handle = openSync(path, 'r')
  } catch {
    throw unreadable(path, 'is missing')
  }
  try {
    const size = fstatSync(handle).size
    if (size !== bytes) throw unreadable(path, `holds ${size} of ${bytes} bytes`)
    const buffer = new SharedArrayBuffer(bytes)
    const view = new Uint8Array(buffer)
    for (let at = 0; at < bytes; ) {
      const got = readSync(handle, view, at, Math.min(bytes - at, READ_AT_ONCE), at)
      if (got === 0) throw unreadable(path, `ends at ${at} of ${bytes} bytes`)
      at += got
    }
    return buffer
  } finally {
    closeSync(handle)
  }
}

function writeSynced(path: string, bytes: Uint8Array): void {
  const handle = openSync(path, 'wx')
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at, Math.min(bytes.length - at, READ_AT_ONCE))
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** Makes renames in a folder last through a power cut. */
export function syncFolder(path: string): void {
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const READ_AT_ONCE = 1 << 28

const unreadable = (where: string, detail: string): FreifahrtError =>
  new FreifahrtError('NETWORK_UNREADABLE', where, `${detail}; make it again with \`freifahrt import\``)
