// autocannon in a process of its own: what it holds and how long its turns take are no part of what is measured.

import { execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import type autocannon from 'autocannon'
import type { SteadyResult, ToSteadyCrowd } from './steady-crowd.ts'

const program = resolve(import.meta.dirname, '../../node_modules/autocannon/autocannon.js')

export interface Cannon {
  readonly seconds: number
  readonly answers: number
  /** With 2xx. */
  readonly good: number
  /** Answered otherwise, or not at all. */
  readonly failed: number
  readonly lost: number
  readonly statuses: Readonly<Record<string, unknown>>
  /** Milliseconds. */
  readonly p99: number
}

/** @param rate requests a second over all connections; undefined: as fast as answers come */
export async function cannon(of: {
  readonly url: string
  readonly connections: number
  readonly seconds: number
  readonly rate?: number
}): Promise<Cannon> {
  const rate = of.rate === undefined ? [] : ['--overallRate', String(of.rate)]
  const args = ['--json', '--connections', String(of.connections), '--duration', String(of.seconds), ...rate, of.url]
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], { maxBuffer: 1 << 24 })
  const result = JSON.parse(stdout) as autocannon.Result
  const lost = result.errors + result.timeouts
  return {
    seconds: result.duration,
    answers: result.requests.total,
    good: result['2xx'],
    failed: result.non2xx + lost,
    lost,
    statuses: result.statusCodeStats ?? {},
    p99: result.latency.p99,
  }
}

/**
 * The same by callers who come whether or not others have been answered; without a rate as fast as answers come. See steady-crowd.ts. One order
 * after the other, in one process: its start is in none of the figures.
 */
export function keptCrowd() {
  const child = fork(new URL('./steady-crowd.ts', import.meta.url))
  return {
    async ask(of: ToSteadyCrowd): Promise<SteadyResult> {
      child.send(of)
      return (await once(child, 'message'))[0]
    },
    close: () => child.disconnect(),
  }
}
