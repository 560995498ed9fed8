import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openSource, sourceOf } from '#feeds/gtfs/source.ts'
import { openZip, type ZipLimits, zipLimits } from '#feeds/gtfs/zip.ts'
import { dataFile } from '../../helpers/data.ts'
import { filesOf, smallFeed } from '../../helpers/gtfs.ts'
import { type ZipEntry, zipOf } from '../../helpers/zip.ts'

const folder = mkdtempSync(join(tmpdir(), 'freifahrt-zip-'))
afterAll(() => rmSync(folder, { recursive: true }))

const stops = 'stop_id,stop_name\n'.repeat(1000)
const file = (name: string, more: Partial<ZipEntry> = {}): ZipEntry => ({ name, content: stops, ...more })

let count = 0
function write(bytes: Uint8Array): string {
  const path = join(folder, `${count++}.zip`)
  writeFileSync(path, bytes)
  return path
}

async function readAll(bytes: Uint8Array, limits: Partial<ZipLimits> = {}): Promise<Record<string, string>> {
  const source = await openZip(write(bytes), { ...zipLimits, ...limits })
  try {
    const texts: Record<string, string> = {}
    for (const name of source.files.keys())
      texts[name] = Buffer.concat(await Array.fromAsync(source.read(name))).toString()
    return texts
  } finally {
    await source.close()
  }
}

test('stored and deflated entries are read whole', async () => {
  expect(
    await readAll(zipOf([file('stops.txt'), file('trips.txt', { method: 0 }), { name: 'agency.txt', content: '' }])),
  ).toEqual({
    'stops.txt': stops,
    'trips.txt': stops,
    'agency.txt': '',
  })
})

test('zip64 is read', async () => {
  expect(
    await readAll(zipOf([file('stops.txt', { zip64: true }), file('trips.txt', { zip64: true })], { zip64: true })),
  ).toEqual({
    'stops.txt': stops,
    'trips.txt': stops,
  })
})

test('S1: one folder is as good as none; what systems add is ignored', async () => {
  const entries = [
    file('feed/stops.txt'),
    file('__MACOSX/feed/stops.txt'),
    file('feed/.hidden.txt'),
    file('feed/notes.pdf'),
  ]
  expect(Object.keys(await readAll(zipOf(entries)))).toEqual(['stops.txt'])
  await expect(readAll(zipOf([file('a/stops.txt'), file('b/stops.txt')]))).rejects.toThrow(/several folders/)
})

test.each<[string, () => Uint8Array, RegExp]>([
  ['0 bytes', () => new Uint8Array(0), /no zip/],
  ['no zip', () => Buffer.from('<html>404 not found</html>'), /no zip/],
  ['a wrong checksum', () => zipOf([file('stops.txt', { crc: 1 })]), /checksum/],
  ['longer than stated', () => zipOf([file('stops.txt', { inflated: 10 })]), /longer than/],
  ['shorter than stated', () => zipOf([file('stops.txt', { inflated: 1e6 })]), /truncated/],
  ['cut content', () => zipOf([file('stops.txt', { deflated: 20 })]), /unexpected end of file/],
  ['encrypted', () => zipOf([file('stops.txt', { flags: 1 })]), /encrypted/],
  ['another method', () => zipOf([file('stops.txt', { method: 14 })]), /method 14/],
  ['two of a name', () => zipOf([file('stops.txt'), file('stops.txt')]), /two entries/],
  ['zip slip', () => zipOf([file('stops.txt'), file('../../etc/x')]), /plain file/],
  ['an absolute name', () => zipOf([file('/etc/x.txt')]), /plain file/],
  ['a drive', () => zipOf([file('C:/x.txt')]), /plain file/],
  ['a backslash', () => zipOf([file('a\\stops.txt')]), /plain file/],
  ['a NUL', () => zipOf([file('stops.txt\0.exe')]), /plain file/],
  ['a symbolic link', () => zipOf([file('stops.txt', { mode: 0o120777 })]), /plain file/],
])('is refused: %s', async (_, bytes, reason) => {
  await expect(readAll(bytes())).rejects.toMatchObject({
    code: 'FEED_UNREADABLE',
    message: expect.stringMatching(reason),
  })
})

test('every cut of a zip is refused or sane', async () => {
  const whole = zipOf([file('stops.txt'), file('trips.txt')])
  for (let length = 0; length < whole.length; length += 7)
    await expect(readAll(whole.subarray(0, length))).rejects.toMatchObject({ code: 'FEED_UNREADABLE' })
})

test('limits are kept before anything is inflated', async () => {
  const bomb = zipOf([file('stops.txt', { content: 'x'.repeat(12 * 2 ** 20) })])
  await expect(readAll(bomb)).rejects.toMatchObject({ code: 'FEED_TOO_LARGE', message: expect.stringContaining(': 1') })
  expect(Object.keys(await readAll(bomb, { ratio: 2000 }))).toEqual(['stops.txt'])
  await expect(readAll(zipOf([file('stops.txt')]), { inflated: 1000 })).rejects.toMatchObject({
    code: 'FEED_TOO_LARGE',
  })
  const many = Array.from({ length: 201 }, (_, i) => file(`${i}.txt`, { content: '' }))
  await expect(readAll(zipOf(many))).rejects.toMatchObject({
    code: 'FEED_TOO_LARGE',
    message: expect.stringContaining('201 entries'),
  })
})

test('a folder and files in memory are sources as well', async () => {
  for (const [name, content] of filesOf(smallFeed)) writeFileSync(join(folder, name), content)
  const [disk, memory] = [await openSource(folder), sourceOf(filesOf(smallFeed))]
  expect([...disk.files].sort()).toEqual([...memory.files].sort())
  expect(Buffer.concat(await Array.fromAsync(disk.read('stops.txt'))).toString()).toBe(smallFeed['stops.txt'])
  await expect(openSource(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'FILE_MISSING' })
})

const kingston = dataFile('kingston/gtfs.zip')
test.skipIf(!kingston)('reading can stop in the middle of a file', async () => {
  const source = await openSource(kingston!)
  for await (const chunk of source.read('stop_times.txt')) {
    expect(chunk.length).toBeGreaterThan(0)
    break
  }
  await source.close()
})
