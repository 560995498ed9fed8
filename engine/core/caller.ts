// Who waits for an answer. What takes long asks now and then whether anybody still does.

import { FreifahrtError } from './errors.ts'

export interface Caller {
  /** Does nobody wait for the answer any more? Cheap: one word of shared memory. */
  isGivenUp: () => boolean
}

/** Somebody who always waits. */
export const patient: Caller = { isGivenUp: () => false }

export const givenUp = (): FreifahrtError =>
  new FreifahrtError('TIMEOUT', 'search', 'nobody waits for the answer any more')
