// Vector tiles of this network, made when first asked for and kept: no other server learns where a rider looks.
//
//   GET /tiles/{z}/{x}/{y}.mvt    Mapbox Vector Tile 2; layers as MOTIS', and transit_lines, transit_stops
//   GET /tiles/style.json         a style for MapLibre, ?theme=light|dark; its names need no glyphs (MapLibre draws them itself)
//   GET /tiles/tiles.json         TileJSON 3
//   GET /tiles/glyphs/{fontstack}/{range}.pbf   letters for styles that ask for them, as MOTIS' does

import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { App } from '#api/fastify.ts'
import { perNetwork } from '#api/network.ts'
import { choice, list, or, text } from '#api/plugins/parameters.ts'
import { goneSignal } from '#api/plugins/requests.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { MAX_ZOOM, type Tile } from '#engine/ground/mercator.ts'
import type { Question, TransitService } from '#workers/service.ts'
import type { GlyphRange } from './glyphs/glyphs.ts'
import { KeptAnswers } from './kept.ts'
import { tileLayers } from './layers.ts'
import { tileStyle } from './style.ts'

/** All that is kept together. */
const MAX_CACHED_BYTES = 64 * 1024 * 1024
const DAY_CACHE = 'public, max-age=86400'

export function tileRoutes(app: App): void {
  const keptOf = perNetwork(() => new KeptAnswers(MAX_CACHED_BYTES))

  async function answer(request: FastifyRequest, reply: FastifyReply, question: Question, type: string) {
    const { service } = request
    const { plain, gzip, etag } = await keptOf(service).get(JSON.stringify(question), () =>
      service.ask(question, undefined, { signal: goneSignal(reply) }),
    )
    reply.header('etag', etag).header('cache-control', DAY_CACHE)
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
    reply.type(type)
    if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return reply.send(plain)
    return reply.header('content-encoding', 'gzip').send(gzip)
  }

  const language = { language: or(list(text(35)), []) }
  const TileParams = Type.Object({ z: Type.String(), x: Type.String(), y: Type.String() })
  const TileQuery = Type.Object(language)
  app.get('/tiles/:z/:x/:y', { schema: { params: TileParams, querystring: TileQuery } }, (request, reply) => {
    const question = { kind: 'tile', ...readTile(request.params), language: request.query.language }
    return answer(request, reply, question, 'application/vnd.mapbox-vector-tile')
  })

  app.get<{ Params: { fontstack: string; range: string } }>('/tiles/glyphs/:fontstack/:range', (request, reply) =>
    answer(request, reply, { kind: 'glyphs', ...readGlyphRange(request.params) }, 'application/x-protobuf'),
  )

  const StyleQuery = Type.Object({ theme: or(choice('light', 'dark'), 'light'), ...language })
  app.get('/tiles/style.json', { schema: { querystring: StyleQuery } }, (request, reply) => {
    reply.header('cache-control', 'public, max-age=3600')
    const { theme, language } = request.query
    return tileStyle(theme, tilesOf(request, language), attributionOf(request.service))
  })

  app.get('/tiles/tiles.json', { schema: { querystring: TileQuery } }, (request, reply) => {
    const { service } = request
    const [west, south, east, north] = service.bounds
    reply.header('cache-control', 'public, max-age=3600')
    return {
      tilejson: '3.0.0',
      tiles: [tilesOf(request, request.query.language)],
      minzoom: 0,
      maxzoom: MAX_ZOOM,
      bounds: [west, south, east, north],
      attribution: attributionOf(service),
      vector_layers: tileLayers,
    }
  })
}

/** Where the tiles are, with names in the languages that were asked for. */
const tilesOf = ({ protocol, host }: FastifyRequest, language: readonly string[]): string =>
  `${protocol}://${host}/tiles/{z}/{x}/{y}.mvt${language.length > 0 ? `?language=${language.map(encodeURIComponent)}` : ''}`

/** Throws BAD_REQUEST. */
function readTile(given: { z: string; x: string; y: string }): Tile {
  const bad = (where: string, detail: string): FreifahrtError => new FreifahrtError('BAD_REQUEST', where, detail)
  const whole = (where: 'z' | 'x' | 'y', text: string, most: number): number => {
    if (!/^\d{1,7}$/.test(text)) throw bad(where, `'${text.slice(0, 20)}' is no number of a tile`)
    const value = Number(text)
    if (value > most) throw bad(where, `${value} is not within 0 … ${most}`)
    return value
  }
  const z = whole('z', given.z, MAX_ZOOM)
  if (!/\.(mvt|pbf)$/.test(given.y)) throw bad('y', 'a tile is asked for as /tiles/{z}/{x}/{y}.mvt')
  return { z, x: whole('x', given.x, 2 ** z - 1), y: whole('y', given.y.slice(0, -4), 2 ** z - 1) }
}

/** Whatever the fonts are called: their weight is kept. Throws BAD_REQUEST. */
function readGlyphRange({ fontstack, range }: { fontstack: string; range: string }): GlyphRange {
  const [, first, last] = /^(\d{1,5})-(\d{1,5})\.pbf$/.exec(range)?.map(Number) ?? []
  if (first === undefined || first % 256 !== 0 || first > 0xff00 || last !== first + 255)
    throw new FreifahrtError('BAD_REQUEST', 'range', 'glyphs are asked for by 256, from 0-255.pbf to 65280-65535.pbf')
  return { weight: /bold|black|heavy/i.test(fontstack) ? 'bold' : 'regular', first }
}

/** As HTML, for maps' corners. */
function attributionOf({ attributions }: TransitService): string {
  const asHtml = (text: string): string =>
    text.replace(/[&<>"]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!)
  return attributions
    .map(({ text, url }) =>
      url && /^https?:\/\//.test(url) ? `<a href="${asHtml(url)}">${asHtml(text)}</a>` : asHtml(text),
    )
    .join(' · ')
}
