import { useConnection } from '../../shared/connection.ts'
import type { Board } from '../../shared/live-channel.ts'
import { useSetting } from '../../shared/setting.ts'
import { isHeard } from '../../shared/source.ts'
import { useNow } from '../../shared/ticker.ts'

const AGE_WORTH_SAYING = 60 // seconds

interface FreshnessProps {
  readonly board: Board
  /** Nobody vouches for it any more. */
  readonly outdated: boolean
}

/** How far the board can be trusted: is the server there, and how old is what the vehicles last said? */
export function Freshness({ board, outdated }: FreshnessProps) {
  const { t, times } = useSetting()
  const now = useNow()
  const connection = useConnection()
  if (board.state !== 'known') return null
  const feeds = Object.values(board.feeds)
  const newest = Math.max(0, ...feeds.map(feed => feed.asOf))
  const age = Math.max(0, Math.round(now - newest))
  const live = feeds.some(isHeard)
  const text =
    feeds.length === 0
      ? t.noRealtimeSource
      : newest === 0
        ? t.noRealtime
        : live
          ? t.dataAge(age < 2 * AGE_WORTH_SAYING ? t.seconds(age) : t.minutes(Math.round(age / 60)))
          : t.noLiveDataSince(times.clock(newest))
  return (
    <p class={`freshness${outdated || !(live || feeds.length === 0) ? ' is-warning' : ''}`}>
      {(outdated || connection.state !== 'open') && `${t.asOf(times.exact(board.asOf))} · `}
      {text}
    </p>
  )
}
