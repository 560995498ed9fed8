// The simulator as a producer on the loopback interface, the way a real one would answer: GET with ETag and Last-Modified, 304 while
// nothing is newer. The clock is passed in; a fast one makes a fast city.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BikeShare } from './bikes.ts'
import type { Simulator } from './simulator.ts'
import type { Parts } from './trip-updates.ts'

const PATHS: ReadonlyMap<string, Parts> = new Map([
  ['/gtfs-rt.pb', { tripUpdates: true, vehiclePositions: true, alerts: true }],
  ['/trip-updates.pb', { tripUpdates: true }],
  ['/vehicle-positions.pb', { vehiclePositions: true }],
  ['/alerts.pb', { alerts: true }],
])

const BIKES = '/gbfs/'

export interface SimulatorServer {
  /** `http://127.0.0.1:PORT`; the message with everything is at `/gtfs-rt.pb`, bicycles for rent at `/gbfs/gbfs.json`. */
  readonly url: string
  close(): Promise<void>
}

export interface SimulatorOptions {
  readonly simulator: Simulator
  readonly bikes?: BikeShare
  /** Unix seconds. */
  readonly clock: () => number
  /** 0 = any free one. */
  readonly port?: number
  /** Seconds from one message to the next, ≥ 1. */
  readonly interval?: number
}

/** On the loopback interface; resolves when it listens. */
export async function serveSimulator(options: SimulatorOptions): Promise<SimulatorServer> {
  const { simulator, bikes, clock, port = 0, interval = 1 } = options
  // the newest message of each path: many may ask within its second
  const newest = new Map<string, { at: number; bytes: Uint8Array }>()
  const message = (path: string, parts: Parts, at: number): Uint8Array => {
    const last = newest.get(path)
    if (last?.at === at) return last.bytes
    const bytes = simulator.messageAt(at, parts)
    newest.set(path, { at, bytes })
    return bytes
  }

  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?', 1)[0]!
    const parts = PATHS.get(path)
    const at = Math.floor(clock() / interval) * interval
    const document = path.startsWith(BIKES) ? bikes?.document(path.slice(BIKES.length), at) : undefined
    if (request.method !== 'GET' && request.method !== 'HEAD') return end(response, 405, { allow: 'GET, HEAD' })
    if (!parts && !document) return end(response, 404)
    const headers = {
      etag: `"${simulator.seed}-${at}"`,
      'last-modified': new Date(at * 1000).toUTCString(),
      'cache-control': 'no-cache',
    }
    if (isFresh(request, headers.etag, at)) return end(response, 304, headers)
    const bytes = parts ? message(path, parts, at) : Buffer.from(JSON.stringify(document))
    const type = parts ? 'application/x-protobuf' : 'application/json'
    response.writeHead(200, { ...headers, 'content-type': type, 'content-length': bytes.length })
    response.end(request.method === 'HEAD' ? undefined : bytes)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function end(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, headers)
  response.end()
}

/** RFC 9110 §13.2.2: the tag decides when there is one, else the date. */
function isFresh(request: IncomingMessage, etag: string, at: number): boolean {
  const tags = request.headers['if-none-match']
  if (tags !== undefined) return tags === '*' || tags.split(',').some(tag => tag.trim().replace(/^W\//, '') === etag)
  const since = Date.parse(request.headers['if-modified-since'] ?? '')
  return at * 1000 <= since
}
