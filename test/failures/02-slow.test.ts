// 2: feeds that are slow to answer, or drip: the whole exchange has one deadline, then the socket is gone; a source never has two open.

import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fetchFeed } from '#feeds/realtime/fetch.ts'
import { listenHere } from '../helpers/loopback.ts'
import { until } from '../helpers/until.ts'

/** Long enough for a busy machine to make the connection. */
const DEADLINE = 1000
let feed: Server
let url = ''
const open = new Set<unknown>()
let [most, came] = [0, 0]
beforeAll(async () => {
  feed = createServer((request, response) => {
    if (request.url === '/never') return
    // a byte now and then: each is too early for any limit on silence
    response.writeHead(200)
    const drip = setInterval(() => response.write('x'), 10)
    response.once('close', () => clearInterval(drip))
  })
  feed.on('connection', socket => {
    came++
    open.add(socket)
    most = Math.max(most, open.size)
    socket.once('close', () => open.delete(socket))
  })
  url = await listenHere(feed)
})
afterAll(() => {
  feed.closeAllConnections()
  feed.close()
})

test.each(['/never', '/drip'])('2: %s: given up at the deadline, the socket destroyed, one at a time', async path => {
  came = most = 0
  for (let poll = 0; poll < 2; poll++) {
    await expect(fetchFeed(url + path, { timeoutMs: DEADLINE })).rejects.toMatchObject({ code: 'TIMEOUT' })
    await until('the socket to be gone', () => came > poll && open.size === 0)
  }
  expect([came, most]).toEqual([2, 1])
})
