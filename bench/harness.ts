// What every benchmark needs: times in CPU, quantiles, rows to print and to guard, and a line that says on which machine it was.

import { availableParallelism, cpus } from 'node:os'

/** One figure. Guarded ones are compared with limits.json: counts must not grow, ratios to something slow and plain of the same run neither. */
export interface Row {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly guard?: 'count' | 'ratio'
}

export const figure = (name: string, value: number, unit: string): Row => ({ name, value, unit })
export const count = (name: string, value: number): Row => ({ name, value, unit: '', guard: 'count' })
export const ratio = (name: string, value: number): Row => ({ name, value, unit: '', guard: 'ratio' })

export function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)

export const summary = (ms: readonly number[]): string =>
  `median ${digits(median(ms))}  p95 ${digits(quantile(ms, 0.95))}  p99 ${digits(quantile(ms, 0.99))}`

/** Three digits that mean something. */
export const digits = (n: number): string =>
  n >= 100 || n === 0 ? Math.round(n).toLocaleString('en') : n.toPrecision(3)

export function print(row: Row): void {
  console.log(`  ${row.name.padEnd(64)} ${digits(row.value).padStart(11)} ${row.unit}`)
}

/** Milliseconds of CPU of all threads of the process: what other programs do at the same time hardly matters. Microseconds count. */
export function cpuMs(work: () => void): number {
  const before = process.cpuUsage()
  work()
  return spentSince(before)
}

export async function cpuMsOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  return spentSince(before)
}

/** Milliseconds of CPU. */
export function spentSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/**
 * CPU of this thread so far, in ms. Linux brings a running thread's own count up to date at its ticks, every 4 ms, and when its process' count is
 * asked for.
 */
export function threadMs(): number {
  process.cpuUsage()
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

/** `times` times of `work` in ms of CPU, after a third as many runs that warm the code up. */
export function repeat(times: number, work: (i: number) => void): number[] {
  for (let i = 0; i < times / 3; i++) work(i)
  return Array.from({ length: times }, (_, i) => cpuMs(() => work(i)))
}

/** Two works in turn, so that what else the machine does hits both alike: ms of CPU of one run of each, their garbage's collection included. */
export function inTurn(times: number, one: () => void, other: () => void): [one: number, other: number] {
  const spent: [number, number] = [0, 0]
  for (let i = -times / 3; i < times; i++) {
    const [a, b] = [cpuMs(one), cpuMs(other)]
    if (i < 0) continue
    spent[0] += a / times
    spent[1] += b / times
  }
  return spent
}

export function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  return `${availableParallelism()} × ${model}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`
}
