// Asks an app without a socket, and checks answers against the public shape.

import type { TSchema } from 'typebox'
import Compile from 'typebox/compile'
import { afterEach, expect } from 'vitest'
import { buildApp } from '#api/app.ts'
import type { ApiConfig } from '#api/config.ts'
import type { App } from '#api/fastify.ts'
import type { TransitService } from '#workers/service.ts'

const open = new Set<App>()
afterEach(async () => {
  for (const app of open) await app.close()
  open.clear()
})

/** An app that is closed after the test. */
export function appFor(service: TransitService, config?: ApiConfig): App {
  const app = buildApp(service, config)
  open.add(app)
  return app
}

/** The JSON of a request that must succeed. */
export async function get<T>(app: App, url: string): Promise<T> {
  const answer = await app.inject(url)
  expect(answer.statusCode, `${url}: ${answer.body}`).toBe(200)
  return answer.json() as T
}

/** Status and text of a request that must fail, in the documented shape. */
export async function refused(app: App, url: string): Promise<[number, string]> {
  const answer = await app.inject(url)
  const body = answer.json() as { error: string }
  expect(Object.keys(body)).toEqual(['error'])
  return [answer.statusCode, body.error]
}

export function expectShape(schema: TSchema, value: unknown): void {
  const check = Compile(schema)
  expect([...check.Errors(value)].map(error => `${error.instancePath} ${error.message}`)).toEqual([])
}
