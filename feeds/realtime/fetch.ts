// One GET of a realtime feed: conditional (K6), bounded in time and size. When to ask again is in polling.ts, which addresses may be asked in
// ../http.ts.

import { withoutSecrets } from '#engine/core/address.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { AUTH_FAILED } from '#engine/live/reasons.ts'
import { type HttpAnswer, httpGet } from '../http.ts'
import { MAX_MESSAGE_BYTES } from './decode.ts'

/** What the server said of the version we have, to be sent back to it. */
export interface Validators {
  readonly etag?: string
  readonly lastModified?: string
}

export interface FetchOptions {
  /** Of the last answer; none the first time. */
  readonly known?: Validators
  /** For the whole exchange, body included. */
  readonly timeoutMs?: number
  /** Of the body, counted while it arrives and after decompression. */
  readonly maxBytes?: number
  readonly signal?: AbortSignal
  /** Hosts that may lie in a private network; see http.ts. */
  readonly allowHosts?: readonly string[]
  /** The address that the operator wrote, when this one stood in its data; see http.ts. */
  readonly own?: string
  /** Headers for the first server only; see http.ts. */
  readonly credentials?: Readonly<Record<string, string>>
}

/** 'unchanged' is a success: the state stays, and goes on ageing by its own timestamp. */
export type Fetched =
  | { readonly kind: 'message'; readonly bytes: Uint8Array; readonly validators: Validators }
  | { readonly kind: 'unchanged' }

const TIMEOUT_MS = 10_000
/** The longest that a server may ask to be left alone (Retry-After); and how long one that wants credentials is. */
const LONGEST_PAUSE_MS = 600_000
const AUTH_PAUSE_MS = 300_000

const isUnauthorized = (status: number): boolean => status === 401 || status === 403

/** The server answered, and not with a message. */
export class FeedRefused extends FreifahrtError {
  /** Not to be asked again before so many milliseconds. */
  readonly pauseMs: number
  /** What the source's status tells: AUTH_FAILED until the operator mends the credentials, else FETCH_FAILED. */
  readonly reason: string
  readonly status: number
  constructor(where: string, status: number, pauseMs: number) {
    const unauthorized = isUnauthorized(status)
    super('FETCH_FAILED', where, `the server answered ${status}${unauthorized ? ': are the credentials right?' : ''}`)
    this.status = status
    this.pauseMs = pauseMs
    this.reason = unauthorized ? AUTH_FAILED : 'FETCH_FAILED'
  }
}

/** Throws FETCH_FAILED (unreachable, not 200/304, no http), TIMEOUT or TOO_LARGE. The address in the text has no credentials. */
export async function fetchFeed(url: string, options: FetchOptions = {}): Promise<Fetched> {
  const where = withoutSecrets(url)
  const timeout = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS)
  const signal = options.signal ? AbortSignal.any([timeout, options.signal]) : timeout
  try {
    const response = await get(url, options, signal)
    if (response.status === 304) {
      response.cancel()
      return { kind: 'unchanged' }
    }
    if (response.status !== 200) {
      response.cancel()
      throw new FeedRefused(where, response.status, pauseOf(response))
    }
    const bytes = await readBody(response, where, options.maxBytes ?? MAX_MESSAGE_BYTES)
    const etag = response.header('etag')
    const lastModified = response.header('last-modified')
    return { kind: 'message', bytes, validators: { ...(etag && { etag }), ...(lastModified && { lastModified }) } }
  } catch (error) {
    if (error instanceof FreifahrtError) throw error
    if (timeout.aborted) throw new FreifahrtError('TIMEOUT', where, 'the server took too long')
    const { message, code, name } = error as NodeJS.ErrnoException
    throw new FreifahrtError('FETCH_FAILED', where, message || code || name)
  }
}

function get(url: string, options: FetchOptions, signal: AbortSignal): Promise<HttpAnswer> {
  const { known, allowHosts, own, credentials } = options
  const headers: Record<string, string> = { accept: 'application/x-protobuf, application/octet-stream, */*' }
  if (known?.etag) headers['if-none-match'] = known.etag
  if (known?.lastModified) headers['if-modified-since'] = known.lastModified
  return httpGet(url, {
    headers,
    signal,
    ...(credentials && { credentials }),
    ...(allowHosts && { allowHosts }),
    ...(own && { own }),
  })
}

function pauseOf({ status, header }: HttpAnswer): number {
  if (isUnauthorized(status)) return AUTH_PAUSE_MS
  const said = header('retry-after')
  const ms = said === undefined ? 0 : /^\d{1,9}$/.test(said) ? Number(said) * 1000 : Date.parse(said) - Date.now()
  return Math.min(LONGEST_PAUSE_MS, Math.max(0, ms || 0))
}

async function readBody(response: HttpAnswer, where: string, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of response.body) {
    length += part.length
    if (length > maxBytes) throw new FreifahrtError('TOO_LARGE', where, `more than ${maxBytes} bytes`)
    parts.push(part)
  }
  const { buffer, byteOffset } = parts.length === 1 ? parts[0]! : Buffer.concat(parts)
  return new Uint8Array(buffer, byteOffset, length)
}
