import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { storeAccess } from '#api/cli/store.ts'
import { readSettings } from '#api/settings.ts'
import type { FeedReport } from '#feeds/gtfs/report.ts'
import { NOTHING, signatureHeaders } from '#feeds/signature.ts'
import type { Store } from '#feeds/store.ts'
import { type Manifest, type NetworkFacts, readManifest, readNetwork, writeNetwork } from '#workers/network-files.ts'
import { watchPlace } from '#workers/network-place.ts'
import { bringNetwork, lastBrought, publishNetwork } from '#workers/network-store.ts'
import { etagOf, type ObjectStore, startObjectStore } from '../helpers/object-store.ts'
import { until } from '../helpers/until.ts'

const facts: NetworkFacts = {
  createdAt: '2026-01-10T00:00:00Z',
  feeds: [{ tag: 'de', from: 'feed.zip', sha256: 'ab', bytes: 3, report: { tag: 'de' } as FeedReport }],
  bounds: [7.3, 51.4, 7.6, 51.6],
  zones: ['Europe/Berlin'],
  serviceDays: ['20260110', '20260111'],
  attributions: [],
  counts: { stops: 2 },
}

let dir: string
let cache: string
let server: ObjectStore
let store: Store
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'freifahrt-store-'))
  cache = join(dir, 'cache')
  server = await startObjectStore()
  store = { url: `${server.url}/city`, patience: { attempts: 2, backoffMs: 1, idleMs: 200 } }
})
afterEach(async () => {
  await server.close()
  rmSync(dir, { recursive: true })
})

const bytesOf = (seed: number, length: number): SharedArrayBuffer => {
  const buffer = new SharedArrayBuffer(length)
  new Uint8Array(buffer).fill(seed)
  return buffer
}
/** A network whose timetable is told by a number; its streets are always the same. */
const write = (timetable: number): Manifest =>
  writeNetwork(
    join(dir, 'network'),
    { ...facts, counts: { stops: timetable } },
    new Map([
      ['timetable', bytesOf(timetable, 100_000)],
      ['streets', bytesOf(7, 200_000)],
    ]),
  )
async function publish(timetable: number): Promise<void> {
  write(timetable)
  await publishNetwork(join(dir, 'network'), store)
}
const bring = (): Promise<string> => bringNetwork(store, cache)
const timetableIn = (folder: string): number => new Uint8Array(readNetwork(folder).parts.get('timetable')!)[0]!
const home = (): string => join(cache, readdirSync(cache)[0]!)
const isObject = (path: string): boolean => path.startsWith('city/objects/')
const objectsAsked = (): string[] => server.asked.splice(0).filter(line => /^GET city\/objects/.test(line))
/** The object that the timetable is in. */
const timetableObject = (): string =>
  [...server.objects].find(([path, bytes]) => isObject(path) && bytes.length === 100_000)![0]

test('what is published is brought: the same files, the pointer last', async () => {
  const manifest = write(1)
  expect(await publishNetwork(join(dir, 'network'), store)).toBe(true)
  expect(server.asked.filter(line => line.startsWith('PUT')).at(-1)).toBe('PUT city/network.json')
  const folder = await bring()
  expect(readManifest(folder)).toEqual(manifest)
  expect(timetableIn(folder)).toBe(1)
  expect(readdirSync(folder).sort()).toEqual(readdirSync(join(dir, 'network')).sort())
})

test('the same again is neither sent nor fetched', async () => {
  await publish(1)
  await bring()
  server.asked.length = 0
  expect(await publishNetwork(join(dir, 'network'), store)).toBe(false)
  expect(server.asked.filter(line => line.startsWith('PUT'))).toEqual([])
  await bring()
  expect(objectsAsked()).toEqual([])
})

test('of a new network only what has changed is sent and fetched, the rest is shared; two are kept on either side', async () => {
  await publish(1)
  const first = await bring()
  server.asked.length = 0
  await publish(2)
  expect(server.asked.filter(line => /^PUT .*objects/.test(line))).toHaveLength(2)
  const second = await bring()
  expect(objectsAsked()).toHaveLength(2) // timetable and manifest
  const streets = readdirSync(second).find(file => file.startsWith('streets'))!
  expect(statSync(join(second, streets)).ino).toBe(statSync(join(first, streets)).ino)
  // whoever is still fetching the first finds all of it
  expect([...server.objects.keys()].filter(isObject)).toHaveLength(5)
  await publish(3)
  const third = await bring()
  expect([...server.objects.keys()].filter(isObject)).toHaveLength(5)
  expect(readdirSync(home()).sort()).toEqual([...[second, third].map(path => path.slice(-16)), 'current'].sort())
  expect(timetableIn(second)).toBe(2)
  expect(timetableIn(third)).toBe(3)
})

test('what cannot be removed is named until it is gone', async () => {
  const pointer = (): { before: string[] } => JSON.parse(String(server.objects.get('city/network.json')))
  await publish(1)
  await publish(2)
  server.trouble = (_, { method }, response) => {
    if (method === 'DELETE') response.writeHead(503).end()
    return method === 'DELETE'
  }
  await publish(3)
  expect([...server.objects.keys()].filter(isObject)).toHaveLength(7)
  expect(pointer().before).toHaveLength(4)
  server.trouble = () => false
  await publish(4)
  expect([...server.objects.keys()].filter(isObject)).toHaveLength(5)
  expect(pointer().before).toHaveLength(2)
})

test('an address that cannot be signed, and a key without its secret: what to do is said', async () => {
  const keys = { id: 'id', secret: 'secret', region: 'eu' }
  const odd: Store = { ...store, url: `${server.url}/50%/city`, keys }
  await expect(bringNetwork(odd, cache)).rejects.toThrow(/BAD_REQUEST at .*write '%25'/)
  const { settings } = readSettings({}, {})
  expect(storeAccess({ ...settings, storeKeyId: 'id', storeSecret: 'x' }).keys).toMatchObject({ secret: 'x' })
  expect(() => storeAccess({ ...settings, storeKeyId: 'id' })).toThrow(/BAD_REQUEST at storeSecret/)
})

test('a connection that falls silent is given up, and the next goes on where it was', async () => {
  await publish(1)
  const path = timetableObject()
  server.trouble = (asked, request, response) => {
    if (asked !== path || request.headers.range) return false
    const bytes = server.objects.get(path)!
    response.writeHead(200, { etag: etagOf(bytes), 'content-length': bytes.length })
    response.write(bytes.subarray(0, 40_000))
    return true
  }
  expect(timetableIn(await bring())).toBe(1)
  expect(server.asked).toContain(`GET ${path} bytes=40000-`)
})

const troubles: [string, RegExp, (path: string) => void][] = [
  ['is missing', /FETCH_FAILED at .*answered 404/, path => server.objects.delete(path)],
  [
    'ends early',
    /FETCH_FAILED at .*SHA-256/,
    path => server.objects.set(path, server.objects.get(path)!.subarray(0, 5)),
  ],
  ['has other bytes', /FETCH_FAILED at .*SHA-256/, path => server.objects.set(path, Buffer.alloc(100_000, 9))],
  ['is longer', /FEED_TOO_LARGE at .*more than 100000 bytes/, path => server.objects.set(path, Buffer.alloc(100_001))],
  [
    'never comes to its end',
    /FETCH_FAILED/,
    path => {
      server.trouble = (asked, _, response) => {
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
      server.trouble = (asked, _, response) => {
        if (asked === path) response.writeHead(302, { location: 'http://127.0.0.1:1/x' }).end()
        return asked === path
      }
    },
  ],
]
test.each(troubles)('a file that %s: the network before stays, nothing half is left', async (_, expected, make) => {
  await publish(1)
  const first = await bring()
  await publish(2)
  make(timetableObject2())
  await expect(bring()).rejects.toThrow(expected)
  expect(lastBrought(store, cache)).toBe(first)
  expect(timetableIn(first)).toBe(1)
  expect(readdirSync(home()).sort()).toEqual([first.slice(-16), 'current'].sort())
})
/** The same of the second network. */
const timetableObject2 = (): string =>
  [...server.objects].find(([path, bytes]) => isObject(path) && bytes.length === 100_000 && bytes[0] === 2)![0]

test.each([
  ['<html>', /is no JSON/],
  ['{"format":2,"files":{},"before":[]}', /points to no network of format 1/],
  ['{"format":1,"files":{},"before":[]}', /points to no network/],
  [JSON.stringify(pointerWith('../../etc/passwd')), /points to no network/],
  [JSON.stringify(pointerWith('a/b-00000000.bin')), /points to no network/],
  [JSON.stringify(pointerWith('x-00000000.bin', 2 ** 45)), /TOO_LARGE/],
  ['{"format":1,"before":[],"files":{"__proto__":{"sha256":"","bytes":1}}}', /points to no network/],
  [' '.repeat(65 * 1024), /TOO_LARGE/],
])('a pointer like %.60s is refused', async (text, expected) => {
  server.objects.set('city/network.json', Buffer.from(text))
  await expect(bring()).rejects.toThrow(expected)
  expect(objectsAsked()).toEqual([])
})
function pointerWith(name: string, bytes = 1) {
  const file = { sha256: 'a'.repeat(64), bytes }
  return { format: 1, files: { 'network.json': file, [name]: file }, before: [] }
}

test('a byte that changed in the cache is mended by fetching that file alone', async () => {
  await publish(1)
  const folder = await bring()
  const streets = join(folder, readdirSync(folder).find(file => file.startsWith('streets'))!)
  writeFileSync(streets, readFileSync(streets).fill(8, 5, 6))
  objectsAsked()
  expect(await bring()).toBe(folder)
  expect(objectsAsked()).toHaveLength(1)
  expect(() => readNetwork(folder)).not.toThrow()
  appendFileSync(streets, 'x')
  await bring()
  expect(() => readNetwork(folder)).not.toThrow()
})

test('a store that refuses half of what it is sent keeps the network before', async () => {
  await publish(1)
  write(2)
  let refused = 0
  server.trouble = (path, { method }, response) => {
    if (method !== 'PUT' || !isObject(path)) return false
    refused++
    response.writeHead(503).end()
    return true
  }
  await expect(publishNetwork(join(dir, 'network'), store)).rejects.toThrow(/cannot be stored: the store answered 503/)
  expect(refused).toBe(2)
  server.trouble = () => false
  expect(timetableIn(await bring())).toBe(1)
})

test('a store that cuts off what it is sent is tried again', async () => {
  write(1)
  let cut = 0
  server.trouble = (_, { method, socket }) => {
    if (method !== 'PUT' || cut++ > 0) return false
    socket.destroy()
    return true
  }
  await publishNetwork(join(dir, 'network'), store)
  expect(timetableIn(await bring())).toBe(1)
})

test('what cannot be asked for is sent: a connection cut off is no reason to give up', async () => {
  write(1)
  server.trouble = (_, { method, socket }) => {
    if (method === 'HEAD') socket.destroy()
    return method === 'HEAD'
  }
  await publishNetwork(join(dir, 'network'), store)
  expect(timetableIn(await bring())).toBe(1)
})

test('a network brought again leaves the one before it, which another process may still be opening', async () => {
  await publish(1)
  const first = await bring()
  await publish(2)
  await bring()
  await bring()
  expect(timetableIn(first)).toBe(1)
})

test('whoever has stopped watching hears of nothing any more, not even of what was being asked', async () => {
  await publish(1)
  const folder = await bring()
  await publish(2)
  let heard = 0
  let answer = (): void => {}
  const asked = Promise.withResolvers<void>()
  server.trouble = (path, _, response) => {
    answer = () => void response.end(server.objects.get(path))
    asked.resolve()
    return true
  }
  const onChange = async (): Promise<boolean> => {
    heard++
    return true
  }
  const patient = { ...store, patience: { idleMs: 5000 } }
  const stop = watchPlace({ kind: 'store', store: patient, cache }, folder, { onChange, onTrouble() {} }, 0.005)
  await asked.promise
  stop()
  answer()
  server.trouble = () => false
  await bring() // later than the answer
  await new Promise(setImmediate)
  expect(heard).toBe(0)
})

test('keys sign every request, and go no further than the store itself', async () => {
  const elsewhere: unknown[] = []
  const other = createServer((request, response) => {
    elsewhere.push(request.headers.authorization)
    response.end('{}')
  })
  await new Promise<void>(done => other.listen(0, '127.0.0.1', done))
  onTestFinished(() => void other.close())
  const host = `127.0.0.1:${(other.address() as AddressInfo).port}`
  const signed = { ...store, allowHosts: [host], keys: { id: 'AK', secret: 'hidden', region: 'eu' } }
  write(1)
  await publishNetwork(join(dir, 'network'), signed)
  await bringNetwork(signed, cache)
  expect(server.headers.length).toBeGreaterThan(8)
  for (const { authorization } of server.headers)
    expect(authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AK\/\d{8}\/eu\/s3\/aws4_request,SignedHeaders=host;x-amz/,
    )
  server.trouble = (_, __, response) => {
    response.writeHead(302, { location: `http://${host}/x` }).end()
    return true
  }
  await expect(bringNetwork(signed, cache)).rejects.toThrow(/points to no network/)
  expect(elsewhere).toEqual([undefined])
  await expect(publishNetwork(join(dir, 'network'), signed)).rejects.toThrow()
  expect(elsewhere).toEqual([undefined, undefined]) // the pointer's GET; what is put is sent nowhere else
})

test('a signature is the one that the documentation works out', () => {
  const keys = { id: 'AKIAIOSFODNN7EXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', region: 'us-east-1' }
  const at = Date.parse('2013-05-24T00:00:00Z')
  const sign = (method: string, path: string, headers: Record<string, string>, sha256 = NOTHING): string =>
    signatureHeaders(
      { method, url: new URL(`https://examplebucket.s3.amazonaws.com${path}`), headers, sha256 },
      keys,
      at,
    ).authorization.replace(/.*Signature=/, '')
  expect(sign('GET', '/test.txt', { range: 'bytes=0-9' })).toBe(
    'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  )
  expect(
    sign(
      'PUT',
      '/test$file.text',
      { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
      '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
    ),
  ).toBe('98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd')
  expect(sign('GET', '/?lifecycle', {})).toBe('fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543')
  expect(sign('GET', '/?max-keys=2&prefix=J', {})).toBe(
    '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  )
})

test('whoever watches hears of each new network once, asks with the ETag, and tries again what was not taken', async () => {
  await publish(1)
  const folder = await bring()
  let heard = 0
  let takes = true
  const troubles: unknown[] = []
  const listener = {
    async onChange() {
      heard++
      return takes
    },
    onTrouble: (error: unknown) => void troubles.push(error),
  }
  const stop = watchPlace({ kind: 'store', store, cache }, folder, listener, 0.005)
  onTestFinished(stop)
  const looks = async (): Promise<void> => {
    const before = server.asked.length
    await until('a few looks', () => server.asked.length > before + 3)
  }
  await looks()
  expect(heard).toBe(0)
  await publish(2)
  await until('the news', () => heard > 0)
  await looks()
  expect(heard).toBe(1)
  expect(server.headers.at(-1)!['if-none-match']).toBe(etagOf(server.objects.get('city/network.json')!))
  takes = false
  await publish(3)
  await until('another try', () => heard > 2)
  takes = true
  const before = heard
  await until('the last try', () => heard > before)
  await looks()
  expect(heard).toBeLessThanOrEqual(before + 2)
  server.trouble = (_, __, response) => {
    response.writeHead(500).end()
    return true
  }
  await looks()
  expect(troubles).toHaveLength(1)
})
