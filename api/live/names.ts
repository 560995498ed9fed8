// What a channel's name means:
//
//   stop:<stop id>        the board that `stoptimes?stopId=…` answers: the whole station, and its neighbours of the same name
//   station:<stop id>     the same for the station that the stop belongs to
//   …;exact               only what lies inside the stop itself (`exactRadius=true`)
//   …;lang=de             alerts in this language where the feed has it

import { boardStops, stopOf } from '#api/motis/stops.ts'
import { stopPlace } from '#api/render/place.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import { rootStop } from '#engine/timetable/timetable.ts'
import type { TransitService } from '#workers/service.ts'
import type { ChannelOptions } from './channel.ts'

const NAME = /^(stop|station):(.+?)(;exact)?(?:;lang=([a-z]{2,3}))?$/s

/** Throws BAD_REQUEST for a name that is none, UNKNOWN_STOP or UNKNOWN_TAG, and TOO_LARGE unless there is room for one more. */
export function findChannel(
  service: TransitService,
  name: string,
  room: boolean,
): Pick<ChannelOptions, 'name' | 'stops' | 'language' | 'head'> {
  const m = NAME.exec(name)
  if (!m) throw new FreifahrtError('BAD_REQUEST', 'ch', `'${name}' is not stop:<id> or station:<id>`)
  const named = stopOf(service, m[2]!, 'ch')
  if (!room) throw new FreifahrtError('TOO_LARGE', 'ch', 'too many boards are being watched')
  const stop = m[1] === 'station' ? rootStop(service.timetable, named) : named
  const language = m[4] ? [m[4]] : []
  const place = stopPlace(
    { horizon: service.horizon, version: 6, language, realtime: true, now: service.clock.now() },
    stop,
  )
  return {
    name,
    stops: boardStops(service, stop, m[3] !== undefined),
    language,
    head: { id: place.stopId!, name: place.name, lat: place.lat, lon: place.lon, tz: place.tz },
  }
}
