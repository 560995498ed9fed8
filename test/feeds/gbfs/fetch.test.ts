// What a system of vehicles for rent may answer, and what is told of it.

import { createServer } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fetchGbfs } from '#feeds/gbfs/fetch.ts'
import { listenHere } from '../../helpers/loopback.ts'

const server = createServer((request, response) => response.end(request.url!.startsWith('/empty') ? '{}' : '<html>'))
let address = ''
beforeAll(async () => {
  address = (await listenHere(server)).replace('//', '//me:hidden@')
})
afterAll(() => server.close())

test.each([
  ['/page', 'is no JSON'],
  ['/empty', 'no GBFS: it names no feeds'],
])('what is no system is told without the keys of its address: %s', async (path, detail) => {
  const error = await fetchGbfs(`${address}${path}?key=hidden`, { allowHosts: [] }).catch((e: Error) => e)
  expect(String(error)).toContain(detail)
  expect(String(error)).not.toContain('hidden')
})
