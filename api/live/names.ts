// What a channel's name means:
//
//   stop:<stop id>        the board that `stoptimes?stopId=…` answers: the whole station, and its neighbours of the same name
//   station:<stop id>     the same for the station that the stop belongs to
//   …;exact               only what lies inside the stop itself (`exactRadius=true`)
//   trip:<trip id>        a run (`YYYYMMDD_HH:MM_<tag>_<trip_id>`) with all its calls
//   route:<route id>      a line's runs under way, its delays and headways
//   vehicle:<vehicle id>  a vehicle (`<tag>_<vehicle id>`)
//   fleet:<w>,<s>,<e>,<n> the vehicles in a box of degrees, rounded out to tiles: `fleet:<z>/<x>-<x>/<y>-<y>`
//   fleet:<tag>           all vehicles of a feed
//   alerts:<tag>          its alerts
//   feed:<tag>            its realtime sources
//   journey:<id>          a watched itinerary by its id; what comes carries a short name, `journey:` and a digest
//   …;lang=de             of all but feeds: texts in this language where the feed has it

import { createHash } from 'node:crypto'
import { FreifahrtError } from '#engine/core/errors.ts'
import type { TransitService } from '#workers/service.ts'
import { readTiles, tilesAround, writeTiles } from './tiles.ts'
import type { Topic } from './topic.ts'
import { alertsTopic } from './topics/alerts.ts'
import { boardTopic } from './topics/board.ts'
import { feedTopic } from './topics/feed.ts'
import { journeyTopic } from './topics/journey.ts'
import { routeTopic } from './topics/route.ts'
import { tripTopic } from './topics/trip.ts'
import { feedFleetTopic, tileFleetTopic, vehicleTopic } from './topics/vehicles.ts'

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

/** prefix, subject, ;exact, language */
const NAME = /^([a-z]+):(.+?)(;exact)?(?:;lang=([a-z]{2,3}))?$/s

/** Throws BAD_REQUEST for a name that is none. */
export function parseName(name: string): ChannelName {
  const [, prefix, subject = '', exact, lang] = NAME.exec(name) ?? []
  const language = lang ? [lang] : []
  const named = (make: ChannelName['make']): ChannelName => ({ name, make })
  switch (prefix) {
    case 'stop':
    case 'station': {
      const options = { station: prefix === 'station', exact: exact !== undefined, language }
      return named(service => boardTopic(service, subject, options))
    }
    case 'trip':
      return named(service => tripTopic(service, subject, language))
    case 'route':
      return named(service => routeTopic(service, subject, language))
    case 'vehicle':
      return named(() => vehicleTopic(subject, language))
    case 'fleet':
      return fleetName(subject, lang)
    case 'alerts':
      return named(service => alertsTopic(service, subject, language))
    case 'journey': {
      const digest = createHash('sha256').update(name).digest('base64url').slice(0, 22)
      return { name: `journey:${digest}`, make: (service, touch) => journeyTopic(service, subject, language, touch) }
    }
    case 'feed':
      return named(service => feedTopic(service, subject))
  }
  throw new FreifahrtError('BAD_REQUEST', 'ch', `'${name.slice(0, 100)}' names no channel`)
}

function fleetName(subject: string, lang: string | undefined): ChannelName {
  const language = lang ? [lang] : []
  const end = lang ? `;lang=${lang}` : ''
  const corners = subject.split(',').map(Number)
  const tiles =
    corners.length === 4 ? tilesAround(...(corners as [number, number, number, number])) : readTiles(subject)
  if (tiles) return { name: `fleet:${writeTiles(tiles)}${end}`, make: () => tileFleetTopic(tiles, language) }
  return { name: `fleet:${subject}${end}`, make: service => feedFleetTopic(service, subject, language) }
}
