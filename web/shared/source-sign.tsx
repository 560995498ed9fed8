import { useSetting } from './setting.ts'
import type { TimeSource } from './source.ts'

// waves for what is heard, fewer where it is only concluded; all else by what it is
const paths: Readonly<Record<TimeSource, string>> = {
  predicted: 'M6 18h.01M5 11.5a7.5 7.5 0 0 1 7.5 7.5M5 5a14 14 0 0 1 14 14',
  propagated: 'M6 18h.01M5 8a11 11 0 0 1 11 11',
  recorded: 'm5 12.5 4.5 4.5L19 7',
  own: 'M12 21s-6.5-5.5-6.5-11a6.5 6.5 0 0 1 13 0c0 5.5-6.5 11-6.5 11zM12 10h.01',
  kept: 'M4 5v5h5M4.6 10a8 8 0 1 1-.4 4.5M12 8v4.5l3 1.5',
  nodata: 'M8.5 9a3.5 3.5 0 1 1 5 3.2c-1 .5-1.5 1.2-1.5 2.8M12 19h.01',
  stale: 'M6 18h.01M5 11.5a7.5 7.5 0 0 1 7.5 7.5M5 5a14 14 0 0 1 14 14M20 3 4 21',
  scheduled: 'M12 3.5a8.5 8.5 0 1 0 .01 0M12 7.5V12l3 2',
}

interface SourceSignProps {
  readonly source: TimeSource
  /** The word stands beside it, or was said of the line before. */
  readonly silent?: boolean
}

/** Where a time comes from: a sign, its word for the ear, its meaning for whoever points at it. */
export function SourceSign({ source, silent = false }: SourceSignProps) {
  const { t } = useSetting()
  return (
    <span class="source" data-source={source} title={t.sourcesMean[source]}>
      <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
        <path d={paths[source]} />
      </svg>
      {!silent && <span class="sr-only">{`${t.sources[source]}\u00a0`}</span>}
    </span>
  )
}
