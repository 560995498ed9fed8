// The rules for static feeds, by number: what trips are made of.

import { describe, expect, test } from 'vitest'
import { NONE, type TripIdx } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import { formatTime, parseTime } from '#engine/core/time.ts'
import { frequencyShifts, isFrequencyStart } from '#engine/timetable/frequencies.ts'
import { load, notices, smallFeed, tripText } from '../../helpers/gtfs.ts'
import { lines, routeOf, stopTimes, tripOf } from '../../helpers/gtfs-rows.ts'

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
