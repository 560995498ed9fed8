// A plan worker that does what a test asks of it: answers, fails, hangs or dies.

import type { PlanReply, PlanTask } from '#workers/messages.ts'

export function plan({ style }: PlanTask): PlanReply {
  switch (style.extra.do) {
    case 'hang':
      for (;;);
    case 'die':
      process.exit(3)
      break
    case 'throw':
      throw new Error('a bug')
    case 'refuse':
      return { error: { code: 'UNKNOWN_STOP', where: 'from', detail: 'no such stop' } }
    case 'wait': {
      // until the test lets go
      Atomics.wait(new Int32Array(style.extra.gate as SharedArrayBuffer), 0, 0)
    }
  }
  return { bytes: new TextEncoder().encode(String(style.extra.say)) }
}
