// What an operator looks at, as the address says it: a view can be sent to a colleague or put on a second screen.
//
//   ?show=lines|vehicles|cancelled|alerts|feeds|statistics &line=U42 &state=late &route=ID &day=2026-11-26

import { useCallback, useEffect, useState } from 'preact/hooks'

export const SECTIONS = ['lines', 'vehicles', 'cancelled', 'alerts', 'feeds', 'statistics'] as const
export type Section = (typeof SECTIONS)[number]

export interface Filters {
  readonly show: Section
  readonly line: string | undefined
  readonly state: string | undefined
  /** Id of the route that is opened. */
  readonly route: string | undefined
  /** Of the statistics; undefined: the newest whole one. */
  readonly day: string | undefined
}

function readFilters(search: string): Filters {
  const query = new URLSearchParams(search)
  const text = (name: string) => query.get(name) || undefined
  return {
    show: SECTIONS.find(section => section === query.get('show')) ?? 'lines',
    line: text('line'),
    state: text('state'),
    route: text('route'),
    // it becomes part of an address
    day: /^\d{4}-\d\d-\d\d$/.exec(query.get('day') ?? '')?.[0],
  }
}

function writeFilters({ show, line, state, route, day }: Filters): string {
  const query = new URLSearchParams()
  if (show !== 'lines') query.set('show', show)
  if (line) query.set('line', line)
  if (state) query.set('state', state)
  if (route) query.set('route', route)
  if (day) query.set('day', day)
  return query.size > 0 ? `?${query}` : location.pathname
}

export function useFilters(): readonly [Filters, (change: Partial<Filters>) => void] {
  const [filters, setFilters] = useState(() => readFilters(location.search))
  useEffect(() => {
    const back = () => setFilters(readFilters(location.search))
    addEventListener('popstate', back)
    return () => removeEventListener('popstate', back)
  }, [])
  const change = useCallback((change: Partial<Filters>) => {
    const next = { ...readFilters(location.search), ...change }
    history.pushState(null, '', writeFilters(next))
    setFilters(next)
  }, [])
  return [filters, change]
}
