// A plan worker that does what a test asks of it: answers, fails, hangs or dies.

import type { PlanReply, PlanTask } from '#workers/messages.ts'
import { serving } from '#workers/plan-thread.ts'

let givenUp = 0

function answer({ style, horizon, query }: PlanTask, isGivenUp: () => boolean): PlanReply {
  switch (style.extra.do) {
    case 'hang':
      for (;;);
    case 'search':
      while (!isGivenUp());
      givenUp++
      return { error: { code: 'TIMEOUT', where: 'search', detail: 'nobody waits' } }
    case 'count':
      return { bytes: new TextEncoder().encode(String(givenUp)) }
    case 'read':
      return { bytes: new TextEncoder().encode(String(horizon.generation)) }
    case 'tell':
      return { bytes: new TextEncoder().encode(JSON.stringify(query)) }
    case 'eat': {
      const all: number[][] = []
      for (;;) all.push([all.length, 1, 2, 3, 4, 5, 6, 7])
    }
    case 'die':
      if (style.extra.memory)
        new Float64Array(style.extra.memory as SharedArrayBuffer)[0] = performance.timeOrigin + performance.now()
      process.exit(3)
      break
    case 'throw':
      throw new Error('a bug')
    case 'refuse':
      return { error: { code: 'UNKNOWN_STOP', where: 'from', detail: 'no such stop' } }
    case 'wait': {
      // until the test lets go; who asks for two words hears that it has begun
      const gate = new Int32Array(style.extra.gate as SharedArrayBuffer)
      if (gate.length > 1) gate[1] = 1
      Atomics.wait(gate, 0, 0)
      if (style.extra.and === 'die') process.exit(3)
    }
  }
  return { bytes: new TextEncoder().encode(String(style.extra.say)) }
}

export const serve = serving((task, isGivenUp) => answer(task as PlanTask, isGivenUp))
