import { useEffect, useState } from 'preact/hooks'
import type { Leg } from '../../shared/api.ts'
import { useAgain } from '../../shared/connection.ts'
import type { Row } from '../../shared/live-channel.ts'
import { useSetting } from '../../shared/setting.ts'
import { sourceOf } from '../../shared/source.ts'
import { callsOf, indexOfCall } from '../journey/retime.ts'
import { StopList } from '../journey/stop-list.tsx'

/** Where the run of a departure goes from here, with the times at each stop; asked for again whenever the departure's own time changes. */
export function Run({ row, label }: { readonly row: Row; readonly label: string }) {
  const { api, t } = useSetting()
  const [leg, setLeg] = useState<Leg | undefined>()
  const [failed, setFailed] = useState(false)
  const again = useAgain(failed)
  // a changed expectation is the reason to ask again
  useEffect(() => {
    const ask = new AbortController()
    api.trip(row.trip, ask.signal).then(
      trip => {
        setLeg(trip.legs[0])
        setFailed(false)
      },
      () => ask.signal.aborted || setFailed(true),
    )
    return () => ask.abort()
  }, [api, row.trip, row.pred, again])

  if (!leg) return <p class="hint">{failed ? t.failed : t.loading}</p>
  const calls = callsOf(leg)
  const here = indexOfCall(calls, 'scheduledDeparture', { stopId: row.stop, time: row.sched })
  return (
    <div class="run">
      <p class="run-source">{t.sourcesMean[sourceOf(row)]}</p>
      <StopList calls={calls.slice(Math.max(0, here))} color={row.color} label={label} />
    </div>
  )
}
