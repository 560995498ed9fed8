// S14, S15: times are in the agency's zone, clocks at a stop in the stop's own; several feeds in several zones are one network.

import { expect, test } from 'vitest'
import type { StoptimesResponse } from '#api/contract/board.ts'
import type { Place } from '#api/contract/common.ts'
import { mergeTransfers } from '#engine/footpaths/transfers.ts'
import { loadGtfs } from '#feeds/gtfs/load.ts'
import { sourceOf } from '#feeds/gtfs/source.ts'
import { appFor, get } from '../helpers/api.ts'
import { filesOf, smallFeed } from '../helpers/gtfs.ts'
import { testService } from '../helpers/service.ts'

const feed = (tag: string, zone: string, stops = smallFeed['stops.txt']!) => ({
  tag,
  source: sourceOf(
    filesOf({
      ...smallFeed,
      'agency.txt': smallFeed['agency.txt']!.replace('Europe/Berlin', zone),
      'stops.txt': stops,
    }),
    tag,
  ),
})
// the line goes from Berlin's zone into London's; the platform's own word counts less than its station's
const abroad = `stop_id,stop_name,stop_lat,stop_lon,stop_timezone,location_type,parent_station
A,Anfang,51.50,7.40,,0,
B,Brücke,51.50,7.41,,0,
S,Centrum,51.50,7.42,Europe/London,1,
C,Centrum,51.50,7.42,Europe/Paris,0,S
D,Damm,51.50,7.43,,0,
`

test('each stop tells its zone, each time is when it is', async () => {
  const { timetable: tt } = await loadGtfs(
    [feed('b', 'Europe/Berlin', abroad), feed('t', 'Asia/Tokyo'), feed('n', 'America/New_York')],
    {},
  )
  const now = Date.parse('2026-01-05T00:00:00Z') / 1000
  const app = appFor(testService({ tt, footpaths: mergeTransfers(tt, []) }, now as never))
  const stops = await get<Place[]>(app, '/api/v6/map/stops?min=51,7&max=52,8')
  const zones = Object.fromEntries(stops.map(({ stopId, tz }) => [stopId, tz]))
  expect(zones).toMatchObject({
    ...{ b_A: 'Europe/Berlin', b_C: 'Europe/London', b_D: 'Europe/Berlin' },
    ...{ t_A: 'Asia/Tokyo', n_A: 'America/New_York' },
  })
  const next = async (stop: string): Promise<unknown> => {
    const { place, stopTimes } = await get<StoptimesResponse>(
      app,
      `/api/v6/stoptimes?stopId=${stop}&n=1&exactRadius=true`,
    )
    return [place.tz, stopTimes[0]!.place.tz, stopTimes[0]!.place.departure]
  }
  expect(await next('b_A')).toEqual(['Europe/Berlin', 'Europe/Berlin', '2026-01-05T09:00:00Z'])
  expect(await next('b_C')).toEqual(['Europe/London', 'Europe/London', '2026-01-06T00:00:00Z'])
  expect(await next('t_A')).toEqual(['Asia/Tokyo', 'Asia/Tokyo', '2026-01-05T01:00:00Z'])
  expect(await next('n_A')).toEqual(['America/New_York', 'America/New_York', '2026-01-05T15:00:00Z'])
})
