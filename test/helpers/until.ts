/**
 * Milliseconds that a test waits for what has to come; the limits in vitest.config.ts go by it. No bound of how fast anything is: it says how long a
 * failure takes, and the machine may be a slow one that does something else as well.
 */
export const PATIENCE = 60_000

/** Resolves when `condition` holds, looked at every 20 ms; fails after `ms`, saying what was waited for. */
export async function until(what: string, condition: () => unknown, ms = PATIENCE): Promise<void> {
  const end = performance.now() + ms
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not within ${ms} ms: ${what}`)
    await new Promise(done => setTimeout(done, 20))
  }
}
