// One look at realtime without a server: a GTFS feed, some messages, and what the live state makes of them.

import { readFileSync } from 'node:fs'
import { FreifahrtError } from '#engine/core/errors.ts'
import type { ServiceDay, UnixSeconds } from '#engine/core/time.ts'
import { applyMessage } from '#engine/live/apply.ts'
import type { LiveState } from '#engine/live/state.ts'
import { createLiveStore } from '#engine/live/store.ts'
import { makeRoom } from '#engine/timetable/room.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'
import { loadGtfs } from '#feeds/gtfs/load.ts'
import { openSource } from '#feeds/gtfs/source.ts'
import { decodeMessage } from '#feeds/realtime/decode.ts'
import { fetchFeed } from '#feeds/realtime/fetch.ts'

export interface LiveOnce {
  readonly tt: Timetable
  readonly state: LiveState
}

/**
 * Applies each message to the feed's timetable, as a source of its own, each received when it was made.
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
    const message = decodeMessage(await read(from))
    const { refused } = applyMessage(store, source, message, (message.timestamp || Date.now() / 1000) as UnixSeconds)
    if (refused !== undefined) throw new FreifahrtError('REALTIME_UNREADABLE', from, refused)
  }
  return { tt, state: store.state }
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
    throw new FreifahrtError('FILE_MISSING', from, (error as Error).message)
  }
}
