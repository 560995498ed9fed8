// The rules for static feeds, by number (S1–S4 are the readers', see zip.test.ts and csv.test.ts).

import { describe, expect, test } from 'vitest'
import { NONE, type TripIdx } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import { formatDate, formatTime, parseDate, parseTime, type ServiceDay } from '#engine/core/time.ts'
import { frequencyShifts, isFrequencyStart } from '#engine/timetable/frequencies.ts'
import { LONGEST_TRIP } from '#engine/timetable/patterns.ts'
import { runsOn, type Timetable, zoneOfTrip } from '#engine/timetable/timetable.ts'
import { parseArea } from '#feeds/area.ts'
import { loadGtfs } from '#feeds/gtfs/load.ts'
import { sourceOf } from '#feeds/gtfs/source.ts'
import { filesOf, load, longTrips, notices, smallFeed, tripText } from '../../helpers/gtfs.ts'

const lines = (...rows: string[]): string => `${rows.join('\n')}\n`
const stopTimes = (...rows: string[]): string =>
  lines('trip_id,arrival_time,departure_time,stop_id,stop_sequence', ...rows)
const stops = (...rows: string[]): string =>
  lines('stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station,wheelchair_boarding,stop_timezone', ...rows)

const stopOf = (tt: Timetable, id: string): number => [...tt.stopId].findIndex(text => textOf(tt, text) === id)
const routeOf = (tt: Timetable, id: string): number => [...tt.routeId].findIndex(text => textOf(tt, text) === id)
const tripOf = (tt: Timetable, id: string): number => [...tt.tripId].findIndex(text => textOf(tt, text) === id)
const daysOf = (tt: Timetable, trip: string): string[] =>
  Array.from({ length: tt.counts.days }, (_, d) => (tt.counts.firstDay + d) as ServiceDay)
    .filter(day => runsOn(tt, tt.tripService[tripOf(tt, trip) as never], day))
    .map(formatDate)

test('a clean feed has nothing to report', async () => {
  const { tt, report } = await load()
  expect(report.notices).toEqual([])
  expect(report.files).toContainEqual({ file: 'stop_times.txt', rows: 8, kept: 8, outsideArea: 0 })
  expect(tripText(tt, 't1')).toBe('A 10:00:00 B 10:10:00/10:11:00 C 10:20:00')
  expect(tripText(tt, 't3')).toBe('C 25:00:00 D 25:30:00')
  expect([report.firstDay, report.lastDay, report.timezone]).toEqual(['20260105', '20260111', 'Europe/Berlin'])
})

describe('files', () => {
  test('S2: a file that is not UTF-8 is read as Windows-1252, the others are not', async () => {
    const latin = Buffer.from(smallFeed['stops.txt']!.replace('Anfang', 'Schloß'), 'latin1')
    const { tt, report } = await load({
      'stops.txt': latin,
      'routes.txt': smallFeed['routes.txt']!.replace('2,3', 'ö,3'),
    })
    expect(textOf(tt, tt.stopName[stopOf(tt, 'A')]!)).toBe('Schloß')
    expect(textOf(tt, tt.stopName[stopOf(tt, 'B')]!)).toBe('Brücke')
    expect(textOf(tt, tt.routeShortName[routeOf(tt, 'B2')]!)).toBe('ö')
    expect(notices(report)).toEqual({ encoding_fallback: 1 })
  })

  test.each(['agency.txt', 'stops.txt', 'routes.txt', 'trips.txt', 'stop_times.txt'])(
    'S5: without %s, or with nothing in it, there is no feed',
    async file => {
      await expect(load({ [file]: undefined })).rejects.toMatchObject({ code: 'FEED_MISSING_FILE' })
      await expect(load({ [file]: '' })).rejects.toMatchObject({ code: 'FEED_EMPTY' })
      await expect(load({ [file]: 'x,y\n1,2\n' })).rejects.toMatchObject({ code: 'FEED_MISSING_COLUMN' })
      await expect(load({ [file]: smallFeed[file]!.split('\n')[0]! })).rejects.toMatchObject({ code: 'FEED_EMPTY' })
    },
  )

  test('S5: an optional file with a header only is as good as absent', async () => {
    const { report } = await load({
      'frequencies.txt': 'trip_id,start_time,end_time,headway_secs\n',
      'transfers.txt': '',
    })
    expect(report.notices).toEqual([])
  })

  test('S6: of two rows with one id the first counts', async () => {
    const { tt, report } = await load({
      'stops.txt': `${smallFeed['stops.txt']}A,Zweiter,51.5,7.4\n`,
      'routes.txt': `${smallFeed['routes.txt']}U1,a,U2,1\n`,
      'trips.txt': `${smallFeed['trips.txt']}B2,wk,t1\n`,
      'stop_times.txt': `${smallFeed['stop_times.txt']}t1,12:00:00,12:00:00,D,3\n`,
    })
    expect(notices(report)).toEqual({ duplicate_id: 3, duplicate_sequence: 1 })
    expect(textOf(tt, tt.stopName[stopOf(tt, 'A')]!)).toBe('Anfang')
    expect(tripText(tt, 't1')).toBe('A 10:00:00 B 10:10:00/10:11:00 C 10:20:00')
  })

  test('S8: ids are opaque; those of JavaScript are ids like any other', async () => {
    const strange = ['__proto__', 'a|b:c/ d', 'constructor']
    const { tt, report } = await load({
      'stops.txt': stops(...strange.map(id => `${id},${id},51.5,7.4,,,,`)),
      'stop_times.txt': stopTimes(
        't1,10:00:00,10:00:00,__proto__,1',
        't1,10:05:00,10:05:00,a|b:c/ d,2',
        't1,10:10:00,10:10:00,constructor,3',
      ),
    })
    expect(report.droppedTrips).toEqual({ trip_too_short: 2 })
    expect(tripText(tt, 't1')).toBe('__proto__ 10:00:00 a|b:c/ d 10:05:00 constructor 10:10:00')
  })

  test('a trip with more stops than a search can number is dropped and told', async () => {
    const { tt, report } = await load({
      ...longTrips({
        t1: { from: 0, calls: LONGEST_TRIP + 1, hour: 10 },
        t2: { from: 0, calls: LONGEST_TRIP, hour: 12 },
      }),
      'trips.txt': 'route_id,service_id,trip_id\nU1,wk,t1\nU1,wk,t2\n',
    })
    expect(report.droppedTrips).toEqual({ trip_too_long: 1 })
    expect([tt.counts.trips, tt.counts.patternSlots]).toEqual([1, LONGEST_TRIP])
  })

  test('S9, S10: rows that name what is not there', async () => {
    const { tt, report } = await load({
      'trips.txt': `${smallFeed['trips.txt']}U9,wk,t4\nU1,so,t5\n`,
      'stop_times.txt': stopTimes(
        't1,10:00:00,10:00:00,A,1',
        't1,10:05:00,10:05:00,nowhere,2',
        't1,10:10:00,10:10:00,C,3',
        't2,10:00:00,10:00:00,A,1',
        't2,10:05:00,10:05:00,nowhere,2',
        't9,10:05:00,10:05:00,A,2',
      ),
    })
    expect(tripText(tt, 't1')).toBe('A 10:00:00 C 10:10:00')
    expect(notices(report)).toEqual({
      unknown_stop: 2,
      unknown_trip: 1,
      trip_too_short: 2,
      unknown_route: 1,
      unknown_service: 1,
    })
    expect(report.droppedTrips).toEqual({ trip_too_short: 2, unknown_route: 1, unknown_service: 1 })
    expect(report.notices.find(({ code }) => code === 'unknown_stop')!.example).toEqual({
      file: 'stop_times.txt',
      line: 3,
      detail: 'stop nowhere',
    })
  })

  test('S11: nothing usable is an error, not an empty timetable', async () => {
    await expect(load({ 'stop_times.txt': stopTimes('t1,10:00:00,10:00:00,A,1') })).rejects.toMatchObject({
      code: 'FEED_EMPTY',
    })
    await expect(
      load({ 'calendar.txt': smallFeed['calendar.txt']!.replace('1,1,1,1,1', '0,0,0,0,0') }),
    ).rejects.toMatchObject({ code: 'FEED_EMPTY' })
  })

  test('S47: fares and whatever else are no business of ours', async () => {
    const { report } = await load({ 'fare_rules.txt': '"broken', 'nonsense.txt': 'x' })
    expect(report.notices).toEqual([])
  })
})

describe('calendars and zones', () => {
  test('S12: weekdays, added and removed days, the last day included', async () => {
    const { tt, report } = await load({
      'calendar_dates.txt': lines(
        'service_id,date,exception_type',
        'wk,20260106,2',
        'wk,20260111,1',
        'wk,20260107,2',
        'wk,20260107,1',
        'wk,2026-01-08,2',
        'wk,20260108,7',
      ),
    })
    expect(daysOf(tt, 't1')).toEqual(['20260105', '20260107', '20260108', '20260109', '20260111'])
    expect(notices(report)).toEqual({ conflicting_date: 1, bad_date: 2 })
  })

  test('S12: a service may live in calendar_dates.txt alone; neither file is an error', async () => {
    const dates = lines('service_id,date,exception_type', 'wk,20260229,1', 'wk,20260301,1')
    const { tt, report } = await load({ 'calendar.txt': undefined, 'calendar_dates.txt': dates })
    expect(daysOf(tt, 't1')).toEqual(['20260301'])
    expect(notices(report)).toEqual({ bad_date: 1 })
    await expect(load({ 'calendar.txt': undefined })).rejects.toMatchObject({ code: 'FEED_MISSING_FILE' })
  })

  test('S14: a stop has its station’s zone, for display; times are the agency’s', async () => {
    const { tt } = await load({
      'stops.txt': stops(
        'S,Station,51.5,7.4,1,,,Asia/Tokyo',
        'A,A,51.5,7.4,0,S,,Europe/Paris',
        'B,B,51.5,7.41,,,,',
        'C,C,51.5,7.42,,,,Europe/Rome',
        'D,D,51.5,7.43,,,,',
      ),
    })
    const zone = (id: string): string => textOf(tt, tt.zoneName[tt.stopZone[stopOf(tt, id)]!]!)
    expect(['A', 'B', 'C'].map(zone)).toEqual(['Asia/Tokyo', 'Europe/Berlin', 'Europe/Rome'])
    expect(textOf(tt, tt.zoneName[zoneOfTrip(tt, tripOf(tt, 't1') as never)]!)).toBe('Europe/Berlin')
  })

  test('S15, S17: agencies in two zones, routes of none', async () => {
    const { tt, report } = await load({
      'agency.txt': lines(
        'agency_id,agency_name,agency_url,agency_timezone',
        'a,Berlin,x,Europe/Berlin',
        'l,London,x,Europe/London',
        'm,Mars,x,Mars/Olympus',
      ),
      'routes.txt': lines(
        'route_id,agency_id,route_short_name,route_type',
        'U1,l,U1,1',
        'B2,,2,3',
        'B3,z,3,3',
        'B4,m,4,3',
      ),
    })
    const zone = (trip: string): string => textOf(tt, tt.zoneName[zoneOfTrip(tt, tripOf(tt, trip) as never)]!)
    expect([zone('t1'), zone('t3')]).toEqual(['Europe/London', 'Europe/Berlin'])
    expect(notices(report)).toEqual({ zones_differ: 1, missing_agency: 1, unknown_agency: 1, unknown_time_zone: 1 })
  })

  test('S51: a calendar of a hundred years is cut to the days around today', async () => {
    const century = smallFeed['calendar.txt']!.replace('20260105,20260111', '20000101,20991231')
    const { tt, report } = await load({ 'calendar.txt': century }, { today: parseDate('20260110')! })
    // 800 days from Saturday, 3 January: the first service is on Monday, the last on Friday, 10 March 2028
    const { firstDay, days } = tt.counts
    expect([firstDay, firstDay + days - 1].map(day => formatDate(day as ServiceDay))).toEqual(['20260105', '20280310'])
    expect(notices(report)).toEqual({ calendar_clipped: 1 })
  })

  test('S51: a feed long over keeps its own days', async () => {
    const { tt } = await load({}, { today: parseDate('20360110')! })
    expect(daysOf(tt, 't1')).toEqual(['20260105', '20260106', '20260107', '20260108', '20260109'])
  })
})

describe('stop times', () => {
  const three = (...times: string[]): string => stopTimes(...times.map((t, i) => `t1,${t},${'ABC'[i]},${i + 1}`))

  // nigiri's cases, whose minutes are these rounded; stops one hundredth of a degree apart
  test.each([
    ['06:20', '06:49', '06:34:30'],
    ['07:00', '07:31', '07:15:30'],
    ['08:00', '08:31', '08:15:30'],
  ])('S19: between %s and %s it is about %s', async (from, to, middle) => {
    const { tt } = await load({ 'stop_times.txt': three(`${from}:00,${from}:00`, ',', `${to}:00,${to}:00`) })
    expect(tripText(tt, 't1')).toBe(`A ${from}:00 B ~${middle} C ${to}:00`)
  })

  test('S19: by distance, stated or in a straight line', async () => {
    const file = (a: string, b: string, c: string): string =>
      lines(
        'trip_id,arrival_time,departure_time,stop_id,stop_sequence,shape_dist_traveled',
        `t1,10:00:00,10:00:00,A,1,${a}`,
        `t1,,,B,2,${b}`,
        `t1,10:40:00,10:40:00,D,3,${c}`,
      )
    const between = async (a: string, b: string, c: string) =>
      tripText((await load({ 'stop_times.txt': file(a, b, c) })).tt, 't1')
    expect(await between('0', '1', '4')).toBe('A 10:00:00 B ~10:10:00 D 10:40:00')
    // B lies a third of the way; so it does when what is stated makes no sense
    expect(await between('', '', '')).toBe('A 10:00:00 B ~10:13:20 D 10:40:00')
    expect(await between('0', '5', '4')).toBe('A 10:00:00 B ~10:13:20 D 10:40:00')
  })

  test('S20: without a first or last time a trip cannot be used', async () => {
    for (const times of [
      [',', '10:10:00,10:10:00', '10:20:00,10:20:00'],
      ['10:00:00,10:00:00', '10:10:00,10:10:00', ','],
    ]) {
      const { tt, report } = await load({
        'stop_times.txt':
          smallFeed['stop_times.txt']!.replace(/^t1.*\n/gm, '') +
          three(...times)
            .split('\n')
            .slice(1)
            .join('\n'),
      })
      expect(tripText(tt, 't1')).toBeUndefined()
      expect(report.droppedTrips).toEqual({ missing_end_time: 1 })
    }
  })

  test('S21: one time stands for both; a departure before the arrival is set right', async () => {
    const one = await load({ 'stop_times.txt': three(',10:00:00', '10:10:00,', '10:20:00,') })
    expect(tripText(one.tt, 't1')).toBe('A 10:00:00 B 10:10:00 C 10:20:00')
    const turned = await load({
      'stop_times.txt': three('24:05:00,24:00:00', '24:10:00,24:09:00', '24:20:00,24:20:00'),
    })
    expect(tripText(turned.tt, 't1')).toBe('A 24:00:00 B 24:10:00 C 24:20:00')
    expect(notices(turned.report)).toMatchObject({ departure_before_arrival: 2 })
  })

  test('S22: a step back of a minute is set right, of more drops the trip', async () => {
    const small = await load({ 'stop_times.txt': three('10:00:00,10:05:00', '10:04:00,10:06:00', '10:20:00,10:20:00') })
    expect(tripText(small.tt, 't1')).toBe('A 10:00:00/10:05:00 B 10:05:00/10:06:00 C 10:20:00')
    expect(notices(small.report)).toMatchObject({ decreasing_time: 1 })
    const large = await load({
      'stop_times.txt': smallFeed['stop_times.txt']!.replace('t1,10:20:00,10:20:00', 't1,10:09:00,10:09:00'),
    })
    expect(large.report.droppedTrips).toEqual({ decreasing_time: 1 })
  })

  test('S7: a time that is none drops its row', async () => {
    const { tt, report } = await load({
      'stop_times.txt': `${three('10:00:00,10:00:00', '24:00,24:00', ' 9:59:60,10:20:00')}t1,10:30:00,10:30:00,D,4\n`,
    })
    expect(tripText(tt, 't1')).toBe('A 10:00:00 D 10:30:00')
    expect(notices(report)).toMatchObject({ bad_time: 2 })
  })

  test('S23–S26: timepoints, boarding, continuous boarding, headsigns', async () => {
    const { tt } = await load({
      'routes.txt': lines(
        'route_id,route_short_name,route_type,continuous_pickup,continuous_drop_off',
        'U1,U1,1,3,',
        'B2,2,3,,',
      ),
      'stop_times.txt': lines(
        'trip_id,arrival_time,departure_time,stop_id,stop_sequence,timepoint,pickup_type,drop_off_type,continuous_pickup,stop_headsign',
        't1,10:00:00,10:00:00,A,1,1,0,0,,',
        't1,10:05:00,10:05:00,B,2,0,1,3,0,via B',
        't1,10:10:00,10:10:00,C,3,,2,0,,',
      ),
    })
    const t = tripOf(tt, 't1')
    const begin = tt.slotBegin[tt.tripPattern[t as never]]!
    expect([0, 2, 4].map(i => tt.profileFlags[tt.tripProfile[t]! + i])).toEqual([2, 1, 0])
    // the route allows boarding anywhere (3), but at B the stop time says 0
    expect([0, 1, 2].map(i => (tt.slotTypes[begin + i]! >> 4) & 3)).toEqual([3, 0, 3])
    expect(tt.slots[begin + 1]! & 3).toBe(2)
    expect([0, 1, 2].map(i => textOf(tt, tt.headsigns[tt.tripHeadsigns[t]! + i]!))).toEqual(['', 'via B', ''])
  })

  test('S27: any order, gaps, the same stop twice', async () => {
    const { tt } = await load({
      'stop_times.txt': stopTimes(
        't1,10:20:00,10:20:00,A,100',
        't2,9:00:00,9:00:00,A,0',
        't1,10:00:00,10:00:00,A,1',
        't2,9:10:00,9:10:00,B,7',
        't1,10:10:00,10:10:00,A,5',
      ),
    })
    expect(tripText(tt, 't1')).toBe('A 10:00:00 A 10:10:00 A 10:20:00')
    expect([
      ...tt.sequences.slice(tt.tripSequences[tripOf(tt, 't1')]!, tt.tripSequences[tripOf(tt, 't1')]! + 3),
    ]).toEqual([1, 5, 100])
  })

  test('S48: windows and areas are not for fixed routing', async () => {
    const { tt, report } = await load({
      'stop_times.txt': lines(
        'trip_id,arrival_time,departure_time,stop_id,stop_sequence,start_pickup_drop_off_window,end_pickup_drop_off_window,location_group_id,location_id',
        't1,10:00:00,10:00:00,A,1,,,,',
        't1,,,,2,,,zone,',
        't1,,,B,3,09:00:00,18:00:00,,',
        't1,10:20:00,10:20:00,C,4,,,,',
        't2,,,,1,09:00:00,18:00:00,,zone',
        't2,,,,2,09:00:00,18:00:00,,zone',
      ),
    })
    expect(tripText(tt, 't1')).toBe('A 10:00:00 C 10:20:00')
    expect(notices(report)).toMatchObject({ flexible_stop_time: 4 })
    expect(tripText(tt, 't2')).toBeUndefined()
  })
})

describe('frequencies and transfers', () => {
  test('S28–S30: overlapping rows are cut, rows without a headway dropped', async () => {
    const { tt, report } = await load({
      'frequencies.txt': lines(
        'trip_id,start_time,end_time,headway_secs,exact_times',
        't1,08:00:00,09:00:00,600,1',
        't1,06:00:00,08:30:00,900,',
        't1,10:00:00,11:00:00,0,',
        't1,10:00:00,11:00:00,9,',
        't1,12:00:00,11:00:00,60,',
        'tx,08:00:00,09:00:00,600,1',
      ),
    })
    const [begin, end] = [tt.tripFrequencyBegin[tripOf(tt, 't1')]!, tt.tripFrequencyBegin[tripOf(tt, 't1') + 1]!]
    expect([...tt.frequencyStart.slice(begin, end)]).toEqual([6 * 3600, 8.5 * 3600])
    expect([...tt.frequencyEnd.slice(begin, end)]).toEqual([8.5 * 3600, 9 * 3600])
    expect([...tt.frequencyExact.slice(begin, end)]).toEqual([0, 1])
    expect(notices(report)).toEqual({ bad_frequency: 3, unknown_trip: 1 })
  })

  test('S28: a row that is cut keeps its own departures', async () => {
    const { tt } = await load({
      'frequencies.txt': lines(
        'trip_id,start_time,end_time,headway_secs,exact_times',
        't1,06:00:00,07:00:00,1800,1',
        't1,06:30:00,08:00:00,1200,1',
        't1,07:50:00,07:55:00,600,1',
        't1,07:45:00,08:05:00,1200,1',
        't1,08:00:00,08:20:00,900,1',
      ),
    })
    const trip = tripOf(tt, 't1')
    const starts = [...frequencyShifts(tt, trip as TripIdx)].map(shift => formatTime(tt.tripStart[trip]! + shift))
    expect(starts).toEqual(['06:00:00', '06:30:00', '07:10:00', '07:30:00', '07:50:00', '08:15:00'])
    expect(starts.map(start => isFrequencyStart(tt, trip as TripIdx, parseTime(start)!))).not.toContain(false)
    expect(isFrequencyStart(tt, trip as TripIdx, parseTime('06:50:00')!)).toBe(false)
    expect(tt.frequencyStart.every((start, i) => start <= tt.frequencyEnd[i]!)).toBe(true)
  })

  test('S34: transfers refer to stops, routes and trips', async () => {
    const { tt, report } = await load({
      'transfers.txt': lines(
        'from_stop_id,to_stop_id,transfer_type,min_transfer_time,from_route_id,to_trip_id,from_trip_id',
        'A,B,2,90,,,',
        'A,C,,,U1,,',
        'C,C,4,,,t3,t1',
        'A,nowhere,2,90,,,',
        'A,B,9,,,,',
        'A,,2,,,,',
        ',,4,,,,',
      ),
    })
    expect(notices(report)).toEqual({ bad_transfer: 4 })
    expect([...tt.transferType]).toEqual([2, 0, 4])
    expect([...tt.transferMinTime]).toEqual([90, -1, -1])
    expect([...tt.transferFromRoute]).toEqual([NONE, routeOf(tt, 'U1'), NONE])
    expect([tt.transferFromTrip[2], tt.transferToTrip[2]]).toEqual([tripOf(tt, 't1'), tripOf(tt, 't3')])
  })
})

describe('stops', () => {
  test('S38: a stop time at a station is its only platform’s, or nobody’s', async () => {
    const { tt, report } = await load({
      'stops.txt': stops(
        'S1,One,51.5,7.4,1,,,',
        'A,A,51.5,7.4,0,S1,,',
        'S2,Two,51.5,7.4,1,,,',
        'B,B,51.5,7.41,0,S2,,',
        'C,C,51.5,7.42,,S2,,',
        'D,D,51.5,7.43,,,,',
      ),
      'stop_times.txt': stopTimes('t1,10:00:00,10:00:00,S1,1', 't1,10:05:00,10:05:00,S2,2', 't1,10:10:00,10:10:00,C,3'),
    })
    expect(tripText(tt, 't1')).toBe('A 10:00:00 C 10:10:00')
    expect(notices(report)).toMatchObject({ stop_time_at_station: 2 })
  })

  test('S39: places that are none are inherited or missing', async () => {
    const { tt, report } = await load({
      'stops.txt': stops('S,Station,51.5,7.4,1,,,', 'A,A,,,0,S,,', 'B,B,0,0,,,,', 'C,C,91,7,,,,', 'D,D,51.5,7.43,,,,'),
    })
    expect(
      [stopOf(tt, 'A'), stopOf(tt, 'B'), stopOf(tt, 'C'), stopOf(tt, 'D')].map(s => tt.stopHasPosition[s]),
    ).toEqual([1, 0, 0, 1])
    expect([tt.stopLat[stopOf(tt, 'A')], tt.stopLon[stopOf(tt, 'A')]]).toEqual([515_000_000, 74_000_000])
    expect(notices(report)).toEqual({ bad_coordinates: 2 })
    expect(tripText(tt, 't1')).toBeDefined()
  })

  test('S40: what may lie in what', async () => {
    const { tt, report } = await load({
      'stops.txt': stops(
        'S,Station,51.5,7.4,1,,,',
        'A,A,51.5,7.4,0,S,,',
        'E,Entrance,51.5,7.4,2,S,,',
        'X,Area,51.5,7.4,4,A,,',
        'B,B,51.5,7.41,0,A,,',
        'C,C,51.5,7.42,0,nowhere,,',
        'D,D,51.5,7.43,0,D,,',
        'T,T,51.5,7.43,1,S,,',
      ),
    })
    const parent = (id: string): string | undefined => {
      const p = tt.stopParent[stopOf(tt, id) as never]
      return p === NONE ? undefined : textOf(tt, tt.stopId[p]!)
    }
    expect(['A', 'E', 'X', 'B', 'C', 'D', 'T'].map(parent)).toEqual([
      'S',
      'S',
      'A',
      undefined,
      undefined,
      undefined,
      undefined,
    ])
    expect(notices(report)).toEqual({ bad_parent: 4 })
  })

  test('S41: what a platform does not say its station says', async () => {
    const { tt } = await load({
      'stops.txt': stops(
        'S,Station,51.5,7.4,1,,1,',
        'A,A,51.5,7.4,0,S,,',
        'B,B,51.5,7.41,0,S,2,',
        'C,C,51.5,7.42,0,,,',
        'D,D,51.5,7.43,0,S,0,',
      ),
    })
    expect(['A', 'B', 'C', 'D'].map(id => tt.stopWheelchair[stopOf(tt, id)])).toEqual([1, 2, 0, 1])
  })
})

test('S49, S50: what trips carry, what routes are', async () => {
  const { tt, report } = await load({
    'trips.txt': lines(
      'route_id,service_id,trip_id,wheelchair_accessible,bikes_allowed,cars_allowed,direction_id',
      'U1,wk,t1,1,2,1,1',
      'U1,wk,t2,,9,,',
      'B2,wk,t3,,,,0',
    ),
    'routes.txt': lines(
      'route_id,agency_id,route_type,route_color,route_text_color,route_sort_order',
      'U1,a,402,ffcc00,FFCC00,3',
      'B2,a,77,red,,',
      'B3,a,3,000000,000000,',
    ),
  })
  expect(['t1', 't2', 't3'].map(id => tt.tripAccess[tripOf(tt, id)])).toEqual([1 | (2 << 2) | (1 << 4), 0, 0])
  expect(['t1', 't2', 't3'].map(id => tt.tripDirection[tripOf(tt, id)])).toEqual([1, 255, 0])
  expect([...tt.routeType]).toEqual([402, 3, 3])
  expect([...tt.routeColor]).toEqual([0xffcc00, NONE, 0])
  expect([...tt.routeTextColor]).toEqual([0, NONE, 0xffffff])
  expect(notices(report)).toEqual({ unknown_route_type: 1, bad_color: 1, same_color: 2 })
})

test('S46: who the feed is from', async () => {
  const { report } = await load({
    'feed_info.txt': lines(
      'feed_publisher_name,feed_publisher_url,feed_lang,feed_version,feed_contact_email',
      'Publisher,https://p.example,de,v7,info@p.example',
    ),
    'attributions.txt': lines(
      'organization_name,attribution_url,route_id',
      'Somebody,https://s.example,',
      'Only U1,,U1',
    ),
  })
  expect(report).toMatchObject({
    publisher: 'Publisher',
    version: 'v7',
    lang: 'de',
    contact: 'info@p.example',
    attributions: [{ text: 'Somebody', url: 'https://s.example' }],
  })
})

describe('shapes', () => {
  const shapes = lines(
    'shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence',
    's,51.50,7.41,30',
    's,51.50,7.40,10',
    's,51.51,7.405,20',
    's,51.50,7.42,40',
    'unused,51.5,7.4,1',
  )
  const trips = lines('route_id,service_id,trip_id,shape_id', 'U1,wk,t1,s', 'U1,wk,t2,', 'B2,wk,t3,nowhere')

  test('are sorted, and stops lie on them', async () => {
    const { tt, report } = await load({ 'shapes.txt': shapes, 'trips.txt': trips })
    expect([...tt.shapeLon]).toEqual([74_000_000, 74_050_000, 74_100_000, 74_200_000])
    const geometry = tt.tripGeometry[tripOf(tt, 't1')]!
    expect([...tt.geometryPoints.slice(tt.geometryBegin[geometry], tt.geometryBegin[geometry]! + 3)]).toEqual([0, 2, 3])
    expect(tt.tripGeometry[tripOf(tt, 't2')]).toBe(NONE)
    expect(notices(report)).toEqual({ unknown_shape: 1 })
  })
})

describe('an area', () => {
  test('keeps the trips that call inside, with all their stops', async () => {
    // A and B lie inside; t1 and t2 call there, t3 does not; D is left out with it
    const { tt, report } = await load({}, { area: parseArea('7.39,51.49,7.415,51.51') })
    expect(tripText(tt, 't1')).toBe('A 10:00:00 B 10:10:00/10:11:00 C 10:20:00')
    expect([tt.counts.trips, tt.counts.stops, tt.counts.routes]).toEqual([2, 3, 1])
    expect(report.notices).toEqual([])
    expect(report.files).toContainEqual({ file: 'stop_times.txt', rows: 8, kept: 6, outsideArea: 2 })
    expect(report.files).toContainEqual({ file: 'trips.txt', rows: 3, kept: 2, outsideArea: 1 })
    expect(report.files).toContainEqual({ file: 'stops.txt', rows: 4, kept: 3, outsideArea: 1 })
  })

  test('keeps whole stations', async () => {
    const { tt } = await load(
      {
        'stops.txt': stops(
          'S,Station,51.5,7.5,1,,,',
          'A,A,51.5,7.4,0,,,',
          'B,B,51.5,7.41,0,,,',
          'C,C,51.5,7.5,0,S,,',
          'E,E,51.5,7.5,2,S,,',
          'D,D,51.5,7.6,0,S,,',
          'Z,Z,51.5,7.6,0,,,',
        ),
      },
      { area: parseArea('7.39,51.49,7.405,51.51') },
    )
    expect([...tt.stopId].map(id => textOf(tt, id)).sort()).toEqual(['A', 'B', 'C', 'D', 'E', 'S'])
  })

  test('in which nothing runs is an error', async () => {
    await expect(load({}, { area: parseArea('8,52,9,53') })).rejects.toMatchObject({
      code: 'FEED_EMPTY',
      message: expect.stringContaining('inside the area'),
    })
  })
})

describe('several feeds', () => {
  const source = (name: string) => sourceOf(filesOf(smallFeed), name)

  test('lie side by side, ids and all', async () => {
    const { timetable: tt, reports } = await loadGtfs([
      { tag: 'x', source: source('one') },
      { tag: 'y', source: source('two') },
    ])
    expect([tt.counts.feeds, tt.counts.trips, tt.counts.stops]).toEqual([2, 6, 8])
    expect(reports.map(report => report.tag)).toEqual(['x', 'y'])
    for (let t = 0; t < 6; t++)
      expect(tt.routeFeed[tt.patternRoute[tt.tripPattern[t as never]]]).toBe(tt.tripFeed[t as never])
  })

  test('need tags of their own, without an underscore', async () => {
    await expect(loadGtfs([{ tag: 'x_y', source: source('one') }])).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    await expect(
      loadGtfs([
        { tag: 'x', source: source('one') },
        { tag: 'x', source: source('two') },
      ]),
    ).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })
})
