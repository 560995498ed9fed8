// The small network that the API's tests ask about: a station with two platforms, a line that is late, one that runs by headway.

import { parseDate, type UnixSeconds } from '#engine/core/time.ts'
import { type Entity, raw } from '../helpers/realtime.ts'
import { timetable } from '../helpers/timetable.ts'

export const newCity = () =>
  timetable(
    `
  station Hbf: H1 H2
  S1   A 10:00   H1 10:10/10:11   C 10:40                [wheelchair=1 bikes=1 headsign=Castrop direction=1]
  S1   A 10:30   H1 10:40/10:41   C 11:10
  S1   A 25:30   H1 25:40/25:41   C 26:10                [id=night]
  U2   H2 10:14   D 10:20   E 10:30                      [headsign=Zoo]
  U2   H2 10:44   D 10:50   -E 10:55   F 11:00
  B3   D 11:00   E 11:10                                 [every 10m until 12:00]
  walk H1–H2 2m
  at A 51.50,7.40
  at Hbf 51.51,7.42
  at H1 51.5101,7.4201
  at H2 51.5099,7.4199
  at C 51.52,7.44
  at D 51.53,7.45
  at E 51.54,7.46
  at F 51.55,7.47`,
    { change: 60, range: ['20260109', '20260112'] },
  )
export const city = newCity()

/** A time of 10 January 2026, UTC; hours may pass 24. */
export const at = (hhmm: string): UnixSeconds => {
  const [hours, minutes] = hhmm.split(':').map(Number)
  return (parseDate('20260110')! * 86_400 + hours! * 3600 + minutes! * 60) as UnixSeconds
}
export const iso = (hhmm: string): string => new Date(at(hhmm) * 1000).toISOString().replace('.000', '')

/** That day's first run of S1 or U2 calls, instead of at Hbf, at a stop beside H2 that no timetable knows; at the same time. */
export const detour = (line: string, stopName = 'Neu'): Entity[] => [
  raw({ stop: { stopId: 'new', stopName: { translation: [{ text: stopName }] }, stopLat: 51.5098, stopLon: 7.4198 } }),
  raw({
    id: 'detour',
    tripModifications: {
      selectedTrips: [{ tripIds: [line] }],
      serviceDates: ['20260110'],
      modifications: [
        {
          startStopSelector: { stopSequence: line === 'S1' ? 2 : 1 },
          endStopSelector: { stopSequence: line === 'S1' ? 2 : 1 },
          replacementStops: [{ stopId: 'new', travelTimeToStop: line === 'S1' ? 600 : 0 }],
        },
      ],
    },
  }),
]
