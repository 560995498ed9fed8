// What a source's answers become: asked over HTTP, by the poller of both roles.

import { createServer } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import type { News } from '#workers/news.ts'
import { pollSource } from '#workers/polling.ts'
import { createRefusals } from '#workers/refusals.ts'
import { listenHere } from '../helpers/loopback.ts'
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
  const url = `${await listenHere(server)}/feed.pb`
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

test('K6: asked against what was taken: a message that was refused is never "not modified"', async () => {
  const T = Date.UTC(2026, 0, 10, 9) / 1000
  const whole = feedMessage({ timestamp: T }, trip('a').withId('a').stop('A').delay(60))
  // each version has its ETag; the second cannot be read
  const versions = [whole, Uint8Array.of(1), whole]
  for (const differential of [false, true]) {
    const asked: (string | undefined)[] = []
    const server = createServer((request, response) => {
      const known = request.headers['if-none-match']
      const version = Math.min(Math.floor(asked.push(known) / 2), 2)
      if (known === `"${version}"`) response.writeHead(304).end()
      else response.setHeader('etag', `"${version}"`).end(versions[version])
    })
    servers.push(server)
    const url = `${await listenHere(server)}/feed.pb`
    const stop = new AbortController()
    const heard: string[] = []
    await pollSource(
      { url, options: { differential } },
      { pollSeconds: 0.001, allowHosts: ['127.0.0.1'] },
      stop.signal,
      news => {
        const bad = news.kind === 'message' && news.bytes.length === 1
        if (heard.push(bad ? 'refused' : news.kind) === 6) stop.abort()
        return bad ? 'REALTIME_UNREADABLE' : undefined
      },
    )
    const bad = differential ? 'failure' : 'refused'
    expect(heard).toEqual(['message', bad, bad, 'message', 'unchanged', 'unchanged'])
    expect(asked).toEqual([undefined, '"0"', '"0"', '"0"', '"2"', '"2"'])
  }
})

test('the log tells a reason once, again when another came between, or ten minutes later', () => {
  let now = 0
  const told: string[] = []
  const { heard } = createRefusals(
    (source, reason) => told.push(`${now} ${source} ${reason}`),
    () => now,
  )
  const say = (minute: number, source: number, reason: string | undefined): void => {
    now = minute * 60_000
    heard(source, reason)
  }
  for (let i = 0; i < 9; i++) {
    say(i, 0, 'went_backwards')
    say(i, 0, undefined)
    say(i, 1, undefined)
  }
  say(9, 0, 'REALTIME_UNREADABLE')
  say(9, 0, 'went_backwards')
  say(9, 1, 'went_backwards')
  say(19, 0, 'went_backwards')
  expect(told).toEqual([
    '0 0 went_backwards',
    '540000 0 REALTIME_UNREADABLE',
    '540000 0 went_backwards',
    '540000 1 went_backwards',
    '1140000 0 went_backwards',
  ])
})
