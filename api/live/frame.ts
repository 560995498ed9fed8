// A message's bytes and, around them in the same memory, the WebSocket frame that carries them (RFC 6455, 5.2; what a server sends is not
// masked). A delta is so encoded and framed once for all who get it, and a socket writes one buffer, which costs half of a header and a payload.
//
//   81  length < 126 │ 7e and 2 bytes │ 7f and 8 bytes   payload
//   ╰────────────────── frame ─────────────────────────────────╯

const frames = new WeakMap<Buffer, Buffer>()
const LONGEST_HEAD = 10

/** In memory of its own: a piece of Node's pool would keep the other 64 KiB of it for as long as a delta is kept. */
export function encode(text: string): Buffer {
  const length = Buffer.byteLength(text)
  const memory = Buffer.allocUnsafeSlow(LONGEST_HEAD + length)
  const payload = memory.subarray(LONGEST_HEAD)
  payload.write(text)
  const head = length < 126 ? 2 : length < 0x1_0000 ? 4 : LONGEST_HEAD
  const frame = memory.subarray(LONGEST_HEAD - head)
  frame[0] = 0x81
  frame[1] = length < 126 ? length : length < 0x1_0000 ? 126 : 127
  if (head === 4) frame.writeUInt16BE(length, 2)
  if (head === LONGEST_HEAD) frame.writeBigUInt64BE(BigInt(length), 2)
  frames.set(payload, frame)
  return payload
}

/** The text frame of what `encode` made. */
export function frameOf(payload: Buffer): Buffer {
  const frame = frames.get(payload)
  if (!frame) throw new Error('only what encode() made has a frame')
  return frame
}
