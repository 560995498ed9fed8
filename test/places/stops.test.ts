import { describe, expect, test } from 'vitest'
import { textOf } from '#engine/core/strings.ts'
import { foldWords } from '#engine/places/fold.ts'
import { searchStops } from '#engine/places/stops.ts'
import { buildLookup } from '#engine/timetable/lookup.ts'
import { loadGtfs } from '#feeds/gtfs/load.ts'
import { openSource } from '#feeds/gtfs/source.ts'
import { dataFile } from '../helpers/data.ts'
import { load } from '../helpers/gtfs.ts'

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
