// Opens pages when there is no server. Only files are kept here, each page's in a cache of its own that is renewed whole; what a page
// knows about departures it keeps itself.
//
//   page            the server's, within two seconds; else the one kept
//   /assets/…       the one kept: its name is a hash of it; else the server's
//   everything else the server's

import type { KeepMessage } from '../shared/offline.ts'

/** The part of a service worker's world that is used; the types of pages and of workers do not go together. */
interface Worker {
  readonly location: Location
  readonly clients: { claim(): Promise<void> }
  skipWaiting(): Promise<void>
  addEventListener<E>(type: string, listener: (event: E) => void): void
}
interface WaitEvent {
  waitUntil(work: Promise<unknown>): void
}
interface MessageToWorker extends WaitEvent {
  readonly data: KeepMessage
}
interface Asked {
  readonly request: Request
  respondWith(answer: Promise<Response>): void
}

const PATIENCE = 2000 // ms
const worker = self as unknown as Worker

worker.addEventListener<WaitEvent>('install', event => event.waitUntil(worker.skipWaiting()))
worker.addEventListener<WaitEvent>('activate', event => event.waitUntil(worker.clients.claim()))
worker.addEventListener<MessageToWorker>('message', event => event.waitUntil(keep(event.data.keep)))
worker.addEventListener<Asked>('fetch', event => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== worker.location.origin) return
  if (request.mode === 'navigate') event.respondWith(openPage(request, origin + pathname))
  else if (/\/(assets\/|icon\.svg)/.test(pathname)) event.respondWith(openFile(request))
})

/** What the address asks for besides its path is the page's own business. */
async function openPage(request: Request, page: string): Promise<Response> {
  const kept = await caches.match(page)
  if (!kept) return fetch(request)
  return fetch(request, { signal: AbortSignal.timeout(PATIENCE) })
    .then(answer => (answer.status < 500 ? answer : kept))
    .catch(() => kept)
}

async function openFile(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request)
}

/** The page and its files as they are now; files of an older build go. */
async function keep({ page, files }: KeepMessage['keep']): Promise<void> {
  const cache = await caches.open(page)
  await cache.addAll([page, ...files])
  const wanted = new Set([page, ...files])
  for (const { url } of await cache.keys()) if (!wanted.has(url)) await cache.delete(url)
}
