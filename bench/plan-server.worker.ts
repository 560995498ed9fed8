// The plan thread of the benchmark's server: answers as any other and counts what it spends on searching; and searches alone when asked to, with
// the same warm code in the same thread.

import { answer, network } from '#api/plan.worker.ts'
import { type PageStyle, searchPage } from '#api/plan-page.ts'
import { writePlan } from '#api/render/plan.ts'
import { createPlanner, plan } from '#engine/plan/plan.ts'
import type { Query } from '#engine/plan/query.ts'
import { answering } from '#workers/attach.ts'
import type { Question } from '#workers/service.ts'

/** Queries to keep; without any: search for those kept. */
export interface SearchAlone extends Question {
  readonly kind: 'search alone'
  readonly queries?: readonly Query[]
}

/** Answered with the ms of CPU that searching took in the plans since this was asked last. */
export interface Searched extends Question {
  readonly kind: 'searched'
}

const planner = createPlanner(network.timetable, network.footpaths)
let kept: readonly Query[] = []
let searched = 0

export const serve = answering(network, (horizon, task, isGivenUp) => {
  if (!('question' in task)) {
    const style = task.style as PageStyle
    planner.state.isGivenUp = isGivenUp
    const before = process.threadCpuUsage()
    const { view, result } = searchPage(planner, horizon, task.query, style, network.clock.now())
    const { user, system } = process.threadCpuUsage(before)
    searched += (user + system) / 1000
    return writePlan(view, result, style.extra.requestParameters)
  }
  if (task.question.kind === 'searched') {
    const told = new TextEncoder().encode(String(searched))
    searched = 0
    return told
  }
  if (task.question.kind !== 'search alone') return answer(horizon, task, isGivenUp)
  const { queries } = task.question as SearchAlone
  kept = queries ?? kept
  if (!queries) for (const query of kept) plan(planner, horizon, query)
  return new Uint8Array()
})
