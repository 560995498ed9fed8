// One GET of a realtime feed: conditional (K6), bounded in time and size, http(s) only. When to ask again is in polling.ts.

import { FreifahrtError } from '#engine/core/errors.ts'
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
}

/** 'unchanged' is a success: the state stays, and goes on ageing by its own timestamp. */
export type Fetched =
  | { readonly kind: 'message'; readonly bytes: Uint8Array; readonly validators: Validators }
  | { readonly kind: 'unchanged' }

const TIMEOUT_MS = 10_000
const MAX_REDIRECTS = 3

/** Throws FETCH_FAILED (unreachable, not 200/304, no http), TIMEOUT or TOO_LARGE. The address in the text has no credentials. */
export async function fetchFeed(url: string, options: FetchOptions = {}): Promise<Fetched> {
  const where = redact(url)
  const timeout = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS)
  const signal = options.signal ? AbortSignal.any([timeout, options.signal]) : timeout
  try {
    const response = await get(url, options.known, signal)
    if (response.status === 304) return { kind: 'unchanged' }
    if (response.status !== 200) {
      await response.body?.cancel()
      throw new FreifahrtError('FETCH_FAILED', where, `the server answered ${response.status}`)
    }
    const bytes = await readBody(response, where, options.maxBytes ?? MAX_MESSAGE_BYTES)
    const etag = response.headers.get('etag')
    const lastModified = response.headers.get('last-modified')
    return { kind: 'message', bytes, validators: { ...(etag && { etag }), ...(lastModified && { lastModified }) } }
  } catch (error) {
    if (error instanceof FreifahrtError) throw error
    if (timeout.aborted) throw new FreifahrtError('TIMEOUT', where, 'the server took too long')
    // fetch says only "fetch failed"; the reason is one level down
    const { message, cause } = error as Error
    throw new FreifahrtError('FETCH_FAILED', where, cause instanceof Error ? cause.message || cause.name : message)
  }
}

async function get(url: string, known: Validators | undefined, signal: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/x-protobuf, application/octet-stream, */*' }
  if (known?.etag) headers['if-none-match'] = known.etag
  if (known?.lastModified) headers['if-modified-since'] = known.lastModified
  let address = URL.parse(url)
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    if (address?.protocol !== 'http:' && address?.protocol !== 'https:')
      throw new FreifahrtError('FETCH_FAILED', redact(url), 'only http and https addresses are fetched')
    const response = await fetch(withoutUser(address), {
      headers: address.username ? { ...headers, authorization: basic(address) } : headers,
      signal,
      redirect: 'manual',
    })
    const location = response.headers.get('location')
    if (response.status < 300 || response.status > 399 || response.status === 304 || location === null) return response
    await response.body?.cancel()
    // a user in the first address is not carried on to wherever it leads
    address = URL.parse(location, withoutUser(address))
  }
  throw new FreifahrtError('FETCH_FAILED', redact(url), `more than ${MAX_REDIRECTS} redirects`)
}

async function readBody(response: Response, where: string, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of response.body ?? []) {
    length += part.length
    if (length > maxBytes) throw new FreifahrtError('TOO_LARGE', where, `more than ${maxBytes} bytes`)
    parts.push(part)
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts)
}

/** fetch refuses addresses with a user and a password, and quotes them in its error. */
function withoutUser(address: URL): URL {
  const plain = new URL(address)
  plain.username = plain.password = ''
  return plain
}

const basic = ({ username, password }: URL): string =>
  `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`

/** Keys travel in the query or the user part: neither may reach a log. */
function redact(url: string): string {
  const parsed = URL.parse(url)
  return parsed ? `${parsed.protocol}//${parsed.host}${parsed.pathname}` : 'an address that is none'
}
