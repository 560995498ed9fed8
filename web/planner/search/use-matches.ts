import { useEffect, useState } from 'preact/hooks'
import type { Match } from '../../shared/api.ts'
import { useSetting } from '../../shared/setting.ts'

const PAUSE = 120 // ms without a key before the server is asked
const AGAIN = 3000 // ms after which it is asked again when it has not answered

export interface Matches {
  /** The text that `matches` answers. */
  readonly text: string
  readonly matches: readonly Match[]
  /** The server has not answered; it is asked again. */
  readonly failed: boolean
}

const NOTHING: Matches = { text: '', matches: [], failed: false }

/** The server's suggestions for what is typed; an answer to an older text never replaces a newer one. */
export function useMatches(text: string, near: string | undefined, onlyStops: boolean): Matches {
  const { api } = useSetting()
  const [found, setFound] = useState(NOTHING)
  useEffect(() => {
    if (text.trim() === '') return setFound(NOTHING)
    const ask = new AbortController()
    const type = onlyStops ? 'STOP' : undefined
    const go = async (): Promise<void> => {
      const matches = await api.geocode(text, near, type, ask.signal).catch(() => undefined)
      if (ask.signal.aborted) return
      setFound(matches ? { text, matches, failed: false } : { ...NOTHING, failed: true })
      if (!matches) timer = setTimeout(go, AGAIN)
    }
    let timer = setTimeout(go, PAUSE)
    return () => {
      clearTimeout(timer)
      ask.abort()
    }
  }, [api, text, near, onlyStops])
  return found
}
