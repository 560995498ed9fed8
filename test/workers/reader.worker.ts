// A plan worker that reads the whole live block again and again while it may, and tells what delays it saw there. A torn read would show
// more than one.

import { answering, attachNetwork } from '#workers/attach.ts'
import type { AskTask } from '#workers/messages.ts'

const network = attachNetwork()
const READS = 40

export const plan = answering(network, ({ live, generation, timetable: tt, days, alerts }) => {
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
  const answer = { generation, delays: [...delays], runs: live.counts.runs, planned, alerts: alerts.length }
  return new TextEncoder().encode(JSON.stringify(answer))
})

/** Tells what it was asked, and how many days it could have looked at. */
export const ask = answering<AskTask>(network, ({ days }, { question }) =>
  new TextEncoder().encode(JSON.stringify({ question, days: days.size })),
)
