// A network's folder is replaced whole (network-files.ts), so one look at its manifest tells whether there is a new one.

import { type StatsListener, unwatchFile, watchFile } from 'node:fs'
import { join } from 'node:path'
import { MANIFEST } from './network-files.ts'

/** Calls back each time a new network stands in `dir`, at most every `everyMs`. @returns stops it */
export function watchFolder(dir: string, onChange: () => void, everyMs = 2000): () => void {
  const manifest = join(dir, MANIFEST)
  const look: StatsListener = (now, before) => {
    if (now.ino !== 0 && (now.ino !== before.ino || now.mtimeMs !== before.mtimeMs)) onChange()
  }
  watchFile(manifest, { interval: everyMs, persistent: false }, look)
  return () => unwatchFile(manifest, look)
}
