// Listen, and go with grace: no new connections, live clients told to come back, running requests finished.

import type { AddressInfo } from 'node:net'
import type { TransitService } from '#workers/service.ts'
import { buildApp } from './app.ts'
import { type ApiConfig, apiDefaults } from './config.ts'

export interface Server {
  readonly url: string
  readonly port: number
  /** Resolves when the last answer is out; the service itself is the caller's to close. */
  close(): Promise<void>
}

export async function startServer(service: TransitService, config: Partial<ApiConfig> = {}): Promise<Server> {
  const settings: ApiConfig = { ...apiDefaults, log: 'errors', ...config }
  const app = buildApp(service, settings)
  await app.listen({ host: settings.host, port: settings.port })
  const { port } = app.server.address() as AddressInfo
  const host = settings.host === '0.0.0.0' || settings.host === '::' ? 'localhost' : settings.host
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    close: () => app.close(),
  }
}
