// How often each address has asked within a window that begins with its first request.

export interface Counted {
  /** Requests in this window, this one included. */
  readonly current: number
  /** Milliseconds until the window is over. */
  readonly ttl: number
}

export interface Counts {
  /** One more of `key`; at once, unless somebody else has to be asked. Never rejects. */
  count(key: string, windowMs: number): Counted | Promise<Counted>
  close(): Promise<void>
}

/** Addresses that a process remembers by itself. */
const REMEMBERED = 50_000

/** In this process alone; the address that began longest ago is forgotten first. */
export function countHere(): (key: string, windowMs: number) => Counted {
  const windows = new Map<string, { current: number; readonly end: number }>()
  return (key, windowMs) => {
    const now = performance.now()
    let window = windows.get(key)
    if (!window || window.end <= now) {
      window = { current: 0, end: now + windowMs }
      windows.delete(key)
      windows.set(key, window)
      if (windows.size > REMEMBERED) windows.delete(windows.keys().next().value!)
    }
    return { current: ++window.current, ttl: window.end - now }
  }
}
