// The plan thread of the benchmark's server: answers as any other and counts what its searches take, and searches alone when asked to, with the same
// warm code in the same thread.

import { answer, network } from '#api/plan.worker.ts'
import { type PageStyle, searchPage } from '#api/plan-page.ts'
import { writePlan } from '#api/render/plan.ts'
import type { Horizon } from '#engine/horizon/horizon.ts'
import { createPlanner, plan } from '#engine/plan/plan.ts'
import type { Query } from '#engine/plan/query.ts'
import { answering } from '#workers/attach.ts'
import type { PlanTask } from '#workers/messages.ts'
import type { Question } from '#workers/service.ts'
import { threadMs } from './harness.ts'

export type BenchQuestion = Question &
  (
    | {
        readonly kind: 'search alone'
        /** To keep; without any: search for those kept. */
        readonly queries?: readonly Query[]
      }
    /** The CPU of plans' searches since this was asked last: milliseconds, as a float of 8 bytes. */
    | { readonly kind: 'searched' }
  )

const planner = createPlanner(network.timetable, network.footpaths)
let kept: readonly Query[] = []
let searched = 0

/** As `planPage` does, the search's CPU counted. */
function countedPage(horizon: Horizon, { query, style }: PlanTask): Uint8Array<ArrayBuffer> {
  const page = style as PageStyle
  const began = threadMs()
  const { view, result } = searchPage(planner, horizon, query, page, network.clock.now())
  searched += threadMs() - began
  return writePlan(view, result, page.extra.requestParameters)
}

export const serve = answering(network, (horizon, task, isGivenUp) => {
  planner.state.isGivenUp = isGivenUp
  if (!('question' in task)) return countedPage(horizon, task)
  const question = task.question as BenchQuestion
  switch (question.kind) {
    case 'search alone':
      kept = question.queries ?? kept
      if (!question.queries) for (const query of kept) plan(planner, horizon, query)
      return new Uint8Array()
    case 'searched': {
      const bytes = new Uint8Array(Float64Array.of(searched).buffer)
      searched = 0
      return bytes
    }
    default:
      return answer(horizon, task, isGivenUp)
  }
})
