import { expect, test } from 'vitest'
import { late, listen, start } from '../helpers/live-socket.ts'
import { type Entity, say, storeOf } from '../helpers/realtime.ts'
import { at, city, detour } from './city.ts'

test('server-sent events: the same messages, with ids to resume by', async () => {
  const server = await start()
  const url = `http://127.0.0.1:${server.port}/live/sse?ch=stop:test_H1`
  const stream = await listen(url)
  expect(stream.response.headers['content-type']).toBe('text/event-stream')
  expect(stream.response.headers['access-control-allow-origin']).toBe('*')
  const snap = await stream.next()
  expect(snap).toMatchObject({ data: { type: 'snap', ch: 'stop:test_H1' } })
  server.service.publish(late(60))
  const delta = await stream.next()
  expect(delta).toMatchObject({ id: expect.stringMatching(/-1$/), data: { type: 'delta', s: 1 } })
  stream.response.destroy()
  server.scheduler.advance(1000)
  server.service.publish(late(120))
  const again = await listen(url, { 'last-event-id': delta.id! })
  expect(await again.next()).toMatchObject({ data: { type: 'delta', p: 1, s: 2 } })
  again.response.destroy()
  const both = await listen(`${url}&ch=stop:test_D`)
  expect(await both.next()).toMatchObject({ data: { ch: 'stop:test_H1' } })
  expect(await both.next()).toMatchObject({ data: { ch: 'stop:test_D' } })
  const unknown = await server.app.inject('/live/sse?ch=stop:test_XX')
  expect(unknown.statusCode).toBe(404)
})

test('a channel that is no more is told of, and the others of the stream go on', async () => {
  const server = await start()
  const store = storeOf(city.tt)
  const publish = (time: string, ...entities: Entity[]) =>
    server.service.publish(say(store, { timestamp: at(time) }, ...entities).state)
  publish('9:50', ...detour('S1'))
  const url = `http://127.0.0.1:${server.port}/live/sse?ch=stop:test_new`
  const left = new Promise(resolve => {
    server.app.server.once('request', (_, response) => response.once('close', resolve))
  })
  const stream = await listen(url)
  expect(await stream.next()).toMatchObject({ data: { type: 'snap', stop: { name: 'Neu' } } })
  stream.response.destroy()
  await left
  publish('9:51')
  const both = await listen(`${url}&ch=stop:test_D`)
  const detail = expect.stringContaining("no stop 'test_new'")
  expect(await both.next()).toMatchObject({ data: { type: 'err', code: 4404, ref: 0, detail } })
  expect(await both.next()).toMatchObject({ data: { type: 'snap', ch: 'stop:test_D' } })
})
