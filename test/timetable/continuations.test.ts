import { expect, test } from 'vitest'
import type { ZoneIdx } from '#engine/core/ids.ts'
import type { ServiceDay } from '#engine/core/time.ts'
import { compileDay } from '#engine/horizon/compile-day.ts'
import { hasContinuations, nextTrips, throughTrips } from '#engine/timetable/continuations.ts'
import { LONGEST_TRIP } from '#engine/timetable/patterns.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'
import { MAX_POSITIONS } from '#engine/transit/state.ts'
import { load, longTrips, smallFeed } from '../helpers/gtfs.ts'

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

test('a block of all trips there are', async () => {
  const many = 150_000
  const trips = Array.from({ length: many }, (_, i) => `U1,wk,t${i},0\n`)
  const times = Array.from({ length: many }, (_, i) => `t${i},10:00:00,10:00:00,A,1\nt${i},10:10:00,10:10:00,B,2\n`)
  const { tt } = await load({
    'trips.txt': `route_id,service_id,trip_id,block_id\n${trips.join('')}`,
    'stop_times.txt': `trip_id,arrival_time,departure_time,stop_id,stop_sequence\n${times.join('')}`,
  })
  expect(hasContinuations(tt)).toBe(true)
})

test('a chain is no longer than what a search can number', async () => {
  expect(LONGEST_TRIP).toBeLessThanOrEqual(MAX_POSITIONS)
  const half = LONGEST_TRIP / 2
  const chains = async (second: number): Promise<number[][]> => {
    const { tt } = await load({
      ...longTrips({ t1: { from: 0, calls: half, hour: 10 }, t2: { from: half - 1, calls: second, hour: 11 } }),
      'trips.txt': 'route_id,service_id,trip_id,block_id\nU1,wk,t1,x\nU1,wk,t2,x\n',
    })
    const next = nextTrips(tt, new Uint8Array(tt.counts.services).fill(1))
    return [...next.keys()].flatMap(trip => throughTrips(tt, next, trip))
  }
  expect(await chains(half + 1)).toHaveLength(1)
  expect(await chains(half + 2)).toEqual([])
})
