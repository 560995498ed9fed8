// Elevators out of order, as a board tells them.

import type { Texts } from '../texts/de.ts'
import type { Board } from './live-channel.ts'
import type { Times } from './times.ts'

export interface ElevatorView {
  readonly id: string
  readonly name: string
  /** Unix seconds; nobody promises it. */
  readonly until: number | undefined
}

/** Those of which no alert of the board speaks. What is over is not told, whether or not a server says so. */
export function elevatorsOut({ elevators, alerts, stop }: Board, now: number): readonly ElevatorView[] {
  const told = new Set(alerts.map(({ id }) => id))
  return elevators.flatMap(({ id, name, end, source }) =>
    (end === undefined || end > now) && !(source && told.has(source))
      ? [{ id, name: name || (stop?.name ?? ''), until: end }]
      : [],
  )
}

export const elevatorText = (t: Texts, times: Times, { name, until }: Omit<ElevatorView, 'id'>, now: number): string =>
  t.display.elevatorOut(name, until === undefined ? '' : times.when(until, now))
