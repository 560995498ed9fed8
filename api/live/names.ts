// What a channel's name means:
//
//   stop:<stop id>        the board that `stoptimes?stopId=…` answers: the whole station, and its neighbours of the same name
//   station:<stop id>     the same for the station that the stop belongs to
//   …;exact               only what lies inside the stop itself (`exactRadius=true`)
//   …;lang=de             alerts in this language where the feed has it

import { FreifahrtError } from '#engine/core/errors.ts'
import type { TransitService } from '#workers/service.ts'
import type { Topic } from './topic.ts'
import { boardTopic } from './topics/board.ts'

/** A name taken apart, before anybody has looked whether there is such a thing. */
export interface ChannelName {
  /** One for all spellings of the same. */
  readonly name: string
  /**
   * @param touch to be called when the topic would say something else though nothing was published
   * @throws UNKNOWN_STOP, UNKNOWN_TRIP, UNKNOWN_TAG, …
   */
  make(service: TransitService, touch: () => void): Topic
}

const BOARD = /^(stop|station):(.+?)(;exact)?(?:;lang=([a-z]{2,3}))?$/s

/** Throws BAD_REQUEST for a name that is none. */
export function parseName(name: string): ChannelName {
  const board = BOARD.exec(name)
  if (board) {
    const [, prefix, id, exact, language] = board
    const options = { station: prefix === 'station', exact: exact !== undefined, language: language ? [language] : [] }
    return { name, make: service => boardTopic(service, id!, options) }
  }
  throw new FreifahrtError('BAD_REQUEST', 'ch', `'${name.slice(0, 100)}' is not stop:<id> or station:<id>`)
}
