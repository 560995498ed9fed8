import { useEffect, useState } from 'preact/hooks'
import type { Match } from '../../shared/api.ts'
import { useSetting } from '../../shared/setting.ts'

const PAUSE = 120 // ms without a key before the server is asked

export interface Matches {
  /** The text that `matches` answers. */
  readonly text: string
  readonly matches: readonly Match[]
}

/** The server's suggestions for what is typed; an answer to an older text never replaces a newer one. */
export function useMatches(text: string, near: string | undefined, onlyStops: boolean): Matches {
  const { api } = useSetting()
  const [found, setFound] = useState<Matches>({ text: '', matches: [] })
  useEffect(() => {
    if (text.trim() === '') return setFound({ text: '', matches: [] })
    const ask = new AbortController()
    const pause = setTimeout(async () => {
      const matches = await api.geocode(text, near, onlyStops ? 'STOP' : undefined, ask.signal).catch(() => undefined)
      if (ask.signal.aborted || !matches) return
      setFound({ text, matches })
    }, PAUSE)
    return () => {
      clearTimeout(pause)
      ask.abort()
    }
  }, [api, text, near, onlyStops])
  return found
}
