// Four seconds of plans asked for by a process of its own: how many were answered, and what that cost whom.

import { cpus } from 'node:os'
import type { RunningService } from '#workers/start.ts'
import { cannon } from './cannon.ts'

export interface Round {
  /** Plans a second. */
  readonly rate: number
  /** Processor of the plan threads (and of what else is not the first), and of the first thread, for one plan. */
  readonly planMs: number
  readonly restMs: number
  /** Share of all processors' time in which nobody wanted them. */
  readonly idle: number
  /** Most threads that planned at once, looked at now and then. */
  readonly busy: number
}

export async function roundOf(service: RunningService, url: string): Promise<Round> {
  let busy = 0
  const look = setInterval(() => {
    busy = Math.max(busy, service.load().busy)
  }, 20)
  const [all, first, machine] = [process.cpuUsage(), process.threadCpuUsage(), processors()]
  const { good, seconds } = await cannon({ url, connections: 8, seconds: 4 })
  const msOf = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1000
  const restMs = msOf(process.threadCpuUsage(first))
  const planMs = msOf(process.cpuUsage(all)) - restMs
  const now = processors()
  clearInterval(look)
  const idle = (now.idle - machine.idle) / (now.all - machine.all)
  return { rate: good / seconds, planMs: planMs / good, restMs: restMs / good, idle, busy }
}

/** Milliseconds since the machine's start, of all processors together. */
function processors(): { idle: number; all: number } {
  const times = cpus().map(({ times }) => times)
  const sum = (names: readonly (keyof (typeof times)[number])[]): number =>
    times.reduce((total, one) => total + names.reduce((of, name) => of + one[name], 0), 0)
  return { idle: sum(['idle']), all: sum(['user', 'nice', 'sys', 'idle', 'irq']) }
}

const median = (of: readonly number[]): number => of.toSorted((a, b) => a - b)[of.length >> 1]!

export const medians = (rounds: readonly Round[]): Round => ({
  rate: median(rounds.map(({ rate }) => rate)),
  planMs: median(rounds.map(({ planMs }) => planMs)),
  restMs: median(rounds.map(({ restMs }) => restMs)),
  idle: median(rounds.map(({ idle }) => idle)),
  busy: Math.max(...rounds.map(({ busy }) => busy)),
})
