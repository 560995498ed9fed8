// The command as a person or a container runs it: a process of its own, started by the file's own first line.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import WebSocket from 'ws'
import { SUBPROTOCOL } from '#api/live/messages.ts'
import { until } from './until.ts'

const cli = resolve(import.meta.dirname, '../../api/cli.ts')

export interface RunningCommand {
  readonly child: ChildProcess
  /** Where it says that it listens. */
  readonly url: string
  /** Line by line, growing. */
  readonly said: readonly string[]
}

/** Resolves when it has printed its address. `node` in its first line is the one that runs the tests. */
export async function runCommand(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<RunningCommand> {
  const path = `${dirname(process.execPath)}:${process.env.PATH}`
  const child = spawn(cli, args, { env: { ...process.env, PATH: path, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const said: string[] = []
  for (const stream of [child.stdout, child.stderr]) createInterface(stream).on('line', line => said.push(line))
  const address = (): string | undefined => /(?:page +|health on )(http:\/\/[\w.:]+)\//.exec(said.join('\n'))?.[1]
  const ended = (): boolean => child.exitCode !== null
  await until(`an address from ${args[0]}`, () => address() ?? ended())
  if (!address()) throw new Error(`${args[0]} ended:\n${said.join('\n')}`)
  return { child, url: address()!, said }
}

/** One value of its `/metrics`. */
export async function metric({ url }: RunningCommand, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)![1])
}

/** A live client of it that watches a channel and has its snapshot. @returns also the types of messages that have come */
export async function watch({ url }: RunningCommand, ch: string): Promise<{ socket: WebSocket; types: string[] }> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/live`, SUBPROTOCOL)
  const types: string[] = []
  socket.on('message', data => types.push((JSON.parse(String(data)) as { type: string }).type))
  await once(socket, 'open')
  socket.send('{"type":"hello"}')
  socket.send(JSON.stringify({ type: 'sub', id: 1, ch }))
  await until('a snapshot', () => types.includes('snap'))
  return { socket, types }
}
