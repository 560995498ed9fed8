// Work that nobody waits for gives way to answers.

import { getPriority, setPriority } from 'node:os'

/** Steps of niceness: a third of the processor while answers want all of it. */
const BEHIND_ANSWERS = 5
const LOWEST = 19

/**
 * For a thread that works in the background: it has the smaller share of the processor, until it ends. On Linux a priority belongs to a
 * thread; elsewhere it is the whole process', so nothing is done there.
 */
export function giveWay(): void {
  if (process.platform !== 'linux') return
  try {
    setPriority(Math.min(LOWEST, getPriority() + BEHIND_ANSWERS))
  } catch {
    // not allowed here: then it competes
  }
}
