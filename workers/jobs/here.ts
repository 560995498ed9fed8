// The line of jobs of a process that is alone.

import {
  ATTEMPTS,
  atOnce,
  BACKOFF_MS,
  type JobLine,
  type JobView,
  KEPT,
  type RunJob,
  sortOf,
  writeToOnePlace,
} from './line.ts'
import { jobNamed, type ScheduledJob } from './schedule.ts'

type Entry = { -readonly [Key in keyof JobView]: JobView[Key] } & { readonly job: ScheduledJob }

/** @param most how many at once, by sort @param backoffMs before the second attempt, twice that before the third */
export function jobsHere(
  schedule: readonly ScheduledJob[],
  run: RunJob,
  { most = atOnce(), backoffMs = BACKOFF_MS } = {},
): JobLine {
  let count = 0
  let entries: Entry[] = []
  /** In order; who rests before another attempt comes back at the end. */
  const waiting = new Set<Entry>()
  const running = new Map<Entry, Promise<void>>()
  const stop = new AbortController()

  const fits = ({ job }: Entry): boolean => {
    const others = [...running.keys()].map(entry => entry.job)
    const sort = sortOf(job)
    return (
      others.filter(other => sortOf(other) === sort).length < most[sort] &&
      !others.some(other => writeToOnePlace(job, other))
    )
  }
  const next = (): void => {
    for (const entry of waiting) if (!stop.signal.aborted && fits(entry)) running.set(entry, attempt(entry))
  }
  const wait = (entry: Entry): void => {
    waiting.add(entry)
    next()
  }
  const attempt = async (entry: Entry): Promise<void> => {
    waiting.delete(entry)
    entry.state = 'running'
    entry.attempts++
    const progress = (value: unknown): void => {
      entry.progress = value
    }
    try {
      await run(entry.job, { signal: stop.signal, progress })
      entry.state = 'done'
      delete entry.error
    } catch (error) {
      entry.error = error instanceof Error ? error.message : String(error)
      if (entry.attempts === ATTEMPTS || stop.signal.aborted) entry.state = 'failed'
      else {
        entry.state = 'waiting'
        setTimeout(wait, backoffMs * 2 ** (entry.attempts - 1), entry).unref()
      }
    }
    running.delete(entry)
    next()
  }
  const add = (job: ScheduledJob): void => {
    const over = entries.filter(({ state }) => state === 'done' || state === 'failed')
    const forgotten = new Set(over.slice(0, Math.max(0, over.length + 1 - KEPT)))
    entries = entries.filter(entry => !forgotten.has(entry))
    const entry: Entry = { id: String(++count), name: job.name, state: 'waiting', attempts: 0, job }
    entries.push(entry)
    wait(entry)
  }
  // looked at now and then: one timer cannot wait for a month
  const due = new Map(schedule.map(job => [job, nextOf(job)]))
  const timer = setInterval(() => {
    for (const [job, at] of due) {
      if (performance.now() < at) continue
      due.set(job, nextOf(job))
      // one that takes longer than its rhythm is not done again for each time that it missed
      if (!entries.some(entry => entry.job === job && (entry.state === 'waiting' || entry.state === 'running')))
        add(job)
    }
  }, LOOK_MS)
  timer.unref()
  return {
    async start(name) {
      const job = jobNamed(schedule, name)
      if (!entries.some(entry => entry.job === job && entry.state === 'waiting')) add(job)
    },
    async list() {
      return entries.map(({ job: _, ...view }) => view)
    },
    async close() {
      clearInterval(timer)
      stop.abort(new Error('the process is stopping'))
      await Promise.all(running.values())
    },
  }
}

const LOOK_MS = 10_000
const nextOf = ({ everyHours }: ScheduledJob): number => performance.now() + everyHours * 3600_000
