// One look at realtime without a server: a GTFS feed, some messages, and what the live state makes of them.

import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { FreifahrtError } from '#engine/core/errors.ts'
import type { ServiceDay, UnixSeconds } from '#engine/core/time.ts'
import { applyMessage } from '#engine/live/apply.ts'
import type { LiveState } from '#engine/live/state.ts'
import { createLiveStore } from '#engine/live/store.ts'
import { makeRoom } from '#engine/timetable/room.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'
import { loadGtfs } from '#feeds/gtfs/load.ts'
import { openSource } from '#feeds/gtfs/source.ts'
import { decodeMessage, MAX_MESSAGE_BYTES } from '#feeds/realtime/decode.ts'
import { fetchFeed } from '#feeds/realtime/fetch.ts'

export interface LiveOnce {
  readonly tt: Timetable
  readonly state: LiveState
}

/**
 * Applies each message, packed with gzip or not, to the feed's timetable, as a source of its own, each received when it was made.
 * Throws FEED_… for the feed, FILE_MISSING, FETCH_FAILED or REALTIME_UNREADABLE for a message.
 * @param day the service day of trips that name none
 */
export async function liveOnce(gtfs: string, messages: readonly string[], day?: ServiceDay): Promise<LiveOnce> {
  const { timetable } = await loadGtfs([{ tag: 'feed', source: await openSource(gtfs) }])
  const tt = makeRoom(timetable)
  const options = day === undefined ? {} : { serviceDay: day }
  const store = createLiveStore(
    tt,
    messages.map(url => ({ tag: 'feed', url, options })),
  )
  for (const [source, from] of messages.entries()) {
    const message = decode(from, await read(from))
    const { refused } = applyMessage(store, source, message, (message.timestamp || Date.now() / 1000) as UnixSeconds)
    if (refused !== undefined) throw new FreifahrtError('REALTIME_UNREADABLE', from, refused)
  }
  return { tt, state: store.state }
}

/** Throws REALTIME_UNREADABLE that names the message, and what it is instead where that shows. */
function decode(from: string, bytes: Uint8Array): ReturnType<typeof decodeMessage> {
  try {
    return decodeMessage(unpacked(bytes))
  } catch (error) {
    const why = (error as Error).message.replace(/^REALTIME_UNREADABLE at /, '')
    throw new FreifahrtError('REALTIME_UNREADABLE', from, whatItIs(bytes) ?? why)
  }
}

const isGzip = ([first, second]: Uint8Array): boolean => first === 0x1f && second === 0x8b

const unpacked = (bytes: Uint8Array): Uint8Array =>
  isGzip(bytes) ? gunzipSync(bytes, { maxOutputLength: MAX_MESSAGE_BYTES }) : bytes

/** Of bytes that are no message. */
function whatItIs(bytes: Uint8Array): string | undefined {
  const begin = String.fromCharCode(...bytes.subarray(0, 64)).trimStart()
  if (bytes.length === 0) return 'is empty'
  if (begin.startsWith('PK')) return 'is a zip; a timetable is given as --gtfs'
  if (/^[{[]/.test(begin)) return 'is JSON; a message in protobuf is wanted'
  if (begin.startsWith('<')) return 'is HTML or XML; a message in protobuf is wanted'
  return undefined
}

async function read(from: string): Promise<Uint8Array> {
  if (/^https?:\/\//i.test(from)) {
    const fetched = await fetchFeed(from)
    if (fetched.kind === 'message') return fetched.bytes
    throw new FreifahrtError('FETCH_FAILED', from, 'the server sent no message')
  }
  try {
    return readFileSync(from)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const why = { ENOENT: 'no such file', EISDIR: 'is a folder; give one message' }[code ?? ''] ?? message
    throw new FreifahrtError('FILE_MISSING', from, why)
  }
}
