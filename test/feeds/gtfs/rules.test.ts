// The rules for static feeds, by number: files, calendars and zones (S1–S4 are the readers', see zip.test.ts
// and csv.test.ts).

import { describe, expect, test } from 'vitest'
import { textOf } from '#engine/core/strings.ts'
import { formatDate, parseDate, type ServiceDay } from '#engine/core/time.ts'
import { LONGEST_TRIP } from '#engine/timetable/patterns.ts'
import { zoneOfTrip } from '#engine/timetable/timetable.ts'
import { load, longTrips, notices, smallFeed, tripText } from '../../helpers/gtfs.ts'
import { daysOf, lines, routeOf, stopOf, stops, stopTimes, tripOf } from '../../helpers/gtfs-rows.ts'

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

  test('S4: a quote that nobody closes costs its own row at most', async () => {
    const { tt, report } = await load({
      'stops.txt': smallFeed['stops.txt']!.replace('Brücke', '"Brücke'),
      'stop_times.txt': smallFeed['stop_times.txt']!.replace('t1,10:10:00,10:11:00,B,2', '"t1,10:10:00,10:11:00,B'),
    })
    expect(notices(report)).toEqual({ stray_quote: 1, unclosed_quote: 1 })
    expect(textOf(tt, tt.stopName[stopOf(tt, 'B')]!)).toBe('Brücke')
    expect(tripText(tt, 't1')).toBe('A 10:00:00 C 10:20:00')
    expect(tripText(tt, 't2')).toBe('A 11:00:00 B 11:10:00/11:11:00 C 11:20:00')
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
