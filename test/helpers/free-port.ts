import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** Those that Linux gives away by itself begin at 32,768. Below 11,000 lies one that Chromium refuses. */
const [FIRST, LAST] = [11_000, 32_000]

/**
 * A port of loopback that nobody has, for who must say it beforehand or comes back to it: of a range in which the system finds no port for the
 * connections and servers of others, so that it is still nobody's then.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST, LAST)
    const probe = createServer().listen(port, '127.0.0.1')
    const isFree = await once(probe, 'listening').then(
      () => true,
      () => false,
    )
    if (!isFree) continue
    await once(probe.close(), 'close')
    return port
  }
}
