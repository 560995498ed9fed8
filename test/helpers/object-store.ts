// An object store on loopback: objects in memory, ETags, ranges, and whatever goes wrong on request.

import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ObjectStore {
  /** Of the bucket. */
  readonly url: string
  /** Path in the bucket → bytes. */
  readonly objects: Map<string, Buffer>
  /** `GET network.json`, `GET objects/… bytes=3-`, in order. */
  readonly asked: string[]
  /** Headers of the requests, in the same order. */
  readonly headers: IncomingMessage['headers'][]
  /** Looked at before each answer; true: it has answered itself. */
  trouble: (path: string, request: IncomingMessage, response: ServerResponse) => boolean
  close(): Promise<void>
}

export async function startObjectStore(): Promise<ObjectStore> {
  const objects = new Map<string, Buffer>()
  const asked: string[] = []
  const headers: IncomingMessage['headers'][] = []
  const server = createServer(async (request, response) => {
    const { method, url = '' } = request
    const path = decodeURIComponent(url.replace(/^\/bucket\//, '').replace(/\?.*/, ''))
    asked.push(`${method} ${path}${request.headers.range ? ` ${request.headers.range}` : ''}`)
    headers.push(request.headers)
    if (store.trouble(path, request, response)) return
    if (method === 'PUT') {
      const parts: Buffer[] = []
      for await (const part of request) parts.push(part as Buffer)
      objects.set(path, Buffer.concat(parts))
      return response.end()
    }
    if (method === 'DELETE') {
      objects.delete(path)
      return response.writeHead(204).end()
    }
    const bytes = objects.get(path)
    if (!bytes) return response.writeHead(404).end()
    const etag = etagOf(bytes)
    if (request.headers['if-none-match'] === etag) return response.writeHead(304).end()
    const begin = request.headers['if-range'] === etag ? Number(/\d+/.exec(request.headers.range ?? '0')![0]) : 0
    response.writeHead(begin > 0 ? 206 : 200, {
      etag,
      'content-length': bytes.length - begin,
      ...(begin > 0 && { 'content-range': `bytes ${begin}-${bytes.length - 1}/${bytes.length}` }),
    })
    response.end(method === 'HEAD' ? undefined : bytes.subarray(begin))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const store: ObjectStore = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/bucket`,
    objects,
    asked,
    headers,
    trouble: () => false,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return store
}

export const etagOf = (bytes: Uint8Array): string => `"${createHash('md5').update(bytes).digest('hex')}"`
