// The same kind of channel for each feed, as one list of rows.

import { useEffect, useMemo, useState } from 'preact/hooks'
import type { AlertRow, SourceRow } from '#api/live/rows/feed.ts'
import type { VehicleRow } from '#api/live/rows/vehicle.ts'
import type { LiveClient } from '../shared/live.ts'

interface Rows {
  readonly fleet: VehicleRow
  readonly alerts: AlertRow
  readonly feed: SourceRow
}

export interface Told<Row> {
  readonly rows: readonly Row[]
  /** False as long as some feed's rows have not come. */
  readonly known: boolean
}

export function useFeeds<Kind extends keyof Rows>(
  live: LiveClient,
  kind: Kind,
  tags: readonly string[],
  language: string,
): Told<Rows[Kind]> {
  const [byTag, setByTag] = useState<ReadonlyMap<string, { rows: readonly Rows[Kind][]; state: string }>>(new Map())
  const key = tags.join(' ')
  useEffect(() => {
    setByTag(new Map())
    const options = kind === 'feed' ? '' : `;lang=${language}`
    const ends = key
      .split(' ')
      .filter(Boolean)
      .map(tag =>
        live.watch(`${kind}:${tag}${options}` as `feed:${string}`, told =>
          setByTag(last =>
            new Map(last).set(tag, {
              rows: told.rows as readonly unknown[] as readonly Rows[Kind][],
              state: told.state,
            }),
          ),
        ),
      )
    return () => {
      for (const end of ends) end()
    }
  }, [live, kind, key, language])
  return useMemo(() => {
    const all = [...byTag.values()]
    return {
      rows: all.flatMap(({ rows }) => rows),
      known: all.length > 0 && all.every(({ state }) => state !== 'waiting'),
    }
  }, [byTag])
}
