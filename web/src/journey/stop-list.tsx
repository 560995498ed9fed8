import type { Place } from '../../shared/api.ts'
import { badgeColors } from '../colors.ts'
import { useSetting } from '../setting.ts'
import { seconds } from '../times.ts'

interface StopListProps {
  readonly calls: readonly Place[]
  readonly color?: string | undefined
  readonly label: string
}

/** The calls of a run along its line. */
export function StopList({ calls, color, label }: StopListProps) {
  return (
    <ol class="stop-list" aria-label={label} style={{ '--line-color': badgeColors(color, undefined)?.background }}>
      {calls.map((call, i) => (
        // a run may call twice at one stop
        <li key={i} class={call.cancelled ? 'is-off' : ''}>
          <CallTime call={call} />
          <span>
            {call.name}
            <Track place={call} />
          </span>
        </li>
      ))}
    </ol>
  )
}

/** The time at a stop: departure, or arrival at the last; the planned one struck out when another is expected. */
export function CallTime({ call, arrival = false }: { readonly call: Place; readonly arrival?: boolean }) {
  const { t, times } = useSetting()
  const [expected, planned] =
    arrival || !call.departure ? [call.arrival, call.scheduledArrival] : [call.departure, call.scheduledDeparture]
  if (!expected) return <span class="call-time" />
  const now = times.clock(seconds(expected))
  const then = times.clock(seconds(planned ?? expected))
  if (now === then) return <span class="call-time">{now}</span>
  return (
    <span class="call-time">
      <span class="sr-only">
        {t.planned(then)}, {t.expected(now)}
      </span>
      <span aria-hidden="true">
        <s>{then}</s>
        <b>{now}</b>
      </span>
    </span>
  )
}

export function Track({ place: { track, scheduledTrack } }: { readonly place: Place }) {
  const { t } = useSetting()
  if (!track) return null
  if (!scheduledTrack || track === scheduledTrack) return <span class="track">{t.platform(track)}</span>
  return <span class="track fact-changed">{t.platformInstead(track, scheduledTrack)}</span>
}
