// Work that nobody waits for gives way to answers.
//
//   open, import, jobs   behind answers until they end
//   the threads of a network that will take over   begun behind them, beside them from when it does

import { getPriority, setPriority } from 'node:os'

/** Steps of niceness: a third of the processor while answers want all of it. */
const BEHIND_ANSWERS = 5
const LOWEST = 19

// of a process' threads the first has its number: `getPriority(process.pid)` is the process' own

/**
 * For a thread that works in the background: it has the smaller share of the processor, until it ends, and so have those that it begins. On Linux a
 * priority belongs to a thread; elsewhere it is the whole process', so nothing is done there.
 */
export function giveWay(): void {
  if (process.platform !== 'linux') return
  try {
    setPriority(Math.min(LOWEST, getPriority(process.pid) + BEHIND_ANSWERS))
  } catch {
    // not allowed here: then it competes
  }
}

/**
 * For a thread that gave way: it has the process' own priority again.
 * @returns whether that was allowed: to root, and where the limit of niceness says so (`LimitNICE=0`, `ulimits: nice: 20`)
 */
export function comeBack(): boolean {
  if (process.platform !== 'linux') return false
  try {
    setPriority(getPriority(process.pid))
    return true
  } catch {
    return false
  }
}

/** Threads that `begin` starts are behind answers from their first instruction on. For the first thread of a process in which `comeBack` is allowed. */
export function begunBehind<Begun>(begin: () => Begun): Begun {
  const usual = getPriority()
  giveWay()
  try {
    return begin()
  } finally {
    setPriority(usual)
  }
}
