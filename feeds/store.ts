// An object store as S3 and many others speak: objects by name below one address, got, put and removed over plain HTTP. Everything goes the
// project's one way out (http.ts), so a store in a private network is named in `allowHosts`.

import { createReadStream } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { withoutSecrets } from '#engine/core/address.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { type DownloadOptions, download } from './download.ts'
import { httpSend } from './http.ts'
import { FeedRefused, fetchFeed } from './realtime/fetch.ts'
import { NOTHING, type StoreKeys, signatureHeaders } from './signature.ts'

/** Plain data: threads are given it. */
export interface Store {
  /** `https://HOST/BUCKET/PREFIX`; a query (a key that the store wants) is sent with every request. */
  readonly url: string
  /** Requests are signed with these; without, they are plain. */
  readonly keys?: StoreKeys
  readonly allowHosts?: readonly string[]
  /** How long a connection is waited for, and how often; see download.ts. */
  readonly patience?: Pick<DownloadOptions, 'idleMs' | 'timeoutMs' | 'attempts' | 'backoffMs'>
}

export interface StoredFile {
  readonly sha256: string
  readonly bytes: number
}

export interface SmallObject {
  readonly text: string
  readonly etag?: string
}

/** @throws FETCH_FAILED, TIMEOUT, TOO_LARGE @returns undefined: there is none; 'unchanged': it still is the one of this ETag */
export async function getSmall(
  store: Store,
  name: string,
  maxBytes: number,
  known?: string,
): Promise<SmallObject | 'unchanged' | undefined> {
  const url = addressOf(store, name)
  try {
    const fetched = await fetchFeed(url, {
      maxBytes,
      credentials: sign(store, 'GET', url, NOTHING),
      ...(known !== undefined && { known: { etag: known } }),
      ...(store.allowHosts && { allowHosts: store.allowHosts }),
      ...(store.patience?.idleMs !== undefined && { timeoutMs: store.patience.idleMs }),
    })
    if (fetched.kind === 'unchanged') return 'unchanged'
    const { etag } = fetched.validators
    return { text: new TextDecoder().decode(fetched.bytes), ...(etag !== undefined && { etag }) }
  } catch (error) {
    if (error instanceof FeedRefused && error.status === 404) return undefined
    throw error
  }
}

/** One object to a file, whole and with this digest; a connection that breaks off goes on where it was. @throws as `download` */
export async function getFile(
  store: Store,
  name: string,
  path: string,
  { sha256, bytes }: StoredFile,
  options: Pick<DownloadOptions, 'signal' | 'onProgress'>,
): Promise<void> {
  const url = addressOf(store, name)
  await download(url, path, {
    ...store.patience,
    ...options,
    sha256,
    maxBytes: bytes,
    credentials: () => sign(store, 'GET', url, NOTHING),
    ...(store.allowHosts && { allowHosts: store.allowHosts }),
  })
}

/** Is it there, in this length? What cannot be asked counts as missing. @throws FETCH_FAILED for an address that may not be asked */
export async function hasObject(store: Store, name: string, bytes: number): Promise<boolean> {
  try {
    const answer = await send(store, 'HEAD', name, NOTHING)
    return answer.status === 200 && Number(answer.header('content-length')) === bytes
  } catch (error) {
    if (error instanceof FreifahrtError) throw error
    return false
  }
}

/** Bytes of a file, from `begin` on. @throws FETCH_FAILED */
export async function putFile(
  store: Store,
  name: string,
  path: string,
  { sha256, bytes, begin = 0 }: StoredFile & { readonly begin?: number },
): Promise<void> {
  const range = { start: begin, end: begin + bytes - 1, highWaterMark: 1 << 18 }
  await put(store, name, sha256, bytes, () => createReadStream(path, range))
}

/** @throws FETCH_FAILED */
export async function putText(store: Store, name: string, text: string, sha256: string): Promise<void> {
  const bytes = Buffer.from(text)
  await put(store, name, sha256, bytes.length, () => [bytes])
}

/** @returns is it gone? One that was not there is. */
export async function removeObject(store: Store, name: string): Promise<boolean> {
  try {
    const { status } = await send(store, 'DELETE', name, NOTHING)
    return (status >= 200 && status < 300) || status === 404
  } catch {
    return false
  }
}

async function put(
  store: Store,
  name: string,
  sha256: string,
  bytes: number,
  body: () => Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  const { attempts = ATTEMPTS, backoffMs = BACKOFF_MS } = store.patience ?? {}
  for (let attempt = 1; ; attempt++) {
    let reason: string
    let again = true
    try {
      const { status } = await send(store, 'PUT', name, sha256, { bytes, parts: body() })
      if (status >= 200 && status < 300) return
      reason = `the store answered ${status}`
      again = status >= 500 || status === 408 || status === 429
    } catch (error) {
      if (error instanceof FreifahrtError) throw error
      reason = (error as Error).message || String((error as NodeJS.ErrnoException).code)
    }
    if (!again || attempt >= attempts)
      throw new FreifahrtError('FETCH_FAILED', withoutSecrets(addressOf(store, name)), `cannot be stored: ${reason}`)
    await sleep(backoffMs * 2 ** (attempt - 1))
  }
}

const ATTEMPTS = 5
const BACKOFF_MS = 1000
const IDLE_MS = 30_000

async function send(
  store: Store,
  method: 'HEAD' | 'PUT' | 'DELETE',
  name: string,
  sha256: string,
  body?: { readonly bytes: number; readonly parts: Iterable<Uint8Array> | AsyncIterable<Uint8Array> },
) {
  const idle = new AbortController()
  const watchdog = setTimeout(
    () => idle.abort(new Error('the store does not go on')),
    store.patience?.idleMs ?? IDLE_MS,
  )
  const watched = async function* () {
    for await (const part of body!.parts) {
      watchdog.refresh()
      yield part
    }
  }
  const url = addressOf(store, name)
  try {
    const answer = await httpSend(method, url, {
      credentials: sign(store, method, url, sha256),
      signal: idle.signal,
      ...(store.allowHosts && { allowHosts: store.allowHosts }),
      ...(body && { body: { bytes: body.bytes, parts: watched() } }),
    })
    answer.cancel()
    return answer
  } finally {
    clearTimeout(watchdog)
  }
}

const sign = ({ keys }: Store, method: string, url: string, sha256: string): Record<string, string> =>
  keys === undefined ? {} : signatureHeaders({ method, url: new URL(url), sha256 }, keys, Date.now())

/** @throws BAD_REQUEST */
function addressOf(store: Store, name: string): string {
  const url = URL.parse(store.url)
  if (!url) throw new FreifahrtError('BAD_REQUEST', withoutSecrets(store.url), 'is no address of an object store')
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${name}`
  url.hash = ''
  return url.href
}
