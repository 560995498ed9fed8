// One poll of a realtime feed, against a loopback server that says what the test wants.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fetchFeed } from '#feeds/realtime/fetch.ts'
import { nextPollMs } from '#feeds/realtime/polling.ts'
import { listenHere } from '../../helpers/loopback.ts'

const BODY = Buffer.from('a message')
let base = ''
const asked: IncomingMessage['headers'][] = []
const server = createServer((request, response) => {
  asked.push(request.headers)
  answers[new URL(request.url!, 'http://x').pathname]!(response, request)
})
const redirect = (location: string) => (response: ServerResponse) => response.writeHead(302, { location }).end()

const answers: Record<string, (response: ServerResponse, request: IncomingMessage) => void> = {
  '/feed.pb': (response, { headers }) =>
    headers['if-none-match'] === '"v1"'
      ? response.writeHead(304).end()
      : response.writeHead(200, { etag: '"v1"', 'last-modified': 'Sat, 10 Jan 2026 10:00:00 GMT' }).end(BODY),
  '/gzip': response => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(BODY)),
  '/bomb': response => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(1 << 20))),
  '/endless': response => {
    response.writeHead(200)
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(1 << 16)));
    }
    response.on('drain', more)
    more()
  },
  '/silent': () => {},
  '/half': response => response.writeHead(200, { 'content-length': 100 }).write(BODY),
  '/broken': response => response.writeHead(503).end('later'),
  '/busy': response => response.writeHead(429, { 'retry-after': '120' }).end(),
  '/closed-today': response => response.writeHead(503, { 'retry-after': '86400' }).end(),
  '/locked': response => response.writeHead(401).end(),
  '/forbidden': response => response.writeHead(403, { 'retry-after': '1' }).end(),
  '/moved': redirect('/feed.pb'),
  '/circle': redirect('/circle'),
  '/file': redirect('file:///etc/passwd'),
}

beforeAll(async () => {
  base = await listenHere(server)
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

describe('fetchFeed', () => {
  test('gives the bytes, and asks conditionally from then on (K6)', async () => {
    const first = await fetchFeed(`${base}/feed.pb`)
    if (first.kind !== 'message') throw new Error(first.kind)
    expect([Buffer.from(first.bytes), first.validators.etag]).toEqual([BODY, '"v1"'])
    expect(await fetchFeed(`${base}/feed.pb`, { known: first.validators })).toEqual({ kind: 'unchanged' })
    expect(asked.at(-1)).toMatchObject({
      'if-none-match': '"v1"',
      'if-modified-since': 'Sat, 10 Jan 2026 10:00:00 GMT',
    })
  })

  test('follows a redirect, and inflates', async () => {
    for (const path of ['/moved', '/gzip'])
      expect(await fetchFeed(base + path)).toMatchObject({ kind: 'message', bytes: new Uint8Array(BODY) })
  })

  test.each([
    ['/broken', 'FETCH_FAILED', 'answered 503'],
    ['/circle', 'FETCH_FAILED', 'redirects'],
    ['/file', 'FETCH_FAILED', 'neither http:// nor https://'],
    ['/silent', 'TIMEOUT', 'too long'],
    ['/half', 'TIMEOUT', 'too long'],
    ['/endless', 'TOO_LARGE', 'more than 100000 bytes'],
    ['/bomb', 'TOO_LARGE', 'more than 100000 bytes'],
  ])('%s: %s', async (path, code, text) => {
    const failed = fetchFeed(base + path, {
      timeoutMs: path === '/silent' || path === '/half' ? 100 : 10_000,
      maxBytes: 100_000,
    })
    await expect(failed).rejects.toMatchObject({ code, message: expect.stringContaining(text) })
  })

  test.each([
    ['/busy', 120],
    ['/closed-today', 600],
    ['/broken', 0],
    ['/locked', 300],
    ['/forbidden', 300],
  ])('3: %s says when to come back: %i s, ten minutes at most', async (path, seconds) => {
    await expect(fetchFeed(base + path)).rejects.toMatchObject({ pauseMs: seconds * 1000 })
  })

  test('nobody there, other schemes, no address', async () => {
    for (const url of ['http://127.0.0.1:1/x', 'file:///etc/passwd', 'ftp://127.0.0.1/x', 'nonsense'])
      await expect(fetchFeed(url)).rejects.toMatchObject({ code: 'FETCH_FAILED' })
  })

  test('a user in the address becomes an Authorization header, and goes no further', async () => {
    const withUser = base.replace('//', '//user:p%40ss@')
    await fetchFeed(`${withUser}/feed.pb`)
    expect(asked.at(-1)!.authorization).toBe(`Basic ${Buffer.from('user:p@ss').toString('base64')}`)
    await fetchFeed(`${withUser}/moved`)
    expect(asked.at(-1)!.authorization).toBeUndefined()
  })

  test('K9: a host is asked over two connections at a time, and another host meanwhile', async () => {
    let [open, most, asked] = [0, 0, 0]
    const held: ServerResponse[] = []
    const arrived = Promise.withResolvers<void>()
    const slow = createServer((_, response) => {
      asked++
      open++
      most = Math.max(most, open)
      held.push(response)
      response.once('close', () => open--)
      if (asked === 2) arrived.resolve()
    })
    const url = `${await listenHere(slow)}/`
    const messages = Array.from({ length: 5 }, () => fetchFeed(url))
    await arrived.promise
    // the server above is answered past them, a turn of its loop later there still are only two here
    expect((await fetchFeed(`${base}/feed.pb`)).kind).toBe('message')
    expect([asked, most]).toEqual([2, 2])
    for (let i = 0; i < 5; i++) {
      while (held.length === 0) await new Promise(setImmediate)
      held.shift()!.end(BODY)
    }
    await Promise.all(messages)
    expect([asked, most]).toEqual([5, 2])
    slow.close()
  })

  test('credentials of the address are in no error', async () => {
    const failed = fetchFeed(`${base.replace('//', '//user:secret@')}/broken?key=secret`)
    await expect(failed).rejects.toSatisfy(error => !String(error).includes('secret'))
  })
})

describe('nextPollMs (K9)', () => {
  test('spreads by a tenth either way', () => {
    expect([0, 0.5, 1].map(random => nextPollMs(15_000, 0, random))).toEqual([13_500, 15_000, 16_500])
  })

  test('doubles with each failure, up to two minutes', () => {
    expect([1, 2, 3, 4, 5, 5000].map(failures => nextPollMs(15_000, failures, 0.5))).toEqual([
      30_000, 60_000, 120_000, 120_000, 120_000, 120_000,
    ])
    expect(nextPollMs(300_000, 3, 0.5)).toBe(300_000)
  })
})
