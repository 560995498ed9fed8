// The built page. Files under /assets/ carry a hash in their name and never change; the page itself is asked for each time.

import fastifyStatic from '@fastify/static'
import type { App } from './app.ts'

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
}
