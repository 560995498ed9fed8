import { useState } from 'preact/hooks'
import type { Itinerary } from '../../shared/api.ts'
import { useSetting } from '../../shared/setting.ts'
import type { Ends } from './details.tsx'
import { journeyText } from './spoken.ts'

interface ActionsProps {
  readonly itinerary: Itinerary
  readonly ends: Ends
  readonly watched: boolean
  readonly onWatch: () => void
}

/** What can be done with an opened journey. */
export function Actions({ itinerary, ends, watched, onWatch }: ActionsProps) {
  const { t, times } = useSetting()
  const [said, setSaid] = useState('')
  const text = journeyText(t, times, itinerary, ends)
  const share = async (): Promise<void> => {
    const url = new URL(location.href)
    url.searchParams.set('journey', itinerary.id)
    if (typeof navigator.share === 'function') return navigator.share({ text, url: url.href }).catch(() => {})
    // over plain http there is no clipboard either
    const copied = await navigator.clipboard?.writeText(`${text}\n${url.href}`).then(
      () => true,
      () => false,
    )
    setSaid(copied ? t.actions.copied : t.failed)
  }
  return (
    <div class="journey-actions">
      {/* the journey in one go, for whoever cannot see it */}
      <p class="sr-only" data-journey-text>
        {text}
      </p>
      <button type="button" aria-pressed={watched} onClick={onWatch}>
        {watched ? t.actions.watched : t.actions.watch}
      </button>
      <button type="button" onClick={share}>
        {t.actions.share}
      </button>
      <button type="button" onClick={() => print()}>
        {t.actions.print}
      </button>
      <span class="hint" role="status">
        {said}
      </span>
    </div>
  )
}
