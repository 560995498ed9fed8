import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { apiDefaults } from '#api/config.ts'
import { startServer } from '#api/server.ts'
import { appFor } from '../helpers/api.ts'
import { testService } from '../helpers/service.ts'
import { at, city, iso } from './city.ts'

function builtPage(): string {
  const root = mkdtempSync(join(tmpdir(), 'freifahrt-web-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  mkdirSync(join(root, 'assets'))
  writeFileSync(join(root, 'index.html'), '<title>Freifahrt</title>')
  writeFileSync(join(root, 'assets/page-1a2b.js'), 'export {}')
  return root
}

test('the page is asked for each time, its hashed parts never again', async () => {
  const app = appFor(testService(city, at('9:00')), { ...apiDefaults, webRoot: builtPage() })
  const page = await app.inject('/?stop=test_A')
  expect([page.statusCode, page.headers['cache-control']]).toEqual([200, 'no-cache'])
  expect(page.body).toContain('Freifahrt')
  const asset = await app.inject('/assets/page-1a2b.js')
  expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable')
  expect((await app.inject('/../package.json')).statusCode).toBe(404)
  expect((await app.inject('/assets/none.js')).statusCode).toBe(404)
})

test('no page there: a page for who looks for one, JSON for programs and on their paths', async () => {
  const root = builtPage()
  writeFileSync(join(root, 'missing.html'), '<html><head></head>none</html>')
  const app = appFor(testService(city, at('9:00')), { ...apiDefaults, webRoot: root })
  const ask = (url: string, accept = 'text/html,*/*;q=0.8') => app.inject({ url, headers: { accept } })
  for (const [url, base] of [
    ['/diplay?a=/b', './'],
    ['/a/', '../'],
    ['/a/b/c', '../../'],
  ] as const) {
    const { statusCode, headers, body } = await ask(url)
    expect([statusCode, headers['content-type'], headers.vary]).toEqual([
      404,
      'text/html; charset=utf-8',
      'accept-encoding, accept',
    ])
    expect(body).toBe(`<html><head><base href="${base}"></head>none</html>`)
  }
  for (const url of ['/api', '/api/v6/plann', '/tiles/x', '/live/x', '/assets/x.js', '/'.repeat(40)])
    expect((await ask(url)).json(), url).toHaveProperty('error')
  expect((await ask('/diplay', '*/*')).json()).toEqual({ error: 'nothing here: GET /diplay' })
  const posted = await app.inject({ method: 'POST', url: '/diplay', headers: { accept: 'text/html' } })
  expect([posted.statusCode, posted.json()]).toEqual([404, { error: 'nothing here: POST /diplay' }])
})

test('a file that a browser has is not sent again, unless it asks for all of it anew', async () => {
  const app = appFor(testService(city, at('9:00')), { ...apiDefaults, webRoot: builtPage() })
  const { etag } = (await app.inject('/')).headers
  const again = (headers: object) => app.inject({ url: '/', headers: { 'if-none-match': etag as string, ...headers } })
  expect((await again({})).statusCode).toBe(304)
  // opened already; who said 304 now would leave it open
  const anew = await again({ 'cache-control': 'no-cache' })
  expect([anew.statusCode, anew.body.includes('Freifahrt')]).toEqual([200, true])
})

test('large answers are compressed if the client can take it, small ones never', async () => {
  const app = appFor(testService(city, at('9:00')))
  const ask = (url: string, encodings: string) => app.inject({ url, headers: { 'accept-encoding': encodings } })
  const plan = `/api/v6/plan?fromPlace=test_A&toPlace=test_E&time=${iso('9:50')}`
  const plain = await app.inject(plan)
  expect(plain.headers['content-encoding']).toBeUndefined()
  for (const [encodings, taken, unpack] of [
    ['gzip', 'gzip', gunzipSync],
    ['gzip, deflate, br, zstd', 'zstd', zstdDecompressSync],
    ['zstd;q=0, gzip', 'gzip', gunzipSync],
  ] as const) {
    const large = await ask(plan, encodings)
    expect([large.headers['content-encoding'], large.headers.vary]).toEqual([taken, 'accept-encoding'])
    expect(unpack(large.rawPayload).equals(plain.rawPayload)).toBe(true)
    expect((await ask('/api/v1/health', encodings)).headers['content-encoding']).toBeUndefined()
  }
  // a cache must not give a packed answer to somebody else, whichever form of it was asked for first
  const head = await app.inject({ method: 'HEAD', url: plan, headers: { 'accept-encoding': 'gzip' } })
  const known = await app.inject({ url: plan, headers: { 'if-none-match': plain.headers.etag as string } })
  const style = await app.inject('/tiles/style.json')
  expect([plain, head, known, style].map(({ statusCode, headers }) => [statusCode, headers.vary])).toEqual(
    [200, 200, 304, 200].map(status => [status, 'accept-encoding']),
  )
})

test('other pages may ask: CORS for reading', async () => {
  const app = appFor(testService(city, at('9:00')))
  const answer = await app.inject({
    method: 'OPTIONS',
    url: '/api/v6/plan',
    headers: { origin: 'https://page.example', 'access-control-request-method': 'GET' },
  })
  expect([answer.statusCode, answer.headers['access-control-allow-origin']]).toEqual([204, '*'])
})

test('a server listens, answers and ends', async () => {
  const server = await startServer(testService(city, at('9:00')), { port: 0 })
  expect(server.url).toBe(`http://127.0.0.1:${server.port}`)
  const answer = await fetch(`${server.url}/api/v1/health`)
  expect(await answer.json()).toEqual({})
  await server.close()
  await expect(fetch(`${server.url}/api/v1/health`)).rejects.toThrow()
})
