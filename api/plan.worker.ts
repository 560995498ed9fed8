// A plan thread: opens the network once, then answers one query after the other with the answer's JSON bytes.

import type { Horizon } from '#engine/horizon/horizon.ts'
import { releaseStreets } from '#engine/plan/moment.ts'
import { createPlanner } from '#engine/plan/plan.ts'
import { answering, attachNetwork } from '#workers/attach.ts'
import type { ThreadTask } from '#workers/plan-thread.ts'
import { type PageStyle, planPage } from './plan-page.ts'
import { answerQuestion } from './questions.ts'

export const network = attachNetwork()
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

/** Throws when nobody waits any more. */
export function answer(horizon: Horizon, task: ThreadTask, isGivenUp: () => boolean): Uint8Array<ArrayBuffer> {
  // the search asks between its rounds, that of the streets after so many labels
  planner.state.isGivenUp = isGivenUp
  const now = network.clock.now()
  try {
    if ('question' in task) return toBytes(answerQuestion(planner, horizon, task.question, now, network))
    return planPage(planner, horizon, task.query, task.style as PageStyle, now)
  } finally {
    releaseStreets(planner)
  }
}

export const serve = answering(network, answer)
