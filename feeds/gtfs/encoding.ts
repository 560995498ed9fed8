// A file's chunks as UTF-8. Feeds that are not UTF-8 are read as Windows-1252, the whole file, never field by field (S2). Up to the
// first byte that is not ASCII both are the same, so only files that have one are looked through once more before they are read on.

import { isAscii } from 'node:buffer'
import type { GtfsSource } from './source.ts'

/** @param onFallback called once when the file turns out not to be UTF-8 */
export async function* utf8Chunks(
  source: GtfsSource,
  file: string,
  onFallback: () => void,
): AsyncGenerator<Uint8Array> {
  let encoding: 'unknown' | 'utf-8' | 'windows-1252' = 'unknown'
  const encoder = new TextEncoder()
  const latin = new TextDecoder('windows-1252')
  for await (const chunk of source.read(file)) {
    if (encoding === 'unknown' && !isAscii(chunk)) {
      encoding = (await isUtf8File(source, file)) ? 'utf-8' : 'windows-1252'
      if (encoding === 'windows-1252') onFallback()
    }
    yield encoding === 'windows-1252' ? encoder.encode(latin.decode(chunk)) : chunk
  }
}

async function isUtf8File(source: GtfsSource, file: string): Promise<boolean> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    for await (const chunk of source.read(file)) decoder.decode(chunk, { stream: true })
    decoder.decode()
    return true
  } catch (error) {
    if (error instanceof TypeError) return false
    throw error
  }
}
