// The built pages. Files under /assets/ carry a hash in their name and never change; the pages themselves are asked for each time.

import fastifyStatic from '@fastify/static'
import type { App } from './fastify.ts'

/** Pages besides `/`: their address has no ending. */
const PAGES = ['display', 'operations'] as const

export function staticRoutes(app: App, root: string): void {
  app.register(fastifyStatic, {
    root,
    cacheControl: false,
    setHeaders: (response, path) => {
      response.header(
        'cache-control',
        /[\\/]assets[\\/]/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
      )
    },
  })
  for (const page of PAGES) app.get(`/${page}`, (_request, reply) => reply.sendFile(`${page}.html`))
}
