// Work that nobody waits for gives way to answers.

import { setPriority } from 'node:os'

const BEHIND_ANSWERS = 10

/**
 * For a thread that works in the background: it gets the processor when no answer needs it, until it ends. On Linux a priority belongs to a
 * thread; elsewhere it is the whole process', so nothing is done there.
 */
export function giveWay(): void {
  if (process.platform !== 'linux') return
  try {
    setPriority(BEHIND_ANSWERS)
  } catch {
    // not allowed here: then it competes
  }
}
