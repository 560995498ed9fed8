import { describe, expect, test } from 'vitest'
import type { StopIdx } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import { NEVER } from '#engine/core/time.ts'
import { DEFAULT_CHANGE_SECONDS, type Footpaths } from '#engine/footpaths/footpaths.ts'
import { changeTimes, mergeTransfers, notingUnstated, straightLineWalks } from '#engine/footpaths/transfers.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'
import { loadGtfs } from '#feeds/gtfs/load.ts'
import { openSource } from '#feeds/gtfs/source.ts'
import { peersFile } from '../helpers/data.ts'
import { load } from '../helpers/gtfs.ts'

// 0.01° of longitude at 51.5° north is 692 m: A1 and A2 share a station 69 m apart, N is 208 m from A1, everything else is far away
const stops = `stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station
S,Station,51.5,7.400,1,
A1,Platform 1,51.5,7.400,0,S
A2,Platform 2,51.5,7.401,0,S
E,Entrance,51.5,7.400,2,S
N,Near,51.5,7.403,0,
F,Far,51.5,7.500,0,
`
const stopTimes = `trip_id,arrival_time,departure_time,stop_id,stop_sequence
t1,10:00:00,10:00:00,A1,1
t1,10:10:00,10:10:00,F,2
t2,10:00:00,10:00:00,A2,1
t2,10:10:00,10:10:00,N,2
`
const withRules = async (...rules: string[]): Promise<Timetable> => {
  const header = 'from_stop_id,to_stop_id,transfer_type,min_transfer_time,from_route_id'
  const transfers = rules.length > 0 ? `${[header, ...rules].join('\n')}\n` : undefined
  return (await load({ 'stops.txt': stops, 'stop_times.txt': stopTimes, 'transfers.txt': transfers })).tt
}

const idOf = (tt: Timetable, stop: number): string => textOf(tt, tt.stopId[stop]!)

/** `A1→N 225`, sorted. */
function walksOf(tt: Timetable, f: Footpaths): string[] {
  const walks: string[] = []
  for (let s = 0; s < tt.counts.stops; s++)
    for (let i = f.outBegin[s]!; i < f.outBegin[s + 1]!; i++)
      walks.push(`${idOf(tt, s)}→${idOf(tt, f.outTo[i]!)} ${f.outSeconds[i]}`)
  return walks.sort()
}

const changesOf = (tt: Timetable): Record<string, number> =>
  Object.fromEntries(Array.from(changeTimes(tt), (seconds, stop) => [idOf(tt, stop), seconds]))

describe('without a map', () => {
  test('stops near each other and platforms of a station are walked between', async () => {
    const tt = await withRules()
    // 69.2 m · 1.3 / 1.2 m/s = 75 s, 207.7 m → 225 s, 138.4 m → 150 s
    expect(walksOf(tt, mergeTransfers(tt, straightLineWalks(tt)))).toEqual([
      'A1→A2 75',
      'A1→N 225',
      'A2→A1 75',
      'A2→N 150',
      'N→A1 225',
      'N→A2 150',
    ])
  })

  test('a feed that lists its walks gets those, and its stations’', async () => {
    const tt = await withRules('N,F,2,600')
    expect(walksOf(tt, mergeTransfers(tt, straightLineWalks(tt)))).toEqual(['A1→A2 75', 'A2→A1 75', 'N→F 600'])
  })

  test('a feed that only says how long changes take does not list its walks', async () => {
    const tt = await withRules('N,N,2,30')
    expect(walksOf(tt, mergeTransfers(tt, straightLineWalks(tt)))).toHaveLength(6)
  })
})

describe('S33, S34, S36: rules for stops', () => {
  test('types for two stops', async () => {
    const tt = await withRules(
      'A1,N,1,',
      'N,A1,1,40',
      'A1,A2,3,',
      'A2,N,2,',
      'N,A2,2,300',
      'A2,A1,0,',
      'A1,F,0,',
      'F,A1,0,500',
    )
    const beeline = Math.ceil((6921.7 * 1.3) / 1.2)
    expect(walksOf(tt, mergeTransfers(tt, straightLineWalks(tt)))).toEqual([
      `A1→F ${beeline}`,
      'A1→N 0',
      'A2→A1 75',
      `A2→N ${DEFAULT_CHANGE_SECONDS}`,
      'F→A1 500',
      'N→A1 40',
      'N→A2 300',
    ])
  })

  test('type 0 without a time and without a walk: a straight line at one’s own pace, none where people on foot find a way', async () => {
    const tt = await withRules('A2,A1,0,', 'N,A1,0,')
    const noted = new Map<number, number>()
    const stop = (id: string) => Array.from({ length: tt.counts.stops }, (_, s) => idOf(tt, s)).indexOf(id) as StopIdx
    const found = [{ from: stop('A2'), to: stop('A1'), seconds: 240 }]
    expect(walksOf(tt, mergeTransfers(tt, notingUnstated(tt, found, noted)))).toEqual(['A2→A1 240', 'N→A1 225'])
    // 207.7 m · 1.3 / 0.8 m/s
    expect(walksOf(tt, mergeTransfers(tt, [], noted, 0.8))).toEqual(['N→A1 338'])
  })

  test('types for one stop', async () => {
    const tt = await withRules('A1,A1,2,200', 'A2,A2,3,', 'N,N,1,', 'F,F,2,')
    expect(changesOf(tt)).toMatchObject({
      A1: 200,
      A2: NEVER,
      N: 0,
      F: DEFAULT_CHANGE_SECONDS,
      S: DEFAULT_CHANGE_SECONDS,
    })
  })

  test('a station’s rule holds for its platforms, a platform’s own is stronger, whatever their order', async () => {
    for (const rules of [
      ['S,S,2,200', 'A1,A2,2,90', 'A1,A1,2,10'],
      ['A1,A1,2,10', 'A1,A2,2,90', 'S,S,2,200'],
    ]) {
      const tt = await withRules(...rules)
      expect(walksOf(tt, mergeTransfers(tt, []))).toEqual(['A1→A2 90', 'A2→A1 200'])
      expect(changesOf(tt)).toMatchObject({ A1: 10, A2: 200 })
    }
  })

  test('rules are directed, and of two equal ones the first counts', async () => {
    const tt = await withRules('S,F,2,500', 'S,F,2,400', 'F,A2,3,')
    expect(walksOf(tt, mergeTransfers(tt, [{ from: 5, to: 2, seconds: 100 }]))).toEqual(['A1→F 500', 'A2→F 500'])
  })

  test('rules for single routes are not for everybody', async () => {
    const tt = await withRules('A1,F,2,500,U1', 'A1,A1,3,,U1')
    expect(walksOf(tt, mergeTransfers(tt, []))).toEqual([])
    expect(changesOf(tt).A1).toBe(DEFAULT_CHANGE_SECONDS)
    expect(tt.counts.transfers).toBe(2)
  })

  test('walks that are found take a minute at least, those that are stated what they state', async () => {
    const tt = await withRules('A1,A2,2,5')
    const found = [
      { from: 1, to: 2, seconds: 20 },
      { from: 2, to: 1, seconds: 20 },
    ]
    expect(walksOf(tt, mergeTransfers(tt, found))).toEqual(['A1→A2 5', 'A2→A1 60'])
  })
})

const normalised = peersFile('tokyo/feed.zip')
test.skipIf(!normalised)('a feed that lists all its changes gets exactly those', async () => {
  const { timetable: tt } = await loadGtfs([{ tag: 'x', source: await openSource(normalised!) }])
  const f = mergeTransfers(tt, straightLineWalks(tt))
  const own = [...tt.transferFromStop].filter((from, row) => from !== tt.transferToStop[row]).length
  expect(f.counts.footpaths).toBe(own)
  expect(new Set(f.changeSeconds)).toEqual(new Set([120]))
  for (let row = 0; row < tt.counts.transfers; row++) {
    const [from, to] = [tt.transferFromStop[row]!, tt.transferToStop[row]!]
    if (from === to) continue
    const at = f.outTo.subarray(f.outBegin[from], f.outBegin[from + 1]).indexOf(to)
    expect(f.outSeconds[f.outBegin[from]! + at]).toBe(tt.transferMinTime[row])
  }
})
