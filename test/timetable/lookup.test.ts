import { describe, expect, test } from 'vitest'
import type { FeedIdx } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import {
  buildLookup,
  findRoute,
  findStop,
  findTrip,
  routePublicId,
  searchStops,
  stopByFeedId,
  stopPublicId,
  stopsInBox,
  stopsNear,
  tripByFeedId,
  tripPublicId,
} from '#engine/timetable/lookup.ts'
import { foldWords } from '#engine/timetable/names.ts'
import { openTimetable } from '#engine/timetable/timetable.ts'
import { loadGtfs } from '#feeds/gtfs/load.ts'
import { openSource, sourceOf } from '#feeds/gtfs/source.ts'
import { dataFile } from '../helpers/data.ts'
import { filesOf, load, smallFeed } from '../helpers/gtfs.ts'
import { timetable } from '../helpers/timetable.ts'

describe('ids', () => {
  test('with the tag and, while one feed has them, without', () => {
    const { tt, stop, trip, route } = timetable(`
      S1   A_x 10:00   B 10:10
      S2   B 10:00   test_B 10:10`)
    const l = buildLookup(openTimetable(tt.buffer))
    expect(findStop(l, 'test_A_x')).toBe(stop('A_x'))
    expect(findStop(l, 'A_x')).toBe(stop('A_x'))
    expect(findStop(l, 'test_B')).toBe(stop('B'))
    expect(findStop(l, 'test_test_B')).toBe(stop('test_B'))
    expect(findTrip(l, 'test_S2')).toBe(trip('S2'))
    expect(findRoute(l, 'S2')).toBe(route('S2'))
    for (const id of ['', 'C', 'test_', 'other_B', '__proto__', 'test_C']) expect(findStop(l, id)).toBeUndefined()
    expect([stopPublicId(tt, stop('A_x')), tripPublicId(tt, trip('S1')), routePublicId(tt, route('S1'))]).toEqual([
      'test_A_x',
      'test_S1',
      'test_S1',
    ])
  })

  test('that two feeds have need the tag', async () => {
    const source = () => sourceOf(filesOf(smallFeed))
    const { timetable: tt } = await loadGtfs([
      { tag: 'x', source: source() },
      { tag: 'y', source: source() },
    ])
    const l = buildLookup(tt)
    expect(findStop(l, 'A')).toBeUndefined()
    const [x, y] = [findStop(l, 'x_A')!, findStop(l, 'y_A')!]
    expect([tt.stopFeed[x], tt.stopFeed[y]]).toEqual([0, 1])
    expect(stopByFeedId(l, 1 as FeedIdx, 'A')).toBe(y)
    expect(tripPublicId(tt, tripByFeedId(l, 1 as FeedIdx, 't2')!)).toBe('y_t2')
  })
})

test('places: near a point, nearest first, and in a box', () => {
  const { tt, stop } = timetable(`
    at A 51.5000,7.4000
    at B 51.5010,7.4000
    at C 51.5000,7.4100
    S1   A 10:00   B 10:10   C 10:20`)
  const l = buildLookup(tt)
  // B is 111 m north of A, C 692 m east
  const near = stopsNear(l, 515_000_000, 74_000_000, 200)
  expect(near.map(({ stop }) => stop)).toEqual([stop('A'), stop('B')])
  expect(near.map(({ metres }) => Math.round(metres))).toEqual([0, 111])
  expect(stopsNear(l, 515_000_000, 74_000_000, 693).length).toBe(3)
  expect(stopsInBox(l, 514_990_000, 74_050_000, 515_020_000, 74_200_000)).toEqual([stop('C')])
})

test('departures a day are counted over the calendar, and summed up to stations', () => {
  const { tt, stop } = timetable(`
    station S: A B
    S1   A 10:00   C 10:10   [days=20260110,20260111]
    S1   A 11:00   C 11:10   [days=20260110]
    S2   B 10:00   C 10:10   [days=20260113]
    U3   B 06:00   C 06:20   [days=20260110 every 10m until 07:00]`)
  const { departures } = buildLookup(tt)
  // four days: A 3, B 1 + 6
  expect([stop('A'), stop('B'), stop('S'), stop('C')].map(s => departures[s])).toEqual([0.75, 1.75, 2.5, 0])
})

describe('names', () => {
  test.each([
    ['Dortmund Hbf', ['dortmund', 'hauptbahnhof']],
    ['Universität', ['universitat']],
    ['UNIVERSITAET', ['universitat']],
    ['Kampstr.', ['kampstrasse']],
    ['Kampstraße (U)', ['kampstrasse', 'u']],
    ['Möllerbrücke', ['mollerbrucke']],
    ['DO-Hörde, Bf.', ['do', 'horde', 'bahnhof']],
    ['St.-Joseph-Pl.', ['sankt', 'joseph', 'platz']],
    ['Café “Zoé” 12/4', ['cafe', 'zo', '12', '4']],
    ['  ,;- ', []],
    ['東京駅', ['東京駅']],
  ])('%s', (text, words) => {
    expect(foldWords(text)).toEqual(words)
  })

  const names = [
    'Dortmund Hbf',
    'Dortmund Hörde Bf',
    'Hauptstraße',
    'DO-Aplerbeck',
    'Universität',
    'Universitätsstraße',
    'Am Hbf',
  ]
  const stops = `stop_id,stop_name,stop_lat,stop_lon\n${names.map((name, i) => `${i},${name},51.5,${7.4 + i / 50}`).join('\n')}\n`
  // the more important, the earlier in the list
  const trips = names.flatMap((_, i) => Array.from({ length: 7 - i }, (_, k) => `t${i}-${k}`))
  const stopTimes = `trip_id,arrival_time,departure_time,stop_id,stop_sequence\n${trips.map(t => `${t},10:00:00,10:00:00,${t[1]},1\n${t},10:10:00,10:10:00,${(Number(t[1]) + 1) % 7},2`).join('\n')}\n`

  test.each([
    ['hbf', ['Dortmund Hbf', 'Am Hbf']],
    ['haupt', ['Hauptstraße', 'Dortmund Hbf', 'Am Hbf']],
    ['hauptbahnhof dortmund', ['Dortmund Hbf']],
    ['DORTMUND, HOERDE', ['Dortmund Hörde Bf']],
    ['hauptstr', ['Hauptstraße']],
    ['Dortmund Aplerbeck', ['DO-Aplerbeck']],
    ['uni', ['Universität', 'Universitätsstraße']],
    ['universitatsstr', ['Universitätsstraße']],
    ['zoo', []],
    ['', []],
  ])('“%s” finds %j', async (query, expected) => {
    const { tt } = await load({
      'stops.txt': stops,
      'trips.txt': `route_id,service_id,trip_id\n${trips.map(t => `U1,wk,${t}`).join('\n')}\n`,
      'stop_times.txt': stopTimes,
    })
    const hits = searchStops(buildLookup(tt), query)
    const found = hits.map(({ stop }) => textOf(tt, tt.stopName[stop]!))
    expect([...found].sort()).toEqual([...expected].sort())
    if (expected.length > 0) expect(found[0]).toBe(expected[0])
  })

  test('stations stand for their platforms, and two sides of a street are one', async () => {
    const { tt } = await load({
      'stops.txt': `stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station
S,Zoo,51.5,7.4,1,
A,Zoo,51.5,7.4,0,S
B,Zoo,51.5,7.4001,0,S
C,Park,51.5,7.41,0,
D,Park,51.5,7.4101,0,
X,Park,51.5,7.6,0,
`,
    })
    const l = buildLookup(tt)
    const ids = (query: string) => searchStops(l, query).map(({ stop }) => textOf(tt, tt.stopId[stop]!))
    expect(ids('zoo')).toEqual(['S'])
    // C departs, D does not
    expect(ids('park').sort()).toEqual(['C', 'X'])
  })
})

const rnv = dataFile('rnv/rnv.zip')
test.skipIf(!rnv)('in a real city the main station is found by all its names', async () => {
  const { timetable: tt } = await loadGtfs([{ tag: 'rnv', source: await openSource(rnv!) }])
  const l = buildLookup(tt)
  for (const query of ['mannheim hauptbahnhof', 'Mannheim Hbf', 'MA Hbf', 'hbf mannheim', 'MA-Hauptb'])
    expect(searchStops(l, query, 1).map(({ stop }) => textOf(tt, tt.stopName[stop]!))).toEqual(['MA Hauptbahnhof'])
})
