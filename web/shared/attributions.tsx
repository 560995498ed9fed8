import type { Attribution } from './api.ts'
import { useSetting } from './setting.ts'

/** Whose data is shown. */
export function Attributions({ attributions }: { readonly attributions: readonly Attribution[] }) {
  const { t } = useSetting()
  if (attributions.length === 0) return null
  return (
    <p class="attributions">
      {t.mapData}:{' '}
      {attributions.map(({ text, url }, i) => (
        <span key={text}>
          {i > 0 && ', '}
          {url && /^https?:\/\//.test(url) ? (
            <a href={url} target="_blank" rel="noreferrer">
              {text}
            </a>
          ) : (
            text
          )}
        </span>
      ))}
    </p>
  )
}
