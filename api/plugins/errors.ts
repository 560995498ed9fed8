// Errors at the border: `{error}` and a status. A FreifahrtError is for the caller to read; anything else is a bug and only its request id
// leaves the house.

import type { FastifyError, FastifyInstance } from 'fastify'
import { type Code, FreifahrtError } from '#engine/core/errors.ts'
import type { TransitService } from '#workers/service.ts'
import { varyOn } from './security.ts'

const statusOf: Readonly<Partial<Record<Code, number>>> = {
  BAD_REQUEST: 400,
  TIME_OUTSIDE_TIMETABLE: 400,
  UNKNOWN_STOP: 404,
  UNKNOWN_TRIP: 404,
  UNKNOWN_ROUTE: 404,
  UNKNOWN_TAG: 404,
  TOO_LARGE: 422,
  OVERLOADED: 503,
  TIMEOUT: 504,
}

/** When it is worth coming back, in seconds. */
export const retryAfter = (service: TransitService): number => Math.max(1, Math.ceil(service.load().waitMs / 1000))

/**
 * Answers what a route threw, and what no route knows.
 * @param missingPage what somebody who looks for a page at this path is shown; undefined where no page can be meant
 */
export function installErrors(
  app: FastifyInstance,
  missingPage: (path: string) => string | undefined = () => undefined,
): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    // what was given up because the caller has gone: nobody is to be told, and nothing is wrong
    if (error.name === 'AbortError' && reply.raw.destroyed) return reply.hijack()
    if (error instanceof FreifahrtError) {
      const status = statusOf[error.code]
      if (status !== undefined) {
        if (status === 503) reply.header('retry-after', retryAfter(request.service))
        return reply.code(status).send({ error: error.message })
      }
    } else if (error.statusCode !== undefined && error.statusCode < 500) {
      return reply.code(error.statusCode).send({ error: error.message }) // fastify's own: bad JSON, too large a body, …
    }
    request.log.error(error)
    return reply.code(500).send({ error: `internal error, request ${request.id}` })
  })
  app.setNotFoundHandler(({ method, url, headers }, reply) => {
    const path = url.split('?', 1)[0]!
    varyOn(reply.code(404), 'accept')
    const page = method === 'GET' && headers.accept?.includes('text/html') ? missingPage(path) : undefined
    return page === undefined
      ? reply.send({ error: `nothing here: ${method} ${path}` })
      : reply.type('text/html; charset=utf-8').send(page)
  })
}
