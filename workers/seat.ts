// Who waits for a plan thread, and where: in line (dispatch.ts), next in a thread's seat, or at work there.

import type { PlanThread, ThreadTask } from './plan-thread.ts'

export interface PoolTask {
  readonly task: ThreadTask
  /** Nobody reads the task's buffers any more. */
  readonly done: () => void
}

/** A thread, whom it works for, and who is next. */
export interface Seat {
  readonly thread: PlanThread
  atWork?: Waiting | undefined
  next?: Waiting | undefined
}

export interface Waiting {
  readonly kind: string
  /** performance.now() when it came. */
  readonly since: number
  readonly prepare: () => PoolTask | Promise<PoolTask>
  /** Undefined while it is in line. */
  seat: Seat | undefined
  /** The thread's number for it; NOT_GIVEN while it is being prepared. */
  number: number
  stage: 'plan' | 'ask'
  /** performance.now() when the thread had nothing else to do. */
  started: number
  /** Does nobody wait any more? */
  left: boolean
  done: () => void
  readonly resolve: (bytes: Uint8Array<ArrayBuffer>) => void
  readonly reject: (error: unknown) => void
  /** No timer and no signal speaks of it any more. */
  readonly leave: () => void
}

export const NOT_GIVEN = 0

/** Many plans: who is next behind a task that takes longer goes to another thread. */
export const LONG_MS = 20

/** May the thread, at work, be given the one after it? */
export const hasRoom = ({ thread, atWork, next }: Seat, now: number): boolean =>
  !next && atWork!.number !== NOT_GIVEN && now - atWork!.started < LONG_MS && thread.hasRoom
