// What a map and a search field ask while somebody looks and types, over HTTP: tiles that are kept, and names. Beside the same server's empty
// answer; and what the tiles of a city weigh.

import { startServer } from '#api/server.ts'
import { E7 } from '#engine/core/geo.ts'
import { rootStop } from '#engine/timetable/timetable.ts'
import type { SharedClock } from '#workers/clock.ts'
import type { OpenNetwork } from '#workers/network.ts'
import { startService } from '#workers/start.ts'
import { count, figure, type Row, ratio } from './harness.ts'
import { load } from './server.bench.ts'

export interface MapSubject {
  readonly name: string
  readonly network: OpenNetwork
  readonly clock: SharedClock
  /** What people type, and what they mean by it. */
  readonly typed: readonly (readonly [string, string])[]
}

const planWorker = new URL('../api/plan.worker.ts', import.meta.url)
const ZOOMS = [10, 11, 12, 13, 14, 15, 16]
const TILES_A_ZOOM = 40
/** How soon, not how many: one question after the other. */
const ONE_READER = 1

export async function mapRows({ name, network, clock, typed }: MapSubject): Promise<Row[]> {
  const service = await startService({ network, clock, planWorker, threads: 1 })
  const server = await startServer(service, { port: 0, requestsPerMinute: 0 })
  try {
    const tiles = tilesOver(network).map(tile => ({ path: `/tiles/${tile}.mvt` }))
    let bytes = 0
    for (const { path } of tiles) {
      const answer = await fetch(server.url + path)
      if (!answer.ok) throw new Error(`${path}: ${answer.status}`)
      bytes += (await answer.bytes()).length
    }
    const names = typed.map(([text]) => ({ path: `/api/v1/geocode?text=${encodeURIComponent(text)}` }))
    const health = [{ path: '/api/v1/health' }]
    for (const requests of [health, tiles, names]) await load(server.url, requests, 2000)
    // in turns, the better of two: what else the machine does seldom hits both
    const asked = (requests: { path: string }[]) => load(server.url, requests, 3000, ONE_READER)
    const round = async () => ({ plain: await asked(health), tile: await asked(tiles), typing: await asked(names) })
    const rounds = [await round(), await round()]
    const better = (what: 'plain' | 'tile' | 'typing') => rounds.map(r => r[what]).sort((a, b) => a.cpu - b.cpu)[0]!
    const [plain, tile, typing] = [better('plain'), better('tile'), better('typing')]
    return [
      figure(`${name}, warm tile over HTTP: p99`, tile.result.latency.p99, 'ms'),
      ratio(`${name}, warm tile over HTTP: CPU, an empty answer = 1`, tile.cpu / plain.cpu),
      count(`${name}, bytes a tile, not compressed`, bytes / tiles.length),
      figure(`${name}, geocode over HTTP: p99`, typing.result.latency.p99, 'ms'),
      ratio(`${name}, geocode over HTTP: CPU, an empty answer = 1`, typing.cpu / plain.cpu),
    ]
  } finally {
    await server.close()
    await service.close()
  }
}

/** z/x/y of the tiles that stations lie in, of each zoom the first ones. */
function tilesOver({ timetable: tt }: OpenNetwork): string[] {
  const stations = Array.from(tt.stopLat.keys()).filter(stop => rootStop(tt, stop as never) === stop)
  return ZOOMS.flatMap(z => {
    const tiles = stations.map(stop => {
      const [lat, lon] = [tt.stopLat[stop as never]! / E7, tt.stopLon[stop as never]! / E7]
      const y = (1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2
      return [z, Math.floor(((lon + 180) / 360) * 2 ** z), Math.floor(y * 2 ** z)].join('/')
    })
    return [...new Set(tiles)].slice(0, TILES_A_ZOOM)
  })
}
