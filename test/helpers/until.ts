/** Resolves when `condition` holds, looked at every 20 ms; fails after `ms`, saying what was waited for. */
export async function until(what: string, condition: () => unknown, ms = 15_000): Promise<void> {
  const end = performance.now() + ms
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not within ${ms} ms: ${what}`)
    await new Promise(done => setTimeout(done, 20))
  }
}
