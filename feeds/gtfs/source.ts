// Where a feed's files come from: a zip, a folder of .txt files, or files already in memory (the demo city, tests). One interface; files
// are read as a stream, as often as wanted, and never as a whole unless they were in memory to begin with.

import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { FreifahrtError } from '#engine/core/errors.ts'
import { openZip } from './zip.ts'

export interface GtfsSource {
  /** For messages: the file's or folder's name. */
  readonly name: string
  /** File name → bytes. */
  readonly files: ReadonlyMap<string, number>
  read(file: string): AsyncIterable<Uint8Array>
  close(): Promise<void>
}

/** A zip or a folder. Throws FILE_MISSING, FEED_UNREADABLE, FEED_TOO_LARGE. */
export async function openSource(path: string): Promise<GtfsSource> {
  const info = await stat(path).catch(() => undefined)
  if (!info) throw new FreifahrtError('FILE_MISSING', path, 'no such file or folder')
  return info.isDirectory() ? openFolder(path) : openZip(path)
}

async function openFolder(path: string): Promise<GtfsSource> {
  const files = new Map<string, number>()
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.txt')) continue
    files.set(entry.name, (await stat(join(path, entry.name))).size)
  }
  return {
    name: basename(path),
    files,
    read: file => createReadStream(join(path, file), { highWaterMark: 1 << 18 }),
    close: async () => {},
  }
}

/** Files in memory: name → content. */
export function sourceOf(files: ReadonlyMap<string, Uint8Array>, name = 'memory'): GtfsSource {
  return {
    name,
    files: new Map(Array.from(files, ([file, bytes]) => [file, bytes.length])),
    async *read(file) {
      yield files.get(file)!
    },
    close: async () => {},
  }
}
