// A real Redis for one test file: a server of its own on a free port of loopback, gone with the file.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
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
  // another program may be as quick as we are
  const begin = async (tries: number): Promise<[number, ChildProcess]> => {
    const port = await freePort()
    try {
      return [port, await run(program, port, folder, extra)]
    } catch (error) {
      if (tries === 1) throw error
      return begin(tries - 1)
    }
  }
  const [port, first] = await begin(3)
  let server = first
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
    if (said.includes('Ready to accept connections')) return server
  }
  throw new Error(`redis-server ended: ${said}`)
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const gone = once(server, 'exit')
  server.kill('SIGCONT')
  server.kill('SIGKILL')
  await gone
}
