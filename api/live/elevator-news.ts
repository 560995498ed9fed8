// Which elevators something else is known of than before.

import { elevatorsNow } from '#api/elevators.ts'
import type { ElevatorState } from '#engine/access/elevators.ts'
import type { TransitService } from '#workers/service.ts'

/** Of one network, since it was last asked. @returns ids */
export function elevatorNews(service: TransitService): () => string[] {
  let before = elevatorsNow(service)
  return () => {
    const [then, now] = [before, elevatorsNow(service)]
    before = now
    return then === now ? [] : now.flatMap((state, i) => (isSame(state, then[i]!) ? [] : [state.elevator.id]))
  }
}

const isSame = (a: ElevatorState, b: ElevatorState): boolean =>
  a.state === b.state &&
  a.name === b.name &&
  a.source === b.source &&
  a.out.length === b.out.length &&
  a.out.every(({ start, end }, i) => start === b.out[i]!.start && end === b.out[i]!.end)
