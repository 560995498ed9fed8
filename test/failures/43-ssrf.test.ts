// 43: whatever an address, a name server or a redirect says, nothing of ours is reached that the operator has not named. The canary is a
// server on loopback: every try that reaches it is a hit.

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { download } from '#feeds/download.ts'
import { type GetOptions, httpGet } from '#feeds/http.ts'
import { isPrivate } from '#feeds/private-addresses.ts'
import { fetchFeed } from '#feeds/realtime/fetch.ts'
import { PATIENCE } from '../helpers/until.ts'

let hits = 0
let location = ''
const seen: Record<string, string | undefined>[] = []
const canary = createServer((_, response) => {
  hits++
  response.end('secret')
})
// the operator's own feed, which has been taken over and sends its readers elsewhere
const feed = createServer((request, response) => {
  seen.push(request.headers as Record<string, string>)
  if (request.url === '/away') response.writeHead(302, { location }).end()
  else response.end('a message')
})
const portOf = (server: Server): number => (server.address() as AddressInfo).port
beforeAll(async () => {
  for (const server of [canary, feed]) await new Promise<void>(done => server.listen(0, '::', done))
})
afterAll(() => {
  for (const server of [canary, feed]) {
    server.closeAllConnections()
    server.close()
  }
})
beforeEach(() => {
  hits = 0
})

const tryGet = (url: string, options: Partial<GetOptions> = {}): Promise<unknown> =>
  httpGet(url, { signal: AbortSignal.timeout(PATIENCE), ...options })

/** Addresses that stood in somebody's data: P is the canary's port. */
const direct = [
  'http://127.0.0.1:P/',
  'http://localhost:P/',
  'http://LOCALHOST.:P/',
  'http://a.localhost:P/',
  'http://0x7f000001:P/',
  'http://0x7f.1:P/',
  'http://2130706433:P/',
  'http://017700000001:P/',
  'http://127.1:P/',
  'http://0:P/',
  'http://0.0.0.0:P/',
  'http://[::1]:P/',
  'http://[::]:P/',
  'http://[::ffff:127.0.0.1]:P/',
  'http://[::ffff:7f00:1]:P/',
  'http://[0:0:0:0:0:ffff:127.0.0.1]:P/',
  'http://[64:ff9b::7f00:1]:P/',
  'http://[2002:7f00:1::]:P/',
  'http://user:pw@127.0.0.1:P/',
  'http://feeds.example.org@127.0.0.1:P/',
  'http://127.0.0.1:P\\@feeds.example.org/',
  'http://１２７.0.0.1:P/',
  'http://①②⑦.0.0.1:P/',
  'http://127。0。0。1:P/',
  'http://[::ffff:169.254.169.254]:P/',
  'http://169.254.169.254:P/latest/meta-data/',
  'file:///etc/passwd',
  'ftp://127.0.0.1:P/',
  'gopher://127.0.0.1:P/_x',
  'data:text/plain,x',
]
test.each(direct)('an address from outside: %s', async address => {
  await expect(
    tryGet(address.replace('P', String(portOf(canary))), { own: 'https://feeds.example.org/' }),
  ).rejects.toThrow(/FETCH_FAILED|ENOTFOUND/)
  expect(hits).toBe(0)
})

/** Where the taken-over feed sends its readers. */
const redirects = [...direct, '//127.0.0.1:P/', 'http:127.0.0.1:P', '\\\\127.0.0.1:P\\']
test.each(redirects)('a redirect from a feed of ours: %s', async to => {
  location = encodeURI(to.replace('P', String(portOf(canary))))
  const url = `http://127.0.0.1:${portOf(feed)}/away`
  const own = await fetchFeed(url).catch((error: Error) => error.message)
  // `http:…` without slashes is a path of the feed's own server
  expect(typeof own === 'string' ? own : 'a path').toMatch(/FETCH_FAILED|a path/)
  expect(hits).toBe(0)
})

/** What name servers say. */
const answers: readonly (readonly string[])[] = [
  ['127.0.0.1'],
  ['10.0.0.1'],
  ['172.31.255.255'],
  ['192.168.1.1'],
  ['169.254.169.254'],
  ['100.100.100.200'],
  ['::1'],
  ['fe80::1'],
  ['fd00:ec2::254'],
  ['::ffff:127.0.0.1'],
  ['93.184.215.14', '127.0.0.1'],
  ['2606:2800:21f:cb07:6820:80da:af6b:8b2c', '::1'],
  [],
]
test.each(answers)('a name that leads to %s …', async (...addresses) => {
  const resolve = async () => addresses.filter(a => typeof a === 'string')
  const url = `http://feeds.example.org:${portOf(canary)}/`
  await expect(tryGet(url, { resolve })).rejects.toThrow(/private network/)
  expect(hits).toBe(0)
})

test('a name that is public when looked at first and private when connected', async () => {
  let asked = 0
  const resolve = async () => (asked++ === 0 ? ['93.184.215.14'] : ['127.0.0.1'])
  await resolve()
  await expect(tryGet(`http://rebind.example.org:${portOf(canary)}/`, { resolve })).rejects.toThrow(/private network/)
  expect(hits).toBe(0)
})

test('what the operator has named is reached: literally, or by allowHosts', async () => {
  const url = `http://127.0.0.1:${portOf(feed)}/feed.pb`
  expect((await fetchFeed(url)).kind).toBe('message')
  const resolve = async () => ['127.0.0.1']
  const named = `http://feeds.internal:${portOf(feed)}/feed.pb`
  await expect(tryGet(named, { resolve })).rejects.toThrow(/private network/)
  for (const allowHosts of [['feeds.internal'], [`feeds.internal:${portOf(feed)}`]])
    expect(await tryGet(named, { resolve, allowHosts })).toMatchObject({ status: 200 })
  await expect(tryGet(named, { resolve, allowHosts: ['feeds.internal:1'] })).rejects.toThrow(/private network/)
})

test('downloads go the same way', async () => {
  location = `http://127.0.0.1:${portOf(canary)}/`
  const away = download(`http://127.0.0.1:${portOf(feed)}/away`, join(tmpdir(), `freifahrt-ssrf-${process.pid}`))
  await expect(away).rejects.toThrow(/private network/)
  expect(hits).toBe(0)
})

test('a user and password are for the feed’s own server only', async () => {
  location = `http://localhost:${portOf(feed)}/elsewhere`
  seen.length = 0
  await httpGet(`http://user:canary@127.0.0.1:${portOf(feed)}/away`, {
    signal: AbortSignal.timeout(PATIENCE),
    allowHosts: ['localhost'],
  })
  expect(seen.map(headers => headers.authorization)).toEqual([`Basic ${btoa('user:canary')}`, undefined])
})

test.each([
  ['8.8.8.8', false],
  ['172.15.255.255', false],
  ['172.16.0.0', true],
  ['223.255.255.255', false],
  ['224.0.0.1', true],
  ['255.255.255.255', true],
  ['2a00:1450:4001:81b::200e', false],
  ['2001:db8::1', true],
  ['ff02::1', true],
  ['no address', true],
])('%s is private: %s', (address, expected) => {
  expect(isPrivate(address)).toBe(expected)
})
