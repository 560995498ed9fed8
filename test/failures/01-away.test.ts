// 1: sources that cannot be reached, that answer nothing, or that want credentials. The others are asked in their own time.

import { createServer, type RequestListener, type Server } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import type { News } from '#workers/news.ts'
import { pollSource } from '#workers/polling.ts'
import { listenHere } from '../helpers/loopback.ts'
import { feedMessage } from '../helpers/realtime.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  return `${await listenHere(server)}/feed.pb`
}
const poll = (url: string, stop: AbortSignal, onNews: (news: News) => void, pollSeconds = 0.02): Promise<void> =>
  pollSource({ url }, { pollSeconds, allowHosts: ['127.0.0.1'] }, stop, onNews)

test('1, 3: one refuses connections, one says nothing, one wants credentials: a fourth is asked as if they were not there', async () => {
  const stop = new AbortController()
  const heard: Record<string, string[]> = { away: [], silent: [], locked: [] }
  const asked = { silent: 0, locked: 0, well: 0 }
  const tell = (who: string) => (news: News) => void heard[who]!.push(news.kind === 'failure' ? news.reason : news.kind)
  const sick = [
    // after the first failure thirty times 20 ms and more
    poll('http://127.0.0.1:1/feed.pb', stop.signal, tell('away'), 0.001),
    poll(await serve(() => void asked.silent++), stop.signal, tell('silent')),
    poll(
      await serve((_, response) => response.writeHead(401, String(asked.locked++)).end()),
      stop.signal,
      tell('locked'),
    ),
  ]
  const url = await serve((_, response) => {
    response.end(feedMessage({ timestamp: 1 + ++asked.well }))
  })
  await poll(url, stop.signal, () => {
    if (asked.well === 100) stop.abort()
  })
  await Promise.all(sick)
  expect(heard.away!.length).toBeGreaterThan(1)
  expect(new Set(heard.away)).toEqual(new Set(['FETCH_FAILED']))
  // each time it has ten seconds: whoever waited for it would be asked as often
  expect(asked.silent).toBeLessThan(asked.well / 10)
  // five minutes before it is asked again
  expect([heard.locked, asked.locked]).toEqual([['AUTH_FAILED'], 1])
})
