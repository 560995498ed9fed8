// 39: frames that no honest client sends, by hand over a raw socket (the classes of the Autobahn suite): the connection is closed with the
// right code, the process goes on, and others hear nothing of it.

import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import WebSocket from 'ws'
import { apiDefaults, liveDefaults } from '#api/config.ts'
import { SUBPROTOCOL } from '#api/live/messages.ts'
import { type Server, startServer } from '#api/server.ts'
import { at } from '../api/city.ts'
import { testService } from '../helpers/service.ts'
import { timetable } from '../helpers/timetable.ts'
import { until } from '../helpers/until.ts'

let server: Server
beforeAll(async () => {
  const live = { ...liveDefaults, connectionsPerAddress: 100 }
  server = await startServer(testService(timetable('U1   A 10:00   B 10:10'), at('9:00')), {
    ...apiDefaults,
    port: 0,
    live,
  })
})
afterAll(() => server.close())

const [TEXT, BINARY, CONTINUATION, CLOSE, PING] = [1, 2, 0, 8, 9]

interface Bits {
  readonly fin?: boolean
  readonly rsv?: number
  readonly masked?: boolean
  /** What the header says, when not the truth. */
  readonly length?: number | bigint
}

function frame(
  opcode: number,
  payload: Buffer,
  { fin = true, rsv = 0, masked = true, length = payload.length }: Bits = {},
) {
  const first = (fin ? 0x80 : 0) | (rsv << 4) | opcode
  const mask = masked ? 0x80 : 0
  const head =
    length < 126
      ? Buffer.from([first, mask | Number(length)])
      : length < 65_536
        ? Buffer.from([first, mask | 126, Number(length) >> 8, Number(length) & 255])
        : Buffer.concat([Buffer.from([first, mask | 127]), big(length)])
  if (!masked) return Buffer.concat([head, payload])
  const key = randomBytes(4)
  return Buffer.concat([head, key, payload.map((byte, i) => byte ^ key[i % 4]!)])
}
function big(length: number | bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(length))
  return bytes
}

/** A raw socket past its handshake. */
async function shake(extra = ''): Promise<{ socket: Socket; answer: string }> {
  const socket = connect(server.port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(
    `GET /live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nSec-WebSocket-Protocol: ${SUBPROTOCOL}\r\n${extra}\r\n`,
  )
  const [chunk] = (await once(socket, 'data')) as [Buffer]
  return { socket, answer: chunk.toString('latin1') }
}

/** The close code that the server answers with; 0 when it only hangs up. */
async function closedWith(...frames: Buffer[]): Promise<number> {
  const { socket } = await shake()
  const said = new Promise<number>(resolve => {
    let got = Buffer.alloc(0)
    socket.on('data', (chunk: Buffer) => {
      got = Buffer.concat([got, chunk])
      const code = closeCode(got)
      if (code !== undefined) resolve(code)
    })
    socket.once('close', () => resolve(0))
  })
  for (const bytes of frames) socket.write(bytes)
  const code = await said
  socket.destroy()
  return code
}

/** Of the first whole close frame among a server's frames. */
function closeCode(got: Buffer): number | undefined {
  for (let i = 0; i + 1 < got.length; ) {
    const short = got[i + 1]! & 127
    const [length, head] = short < 126 ? [short, 2] : [got.readUInt16BE(i + 2), 4]
    if ((got[i]! & 15) === CLOSE && got.length >= i + head + 2) return got.readUInt16BE(i + head)
    i += head + length
  }
  return undefined
}

const hello = Buffer.from('{"type":"hello"}')
const cases: [string, number, Buffer[]][] = [
  ['a frame above 16 KiB', 1009, [frame(TEXT, Buffer.alloc(17 * 1024, 32))]],
  [
    'a message above 16 KiB in two frames',
    1009,
    [frame(TEXT, Buffer.alloc(9000, 32), { fin: false }), frame(CONTINUATION, Buffer.alloc(9000, 32))],
  ],
  ['a length of 2^62', 1009, [frame(TEXT, hello, { length: 2n ** 62n })]],
  ['a frame that is not masked', 1002, [frame(TEXT, hello, { masked: false })]],
  ['text that is no UTF-8', 1007, [frame(TEXT, Buffer.from([0xc0, 0xaf]))]],
  ['text that ends in half a character', 1007, [frame(TEXT, Buffer.from([0xe2, 0x82]))]],
  ['a surrogate as UTF-8', 1007, [frame(TEXT, Buffer.from([0xed, 0xa0, 0x80]))]],
  ['a reserved bit', 1002, [frame(TEXT, hello, { rsv: 4 })]],
  ['a reserved opcode', 1002, [frame(3, hello)]],
  ['a reserved control opcode', 1002, [frame(11, hello)]],
  ['a ping in two pieces', 1002, [frame(PING, hello, { fin: false })]],
  ['a ping of 126 bytes', 1002, [frame(PING, Buffer.alloc(126))]],
  ['a continuation of nothing', 1002, [frame(CONTINUATION, hello)]],
  ['a text within a text', 1002, [frame(TEXT, hello, { fin: false }), frame(TEXT, hello)]],
  ['a close of one byte', 1002, [frame(CLOSE, Buffer.from([3]))]],
  ['a close with a code that must not travel', 1002, [frame(CLOSE, Buffer.from([3, 0xed]))]],
  ['a close with a reason that is no UTF-8', 1007, [frame(CLOSE, Buffer.from([3, 0xe8, 0xc0, 0xaf]))]],
  [
    'a compressed frame, which nobody agreed on',
    1002,
    [frame(TEXT, Buffer.from('aVLKSM3Jya9UsjIEAA==', 'base64'), { rsv: 4 })],
  ],
  [
    'seventeen fragments',
    1008,
    [
      frame(TEXT, Buffer.alloc(1, 32), { fin: false }),
      ...Array.from({ length: 17 }, () => frame(CONTINUATION, Buffer.alloc(1, 32), { fin: false })),
    ],
  ],
  ['binary', 4400, [frame(BINARY, hello)]],
  ['no JSON', 4400, [frame(TEXT, Buffer.from('{'))]],
  ['47: __proto__', 4400, [frame(TEXT, Buffer.from('{"type":"hello","__proto__":{"polluted":1}}'))]],
  ['something before hello', 4400, [frame(TEXT, Buffer.from('{"type":"ping"}'))]],
  [
    'more messages than allowed',
    4429,
    [frame(TEXT, hello), ...Array.from({ length: 80 }, () => frame(TEXT, Buffer.from('{"type":"ping"}')))],
  ],
]
test.each(cases)('%s: closed with %i', async (_, code, frames) => {
  expect(await closedWith(...frames)).toBe(code)
  expect(({} as { polluted?: number }).polluted).toBeUndefined()
})

test('compression is not agreed to', async () => {
  const { socket, answer } = await shake('Sec-WebSocket-Extensions: permessage-deflate\r\n')
  socket.destroy()
  expect(answer).toMatch(/^HTTP\/1\.1 101/)
  expect(answer.toLowerCase()).not.toContain('sec-websocket-extensions')
})

test('a hundred thousand pings and a flood of tiny fragments cost others nothing', async () => {
  const honest = new WebSocket(`ws://127.0.0.1:${server.port}/live`, SUBPROTOCOL)
  await once(honest, 'open')
  honest.send('{"type":"hello"}')
  await once(honest, 'message')
  const { socket } = await shake()
  const pings = Buffer.concat(Array.from({ length: 1000 }, () => frame(PING, Buffer.alloc(0))))
  socket.resume()
  for (let i = 0; i < 100; i++) socket.write(pings)
  const flood = await shake()
  flood.socket.resume()
  const fragment = frame(CONTINUATION, Buffer.alloc(0), { fin: false })
  flood.socket.write(
    Buffer.concat([frame(TEXT, Buffer.alloc(0), { fin: false }), ...Array.from({ length: 5000 }, () => fragment)]),
  )
  await once(flood.socket, 'close')
  const said: string[] = []
  honest.on('message', message => said.push(String(message)))
  honest.send('{"type":"ping","n":7}')
  // a heartbeat of its own may come before
  await until('its answer', () => said.some(text => JSON.parse(text).n === 7))
  expect(honest.readyState).toBe(WebSocket.OPEN)
  socket.destroy()
  honest.terminate()
})

test('a handshake that asks for what is not there is refused, and nothing stays open', async () => {
  for (const [line, status] of [
    ['GET /elsewhere HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade', 404],
    ['GET /live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade', 400],
  ] as const) {
    const socket = connect(server.port, '127.0.0.1')
    socket.write(`${line}\r\n\r\n`)
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    expect(chunk.toString('latin1')).toMatch(new RegExp(`^HTTP/1\\.1 ${status}`))
    await once(socket, 'close')
  }
})
