// The memory of an answer is given back when the system has it: not before, whoever reads slowly, and not by a collector some time later.

import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { createGunzip } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { buildApp } from '#api/app.ts'
import { apiDefaults } from '#api/config.ts'
import type { App } from '#api/fastify.ts'
import { testService } from '../helpers/service.ts'
import { until } from '../helpers/until.ts'
import { at, city, iso } from './city.ts'

let app: App
afterEach(() => app.close())

/** Far more bytes than sockets hold. */
const LARGE = 24 << 20
const PLAN = `/api/v6/plan?fromPlace=test_A&toPlace=test_C&time=${iso('9:50')}`

/** No two pages alike. */
function pattern(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  for (let i = 0; i < length; i++) bytes[i] = i * 7 + (i >> 12)
  return bytes
}

/** An app over a real socket whose only plan is `bytes`. */
async function answering(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
  const service = { ...testService(city, at('9:00')), plan: async () => bytes }
  app = buildApp(service, { ...apiDefaults, log: 'nothing' })
  await app.listen({ port: 0 })
  return (app.server.address() as AddressInfo).port
}

async function asked(port: number, headers: Readonly<Record<string, string>> = {}): Promise<IncomingMessage> {
  const [answer] = await once(get({ port, path: PLAN, headers }), 'response')
  return answer
}

test('who reads slowly hears every byte, and the memory stays until he has', async () => {
  const bytes = pattern(LARGE)
  const port = await answering(bytes)
  const answer = await asked(port)
  let first: Buffer | null = null
  await until('the first bytes', () => (first = answer.read()))
  await until('the sockets to be full', () => answer.readableFlowing !== true && answer.readableLength > 0)
  expect(bytes.byteLength).toBe(LARGE)
  const rest = await buffer(answer)
  expect(Buffer.compare(Buffer.concat([first!, rest]), pattern(LARGE))).toBe(0)
  await until('the memory to be given back', () => bytes.byteLength === 0)
})

test.each([
  ['at once', 100_000],
  ['as a stream', 400_000],
])('packed %s it is given back too', async (_, length) => {
  const bytes = pattern(length)
  const port = await answering(bytes)
  const answer = await asked(port, { 'accept-encoding': 'gzip' })
  expect(answer.headers['content-encoding']).toBe('gzip')
  expect(Buffer.compare(await buffer(answer.pipe(createGunzip())), pattern(length))).toBe(0)
  await until('the memory to be given back', () => bytes.byteLength === 0)
})

test('requests in one packet are answered in order, each with its own bytes', async () => {
  const answers: Uint8Array<ArrayBuffer>[] = []
  const service = {
    ...testService(city, at('9:00')),
    plan: async () => {
      answers.push(pattern(100_000 + answers.length))
      return answers.at(-1)!
    },
  }
  app = buildApp(service, { ...apiDefaults, log: 'nothing' })
  await app.listen({ port: 0 })
  const socket = connect((app.server.address() as AddressInfo).port)
  const request = (last: boolean): string =>
    `GET ${PLAN} HTTP/1.1\r\nhost: x\r\n${last ? 'connection: close\r\n' : ''}\r\n`
  socket.write(request(false) + request(false) + request(true))
  const heard = await buffer(socket)
  let from = 0
  for (let i = 0; i < 3; i++) {
    const begin = heard.indexOf('\r\n\r\n', from) + 4
    from = begin + 100_000 + i
    expect(Buffer.compare(heard.subarray(begin, from), pattern(100_000 + i))).toBe(0)
  }
  expect(from).toBe(heard.length)
  await until('the memory to be given back', () => answers.every(bytes => bytes.byteLength === 0))
})
