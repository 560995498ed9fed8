// The built pages. Files under /assets/ carry a hash in their name and never change; the pages themselves are asked for each time.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { App } from './fastify.ts'

/** What programs ask for: there a wrong address is told in their way, even to a browser. */
const FOR_PROGRAMS = /^\/(api|tiles|live|gtfsrt|assets)(\/|$)/
/** Nobody types a page's address with more folders. */
const DEEPEST = 16

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

/** The page for addresses that have none, wherever they would lie: its links begin where the pages are. */
export function missingPage(root: string): (path: string) => string | undefined {
  const html = readPage(join(root, 'missing.html'))
  return path => {
    const depth = path.split('/').length - 2
    if (FOR_PROGRAMS.test(path) || depth > DEEPEST) return undefined
    return html?.replace('<head>', `<head><base href="${'../'.repeat(depth) || './'}">`)
  }
}

function readPage(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined // pages that somebody else has built: programs' answer does for all
  }
}
