// What is being looked at, as the page's address says it, so that every view can be shared and gone back to.
//
//   ?stop=do_de:05913:1234                           a board
//   ?view=reach&from=do_de:…&mode=WALK                how far one gets
//   ?from=do_de:…&to=51.5120,7.4650&time=…&arrive    a journey; with &journey=ID one of those found
//   ?from=…&via=do_de:…&via=51.5120,7.4650&stay=10,0&to=…    by way of two places, ten minutes at the first

import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { MOST_VIAS } from './question.ts'
import { REACH_MODES, type ReachMode } from './reach/modes.ts'

export type View = 'board' | 'journey' | 'reach'

export interface Address {
  readonly view: View
  /** Stop ids; `from` and `to` may be `lat,lon` as well. */
  readonly stop?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  /** Places on the way, in their order; ids as those of the ends, minutes to be spent there. */
  readonly vias: readonly { readonly id: string; readonly stay: number }[]
  /** Unix seconds; now when missing. */
  readonly time?: number | undefined
  readonly arriveBy: boolean
  /** What `reach` goes with; transit when missing. */
  readonly mode?: ReachMode | undefined
  /** Id of a journey that was found before. */
  readonly journey?: string | undefined
}

function readAddress(search: string): Address {
  const query = new URLSearchParams(search)
  const text = (name: string) => query.get(name) || undefined
  const time = Date.parse(query.get('time') ?? '') / 1000
  return {
    view: viewOf(query),
    stop: text('stop'),
    from: text('from'),
    to: text('to'),
    vias: viasOf(query),
    time: Number.isNaN(time) ? undefined : time,
    arriveBy: query.has('arrive'),
    mode: REACH_MODES.find(mode => mode === query.get('mode')),
    journey: text('journey'),
  }
}

const LONGEST_STAY = 24 * 60 // minutes

function viasOf(query: URLSearchParams): Address['vias'] {
  const stays = query.get('stay')?.split(',').map(Number) ?? []
  const stayAt = (i: number) => (Number.isInteger(stays[i]) ? Math.min(Math.max(0, stays[i]!), LONGEST_STAY) : 0)
  const ids = query.getAll('via').filter(Boolean)
  return ids.slice(0, MOST_VIAS).map((id, i) => ({ id, stay: stayAt(i) }))
}

function viewOf(query: URLSearchParams): View {
  if (query.get('view') === 'reach') return 'reach'
  const journey = ['from', 'to', 'journey'].some(name => query.has(name))
  return journey || query.get('view') === 'journey' ? 'journey' : 'board'
}

function writeAddress({ view, stop, from, to, vias, time, arriveBy, mode, journey }: Address): string {
  const parts: string[] = []
  const add = (name: string, value: string) =>
    parts.push(`${name}=${encodeURIComponent(value).replace(/%(2C|3A)/g, decodeURIComponent)}`)
  if (view === 'board') {
    if (stop) add('stop', stop)
  } else if (view === 'reach') {
    add('view', view)
    if (from) add('from', from)
    if (mode) add('mode', mode)
  } else {
    if (!from && !to) add('view', view)
    if (from) add('from', from)
    for (const { id } of vias) add('via', id)
    if (vias.some(({ stay }) => stay > 0)) add('stay', vias.map(({ stay }) => stay).join())
    if (to) add('to', to)
    if (time !== undefined) add('time', new Date(time * 1000).toISOString().replace('.000', ''))
    if (arriveBy) parts.push('arrive')
    if (journey) add('journey', journey)
  }
  return parts.length > 0 ? `?${parts.join('&')}` : location.pathname
}

/** The address as state: setting it makes a step in the history, unless told to replace the last one. */
export function useAddress(): [Address, (change: Partial<Address>, how?: 'push' | 'replace') => void] {
  const [address, setAddress] = useState(() => readAddress(location.search))
  const latest = useRef(address)
  latest.current = address
  useEffect(() => {
    const back = () => setAddress(readAddress(location.search))
    addEventListener('popstate', back)
    return () => removeEventListener('popstate', back)
  }, [])
  const change = useCallback((change: Partial<Address>, how: 'push' | 'replace' = 'push') => {
    // another question has other journeys
    latest.current = { ...latest.current, journey: undefined, ...change }
    const url = writeAddress(latest.current)
    if (how === 'replace') history.replaceState(null, '', url)
    else history.pushState(null, '', url)
    setAddress(latest.current)
  }, [])
  return [address, change]
}
