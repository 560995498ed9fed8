// Static feeds and map extracts from the web to a file: they are large, so a broken connection goes on where it stopped, and a file that
// has not changed is not fetched again. Beside `path` lie `path.part` (what is there of a new version) and `path.http.json` (what the
// server said about either), all of which may be deleted at any time.
//
//   200 ──▶ part from its beginning       206 (If-Range held) ──▶ part goes on       304 ──▶ path is still right

import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs'
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { withoutSecrets } from '#engine/core/address.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { type HttpAnswer, httpGet } from './http.ts'

export interface DownloadOptions {
  /** Called at most ten times a second; `total` is undefined when the server does not say. */
  readonly onProgress?: (done: number, total: number | undefined) => void
  readonly signal?: AbortSignal
  /** Bytes; beyond it FEED_TOO_LARGE. */
  readonly maxBytes?: number
  /** For everything together. */
  readonly timeoutMs?: number
  /** Without a byte: then the connection counts as broken. */
  readonly idleMs?: number
  /** Connections tried in a row without a single new byte. */
  readonly attempts?: number
  /** Wait before the second attempt, doubled with each further one. */
  readonly backoffMs?: number
  /** Hosts that may lie in a private network; see http.ts. */
  readonly allowHosts?: readonly string[]
  /** Headers for the first server only, made anew for each connection; see http.ts. */
  readonly credentials?: () => Readonly<Record<string, string>>
  /** What the file has to be, if the publisher says so (hexadecimal). */
  readonly sha256?: string
}

export interface Downloaded {
  readonly path: string
  readonly bytes: number
  readonly sha256: string
  /** false: the server said that what was there is still right. */
  readonly changed: boolean
}

/** What has to hold for the bytes of the old and the new answer to belong together. */
interface HttpNote {
  readonly url: string
  readonly etag?: string
  readonly lastModified?: string
}

const defaults = { maxBytes: 8 * 2 ** 30, timeoutMs: 2 * 3600_000, idleMs: 30_000, attempts: 5, backoffMs: 1000 }

/** Fetches `url` (http or https) to `path`. Throws FETCH_FAILED, FEED_TOO_LARGE or NETWORK_UNWRITABLE; what was at `path` then stays. */
export async function download(url: string, path: string, options: DownloadOptions = {}): Promise<Downloaded> {
  const limits = { ...defaults, ...options }
  const deadline = AbortSignal.timeout(limits.timeoutMs)
  const signal = options.signal ? AbortSignal.any([deadline, options.signal]) : deadline
  const where = withoutSecrets(url)
  await mkdir(dirname(path), { recursive: true }).catch(error => {
    throw unwritable(path, error)
  })
  let fruitless = 0
  for (;;) {
    const before = sizeOf(`${path}.part`)
    try {
      const changed = await attempt(url, path, limits, signal)
      return { path, bytes: sizeOf(path), sha256: await sha256Of(path), changed }
    } catch (error) {
      if (error instanceof FreifahrtError) throw error
      if (isOfDisk(error)) throw unwritable(path, error)
      if (signal.aborted) throw failed(where, deadline.aborted ? 'took too long' : 'was cancelled')
      fruitless = sizeOf(`${path}.part`) > before ? 0 : fruitless + 1
      if (fruitless >= limits.attempts) throw failed(where, reasonOf(error))
      await sleep(limits.backoffMs * 2 ** Math.max(0, fruitless - 1), undefined, { signal }).catch(() => {})
    }
  }
}

type Limits = typeof defaults & DownloadOptions

/** One connection; returns whether the file is a new one. Whatever arrived before an error stays in the part file. */
async function attempt(url: string, path: string, limits: Limits, signal: AbortSignal): Promise<boolean> {
  const part = `${path}.part`
  const note = readNote(path, url)
  const partNote = readNote(part, url)
  const have = partNote && validatorOf(partNote) ? sizeOf(part) : 0
  const headers: Record<string, string> = { 'accept-encoding': 'identity' }
  if (have > 0) {
    headers.range = `bytes=${have}-`
    headers['if-range'] = validatorOf(partNote!)!
  } else if (note && existsSync(path)) {
    if (note.etag) headers['if-none-match'] = note.etag
    else if (note.lastModified) headers['if-modified-since'] = note.lastModified
  }

  const idle = new AbortController()
  const watchdog = setTimeout(() => idle.abort(new Error('no data')), limits.idleMs)
  try {
    const { allowHosts, credentials } = limits
    const response = await httpGet(url, {
      headers,
      signal: AbortSignal.any([signal, idle.signal]),
      bulk: true,
      ...(credentials && { credentials: credentials() }),
      ...(allowHosts && { allowHosts }),
    })
    const where = withoutSecrets(url)
    if (response.status === 304) {
      response.cancel()
      return false
    }
    if (response.status === 416) {
      response.cancel()
      // the part is as long as, or longer than, what there is now
      await rm(part, { force: true })
      throw new Error('range not satisfiable')
    }
    const resumed = response.status === 206 && startOf(response) === have
    if (response.status !== 200 && !resumed) {
      response.cancel()
      if (response.status >= 400 && response.status < 500 && response.status !== 408 && response.status !== 429)
        throw failed(where, `answered ${response.status}`)
      throw new Error(`answered ${response.status}`)
    }
    const begin = resumed ? have : 0
    const length = Number(response.header('content-length') ?? Number.NaN)
    const total = Number.isFinite(length) && !isEncoded(response) ? begin + length : undefined
    if ((total ?? 0) > limits.maxBytes) throw tooLarge(where, limits.maxBytes)

    // emptied before the note changes: old bytes must never stand beside the new version's validator
    const file = await open(part, resumed ? 'a' : 'w')
    let done = begin
    let told = 0
    try {
      if (!resumed) await writeNote(part, noteOf(url, response))
      for await (const chunk of response.body) {
        watchdog.refresh()
        done += chunk.length
        if (done > limits.maxBytes) throw tooLarge(where, limits.maxBytes)
        // `write` may stop half way, on a disk that is nearly full; this goes on or throws
        await file.writeFile(chunk)
        if (performance.now() - told > 100) {
          told = performance.now()
          limits.onProgress?.(done, total)
        }
      }
      if (total !== undefined && done !== total) throw new Error(`ended at ${done} of ${total} bytes`)
      await file.sync()
    } finally {
      await file.close()
    }
    limits.onProgress?.(done, total)
    await accept(path, where, limits.sha256)
    return true
  } finally {
    clearTimeout(watchdog)
  }
}

/** The part is complete: check it and put it in the old file's place. */
async function accept(path: string, where: string, sha256: string | undefined): Promise<void> {
  const part = `${path}.part`
  if (sha256 !== undefined) {
    const found = await sha256Of(part)
    if (found !== sha256.toLowerCase()) {
      await rm(part, { force: true })
      throw failed(where, `its SHA-256 is ${found}, expected ${sha256}`)
    }
  }
  // the note about the old file must not outlive it
  await rm(notePath(path), { force: true })
  await rename(part, path)
  await rename(notePath(part), notePath(path))
}

const startOf = (response: HttpAnswer): number =>
  Number(/^bytes (\d+)-/.exec(response.header('content-range') ?? '')?.[1] ?? Number.NaN)

const notePath = (path: string): string => `${path}.http.json`

/** Compressed although we asked for the plain bytes: lengths and ranges then mean other bytes than ours. */
const isEncoded = (response: HttpAnswer): boolean => (response.header('content-encoding') ?? 'identity') !== 'identity'

function noteOf(url: string, response: HttpAnswer): HttpNote {
  if (isEncoded(response)) return { url }
  const etag = response.header('etag')
  const lastModified = response.header('last-modified')
  return { url, ...(etag && { etag }), ...(lastModified && { lastModified }) }
}

function readNote(path: string, url: string): HttpNote | undefined {
  try {
    const note = JSON.parse(readFileSync(notePath(path), 'utf8')) as HttpNote
    return note.url === url ? note : undefined
  } catch {
    return undefined
  }
}

const writeNote = (path: string, note: HttpNote): Promise<void> => writeFile(notePath(path), JSON.stringify(note))

/** What If-Range may name: a strong ETag or a date (RFC 9110, 13.1.5). */
const validatorOf = ({ etag, lastModified }: HttpNote): string | undefined =>
  etag && !etag.startsWith('W/') ? etag : lastModified

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0

/** Hexadecimal SHA-256 of a file. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Uint8Array)
  return hash.digest('hex')
}

const DISK_CODES = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO', 'EROFS'])

/** Ours and not the server's: asking again does not help. Errors of sockets have no path. */
function isOfDisk(error: unknown): boolean {
  const { code, path } = error as NodeJS.ErrnoException
  return path !== undefined || DISK_CODES.has(code ?? '')
}

function reasonOf(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException
  return message || code || String(error)
}

const failed = (where: string, detail: string): FreifahrtError => new FreifahrtError('FETCH_FAILED', where, detail)
const unwritable = (path: string, error: unknown): FreifahrtError =>
  new FreifahrtError('NETWORK_UNWRITABLE', dirname(path), reasonOf(error))
const tooLarge = (where: string, maxBytes: number): FreifahrtError =>
  new FreifahrtError('FEED_TOO_LARGE', where, `more than ${maxBytes} bytes`)
