// Signed requests to an object store, as S3 and whatever speaks like it want them: Signature Version 4 in the Authorization header (AWS,
// "Signature Calculations for the Authorization Header"). The body is signed by its SHA-256, so a store refuses what arrives otherwise.

import { createHash, createHmac } from 'node:crypto'
import { withoutSecrets } from '#engine/core/address.ts'
import { FreifahrtError } from '#engine/core/errors.ts'

export interface StoreKeys {
  readonly id: string
  readonly secret: string
  readonly region: string
  /** Of keys that are lent for a while. */
  readonly session?: string
}

export interface ToSign {
  readonly method: string
  readonly url: URL
  /** To be signed besides those that always are; names in lower case. */
  readonly headers?: Readonly<Record<string, string>>
  /** Of the body, hexadecimal. */
  readonly sha256: string
}

/** SHA-256 of no bytes. */
export const NOTHING = createHash('sha256').digest('hex')

/** The headers that prove who asks, good for a quarter of an hour. @param now Unix milliseconds @throws BAD_REQUEST */
export function signatureHeaders({ method, url, headers, sha256 }: ToSign, keys: StoreKeys, now: number) {
  const time = new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '')
  const proof: Record<string, string> = {
    'x-amz-content-sha256': sha256,
    'x-amz-date': time,
    ...(keys.session && { 'x-amz-security-token': keys.session }),
  }
  const signed = Object.entries({ ...headers, ...proof, host: url.host }).sort(byName)
  const names = signed.map(([name]) => name).join(';')
  const canonical = [
    method,
    decodedPath(url).map(encoded).join('/'),
    [...url.searchParams]
      .map(([name, value]): [string, string] => [encoded(name), encoded(value)])
      .sort(byName)
      .map(pair => pair.join('='))
      .join('&'),
    ...signed.map(([name, value]) => `${name}:${value.trim()}`),
    '',
    names,
    sha256,
  ].join('\n')
  const scope = `${time.slice(0, 8)}/${keys.region}/s3/aws4_request`
  const text = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${createHash('sha256').update(canonical).digest('hex')}`
  const key = scope.split('/').reduce<string | Buffer>((last, word) => hmac(last, word), `AWS4${keys.secret}`)
  const signature = hmac(key, text).toString('hex')
  return {
    ...proof,
    authorization: `AWS4-HMAC-SHA256 Credential=${keys.id}/${scope},SignedHeaders=${names},Signature=${signature}`,
  }
}

function decodedPath(url: URL): string[] {
  try {
    return url.pathname.split('/').map(decodeURIComponent)
  } catch {
    const detail = "cannot be signed: a '%' that begins no character; write '%25'"
    throw new FreifahrtError('BAD_REQUEST', withoutSecrets(url.href), detail)
  }
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()

/** Everything but RFC 3986's unreserved characters, which encodeURIComponent leaves more of. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, c => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)

const byName = ([a]: readonly string[], [b]: readonly string[]): number => (a! < b! ? -1 : a! > b! ? 1 : 0)
