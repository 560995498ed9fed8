// How late an event loop is, and a process whose loop does nothing: what the machine does to anybody while others are busy.

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { monitorEventLoopDelay } from 'node:perf_hooks'

const RESOLUTION = 5 // milliseconds

/** Of the loop of this thread. */
export function watchLoop(): { begin(): void; end(): number } {
  const loop = monitorEventLoopDelay({ resolution: RESOLUTION })
  return {
    begin() {
      loop.reset()
      loop.enable()
    },
    /** @returns p99 of how late it was since `begin`, in ms */
    end() {
      loop.disable()
      return Math.max(0, loop.percentile(99) / 1e6 - RESOLUTION)
    },
  }
}

export interface Control {
  begin(): Promise<void>
  end(): Promise<number>
  close(): void
}

/** A process of its own, watched as `watchLoop` watches. */
export async function idleControl(): Promise<Control> {
  const child = fork(new URL('./idle-loop.child.ts', import.meta.url))
  const ask = async (word: 'begin' | 'end'): Promise<number> => {
    child.send(word)
    return (await once(child, 'message'))[0]
  }
  await once(child, 'message')
  return {
    begin: async () => void (await ask('begin')),
    end: () => ask('end'),
    close: () => child.disconnect(),
  }
}
