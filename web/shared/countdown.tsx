import { useSetting } from './setting.ts'
import { useNow } from './ticker.ts'

const EXACT_BELOW = 10 * 60 // seconds

interface CountdownProps {
  readonly time: number
  /** Seconds are shown only where something is really known to the second. */
  readonly live: boolean
}

/** How long until `time`: 4:05, 12 min, or the clock when it is far. Read aloud it changes once a minute only. */
export function Countdown({ time, live }: CountdownProps) {
  const { t, times } = useSetting()
  const left = Math.ceil(time - useNow())
  const minutes = Math.floor(left / 60)
  if (minutes >= 60) return <span class="countdown">{times.clock(time)}</span>
  return (
    <span class="countdown">
      <span class="sr-only">{t.inMinutes(minutes)}</span>
      <span aria-hidden="true">
        {left <= 0 || (!live && minutes < 1) ? (
          <b class="countdown-now">{t.now}</b>
        ) : live && left < EXACT_BELOW ? (
          <>
            {minutes}
            <small>:{String(left % 60).padStart(2, '0')}</small>
          </>
        ) : (
          <>
            {minutes}
            <small> {t.minuteSign}</small>
          </>
        )}
      </span>
    </span>
  )
}
