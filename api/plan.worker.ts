// A plan thread: opens the network once, then answers one query after the other with the answer's JSON bytes.

import { createPlanner } from '#engine/plan/plan.ts'
import { answering, attachNetwork } from '#workers/attach.ts'
import type { AskTask, PlanTask } from '#workers/messages.ts'
import { type PageStyle, planPage } from './plan-page.ts'
import { answerQuestion } from './questions.ts'

const network = attachNetwork()
const { timetable, footpaths, wheelchairFootpaths, streets, links } = network
const planner = createPlanner(timetable, footpaths, streets && links && { graph: streets, links }, wheelchairFootpaths)
const utf8 = new TextEncoder()

const toBytes = (answer: unknown): Uint8Array<ArrayBuffer> =>
  answer instanceof Uint8Array ? new Uint8Array(answer) : utf8.encode(JSON.stringify(answer))

export const plan = answering<PlanTask>(network, (horizon, { query, style }) =>
  utf8.encode(JSON.stringify(planPage(planner, horizon, query, style as PageStyle, network.clock.now()))),
)

export const ask = answering<AskTask>(network, (horizon, { question }) =>
  toBytes(answerQuestion(planner, horizon, question, network.clock.now(), network)),
)
