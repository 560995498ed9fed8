// A whole small feed as text, of which a test changes a file or two: two lines, four stops, three trips on weekdays of one week.

import { textOf } from '#engine/core/strings.ts'
import { formatTime } from '#engine/core/time.ts'
import { slotStop, type Timetable } from '#engine/timetable/timetable.ts'
import { type LoadOptions, loadGtfs } from '#feeds/gtfs/load.ts'
import type { FeedReport, NoticeCode } from '#feeds/gtfs/report.ts'
import { sourceOf } from '#feeds/gtfs/source.ts'

export const smallFeed: Readonly<Record<string, string>> = {
  'agency.txt': 'agency_id,agency_name,agency_url,agency_timezone\na,Stadtwerke,https://example.org,Europe/Berlin\n',
  'stops.txt': `stop_id,stop_name,stop_lat,stop_lon
A,Anfang,51.50,7.40
B,Brücke,51.50,7.41
C,Centrum,51.50,7.42
D,Damm,51.50,7.43
`,
  'routes.txt': 'route_id,agency_id,route_short_name,route_type\nU1,a,U1,1\nB2,a,2,3\n',
  'trips.txt': 'route_id,service_id,trip_id\nU1,wk,t1\nU1,wk,t2\nB2,wk,t3\n',
  'stop_times.txt': `trip_id,arrival_time,departure_time,stop_id,stop_sequence
t1,10:00:00,10:00:00,A,1
t1,10:10:00,10:11:00,B,2
t1,10:20:00,10:20:00,C,3
t2,11:00:00,11:00:00,A,1
t2,11:10:00,11:11:00,B,2
t2,11:20:00,11:20:00,C,3
t3,25:00:00,25:00:00,C,10
t3,25:30:00,25:30:00,D,20
`,
  'calendar.txt':
    'service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\nwk,1,1,1,1,1,0,0,20260105,20260111\n',
}

export type Files = Readonly<Record<string, string | Uint8Array | undefined>>

export function filesOf(files: Files): Map<string, Uint8Array> {
  const encoder = new TextEncoder()
  const given = Object.entries(files).filter(([, content]) => content !== undefined)
  return new Map(
    given.map(([name, content]) => [name, typeof content === 'string' ? encoder.encode(content) : content!]),
  )
}

/** Loads the small feed with some of its files replaced, added, or (undefined) taken away. */
export async function load(
  changes: Files = {},
  options: LoadOptions = {},
): Promise<{ tt: Timetable; report: FeedReport }> {
  const source = sourceOf(filesOf({ ...smallFeed, ...changes }), 'small')
  const { timetable, reports } = await loadGtfs([{ tag: 'x', source }], options)
  return { tt: timetable, report: reports[0]! }
}

/** Stops and stop times of trips that call at stop `from` of a long row, the next, and so on, all within one hour. */
export function longTrips(
  trips: Readonly<Record<string, { readonly from: number; readonly calls: number; readonly hour: number }>>,
): Files {
  const last = Math.max(...Object.values(trips).map(({ from, calls }) => from + calls))
  const stops = Array.from({ length: last }, (_, i) => `s${i},S${i},${(50 + i / 1000).toFixed(3)},7.4\n`)
  const times = Object.entries(trips).flatMap(([id, { from, calls, hour }]) =>
    Array.from({ length: calls }, (_, i) => {
      const time = formatTime(hour * 3600 + i)
      return `${id},${time},${time},s${from + i},${i}\n`
    }),
  )
  return {
    'stops.txt': `stop_id,stop_name,stop_lat,stop_lon\n${stops.join('')}`,
    'stop_times.txt': `trip_id,arrival_time,departure_time,stop_id,stop_sequence\n${times.join('')}`,
  }
}

/** Code → count. */
export const notices = (report: FeedReport): Partial<Record<NoticeCode, number>> =>
  Object.fromEntries(report.notices.map(({ code, count }) => [code, count]))

/** `A 10:00:00 B 10:10:00/10:11:00 …`, undefined when there is no such trip. */
export function tripText(tt: Timetable, id: string): string | undefined {
  for (let t = 0; t < tt.counts.trips; t++) {
    if (textOf(tt, tt.tripId[t]!) !== id) continue
    const p = tt.tripPattern[t as never]
    const calls: string[] = []
    for (let i = 0; i < tt.slotBegin[p + 1]! - tt.slotBegin[p]!; i++) {
      const at = tt.tripProfile[t]! + 2 * i
      const [arrival, departure] = [tt.profileTimes[at]!, tt.profileTimes[at + 1]!].map(s =>
        formatTime(tt.tripStart[t]! + s),
      )
      const about = tt.profileFlags[at]! & 1 ? '~' : ''
      const name = textOf(tt, tt.stopId[slotStop(tt.slots[tt.slotBegin[p]! + i]!)]!)
      calls.push(`${name} ${about}${arrival}${arrival === departure ? '' : `/${departure}`}`)
    }
    return calls.join(' ')
  }
  return undefined
}
