// What a source's answers become: asked over HTTP, by the poller of both roles.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { News } from '#workers/news.ts'
import { pollSource } from '#workers/polling.ts'
import { feedMessage, proto, raw, trip } from '../helpers/realtime.ts'

const servers: ReturnType<typeof createServer>[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** What is made of these answers, one after the other; the last is given again and again. */
async function newsOf(answers: readonly (number | Uint8Array)[], differential: boolean): Promise<News[]> {
  let asked = 0
  const server = createServer((_, response) => {
    const answer = answers[Math.min(asked++, answers.length - 1)]!
    if (typeof answer === 'number') response.writeHead(answer).end()
    else response.end(answer)
  })
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/feed.pb`
  const stop = new AbortController()
  const news: News[] = []
  await pollSource(
    { url, options: { differential } },
    { pollSeconds: 0.001, allowHosts: ['127.0.0.1'] },
    stop.signal,
    one => {
      if (news.push(one) === answers.length) stop.abort()
    },
  )
  return news
}

test.each([401, 403])('3: %i is told apart from other failures', async status => {
  expect(await newsOf([status], false)).toEqual([{ kind: 'failure', reason: 'AUTH_FAILED' }])
})

test('3: another status is FETCH_FAILED', async () => {
  expect(await newsOf([404], false)).toEqual([{ kind: 'failure', reason: 'FETCH_FAILED' }])
})

test('A6: a source whose options say so sends what has changed, and is heard as full datasets', async () => {
  const T = Date.UTC(2026, 0, 10, 9) / 1000
  const changes = (...entities: Parameters<typeof feedMessage>[1][]) =>
    feedMessage({ timestamp: T, differential: true }, ...entities)
  const [a, b] = ['a', 'b'].map(id => trip(id).withId(id).stop('A').delay(60)) as [never, never]
  const news = await newsOf(
    [changes(a), changes(b), Uint8Array.of(1), changes(raw({ id: 'a', isDeleted: true }))],
    true,
  )
  const told = news.map(one => {
    if (one.kind !== 'message') return one.kind === 'failure' ? one.reason : one.kind
    const { header, entity } = proto.FeedMessage.decode(one.bytes)
    return [header.incrementality, ...entity.map(({ id }) => id)].join(' ')
  })
  expect(told).toEqual(['0 a', '0 a b', 'REALTIME_UNREADABLE', '0 b'])
})
