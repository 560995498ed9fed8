// The rules for static feeds, by number: stops, what is said of trips and routes, shapes, areas, several feeds.

import { describe, expect, test } from 'vitest'
import { NONE } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import { parseArea } from '#feeds/area.ts'
import { loadGtfs } from '#feeds/gtfs/load.ts'
import { sourceOf } from '#feeds/gtfs/source.ts'
import { filesOf, load, notices, smallFeed, tripText } from '../../helpers/gtfs.ts'
import { lines, stopOf, stops, stopTimes, tripOf } from '../../helpers/gtfs-rows.ts'

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
