// A plan worker that reads the whole live block again and again while it may, and tells what delays it saw there. A torn read would show
// more than one.

import type { Horizon } from '#engine/horizon/horizon.ts'
import { answering, attachNetwork } from '#workers/attach.ts'

const network = attachNetwork()
const READS = 40

function reading({ live, generation, timetable: tt, days, alerts }: Horizon): unknown {
  const delays = new Set<number>()
  let planned = 0
  for (const { block } of days.values()) planned += block.counts.events
  for (let read = 0; read < READS; read++)
    for (let run = 0; run < live.counts.runs; run++) {
      const trip = live.runTrip[run]!
      const begin = live.runEventBegin[run]!
      for (let e = begin; e < live.runEventBegin[run + 1]!; e++)
        delays.add(
          live.eventDeparture[e]! - tt.tripStart[trip]! - tt.profileTimes[tt.tripProfile[trip]! + 2 * (e - begin) + 1]!,
        )
    }
  return { generation, delays: [...delays], runs: live.counts.runs, planned, alerts: alerts.length }
}

/** A question is told back, with how many days it could have looked at. */
export const serve = answering(network, (horizon, task) => {
  const answer = 'question' in task ? { question: task.question, days: horizon.days.size } : reading(horizon)
  return new TextEncoder().encode(JSON.stringify(answer))
})
