// The plan worker of the server, whose every search takes for ever: it is begun again until it gives up.

import { answer, network } from '#api/plan.worker.ts'
import { answering } from '#workers/attach.ts'

export const serve = answering(network, (horizon, task, isGivenUp) => {
  for (;;) answer(horizon, task, isGivenUp)
})
