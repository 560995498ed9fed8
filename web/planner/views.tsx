import { Icon } from '../shared/icon.tsx'
import { useSetting } from '../shared/setting.ts'
import type { View } from './address.ts'

interface ViewsProps {
  readonly shown: View | 'map'
  readonly onChoose: (view: View | 'map') => void
}

/** What there is to look at; the map is one of them where there is no room beside it. */
export function Views({ shown, onChoose }: ViewsProps) {
  const { t } = useSetting()
  const words = { board: t.board, journey: t.journey, reach: t.reach.view, map: t.map }
  return (
    <nav class="views" aria-label={t.views}>
      {(['board', 'journey', 'reach', 'map'] as const).map(view => (
        <button
          key={view}
          type="button"
          class={view === 'map' ? 'only-narrow' : ''}
          aria-current={shown === view ? 'page' : undefined}
          onClick={() => onChoose(view)}
        >
          <Icon name={view} />
          {words[view]}
        </button>
      ))}
    </nav>
  )
}
