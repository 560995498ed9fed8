import { useEffect, useState } from 'preact/hooks'

const wide = matchMedia('(min-width: 760px)')

/** Is there room for the map beside everything else? */
export function useWide(): boolean {
  const [matches, setMatches] = useState(wide.matches)
  useEffect(() => {
    const changed = () => setMatches(wide.matches)
    wide.addEventListener('change', changed)
    return () => wide.removeEventListener('change', changed)
  }, [])
  return matches
}

/** True from the first time on that `now` is. */
export function useSeen(now: boolean): boolean {
  const [seen, setSeen] = useState(false)
  useEffect(() => {
    if (!now || seen) return
    // the board first: the map is heavy and can wait for a quiet moment
    const timer = setTimeout(() => setSeen(true), 50)
    return () => clearTimeout(timer)
  }, [now, seen])
  return seen
}
