// What every benchmark needs: seeded queries, times in CPU or wall, a row to print, and a line that says on which machine it was.

import { availableParallelism, cpus } from 'node:os'

/** Sorts a copy. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)

export const summary = (ms: readonly number[]): string =>
  `median ${digits(median(ms))}  p95 ${digits(quantile(ms, 0.95))}  p99 ${digits(quantile(ms, 0.99))}`

/** Three digits that mean something. */
export const digits = (n: number): string =>
  n >= 1000
    ? Math.round(n).toLocaleString('en')
    : n >= 100
      ? n.toFixed(0)
      : n >= 10
        ? n.toFixed(1)
        : n >= 1
          ? n.toFixed(2)
          : n.toFixed(3)

/** Milliseconds of CPU, all threads of the process, that `work` takes; other processes on the machine hardly matter. */
export async function cpuMs(work: () => unknown): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

export const threadMs = (work: () => void): number => {
  const before = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}

/** `repeat` times of `work`, each in ms of this thread's CPU; the first few warm the code up and are not counted. */
export function repeat(times: number, work: () => void, warmUp = Math.ceil(times / 3)): number[] {
  for (let i = 0; i < warmUp; i++) work()
  return Array.from({ length: times }, () => threadMs(work))
}

export function row(what: string, figure: string): void {
  console.log(`  ${what.padEnd(58)} ${figure}`)
}

export function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  return `${availableParallelism()} × ${model}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`
}

/** Resident memory now, in MB. */
export const rssMb = (): number => process.memoryUsage.rss() / 1e6
