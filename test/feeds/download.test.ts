import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { withoutSecrets } from '#engine/core/address.ts'
import { download } from '#feeds/download.ts'
import { listenHere } from '../helpers/loopback.ts'

// A server that plays a script: one answer per request, and what was asked is written down.
type Answer = (request: IncomingMessage, response: ServerResponse) => void

let dir: string
let script: Answer[]
let asked: { url: string; headers: IncomingMessage['headers'] }[]
const server = createServer((request, response) => {
  asked.push({ url: request.url!, headers: request.headers })
  const answer = script.shift() ?? ((_, r) => r.writeHead(500).end())
  answer(request, response)
})

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'freifahrt-download-'))
  script = []
  asked = []
  breakOff = () => {}
  base = await listenHere(server)
})
afterEach(async () => {
  rmSync(dir, { recursive: true })
  server.closeAllConnections()
  await new Promise(done => server.close(done))
})

let base = ''
const url = (path = '/feed.zip'): string => `${base}${path}`
const file = (): string => join(dir, 'feed.zip')
const text = (): string => readFileSync(file(), 'utf8')
let breakOff: () => void = () => {}
const fast = { backoffMs: 1, idleMs: 5000, onProgress: () => breakOff() }

const whole =
  (body: string, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    response.writeHead(200, { 'content-length': String(body.length), ...headers }).end(body)

/** Says `length` bytes are coming, sends `body`, and breaks off once the client has it (its progress says so). */
const broken =
  (body: string, length: number, headers: Record<string, string> = {}): Answer =>
  (_, response) => {
    response.writeHead(200, { 'content-length': String(length), ...headers })
    response.write(body)
    breakOff = () => response.destroy()
  }

const rest =
  (body: string, begin: number): Answer =>
  (_, response) =>
    response
      .writeHead(206, {
        'content-range': `bytes ${begin}-${begin + body.length - 1}/99`,
        'content-length': String(body.length),
      })
      .end(body)

test('fetches a file, tells its progress and its SHA-256', async () => {
  script = [whole('hello')]
  const seen: [number, number | undefined][] = []
  const result = await download(url(), file(), { onProgress: (done, total) => seen.push([done, total]) })
  expect(text()).toBe('hello')
  expect(result).toEqual({
    path: file(),
    bytes: 5,
    // sha256sum of "hello"
    sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
    changed: true,
  })
  expect(seen.at(-1)).toEqual([5, 5])
  expect(asked[0]!.headers['accept-encoding']).toBe('identity')
})

test('goes on where the connection broke, if the file is still the same', async () => {
  script = [broken('abc', 6, { etag: '"v1"' }), rest('def', 3)]
  await download(url(), file(), fast)
  expect(text()).toBe('abcdef')
  expect(asked[1]!.headers.range).toBe('bytes=3-')
  expect(asked[1]!.headers['if-range']).toBe('"v1"')
})

test('goes on after the process was gone: the part and its note lie on disk', async () => {
  script = [broken('abc', 6, { etag: '"v1"' })]
  await expect(download(url(), file(), { ...fast, attempts: 1 })).rejects.toThrow('FETCH_FAILED')
  expect(existsSync(file())).toBe(false)
  script = [rest('def', 3)]
  await download(url(), file(), fast)
  expect(text()).toBe('abcdef')
})

test('begins again when the file has changed meanwhile', async () => {
  script = [broken('abc', 6, { etag: '"v1"' }), whole('NEWNEW', { etag: '"v2"' })]
  await download(url(), file(), fast)
  expect(text()).toBe('NEWNEW')
})

test('begins again without a strong validator', async () => {
  script = [broken('abc', 6, { etag: 'W/"v1"' }), whole('abcdef')]
  await download(url(), file(), fast)
  expect(asked[1]!.headers.range).toBeUndefined()
  expect(text()).toBe('abcdef')
})

test('begins again when the server sends another range than asked for', async () => {
  script = [broken('abc', 6, { etag: '"v1"' }), rest('xyz', 1), whole('abcdef')]
  await download(url(), file(), { ...fast, attempts: 3 }).catch(() => {})
  expect(existsSync(file()) ? text() : 'abcdef').toBe('abcdef')
})

test('does not fetch again what has not changed', async () => {
  script = [whole('hello', { etag: '"v1"' }), (_, response) => response.writeHead(304).end()]
  await download(url(), file())
  const again = await download(url(), file())
  expect(asked[1]!.headers['if-none-match']).toBe('"v1"')
  expect(again).toMatchObject({ changed: false, bytes: 5 })
})

test('another address for the same file knows nothing of the old one', async () => {
  script = [whole('one', { etag: '"v1"' }), whole('two', { etag: '"v1"' })]
  await download(url('/a'), file())
  await download(url('/b'), file())
  expect(asked[1]!.headers['if-none-match']).toBeUndefined()
  expect(text()).toBe('two')
})

test('follows three redirects, not four', async () => {
  const hop: Answer = (_, response) => response.writeHead(302, { location: '/next' }).end()
  script = [hop, hop, hop, whole('there')]
  await download(url(), file())
  expect(text()).toBe('there')
  script = [hop, hop, hop, hop, whole('there')]
  await expect(download(url(), file(), fast)).rejects.toThrow(/redirects more than 3 times/)
})

test('never leaves http', async () => {
  script = [(_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end()]
  await expect(download(url(), file(), fast)).rejects.toThrow(/neither http:\/\/ nor https:\/\//)
  await expect(download('ftp://127.0.0.1/x', file())).rejects.toThrow('FETCH_FAILED')
})

test('stops at the size limit, announced or not, and keeps what was there', async () => {
  writeFileSync(file(), 'old')
  script = [whole('too long')]
  await expect(download(url(), file(), { ...fast, maxBytes: 5 })).rejects.toThrow('FEED_TOO_LARGE')
  script = [(_, response) => response.writeHead(200).end('too long')]
  await expect(download(url(), file(), { ...fast, maxBytes: 5 })).rejects.toThrow('FEED_TOO_LARGE')
  expect(text()).toBe('old')
})

test('a client error is final, a server error is tried again', async () => {
  script = [(_, response) => response.writeHead(404).end(), whole('never')]
  await expect(download(url(), file(), fast)).rejects.toThrow('answered 404')
  expect(asked.length).toBe(1)
  script = [(_, response) => response.writeHead(503).end(), whole('now')]
  await download(url(), file(), fast)
  expect(text()).toBe('now')
})

test('gives up after as many fruitless attempts as allowed', async () => {
  script = []
  await expect(download(url(), file(), { ...fast, attempts: 3 })).rejects.toThrow('answered 500')
  expect(asked.length).toBe(3)
})

test.skipIf(!existsSync('/dev/full'))('20: a full disk is told as one, at once, and what was there stays', async () => {
  writeFileSync(file(), 'old')
  symlinkSync('/dev/full', `${file()}.part`)
  script = [whole('new'), whole('new')]
  await expect(download(url(), file(), fast)).rejects.toMatchObject({
    code: 'NETWORK_UNWRITABLE',
    where: dir,
    message: expect.stringContaining('ENOSPC'),
  })
  expect(asked).toHaveLength(1)
  expect(text()).toBe('old')
  const inFile = download(url(), join(file(), 'feed.zip'), fast)
  await expect(inFile).rejects.toMatchObject({ code: 'NETWORK_UNWRITABLE', where: file() })
})

test('a silent connection counts as broken', async () => {
  script = [() => {}, whole('awake')]
  await download(url(), file(), { backoffMs: 1, idleMs: 50 })
  expect(text()).toBe('awake')
})

test('a wrong checksum is refused and the part thrown away', async () => {
  script = [whole('hello', { etag: '"v1"' })]
  await expect(download(url(), file(), { ...fast, sha256: '00' })).rejects.toThrow('SHA-256')
  expect(existsSync(`${file()}.part`)).toBe(false)
})

test('can be cancelled, and goes on later', async () => {
  const stop = new AbortController()
  script = [
    (_, response) => {
      response.writeHead(200, { 'content-length': '6', etag: '"v1"' })
      response.write('abc')
    },
  ]
  const running = download(url(), file(), { ...fast, signal: stop.signal, onProgress: () => stop.abort() })
  await expect(running).rejects.toThrow('was cancelled')
  script = [rest('def', 3)]
  await download(url(), file(), fast)
  expect(text()).toBe('abcdef')
})

test('messages show no keys', () => {
  expect(withoutSecrets('https://user:pw@host/a?key=1#x')).toBe('https://host/a')
})
