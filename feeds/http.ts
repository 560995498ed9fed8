// The one way out: every GET of a feed, a map or a discovery file, and what is put into an object store. An address is checked when the
// connection is made, not before, so a name that resolves to something else in between gains nothing; each redirect is checked again.
//
//   feeds.example.org      public addresses only, unless `allowHosts` names it
//   127.0.0.1, localhost   allowed when the operator wrote exactly this host and port as the feed's own address
//   redirects              at most three, never from https to http, never to another private host; credentials go no further than the first server

import { lookup as dnsLookup, type LookupAddress } from 'node:dns'
import * as http from 'node:http'
import * as https from 'node:https'
import { isIP } from 'node:net'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib'
import { withoutSecrets } from '#engine/core/address.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { isPrivate } from './private-addresses.ts'

export interface GetOptions {
  readonly headers?: Readonly<Record<string, string>>
  /** Headers for the first server only: wherever it redirects to learns nothing of them. */
  readonly credentials?: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  /** `NAME` or `NAME:PORT` of hosts that may lie in a private network. */
  readonly allowHosts?: readonly string[]
  /** A file that takes its time: it shares no connections with what is polled. */
  readonly bulk?: boolean
  /**
   * The address that the operator wrote, when the one asked for stood in its data: a plain 127.0.0.1 in there is not meant, unless it is the
   * very host and port that the operator wrote.
   */
  readonly own?: string
  /** For tests: what a name resolves to. */
  readonly resolve?: (name: string) => Promise<readonly string[]>
}

export interface HttpAnswer {
  readonly status: number
  header(name: string): string | undefined
  /** Decompressed; may break off with an error at any moment. */
  readonly body: AsyncIterable<Uint8Array>
  /** Nobody reads the body. */
  cancel(): void
}

const MAX_REDIRECTS = 3
// two sockets per host: a slow one must not fill this process with connections. Two more for files: a timetable that drips holds up no poll.
// A socket opened because its host was allowed is not for others
const pool = () => ({
  'http:': new http.Agent({ keepAlive: true, maxSockets: 2 }),
  'https:': new https.Agent({ keepAlive: true, maxSockets: 2 }),
})
const pools = () => ({ allowed: pool(), public: pool() })
const polls = pools()
const files = pools()

/** Throws FETCH_FAILED for an address that may not be asked; whatever the network says comes as it is. */
export async function httpGet(address: string, options: GetOptions): Promise<HttpAnswer> {
  let url = parsed(address)
  const own = options.own === undefined ? hostPort(url) : hostPort(parsed(options.own))
  const user = url.username === '' ? undefined : basic(url)
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const proof = hops === 0 && { ...(user !== undefined && { authorization: user }), ...options.credentials }
    const message = await once(url, { ...options.headers, ...proof }, options, own)
    const { statusCode = 0 } = message
    const { location } = message.headers
    if (statusCode < 300 || statusCode > 399 || statusCode === 304 || location === undefined) return answerOf(message)
    message.destroy()
    const next = URL.parse(location, url)
    if (!next) throw refused(url, 'redirects to no address')
    if (!/^https?:$/.test(next.protocol)) throw refused(next, 'is neither http:// nor https://')
    if (url.protocol === 'https:' && next.protocol === 'http:') throw refused(url, 'redirects from https:// to http://')
    next.username = next.password = ''
    url = next
  }
  throw refused(parsed(address), `redirects more than ${MAX_REDIRECTS} times`)
}

export interface SendOptions extends Omit<GetOptions, 'own' | 'bulk'> {
  readonly body?: { readonly bytes: number; readonly parts: AsyncIterable<Uint8Array> }
}

/** Asks for what is no GET, at this address and no other. Throws FETCH_FAILED for an address that may not be asked or leads elsewhere. */
export async function httpSend(
  method: 'HEAD' | 'PUT' | 'DELETE',
  address: string,
  options: SendOptions,
): Promise<HttpAnswer> {
  const url = parsed(address)
  const { body } = options
  const headers = {
    ...options.headers,
    ...(url.username !== '' && { authorization: basic(url) }),
    ...options.credentials,
    ...(body && { 'content-length': String(body.bytes) }),
  }
  const answer = answerOf(await once(url, headers, { ...options, bulk: true }, hostPort(url), method, body?.parts))
  if (answer.status < 300 || answer.status > 399) return answer
  answer.cancel()
  throw refused(url, 'redirects: give the address that it has in truth')
}

function parsed(address: string): URL {
  const url = URL.parse(address)
  if (!url || !/^https?:$/.test(url.protocol))
    throw new FreifahrtError('FETCH_FAILED', withoutSecrets(address), 'is neither http:// nor https://')
  return url
}

function once(
  url: URL,
  headers: Record<string, string>,
  { signal, allowHosts = [], bulk = false, resolve }: GetOptions,
  own: string | undefined,
  method = 'GET',
  body?: AsyncIterable<Uint8Array>,
): Promise<http.IncomingMessage> {
  const name = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  const literal = isIP(name) > 0 || name === 'localhost' || name.endsWith('.localhost')
  const allowed = allowHosts.includes(name) || allowHosts.includes(hostPort(url)) || (literal && hostPort(url) === own)
  const isRefused = (address: string): boolean => !allowed && isPrivate(address)
  if (isIP(name) > 0 && isRefused(name)) return Promise.reject(refused(url, PRIVATE))
  const lookup = (
    host: string,
    wish: { all?: boolean; family?: number | string },
    done: (...result: never[]) => void,
  ) => {
    const answer = done as (error: Error | null, address?: string | LookupAddress[], family?: number) => void
    resolveAll(host, resolve).then(
      found => {
        // one private address among public ones is no accident
        if (found.length === 0 || found.some(({ address }) => isRefused(address))) return answer(refused(url, PRIVATE))
        if (wish.all) answer(null, [...found])
        else answer(null, found[0]!.address, found[0]!.family)
      },
      (error: Error) => answer(error),
    )
  }
  return new Promise((resolveMessage, reject) => {
    const target = {
      method,
      protocol: url.protocol,
      hostname: name,
      port: url.port,
      path: `${url.pathname}${url.search}`,
      headers: { 'user-agent': 'freifahrt', 'accept-encoding': 'gzip, deflate, br, zstd', ...headers, host: url.host },
      lookup: lookup as never,
      signal,
      agent: (bulk ? files : polls)[allowed ? 'allowed' : 'public'][url.protocol as 'http:' | 'https:'],
      servername: name,
    }
    const request = url.protocol === 'https:' ? https.request(target) : http.request(target)
    request.once('response', resolveMessage)
    // a server that has answered may still cut off what it is being sent
    request.on('error', reject)
    if (body) pipeline(body, request).catch(reject)
    else request.end()
  })
}

const PRIVATE = 'leads into a private network: name the host in `allowHosts` if it is one of your own'

async function resolveAll(host: string, resolve: GetOptions['resolve']): Promise<readonly LookupAddress[]> {
  if (resolve) return (await resolve(host)).map(address => ({ address, family: isIP(address) }))
  return new Promise((done, fail) => {
    dnsLookup(host, { all: true }, (error, found) => (error ? fail(error) : done(found)))
  })
}

function answerOf(message: http.IncomingMessage): HttpAnswer {
  return {
    status: message.statusCode ?? 0,
    header: name => {
      const value = message.headers[name]
      return Array.isArray(value) ? value.join(', ') : value
    },
    body: decoded(message),
    // an answer without a body leaves its connection for the next
    cancel: () => void (message.statusCode === 304 ? message.resume() : message.destroy()),
  }
}

const decoders = new Map<string, () => NodeJS.ReadWriteStream & Readable>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
  ['zstd', createZstdDecompress],
])

/** The message's bytes, decompressed while they arrive. */
async function* decoded(message: http.IncomingMessage): AsyncGenerator<Uint8Array> {
  const make = decoders.get(message.headers['content-encoding'] ?? '')
  try {
    if (make === undefined) yield* message as AsyncIterable<Uint8Array>
    else {
      const decoder = make()
      message.once('error', error => decoder.destroy(error))
      message.once('aborted', () => decoder.destroy(new Error('the connection broke off')))
      yield* message.pipe(decoder) as AsyncIterable<Uint8Array>
    }
  } finally {
    if (!message.complete) message.destroy()
  }
}

const hostPort = (url: URL): string =>
  `${url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')}:${url.port || (url.protocol === 'https:' ? 443 : 80)}`

const basic = ({ username, password }: URL): string =>
  `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`

const refused = (url: URL, detail: string): FreifahrtError =>
  new FreifahrtError('FETCH_FAILED', withoutSecrets(url.href), detail)
