import { createServer } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { storeAccess } from '#api/cli/store.ts'
import { readSettings } from '#api/settings.ts'
import { NOTHING, signatureHeaders } from '#feeds/signature.ts'
import type { Store } from '#feeds/store.ts'
import { bringNetwork } from '#workers/network-store/bring.ts'
import { publishNetwork } from '#workers/network-store/publish.ts'
import { listenHere } from '../helpers/loopback.ts'
import { isObject, storedWorld, timetableIn } from '../helpers/stored-world.ts'

const world = storedWorld()
const HOUR = 3_600_000

/** The store takes so many objects, then no more. */
function breakAfter(objects: number): void {
  let taken = 0
  world.server.trouble = (path, { method }, response) => {
    if (method !== 'PUT' || !isObject(path) || taken++ < objects) return false
    response.writeHead(403).end()
    return true
  }
}
const objectsSent = (): string[] => world.server.asked.splice(0).filter(line => /^PUT city\/objects/.test(line))

test('a large file goes in parts: what broke off goes on with the next, and comes together again', async () => {
  const options = { partBytes: 30_000 }
  breakAfter(3) // the manifest and two parts of the timetable
  await expect(world.publish(1, options)).rejects.toThrow(/cannot be stored: the store answered 403/)
  world.server.trouble = () => false
  objectsSent()
  expect(await world.publish(1, options)).toBe(true)
  // two parts of the timetable; of the streets, which are all the same, a whole part and the last
  expect(objectsSent()).toHaveLength(2 + 2)
  expect(world.server.objects.has('city/publishing.json')).toBe(false)
  const folder = await world.bring()
  expect(timetableIn(folder)).toBe(1)
  expect(await world.bring()).toBe(folder)
})

test('what a publish that broke off has put is removed two hours later, unless it is needed again', async () => {
  await world.publish(1)
  const now = Date.now()
  breakAfter(1) // the manifest
  await expect(world.publish(2, { now })).rejects.toThrow(/403/)
  world.server.trouble = () => false
  await world.publish(3, { now: now + HOUR })
  // the network and the one before it, which share their streets, and what the one in between has left
  expect(world.objects()).toHaveLength(5 + 1)
  expect(await world.publish(3, { now: now + 3 * HOUR })).toBe(false)
  expect(world.objects()).toHaveLength(5)
  expect(world.server.objects.has('city/publishing.json')).toBe(false)
  expect(timetableIn(await world.bring())).toBe(3)
})

test('what could not be swept is swept the next time, and a list that is none is none', async () => {
  breakAfter(1)
  await expect(world.publish(1, { now: 0 })).rejects.toThrow(/403/)
  world.server.trouble = (_, { method }, response) => {
    if (method === 'DELETE') response.writeHead(503).end()
    return method === 'DELETE'
  }
  await world.publish(2, { now: 3 * HOUR })
  expect(world.objects()).toHaveLength(3 + 1)
  world.server.trouble = () => false
  await world.publish(2, { now: 3 * HOUR })
  expect(world.objects()).toHaveLength(3)
  for (const text of ['<html>', '{"parts":{"../../x":1}}', '{"parts":[]}']) {
    world.server.objects.set('city/publishing.json', Buffer.from(text))
    expect(await world.publish(2)).toBe(false)
  }
  expect(world.objects()).toHaveLength(3)
})

test('what cannot be removed is named until it is gone', async () => {
  const pointer = (): { before: string[] } => JSON.parse(String(world.server.objects.get('city/network.json')))
  await world.publish(1)
  await world.publish(2)
  world.server.trouble = (_, { method }, response) => {
    if (method === 'DELETE') response.writeHead(503).end()
    return method === 'DELETE'
  }
  await world.publish(3)
  expect(world.objects()).toHaveLength(7)
  expect(pointer().before).toHaveLength(4)
  world.server.trouble = () => false
  await world.publish(4)
  expect(world.objects()).toHaveLength(5)
  expect(pointer().before).toHaveLength(2)
})

test('what a pointer of another format names stays for those who can read it until the next publish', async () => {
  const [old, lost] = ['a', 'b'].map(digit => digit.repeat(64))
  const pointer = { format: 1, files: { 'timetable-01234567.bin': { bytes: 3, sha256: old } }, before: [lost] }
  world.server.objects.set('city/network.json', Buffer.from(JSON.stringify(pointer)))
  for (const sha256 of [old, lost]) world.server.objects.set(`city/objects/${sha256}`, Buffer.from('old'))
  const has = () => [old, lost].map(sha256 => world.server.objects.has(`city/objects/${sha256}`))
  await world.publish(1)
  expect(has()).toEqual([true, true])
  await world.publish(2)
  expect(has()).toEqual([false, false])
  expect(timetableIn(await world.bring())).toBe(2)
})

test('a store that refuses half of what it is sent keeps the network before', async () => {
  await world.publish(1)
  world.write(2)
  let refused = 0
  world.server.trouble = (path, { method }, response) => {
    if (method !== 'PUT' || !isObject(path)) return false
    refused++
    response.writeHead(503).end()
    return true
  }
  await expect(publishNetwork(world.network, world.store)).rejects.toThrow(/cannot be stored: the store answered 503/)
  expect(refused).toBe(2)
  world.server.trouble = () => false
  expect(timetableIn(await world.bring())).toBe(1)
})

test('a store that cuts off what it is sent is tried again', async () => {
  world.write(1)
  let cut = 0
  world.server.trouble = (_, { method, socket }) => {
    if (method !== 'PUT' || cut++ > 0) return false
    socket.destroy()
    return true
  }
  await publishNetwork(world.network, world.store)
  expect(timetableIn(await world.bring())).toBe(1)
})

test('what cannot be asked for is sent: a connection cut off is no reason to give up', async () => {
  world.write(1)
  world.server.trouble = (_, { method, socket }) => {
    if (method === 'HEAD') socket.destroy()
    return method === 'HEAD'
  }
  await publishNetwork(world.network, world.store)
  expect(timetableIn(await world.bring())).toBe(1)
})

test('keys sign every request, and go no further than the store itself', async () => {
  const elsewhere: unknown[] = []
  const other = createServer((request, response) => {
    elsewhere.push(request.headers.authorization)
    response.end('{}')
  })
  const { host } = new URL(await listenHere(other))
  onTestFinished(() => void other.close())
  const signed = { ...world.store, allowHosts: [host], keys: { id: 'AK', secret: 'hidden', region: 'eu' } }
  world.write(1)
  await publishNetwork(world.network, signed)
  await bringNetwork(signed, world.cache)
  expect(world.server.headers.length).toBeGreaterThan(8)
  for (const { authorization } of world.server.headers)
    expect(authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AK\/\d{8}\/eu\/s3\/aws4_request,SignedHeaders=host;x-amz/,
    )
  world.server.trouble = (_, __, response) => {
    response.writeHead(302, { location: `http://${host}/x` }).end()
    return true
  }
  await expect(bringNetwork(signed, world.cache)).rejects.toThrow(/points to no network/)
  expect(elsewhere).toEqual([undefined])
  await expect(publishNetwork(world.network, signed)).rejects.toThrow()
  // the GETs of the pointer and of what is being published; what is put is sent nowhere else
  expect(elsewhere).toEqual([undefined, undefined, undefined])
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

test('an address that cannot be signed, and a key without its secret: what to do is said', async () => {
  const keys = { id: 'id', secret: 'secret', region: 'eu' }
  const odd: Store = { ...world.store, url: `${world.server.url}/50%/city`, keys }
  await expect(bringNetwork(odd, world.cache)).rejects.toThrow(/BAD_REQUEST at .*write '%25'/)
  const { settings } = readSettings({}, {})
  expect(storeAccess({ ...settings, storeKeyId: 'id', storeSecret: 'x' }).keys).toMatchObject({ secret: 'x' })
  expect(() => storeAccess({ ...settings, storeKeyId: 'id' })).toThrow(/BAD_REQUEST at storeSecret/)
})
