// The plan thread of the benchmark's server: answers as any other, and searches alone when asked to, with the same warm code in the same thread.

import { answer, network } from '#api/plan.worker.ts'
import { createPlanner, plan } from '#engine/plan/plan.ts'
import type { Query } from '#engine/plan/query.ts'
import { answering } from '#workers/attach.ts'
import type { Question } from '#workers/service.ts'

/** Queries to keep; without any: search for those kept. */
export interface SearchAlone extends Question {
  readonly kind: 'search alone'
  readonly queries?: readonly Query[]
}

const planner = createPlanner(network.timetable, network.footpaths)
let kept: readonly Query[] = []

export const serve = answering(network, (horizon, task, isGivenUp) => {
  if (!('question' in task) || task.question.kind !== 'search alone') return answer(horizon, task, isGivenUp)
  const { queries } = task.question as SearchAlone
  kept = queries ?? kept
  if (!queries) for (const query of kept) plan(planner, horizon, query)
  return new Uint8Array()
})
