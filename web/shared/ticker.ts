// One tick for everything that counts down: on the server's second, and not at all while nobody looks.

import { useEffect, useState } from 'preact/hooks'
import type { LiveClient } from './live.ts'
import { useSetting } from './setting.ts'

const listeners = new Set<() => void>()
let running = false

function run(live: LiveClient): void {
  if (listeners.size === 0) {
    running = false
    return
  }
  running = true
  const now = live.now()
  // a moment past the second, so that rounding never shows the last one
  setTimeout(
    () => {
      if (!document.hidden) for (const listener of listeners) listener()
      run(live)
    },
    (Math.floor(now) + 1 - now) * 1000 + 5,
  )
}

/** Unix seconds by the server's clock, new each second. */
export function useNow(): number {
  const { live } = useSetting()
  const [now, setNow] = useState(live.now)
  useEffect(() => {
    const tick = () => setNow(live.now())
    listeners.add(tick)
    if (!running) run(live)
    return () => {
      listeners.delete(tick)
    }
  }, [live])
  return now
}
