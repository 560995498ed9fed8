// A plan thread: opens the network once, then answers one query after the other with the answer's JSON bytes.

import { releaseStreets } from '#engine/plan/moment.ts'
import { createPlanner } from '#engine/plan/plan.ts'
import { answering, attachNetwork } from '#workers/attach.ts'
import type { AskTask, PlanTask } from '#workers/messages.ts'
import { type PageStyle, planPage } from './plan-page.ts'
import { answerQuestion } from './questions.ts'

const network = attachNetwork()
const { timetable, footpaths, streets, links, wheelchairFootpaths, walkerFootpaths, pramFootpaths } = network
const planner = createPlanner(
  timetable,
  footpaths,
  streets && links && { graph: streets, links },
  wheelchairFootpaths,
  walkerFootpaths,
  pramFootpaths,
)
const utf8 = new TextEncoder()

const toBytes = (answer: unknown): Uint8Array<ArrayBuffer> =>
  answer instanceof Uint8Array ? new Uint8Array(answer) : utf8.encode(JSON.stringify(answer))

/** The search asks between its rounds, that of the streets after so many labels. */
function heed(task: PlanTask | AskTask): void {
  const { flags, slot } = task.givenUp ?? {}
  planner.state.isGivenUp = flags && slot !== undefined ? () => Atomics.load(flags, slot) === 1 : () => false
}

function doing<T>(task: PlanTask | AskTask, work: () => T): T {
  heed(task)
  try {
    return work()
  } finally {
    releaseStreets(planner)
  }
}

export const plan = answering<PlanTask>(network, (horizon, task) => {
  const { query, style } = task
  return doing(task, () =>
    utf8.encode(JSON.stringify(planPage(planner, horizon, query, style as PageStyle, network.clock.now()))),
  )
})

export const ask = answering<AskTask>(network, (horizon, task) => {
  return doing(task, () => toBytes(answerQuestion(planner, horizon, task.question, network.clock.now(), network)))
})
