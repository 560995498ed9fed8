// The files in a tar archive (ustar and old GNU headers; long names and links are not needed here).

export function tarEntries(archive: Uint8Array): { name: string; bytes: Uint8Array }[] {
  const text = (begin: number, length: number): string =>
    Buffer.from(archive.subarray(begin, begin + length))
      .toString('latin1')
      .replace(/\0.*$/s, '')
  const entries: { name: string; bytes: Uint8Array }[] = []
  for (let at = 0; at + 512 <= archive.length && archive[at] !== 0; ) {
    const size = Number.parseInt(text(at + 124, 12), 8)
    const begin = at + 512
    if (text(at + 156, 1) !== '5') entries.push({ name: text(at, 100), bytes: archive.subarray(begin, begin + size) })
    at = begin + Math.ceil(size / 512) * 512
  }
  return entries
}
