// A way that waits until an elevator works again, where that is sooner; one that is there before an elevator breaks, where it then leaves later.

import type { Outage } from '../access/elevators.ts'
import type { UnixSeconds } from '../core/time.ts'

export interface AwaitedWay {
  /** Seconds after (arrive by: before) the time asked for. */
  readonly waits: number
  readonly seconds: number
}

interface AskedWay {
  readonly time: number
  readonly arriveBy: boolean
  /** Nobody is quicker: who waits longer than a wait can spare is later. Seconds. */
  readonly least: number
  /** With the wait. Seconds. */
  readonly longest: number
}

/**
 * The way that is there first (arrive by: leaves last), at once or from a moment on at which one of the elevators works again.
 * @param outages in the time within which it is made
 * @param secondsAt of the quickest way that leaves (arrive by: arrives) then; longer ones than `most` are none
 */
export function soonestWay(
  outages: readonly Outage[],
  { time, arriveBy, least, longest }: AskedWay,
  secondsAt: (at: number, most: number) => number | undefined,
): AwaitedWay | undefined {
  const turns = new Set(outages.flatMap(({ out }) => out.map(([begin, end]) => (arriveBy ? time - begin : end - time))))
  let best: AwaitedWay | undefined
  for (const waits of [0, ...[...turns].filter(seconds => seconds > 0).sort((a, b) => a - b)]) {
    const most = (best ? best.waits + best.seconds - 1 : longest) - waits
    if (waits > 0 && least > most) break
    const seconds = secondsAt(arriveBy ? time - waits : time + waits, most)
    if (seconds !== undefined && seconds <= most) best = { waits, seconds }
  }
  return best
}

export function timesOf({ waits, seconds }: AwaitedWay, { time, arriveBy }: Pick<AskedWay, 'time' | 'arriveBy'>) {
  const begin = arriveBy ? time - waits - seconds : time + waits
  return { departure: begin as UnixSeconds, arrival: (begin + seconds) as UnixSeconds }
}
