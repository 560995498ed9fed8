// GET debug/transfers: where one can change to from a stop, and how long it takes.

import { Type } from 'typebox'
import type { App } from '#api/fastify.ts'
import { list, or, text } from '#api/plugins/parameters.ts'
import { ask } from './ask.ts'
import { boardStops, stopOf } from './stops.ts'

const TransfersQuery = Type.Object({ id: text(300), language: or(list(text(35)), []) })

export function transfersRoutes(app: App): void {
  app.get('/api/debug/transfers', { schema: { querystring: TransfersQuery } }, ({ query, service }, reply) => {
    const stop = stopOf(service, query.id, 'id')
    const equivalences = boardStops(service, stop, false)
    const style = { version: 6, language: query.language }
    return ask(service, reply, { kind: 'transfers', stop, equivalences, style }, undefined)
  })
}
