import { expect, test } from 'vitest'
import type { ZoneIdx } from '#engine/core/ids.ts'
import type { ServiceDay } from '#engine/core/time.ts'
import { compileDay } from '#engine/horizon/compile-day.ts'
import { hasContinuations, junctions, throughTrips } from '#engine/timetable/continuations.ts'
import { LONGEST_TRIP } from '#engine/timetable/patterns.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'
import { MAX_POSITIONS } from '#engine/transit/state.ts'
import { load, longTrips, smallFeed } from '../helpers/gtfs.ts'
import { timetable } from '../helpers/timetable.ts'

const throughLanes = (tt: Timetable): number[] =>
  Array.from({ length: tt.counts.zones }, (_, zone) => {
    const { counts } = compileDay(tt, zone as ZoneIdx, tt.counts.firstDay as ServiceDay)
    return counts.lanes - counts.firstThrough
  })

// t1 ends at C at 10:20, t3 begins there
const meeting = {
  'stop_times.txt': smallFeed['stop_times.txt']!.replace('25:00:00,25:00:00', '10:25:00,10:25:00').replace(
    '25:30:00,25:30:00',
    '10:40:00,10:40:00',
  ),
  'transfers.txt': 'from_trip_id,to_trip_id,transfer_type\nt1,t3,4\n',
}

test('riders stay seated where the feed says so, but not from a trip of frequencies.txt: its template does not run', async () => {
  expect(throughLanes((await load(meeting)).tt)).toEqual([1])
  const every = 'trip_id,start_time,end_time,headway_secs,exact_times\nt1,12:00:00,13:00:00,600,1\n'
  const { tt } = await load({ ...meeting, 'frequencies.txt': every })
  expect(hasContinuations(tt)).toBe(false)
  expect(throughLanes(tt)).toEqual([0])
})

test('S15 times of two zones are not laid end to end', async () => {
  const twoZones = {
    'agency.txt': `${smallFeed['agency.txt']}b,Elsewhere,https://example.org,Europe/London\n`,
    'routes.txt': smallFeed['routes.txt']!.replace('B2,a', 'B2,b'),
  }
  expect(throughLanes((await load({ ...meeting, ...twoZones })).tt)).toEqual([0, 0])
  const block = 'route_id,service_id,trip_id,block_id\nU1,wk,t1,x\nU1,wk,t2,\nB2,wk,t3,x\n'
  const byBlock = { ...meeting, 'transfers.txt': undefined, 'trips.txt': block }
  expect(throughLanes((await load(byBlock)).tt)).toEqual([1])
  expect(throughLanes((await load({ ...byBlock, ...twoZones })).tt)).toEqual([0, 0])
})

test.each([
  // begin and end of t3, the same block, transfers.txt, through lanes
  ['the block alone, five minutes', '10:25', '10:40', 'x', undefined, 1],
  ['the block alone, after hours', '25:00', '25:30', 'x', undefined, 0],
  ['type 4 keeps riders however long', '25:00', '25:30', '', 4, 1],
  ['type 5 against the block', '10:25', '10:40', 'x', 5, 0],
  ['type 0 says nothing about seats', '10:25', '10:40', 'x', 0, 1],
  ['type 4 to a trip that has left by then', '09:00', '09:30', '', 4, 0],
  ['the block alone, on the next service day, after hours', '09:00', '09:30', 'x', undefined, 0],
] as const)('S35 %s', async (_, begin, end, block, type, lanes) => {
  const times = smallFeed['stop_times.txt']!.replaceAll('25:00:00', `${begin}:00`).replaceAll('25:30:00', `${end}:00`)
  const rule = `from_stop_id,to_stop_id,from_trip_id,to_trip_id,transfer_type\nC,C,t1,t3,${type}\n`
  const { tt } = await load({
    'trips.txt': `route_id,service_id,trip_id,block_id\nU1,wk,t1,${block}\nU1,wk,t2,\nB2,wk,t3,${block}\n`,
    'stop_times.txt': times,
    'transfers.txt': type === undefined ? undefined : rule,
  })
  expect(throughLanes(tt)).toEqual([lanes])
})

test('a block of all trips there are, which begin and end everywhere', async () => {
  const [many, rows] = [150_000, 8000]
  const { 'stops.txt': stops } = longTrips({ none: { from: 0, calls: rows, hour: 0 } })
  const trips = Array.from({ length: many }, (_, i) => `U1,wk,t${i},0\n`)
  const times = Array.from({ length: many }, (_, i) => {
    const [from, to] = [i % rows, (i + 1) % rows]
    return `t${i},10:00:00,10:00:00,s${from},1\nt${i},10:10:00,10:10:00,s${to},2\n`
  })
  const { tt } = await load({
    'stops.txt': stops,
    'trips.txt': `route_id,service_id,trip_id,block_id\n${trips.join('')}`,
    'stop_times.txt': `trip_id,arrival_time,departure_time,stop_id,stop_sequence\n${times.join('')}`,
  })
  expect(hasContinuations(tt)).toBe(true)
  // the stops stand 111 m apart: each is near the one before and the one after
  expect([...junctions(tt)]).toHaveLength(2 * (rows - 1))
})

test('junctions are the ends and beginnings of a block that are near each other or in one station', () => {
  const { tt, stop } = timetable(`
    U1   A 10:00   B 10:10   [block=x]
    U2   C 10:20   D 10:30   [block=x]
    U3   E 10:40   F 10:50   [block=x]
    U4   G 11:00   A 11:10   [block=y]
    at B 51.5000,7.4000
    at C 51.5013,7.4000
    at E 51.5014,7.4000
    at G 51.5000,7.4001
    station S: D E`)
  const names = (s: number): string => [...'ABCDEFG'].find(name => stop(name) === s)!
  expect(Array.from(junctions(tt), ({ from, to }) => names(from) + names(to)).sort()).toEqual(['BC', 'DE'])
})

test('a chain is no longer than what a search can number', async () => {
  expect(LONGEST_TRIP).toBeLessThanOrEqual(MAX_POSITIONS)
  const half = LONGEST_TRIP / 2
  const chains = async (second: number): Promise<unknown[]> => {
    const { tt } = await load({
      ...longTrips({ t1: { from: 0, calls: half, hour: 10 }, t2: { from: half - 1, calls: second, hour: 11 } }),
      'trips.txt': 'route_id,service_id,trip_id,block_id\nU1,wk,t1,x\nU1,wk,t2,x\n',
    })
    return [...throughTrips(tt, 0 as ZoneIdx, tt.counts.firstDay as ServiceDay)]
  }
  expect(await chains(half + 1)).toHaveLength(1)
  expect(await chains(half + 2)).toEqual([])
})
