// The same answer is not sent twice: whoever says what it has, and has what it would get, hears 304. What a route itself knows better (a tile's
// network, a file's date) it says itself; a stream goes out as it is: left aside it would keep its file open.

import { hash } from 'node:crypto'
import type { App } from '#api/fastify.ts'

export function installEtag(app: App): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    const isWhole = typeof payload === 'string' || Buffer.isBuffer(payload)
    if (reply.statusCode !== 200 || request.method === 'POST' || !isWhole) return done(null, payload)
    let tag = reply.getHeader('etag')
    if (tag === undefined) {
      tag = `W/"${hash('sha1', payload, 'base64')}"`
      reply.header('etag', tag)
    }
    const known = request.headers['if-none-match']
    if (known === undefined || typeof tag !== 'string' || !names(known, tag)) return done(null, payload)
    reply.code(304)
    done(null, '')
  })
}

/** By the weak comparison (RFC 9110, 13.1.2): the same but for `W/`. */
const names = (known: string, tag: string): boolean =>
  known.trim() === '*' || known.split(',').some(one => opaque(one.trim()) === opaque(tag))
const opaque = (tag: string): string => (tag.startsWith('W/') ? tag.slice(2) : tag)
