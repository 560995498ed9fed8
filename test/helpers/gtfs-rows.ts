// Rows of a feed's files as tests write them, and the feed's ids found again in the timetable.

import { textOf } from '#engine/core/strings.ts'
import { formatDate, type ServiceDay } from '#engine/core/time.ts'
import { runsOn, type Timetable } from '#engine/timetable/timetable.ts'

export const lines = (...rows: string[]): string => `${rows.join('\n')}\n`
export const stopTimes = (...rows: string[]): string =>
  lines('trip_id,arrival_time,departure_time,stop_id,stop_sequence', ...rows)
export const stops = (...rows: string[]): string =>
  lines('stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station,wheelchair_boarding,stop_timezone', ...rows)

export const stopOf = (tt: Timetable, id: string): number => [...tt.stopId].findIndex(text => textOf(tt, text) === id)
export const routeOf = (tt: Timetable, id: string): number => [...tt.routeId].findIndex(text => textOf(tt, text) === id)
export const tripOf = (tt: Timetable, id: string): number => [...tt.tripId].findIndex(text => textOf(tt, text) === id)
export const daysOf = (tt: Timetable, trip: string): string[] =>
  Array.from({ length: tt.counts.days }, (_, d) => (tt.counts.firstDay + d) as ServiceDay)
    .filter(day => runsOn(tt, tt.tripService[tripOf(tt, trip) as never], day))
    .map(formatDate)
