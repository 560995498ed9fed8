import type { Place } from '../../shared/api.ts'
import { badgeColors } from '../../shared/colors.ts'
import { useSetting } from '../../shared/setting.ts'
import type { TimeSource } from '../../shared/source.ts'
import { SourceSign } from '../../shared/source-sign.tsx'
import { seconds } from '../../shared/times.ts'
import { ByArrangement } from '../board/departure.tsx'

interface StopListProps {
  readonly calls: readonly Place[]
  readonly color?: string | undefined
  readonly label: string
}

/** The calls of a run along its line, each with the time that is expected. */
export function StopList({ calls, color, label }: StopListProps) {
  const { t, times, short } = useSetting()
  const sources = calls.map(call => (call.cancelled ? undefined : (call.departureSource ?? call.arrivalSource)))
  return (
    <ol class="stop-list" aria-label={label} style={{ '--line-color': badgeColors(color, undefined)?.background }}>
      {calls.map((call, i) => {
        const time = call.departure ?? call.arrival
        return (
          // a run may call twice at one stop
          <li key={i} class={call.cancelled ? 'is-off' : ''}>
            <span class="call-time">{time && times.clock(seconds(time))}</span>
            <span>
              {short(call.name)}
              {call.cancelled && <span class="sr-only"> ({t.skipped})</span>}
              <CallSource source={sources[i]} before={sources[i - 1]} />{' '}
              <ByArrangement
                getOn={i < calls.length - 1 ? call.pickupArrangement : undefined}
                getOff={i > 0 ? call.dropoffArrangement : undefined}
              />
            </span>
          </li>
        )
      })}
    </ol>
  )
}

/** Said aloud where it becomes another, and not at all where it is the timetable from the first stop on. */
function CallSource(props: { readonly source: TimeSource | undefined; readonly before: TimeSource | undefined }) {
  const { source, before = 'scheduled' } = props
  if (source === undefined || (source === 'scheduled' && before === source)) return null
  return (
    <>
      {' '}
      <SourceSign source={source} silent={source === before} />
    </>
  )
}

interface CallProps {
  readonly call: Place
  readonly event: 'departure' | 'arrival'
}

/** The expected time at a stop, with the planned one struck out when it is another. */
export function CallTime({ call, event }: CallProps) {
  const { t, times } = useSetting()
  const expected = event === 'arrival' ? call.arrival : call.departure
  const planned = event === 'arrival' ? call.scheduledArrival : call.scheduledDeparture
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

export function Track({ place: { track, scheduledTrack }, bus }: { readonly place: Place; readonly bus: boolean }) {
  const { t } = useSetting()
  if (!track) return null
  if (!scheduledTrack || track === scheduledTrack) return <span class="track">{t.platform(track, bus)}</span>
  return <span class="track fact-changed">{t.platformInstead(track, scheduledTrack, bus)}</span>
}
