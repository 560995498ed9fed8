// The plan worker of the server, whose every search takes for ever: it is begun again until it gives up.

import { plan as once } from '#api/plan.worker.ts'
import type { PlanTask } from '#workers/messages.ts'

export function plan(task: PlanTask): unknown {
  for (;;) {
    const reply = once(task)
    if (typeof reply === 'object' && reply !== null && 'error' in reply) return reply
  }
}
