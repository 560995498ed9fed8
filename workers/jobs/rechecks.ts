// A timetable that its realtime has left behind is looked for before its time (A16, B18): a source that names another version, or most of
// whose trips are unknown, has the jobs done that import the feed it speaks of. They ask conditionally and leave the network alone when
// nothing has changed; still, servers that know no conditions send everything, so a feed is asked for ever less often while nothing helps.
//
//   gateway: status of its sources ─lookAgain─▶ Rechecks.ask ─┬─ this process's line of jobs          (recheckHere)
//                                                             └─ Redis ─▶ a process that runs jobs    (redis/rechecks.ts)

import { STALE_AFTER, saidAt } from '#engine/live/aging.ts'
import { isMismatch, namesOtherVersion, type SourceStatus } from '#engine/live/state.ts'
import type { JobLine } from './line.ts'
import { importsFrom, type ScheduledJob } from './schedule.ts'

/** Milliseconds between the first two looks for one feed, each time twice as long, and at most. */
export const RECHECK_MS = 3600_000
export const LONGEST_MS = 24 * RECHECK_MS

/** What was asked for one feed. */
export interface Recheck {
  /** Times in a row; who has not asked for twice as long as it had to wait begins anew. */
  readonly asked: number
  /** The last time, Unix milliseconds. */
  readonly at: number
}

/** Feeds are named as a network's manifest names them: by the address or the file they came from. */
export interface Rechecks {
  /** @returns false: it is too early to ask again, or nobody can help. Rejects when nobody can be asked now */
  ask(from: string): Promise<boolean>
  /** What is known here, by feed. */
  readonly told: ReadonlyMap<string, Recheck>
  close(): void
}

/** 1, 2, 4 … 24 h. A clock that was set back by more than that is believed. */
const waitAfter = (asked: number): number => Math.min(RECHECK_MS * 2 ** (asked - 1), LONGEST_MS)
const isDue = ({ asked, at }: Recheck, now: number): boolean => Math.abs(now - at) >= waitAfter(asked)
const isOver = ({ asked, at }: Recheck, now: number): boolean => Math.abs(now - at) >= 2 * waitAfter(asked)

/**
 * Of a process that does its jobs itself.
 * @param start gives undefined when no job imports the feed
 * @param now Unix milliseconds
 */
export function recheckHere(
  start: (from: string) => Promise<readonly string[] | undefined>,
  now: () => number,
): Rechecks {
  const told = new Map<string, Recheck>()
  return {
    told,
    async ask(from) {
      const at = now()
      for (const [feed, recheck] of told) if (isOver(recheck, at)) told.delete(feed)
      const before = told.get(from)
      if (before && !isDue(before, at)) return false
      // who could not be asked is asked again at once
      if ((await start(from)) === undefined) return false
      told.set(from, { asked: (before?.asked ?? 0) + 1, at })
      return true
    },
    close() {},
  }
}

/** Tags of the feeds whose timetable a source has left behind. What a silent source said last is no reason. */
export const leftBehind = (sources: readonly SourceStatus[], now: number): ReadonlySet<string> =>
  new Set(
    sources
      .filter(source => namesOtherVersion(source) || isMismatch(source))
      .filter(source => now - saidAt(source) <= STALE_AFTER)
      .map(({ tag }) => tag),
  )

/**
 * Has those feeds looked for. To be called every few seconds.
 * @param origins tag → where the feed came from
 * @returns the tags of those asked for just now
 */
export async function lookAgain(
  { sources, origins, now }: { sources: readonly SourceStatus[]; origins: ReadonlyMap<string, string>; now: number },
  rechecks: Rechecks,
): Promise<string[]> {
  const asked: string[] = []
  for (const tag of leftBehind(sources, now)) {
    const from = origins.get(tag)
    if (from !== undefined && (await rechecks.ask(from))) asked.push(tag)
  }
  return asked
}

/** Starts the jobs that import this feed and neither wait nor run. @returns their names; undefined: no job imports it */
export async function startImports(
  line: JobLine,
  schedule: readonly ScheduledJob[],
  from: string,
): Promise<string[] | undefined> {
  const names = schedule.filter(job => importsFrom(job, from)).map(({ name }) => name)
  if (names.length === 0) return undefined
  const list = await line.list()
  const busy = new Set(list.flatMap(({ name, state }) => (state === 'waiting' || state === 'running' ? [name] : [])))
  const started = names.filter(name => !busy.has(name))
  for (const name of started) await line.start(name)
  return started
}
