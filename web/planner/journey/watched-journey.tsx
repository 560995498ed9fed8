import { elevatorText } from '../../shared/elevators-out.ts'
import { isBus } from '../../shared/modes.ts'
import { useSetting } from '../../shared/setting.ts'
import { minutesBetween } from '../../shared/times.ts'
import { useNotification, useWatchedState, type Watched, type WatchedState } from './watch.ts'

interface WatchedJourneyProps {
  readonly watched: Watched
  readonly onEnd: () => void
  /** Opens the way on that the server proposes. */
  readonly onAlternative: (itinerary: NonNullable<WatchedState['alternative']>) => void
}

/** The journey under watch, always on top: how it stands, and what to do when it breaks. */
export function WatchedJourney({ watched, onEnd, onAlternative }: WatchedJourneyProps) {
  const { t, times } = useSetting()
  const state = useWatchedState(watched.id)
  const head = state?.journey
  const news = useNews(state)
  useNotification(watched.name, news.join(' '))
  const mood =
    head === undefined
      ? 'quiet'
      : head.state === 'ok'
        ? 'good'
        : head.state === 'over'
          ? 'quiet'
          : head.state === 'delayed'
            ? 'late'
            : 'bad'
  return (
    <section class={`watched is-${mood}`} aria-label={t.watch.title}>
      <p>
        <b>{watched.name}</b>
        {head && (
          <span>
            {times.clock(head.departure)} – {times.clock(head.arrival)}
          </span>
        )}
      </p>
      <p role="status">
        {state?.state === 'gone' ? t.watch.gone : head ? [t.watch.states[head.state], ...news].join(' ') : t.loading}
      </p>
      <p class="watched-actions">
        {state?.alternative && (
          <button type="button" class="filled" onClick={() => onAlternative(state.alternative!)}>
            {t.watch.alternative}
          </button>
        )}
        <button type="button" class="quiet" onClick={onEnd}>
          {t.watch.end}
        </button>
      </p>
    </section>
  )
}

/** What is wrong, a sentence each. */
function useNews(state: WatchedState | undefined): readonly string[] {
  const { t, times } = useSetting()
  const sentence = (
    { kind, end, platform, stop, elevator, until }: Notice,
    leg: WatchedState['rows'][number],
  ): string => {
    const line = leg.line ?? t.walk
    if (kind === 'delay')
      return t.watch.delay(line, minutesBetween(leg.schedArrival, leg.arrival), times.clock(leg.arrival))
    if (kind === 'platform') {
      const where = platform ? t.platform(platform, isBus(leg.mode)) : (stop ?? '')
      return end === 'to' ? t.watch.platformTo(line, where) : t.watch.platform(line, where)
    }
    if (kind === 'cancelled') return t.watch.cancelled(line)
    if (kind === 'elevator') {
      const what = elevatorText(t, times, { name: elevator ?? '', until }, leg.arrival)
      return leg.state === 'cancelled'
        ? `${what}.`
        : `${what}. ${line}: ${times.clock(leg.departure)} – ${times.clock(leg.arrival)}.`
    }
    return kind === 'transfer_at_risk' ? t.watch.atRisk(line) : t.watch.broken(line)
  }
  return (state?.notices ?? []).flatMap(notice => {
    const leg = state?.rows.find(row => row.id === notice.leg)
    return leg ? [sentence(notice, leg)] : []
  })
}

type Notice = NonNullable<WatchedState['notices']>[number]
