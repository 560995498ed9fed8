// What a browser may do with an answer, and pages of which origins may read it.

import cors from '@fastify/cors'
import type { FastifyReply } from 'fastify'
import type { ApiConfig } from '#api/config.ts'
import type { App } from '#api/fastify.ts'
import { perNetwork } from '#api/network.ts'
import type { TransitService } from '#workers/service.ts'

const contentSecurity = [
  "default-src 'self'",
  "script-src 'self'",
  // the map's own threads, and what it draws
  "worker-src 'self' blob:",
  "img-src 'self' data: blob:",
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self' ws: wss:",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'self'",
]

/** The headers that helmet sets, by name. Answers are for every page that may ask; TLS, and with it HSTS, belongs to the proxy in front. */
const security = {
  'content-security-policy': contentSecurity.join(';'),
  'cross-origin-resource-policy': 'cross-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'SAMEORIGIN',
  'x-permitted-cross-domain-policies': 'none',
  'x-xss-protection': '0',
}

const exposed = [
  'link',
  'etag',
  'x-request-id',
  'retry-after',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
]

/** Of every answer: what is sent plain to one, a 304 or to HEAD, is packed for another. */
const PACKED = 'accept-encoding'

/** What stands on every answer of a network. */
export const standingHeaders = perNetwork((service): Readonly<Record<string, string>> => {
  const license = licenseLink(service)
  return { server: 'Freifahrt (MOTIS 2 API)', vary: PACKED, ...(license && { link: license }), ...security }
})

export function installSecurity(app: App, { origins }: Pick<ApiConfig, 'origins'>): void {
  app.addHook('onRequest', ({ service }, reply, done) => {
    reply.headers(standingHeaders(service))
    done()
  })
  app.register(cors, { origin: origins.includes('*') ? '*' : [...origins], exposedHeaders: exposed })
}

/** The answer depends on this header of the request too. */
export const varyOn = (reply: FastifyReply, header: string): void => {
  reply.header('vary', [reply.getHeader('vary') ?? [], header].flat().join(', '))
}

/** What the same plugin says to a page of this origin that asks without a preflight. */
export function corsHeaders(origins: readonly string[], origin: string | undefined): Readonly<Record<string, string>> {
  const expose = { 'access-control-expose-headers': exposed.join(', ') }
  if (origins.includes('*')) return { 'access-control-allow-origin': '*', ...expose }
  const allowed = origin !== undefined && origins.includes(origin)
  return { vary: 'Origin', ...(allowed && { 'access-control-allow-origin': origin }), ...expose }
}

/** MOTIS clients show this link as the data's licence; the feed's address as headers can say it, whatever letters it is written in. */
function licenseLink(service: TransitService): string | undefined {
  const url = URL.parse(service.attributions.find(a => a.url)?.url ?? '')
  return url && /^https?:$/.test(url.protocol) ? `<${url.href}>; rel="license"` : undefined
}
