// What the log says of messages that were not taken: the counts are in the source's status, which shows every one of them.

/** Milliseconds after which a reason that stays, or comes and goes, is told again. */
const AGAIN_MS = 600_000

export interface Refusals {
  /** @param refused why the source's newest message was not taken; undefined: it was */
  heard(source: number, refused: string | undefined): void
}

/**
 * Tells each reason once, and again when another one came between or ten minutes later: a feed that two producers out of step write is refused
 * every other time.
 * @param now monotonic milliseconds
 */
export function createRefusals(tell: (source: number, reason: string) => void, now: () => number): Refusals {
  const told = new Map<number, { readonly reason: string; readonly at: number }>()
  return {
    heard(source, refused) {
      const last = told.get(source)
      if (refused === undefined || (last?.reason === refused && now() - last.at < AGAIN_MS)) return
      told.set(source, { reason: refused, at: now() })
      tell(source, refused)
    },
  }
}
