// Feeds broken messages to a live state, with good ones between them.

import { FreifahrtError } from '#engine/core/errors.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { applyMessage } from '#engine/live/apply.ts'
import { createMessage } from '#engine/live/message.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'
import { decodeMessage } from '#feeds/realtime/decode.ts'
import { mutate } from './mutations.ts'
import { random } from './random.ts'
import { storeOf } from './realtime.ts'
import type { Recorded } from './replays.ts'
import { stateFingerprint } from './state-hash.ts'

export interface Fuzzed {
  readonly refused: number
  readonly taken: number
  /** Refused, and yet the state was another one afterwards. */
  readonly partial: number
}

/** Throws what any of them makes us throw, except that it is unreadable. */
export function fuzz(tt: Timetable, good: readonly Recorded[], times: number, seed: number): Fuzzed {
  const store = storeOf(tt)
  const dice = random(seed)
  const message = createMessage()
  const result = { refused: 0, taken: 0, partial: 0 }
  let hash = stateFingerprint(tt, store.state)
  for (let n = 0; n < times; n++) {
    const { made, bytes } = good[Math.floor((n * good.length) / times)]!
    if (n % 10 === 0) {
      applyMessage(store, 0, decodeMessage(bytes, message), made as UnixSeconds)
      hash = stateFingerprint(tt, store.state)
    }
    let refused: string | undefined
    try {
      refused = applyMessage(store, 0, decodeMessage(mutate(bytes, dice), message), made as UnixSeconds).refused
    } catch (error) {
      if (!(error instanceof FreifahrtError) || error.code !== 'REALTIME_UNREADABLE') throw error
      refused = error.code
    }
    if (refused === undefined) {
      result.taken++
      hash = stateFingerprint(tt, store.state)
    } else {
      result.refused++
      if (stateFingerprint(tt, store.state) !== hash) result.partial++
    }
  }
  return result
}
