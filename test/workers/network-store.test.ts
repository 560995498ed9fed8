import { appendFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readManifest, readNetwork } from '#workers/network-files.ts'
import { watchPlace } from '#workers/network-place.ts'
import { lastBrought } from '#workers/network-store/bring.ts'
import { publishNetwork } from '#workers/network-store/publish.ts'
import { etagOf } from '../helpers/object-store.ts'
import { isObject, storedWorld, timetableIn } from '../helpers/stored-world.ts'
import { until } from '../helpers/until.ts'

const world = storedWorld()
const home = (): string => join(world.cache, readdirSync(world.cache)[0]!)
const objectsAsked = (): string[] => world.server.asked.splice(0).filter(line => /^GET city\/objects/.test(line))
/** The object that the timetable is in. */
const timetableObject = (): string =>
  [...world.server.objects].find(([path, bytes]) => isObject(path) && bytes.length === 100_000)![0]

test('what is published is brought: the same files, the pointer last', async () => {
  const manifest = world.write(1)
  expect(await publishNetwork(world.network, world.store)).toBe(true)
  expect(world.server.asked.filter(line => line.startsWith('PUT')).at(-1)).toBe('PUT city/network.json')
  const folder = await world.bring()
  expect(readManifest(folder)).toEqual(manifest)
  expect(timetableIn(folder)).toBe(1)
  expect(readdirSync(folder).sort()).toEqual(readdirSync(world.network).sort())
})

test('the same again is neither sent nor fetched', async () => {
  await world.publish(1)
  await world.bring()
  world.server.asked.length = 0
  expect(await publishNetwork(world.network, world.store)).toBe(false)
  expect(world.server.asked.filter(line => line.startsWith('PUT'))).toEqual([])
  await world.bring()
  expect(objectsAsked()).toEqual([])
})

test('of a new network only what has changed is sent and fetched, the rest is shared; two are kept on either side', async () => {
  await world.publish(1)
  const first = await world.bring()
  world.server.asked.length = 0
  await world.publish(2)
  expect(world.server.asked.filter(line => /^PUT .*objects/.test(line))).toHaveLength(2)
  const second = await world.bring()
  expect(objectsAsked()).toHaveLength(2) // timetable and manifest
  const streets = readdirSync(second).find(file => file.startsWith('streets'))!
  expect(statSync(join(second, streets)).ino).toBe(statSync(join(first, streets)).ino)
  // whoever is still fetching the first finds all of it
  expect(world.objects()).toHaveLength(5)
  await world.publish(3)
  const third = await world.bring()
  expect(world.objects()).toHaveLength(5)
  expect(readdirSync(home()).sort()).toEqual([...[second, third].map(path => path.slice(-16)), 'current'].sort())
  expect(timetableIn(second)).toBe(2)
  expect(timetableIn(third)).toBe(3)
})

/** Where a connection is to fall silent; elsewhere a busy machine's pauses are none. */
function impatient(): void {
  world.store = { ...world.store, patience: { ...world.store.patience, idleMs: 500 } }
}

test('a connection that falls silent is given up, and the next goes on where it was', async () => {
  await world.publish(1)
  impatient()
  const path = timetableObject()
  world.server.trouble = (asked, request, response) => {
    if (asked !== path || request.headers.range) return false
    const bytes = world.server.objects.get(path)!
    response.writeHead(200, { etag: etagOf(bytes), 'content-length': bytes.length })
    response.write(bytes.subarray(0, 40_000))
    return true
  }
  expect(timetableIn(await world.bring())).toBe(1)
  expect(world.server.asked).toContain(`GET ${path} bytes=40000-`)
})

const troubles: [string, RegExp, (path: string) => void][] = [
  ['is missing', /FETCH_FAILED at .*answered 404/, path => world.server.objects.delete(path)],
  [
    'ends early',
    /FETCH_FAILED at .*SHA-256/,
    path => world.server.objects.set(path, world.server.objects.get(path)!.subarray(0, 5)),
  ],
  ['has other bytes', /FETCH_FAILED at .*SHA-256/, path => world.server.objects.set(path, Buffer.alloc(100_000, 9))],
  [
    'is longer',
    /FEED_TOO_LARGE at .*more than 100000 bytes/,
    path => world.server.objects.set(path, Buffer.alloc(100_001)),
  ],
  [
    'never comes to its end',
    /FETCH_FAILED/,
    path => {
      impatient()
      world.server.trouble = (asked, _, response) => {
        if (asked !== path) return false
        response.writeHead(200, { 'content-length': 100_000 }).write('x')
        return true
      }
    },
  ],
  [
    'redirects to another server in the private network',
    /FETCH_FAILED at .*private network/,
    path => {
      world.server.trouble = (asked, _, response) => {
        if (asked === path) response.writeHead(302, { location: 'http://127.0.0.1:1/x' }).end()
        return asked === path
      }
    },
  ],
]
test.each(troubles)('a file that %s: the network before stays, nothing half is left', async (_, expected, make) => {
  await world.publish(1)
  const first = await world.bring()
  await world.publish(2)
  make(timetableObject2())
  await expect(world.bring()).rejects.toThrow(expected)
  expect(lastBrought(world.store, world.cache)).toBe(first)
  expect(timetableIn(first)).toBe(1)
  expect(readdirSync(home()).sort()).toEqual([first.slice(-16), 'current'].sort())
})
/** The same of the second network. */
const timetableObject2 = (): string =>
  [...world.server.objects].find(([path, bytes]) => isObject(path) && bytes.length === 100_000 && bytes[0] === 2)![0]

test.each([
  ['<html>', /is no JSON/],
  ['{"format":1,"files":{},"before":[]}', /points to no network of format 2/],
  ['{"format":2,"files":{},"before":[]}', /points to no network/],
  [JSON.stringify(pointerWith('../../etc/passwd')), /points to no network/],
  [JSON.stringify(pointerWith('a/b-00000000.bin')), /points to no network/],
  [JSON.stringify(pointerWith('x-00000000.bin', 2 ** 45)), /TOO_LARGE/],
  ['{"format":2,"before":[],"files":{"__proto__":{"sha256":"","bytes":1}}}', /points to no network/],
  [JSON.stringify({ ...pointerWith('x-00000000.bin', 8), partBytes: 4 }), /points to no network/],
  [' '.repeat(257 * 1024), /TOO_LARGE/],
])('a pointer like %.60s is refused', async (text, expected) => {
  world.server.objects.set('city/network.json', Buffer.from(text))
  await expect(world.bring()).rejects.toThrow(expected)
  expect(objectsAsked()).toEqual([])
})
function pointerWith(name: string, bytes = 1) {
  const file = { bytes, parts: ['a'.repeat(64)] }
  return { format: 2, partBytes: 2 ** 45, files: { 'network.json': file, [name]: file }, before: [] }
}

test('a pointer that cannot be read is written over by whoever publishes', async () => {
  await world.publish(1)
  world.server.objects.set('city/network.json', Buffer.from('{"format":1,"files":{},"before":[]}'))
  expect(await publishNetwork(world.network, world.store)).toBe(true)
  expect(timetableIn(await world.bring())).toBe(1)
})

test('a byte that changed in the cache is mended by fetching that file alone', async () => {
  await world.publish(1)
  const folder = await world.bring()
  const streets = join(folder, readdirSync(folder).find(file => file.startsWith('streets'))!)
  writeFileSync(streets, readFileSync(streets).fill(8, 5, 6))
  objectsAsked()
  expect(await world.bring()).toBe(folder)
  expect(objectsAsked()).toHaveLength(1)
  expect(() => readNetwork(folder)).not.toThrow()
  appendFileSync(streets, 'x')
  await world.bring()
  expect(() => readNetwork(folder)).not.toThrow()
})

test('a network brought again leaves the one before it, which another process may still be opening', async () => {
  await world.publish(1)
  const first = await world.bring()
  await world.publish(2)
  await world.bring()
  await world.bring()
  expect(timetableIn(first)).toBe(1)
})

test('whoever has stopped watching hears of nothing any more, not even of what was being asked', async () => {
  await world.publish(1)
  const folder = await world.bring()
  await world.publish(2)
  let heard = 0
  let answer = (): void => {}
  const asked = Promise.withResolvers<void>()
  world.server.trouble = (path, _, response) => {
    answer = () => void response.end(world.server.objects.get(path))
    asked.resolve()
    return true
  }
  const onChange = async (): Promise<boolean> => {
    heard++
    return true
  }
  const stop = watchPlace(
    { kind: 'store', store: world.store, cache: world.cache },
    folder,
    { onChange, onSame() {}, onTrouble() {} },
    0.005,
  )
  await asked.promise
  stop()
  answer()
  world.server.trouble = () => false
  await world.bring() // later than the answer
  await new Promise(setImmediate)
  expect(heard).toBe(0)
})

test('whoever watches hears of each new network once, asks with the ETag, and tries again what was not taken', async () => {
  await world.publish(1)
  const folder = await world.bring()
  let heard = 0
  let takes = true
  let same = 0
  const troubles: unknown[] = []
  const listener = {
    async onChange() {
      heard++
      return takes
    },
    onSame: () => void same++,
    onTrouble: (error: unknown) => void troubles.push(error),
  }
  const stop = watchPlace({ kind: 'store', store: world.store, cache: world.cache }, folder, listener, 0.005)
  onTestFinished(stop)
  const looks = async (): Promise<void> => {
    const before = world.server.asked.length
    await until('a few looks', () => world.server.asked.length > before + 3)
  }
  await looks()
  expect(heard).toBe(0)
  await world.publish(2)
  await until('the news', () => heard > 0)
  await looks()
  expect(heard).toBe(1)
  expect(world.server.headers.at(-1)!['if-none-match']).toBe(etagOf(world.server.objects.get('city/network.json')!))
  takes = false
  await world.publish(3)
  await until('another try', () => heard > 2)
  same = 0
  await world.publish(2)
  await until('the one in force to lie there again', () => same > 0)
  await world.publish(3)
  takes = true
  const before = heard
  await until('the last try', () => heard > before)
  await looks()
  expect(heard).toBeLessThanOrEqual(before + 2)
  world.server.trouble = (_, __, response) => {
    response.writeHead(500).end()
    return true
  }
  await looks()
  expect(troubles).toHaveLength(1)
})
