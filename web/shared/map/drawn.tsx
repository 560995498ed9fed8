// A map for as long as a component lives: fetched when it is first wanted, opened anew in another language, each time in an element of its own,
// so that one that is being closed takes nothing from the next.

import type { RefObject } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useAgain } from '../connection.ts'
import { useSetting } from '../setting.ts'
import type { Point, Tapped, TransitMap } from './map.ts'

export interface MapWish {
  /** What the map is called. */
  readonly label: string
  /** Where it begins. */
  start(): Promise<Point & { readonly zoom: number }>
  readonly onTap: (tapped: Tapped) => void
}

export interface MapInPage {
  readonly place: RefObject<HTMLDivElement | null>
  readonly map: TransitMap | undefined
  /** `device`: it cannot draw one; `fetch`: it has not come, and is asked for again. */
  readonly failed: 'device' | 'fetch' | undefined
}

export function useMap({ label, start, onTap }: MapWish): MapInPage {
  const { t, api, short } = useSetting()
  const place = useRef<HTMLDivElement>(null)
  const [map, setMap] = useState<TransitMap>()
  const [failed, setFailed] = useState<MapInPage['failed']>()
  const again = useAgain(failed === 'fetch')
  useEffect(() => {
    const container = place.current!.appendChild(document.createElement('div'))
    container.className = 'map-drawing'
    let opened: TransitMap | undefined
    let over = false
    const open = async (): Promise<void> => {
      const parts = await Promise.all([import('./map.ts'), start()]).catch(() => undefined)
      if (over) return
      if (!parts) return setFailed('fetch')
      const [{ openMap }, { zoom, ...center }] = parts
      opened = await openMap({ container, api, center, zoom, words: { ...t, label }, short, onTap })
      if (over) return opened.close()
      setFailed(undefined)
      setMap(opened)
    }
    open().catch(() => over || setFailed('device'))
    return () => {
      over = true
      opened?.close()
      container.remove()
      setMap(undefined)
    }
  }, [api, again])
  useEffect(() => map?.shorten(short), [map, short])
  return { place, map, failed }
}

/** In its place. */
export function NoMap({ failed }: Pick<MapInPage, 'failed'>) {
  const { t } = useSetting()
  if (failed === undefined) return null
  return (
    <p class="hint map-failed" role="status">
      {failed === 'device' ? t.mapFailed : t.mapMissing}
    </p>
  )
}
