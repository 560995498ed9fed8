// Realtime over Redis. One process asks a source (it holds the source's lease) and puts what it hears here; every gateway reads it and
// applies it to its own timetable, as if it had asked itself. Bytes are carried, never structures: applying costs milliseconds, and whoever
// plans needs the applied state anyway.
//
//   <prefix>:rt:{source}:last     the newest message (zstd), whole: GTFS-Realtime messages are full datasets, so this is the snapshot
//   <prefix>:rt:{source}:at       when that was heard, Unix milliseconds
//   <prefix>:rt:{source}          a stream of notices: message, unchanged, failure; short, at most about a thousand
//   <prefix>:rt:{source}:lease    who asks
//
// A gateway that joins, or was cut off for however long, reads `last` and goes on with the stream: it needs no history.

import { createHash } from 'node:crypto'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { News } from '../news.ts'
import type { Redis } from './connection.ts'
import { FENCE, leaseKeys } from './lease.ts'

const NOTICES_KEPT = 1000
const MAX_BYTES = 64 << 20
/** What lies in Redis was written by a process that says it otherwise: heard again as soon as one of ours asks the source, or we are replaced too. */
const OTHER_RELEASE = 'OTHER_RELEASE'

/** The keys of a source, all in one slot of a cluster. Only the whole address names it, and nobody can read it back. */
export function sourceKey(prefix: string, url: string): string {
  return `${prefix}:rt:{${createHash('sha256').update(url).digest('hex').slice(0, 16)}}`
}

const SAY = `${FENCE}
if ARGV[3] == 'message' then redis.call('MSET', KEYS[3], ARGV[5], KEYS[4], ARGV[2]) end
return redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[6], '*', 'kind', ARGV[3], 'detail', ARGV[4], 'token', ARGV[1], 'at', ARGV[2])`

/**
 * Puts what a source said where all gateways find it. @returns false: the lease is somebody else's by now, and nothing was written
 * @param at when it was heard, Unix milliseconds
 */
export async function sayNews(redis: Redis, key: string, token: string, news: News, at: number): Promise<boolean> {
  const bytes = news.kind === 'message' ? zstdCompressSync(news.bytes) : Buffer.alloc(0)
  const detail = news.kind === 'failure' ? news.reason : ''
  const said = await redis.eval(SAY, {
    keys: [leaseKeys({ key }).lease, key, `${key}:last`, `${key}:at`],
    arguments: [token, String(Math.round(at)), news.kind, detail, bytes as unknown as string, String(NOTICES_KEPT)],
  })
  return said !== null
}

export interface Heard {
  readonly news: News
  /** When it was heard, Unix milliseconds; 0 for what lay here already. */
  readonly at: number
  readonly token: string
}

interface Stream {
  readonly name: Buffer
  readonly messages: readonly { readonly id: Buffer; readonly message: Readonly<Record<string, Buffer>> }[]
}

/**
 * Reads news of these sources until `signal` says stop; errors of Redis are thrown, and calling again goes on from where the newest
 * message is. First of all each source's newest message is told.
 * @param redis a connection of its own: reading blocks it
 * @param onNews may be asynchronous; the next is told when it is done
 */
export async function readNews(
  redis: Redis,
  keys: readonly string[],
  onNews: (source: number, heard: Heard) => Promise<void> | void,
  signal: AbortSignal,
): Promise<void> {
  const positions: string[] = []
  for (const key of keys) positions.push(await lastId(redis, key))
  for (const [source, key] of keys.entries()) {
    const news = await newestMessage(redis, key)
    if (news) await onNews(source, { news, at: 0, token: '' })
  }
  while (!signal.aborted) {
    const streams = keys.map((key, i) => ({ key, id: positions[i]! }))
    const found = (await redis.xRead(streams, { BLOCK: BLOCK_MS, COUNT: 100 })) as readonly Stream[] | null
    for (const { name, messages } of found ?? []) {
      const source = keys.indexOf(String(name))
      positions[source] = String(messages.at(-1)!.id)
      // of several messages only the newest is still there, and says all
      const newest = messages.findLastIndex(({ message }) => String(message.kind) === 'message')
      for (const [i, { message }] of messages.entries()) {
        const news = i === newest ? await newestMessage(redis, keys[source]!) : noticeOf(message)
        if (news && !signal.aborted)
          await onNews(source, { news, at: Number(message.at), token: String(message.token) })
      }
    }
  }
}

/** Shorter than the connection's command limit. */
const BLOCK_MS = 1000

/**
 * The newest message of a source as it lies in Redis; undefined before the first. What a process of another release has written otherwise is a failure of
 * this source alone.
 */
export async function newestMessage(redis: Redis, key: string): Promise<News | undefined> {
  const [packed, at] = (await redis.mGet([`${key}:last`, `${key}:at`])) as unknown as (Buffer | null)[]
  if (!packed) return undefined
  try {
    const bytes = zstdDecompressSync(packed, { maxOutputLength: MAX_BYTES })
    return { kind: 'message', bytes, ...(at && { at: Number(at) }) }
  } catch {
    return { kind: 'failure', reason: OTHER_RELEASE }
  }
}

function noticeOf(message: Readonly<Record<string, Buffer>>): News | undefined {
  const kind = String(message.kind)
  // an older one: the newest says all
  if (kind === 'message') return undefined
  if (kind === 'unchanged') return { kind }
  return { kind: 'failure', reason: kind === 'failure' ? String(message.detail) : OTHER_RELEASE }
}

async function lastId(redis: Redis, key: string): Promise<string> {
  const [last] = (await redis.xRevRange(key, '+', '-', { COUNT: 1 })) as unknown as { id: Buffer }[]
  return last ? String(last.id) : '0-0'
}
