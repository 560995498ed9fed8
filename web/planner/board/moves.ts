// Rows glide to their new places instead of jumping, and glow for a moment when they changed (first, last, invert, play).

import { useLayoutEffect, useRef } from 'preact/hooks'
import type { Row } from '../../shared/live-channel.ts'

const calm = matchMedia('(prefers-reduced-motion: reduce)')

/** The ref for the list whose children carry `data-row`. */
export function useGentleMoves(rows: readonly Row[]) {
  const list = useRef<HTMLOListElement>(null)
  const tops = useRef(new Map<string, number>())
  const known = useRef(new Map<string, Row>())

  useLayoutEffect(() => {
    const next = new Map<string, number>()
    const byId = new Map(rows.map(row => [row.id, row]))
    for (const element of list.current?.children ?? []) {
      if (!(element instanceof HTMLElement)) continue
      const id = element.dataset.row!
      next.set(id, element.offsetTop)
      const last = known.current.get(id)
      if (calm.matches || (last === undefined && known.current.size === 0)) continue
      const moved = (tops.current.get(id) ?? element.offsetTop) - element.offsetTop
      if (last === undefined) element.animate({ opacity: [0, 1] }, 400)
      else if (moved !== 0)
        element.animate(
          { transform: [`translateY(${moved}px)`, 'none'] },
          { duration: 450, easing: 'cubic-bezier(.2,.7,.2,1)' },
        )
      const row = byId.get(id)
      if (last && row && changed(last, row)) glow(element)
    }
    tops.current = next
    known.current = byId
  }, [rows])
  return list
}

const changed = (a: Row, b: Row): boolean =>
  a.state !== b.state || a.platform !== b.platform || Math.abs((a.pred ?? a.sched) - (b.pred ?? b.sched)) >= 30

function glow(element: HTMLElement): void {
  const color = getComputedStyle(element).getPropertyValue('--glow')
  element.animate({ backgroundColor: [color, 'transparent'] }, { duration: 1800, easing: 'ease-out' })
}
