// A real Redis for one test file: a server of its own on a free port of loopback, gone with the file.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findProgram } from './program.ts'

/** A redis-server that tests may start: `$REDIS_SERVER`, else from PATH. */
export const findRedis = (): string | undefined => findProgram(process.env.REDIS_SERVER, ['redis-server'])

export interface RedisServer {
  readonly url: string
  readonly port: number
  /** Ends the process with this signal; SIGSTOP and SIGCONT pause and resume it. */
  kill(signal: NodeJS.Signals): void
  /** Starts it again on the same port: with what it had, or empty. */
  restart(options?: { readonly empty?: boolean }): Promise<void>
  stop(): Promise<void>
}

/** Starts a Redis of its own on loopback. Throws when there is none: ask `findRedis` first and skip. */
export async function startRedis(extra: readonly string[] = []): Promise<RedisServer> {
  const program = findRedis()
  if (!program) throw new Error('no redis-server')
  const folder = mkdtempSync(join(tmpdir(), 'freifahrt-redis-'))
  const port = await freePort()
  let server = await run(program, port, folder, extra)
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill: signal => {
      server.kill(signal)
    },
    restart: async ({ empty = false } = {}) => {
      await end(server)
      if (empty)
        for (const name of ['dump.rdb', 'appendonlydir']) rmSync(join(folder, name), { recursive: true, force: true })
      server = await run(program, port, folder, extra)
    },
    stop: async () => {
      await end(server)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function run(program: string, port: number, folder: string, extra: readonly string[]): Promise<ChildProcess> {
  const settings = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no']
  const server = spawn(program, [...settings, ...extra], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for await (const chunk of server.stdout) {
    said += chunk
    if (said.includes('Ready to accept connections')) break
  }
  if (server.exitCode !== null) throw new Error(`redis-server ended: ${said}`)
  return server
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const gone = once(server, 'exit')
  server.kill('SIGCONT')
  server.kill('SIGKILL')
  await gone
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  probe.close()
  await once(probe, 'close')
  return port
}
