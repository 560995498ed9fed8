import { expect, test } from 'vitest'
import type { TripIdx, ZoneIdx } from '#engine/core/ids.ts'
import type { ServiceDay } from '#engine/core/time.ts'
import { compileDay } from '#engine/horizon/compile-day.ts'
import { hasContinuations, junctions, throughTrips, throughTripsOf } from '#engine/timetable/continuations.ts'
import { LONGEST_TRIP } from '#engine/timetable/patterns.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'
import { MAX_POSITIONS } from '#engine/transit/state.ts'
import { load, longTrips, smallFeed } from '../helpers/gtfs.ts'
import { plainChains } from '../helpers/plain-continuations.ts'
import { type Random, random } from '../helpers/random.ts'
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

test('S31 nobody stays on to ride back, not to where the second vehicle of three began either', () => {
  const { tt, day, trip } = timetable(`
    U1   A 10:00   B 10:10                          [block=x]
    U2   B2 10:12  C 10:20                          [block=x]
    U3   C 10:25   B2 10:35                         [block=x]
    U4   D 11:00   E 11:10                          [block=y]
    U5   E 11:15   D 11:25                          [block=y]
    at B 51.5000,7.4000
    at B2 51.5005,7.4000`)
  const chains = [...throughTrips(tt, 0 as ZoneIdx, day)].map(parts => parts.map(part => part.trip))
  expect(chains).toEqual([[trip('U1'), trip('U2')]])
})

test('S31, S35 random blocks: as long as riders may stay on every day, trip by trip as the rules say it', () => {
  const lengths = [0, 0, 0, 0, 0]
  for (let seed = 1; seed <= 400; seed++) {
    const { tt, day } = timetable(randomBlocks(random(seed)), { range: [DATES[0]!, DATES[2]!] })
    for (let d = day; d < day + 3; d++) {
      const longest = new Map<number, string>()
      for (const parts of throughTrips(tt, 0 as ZoneIdx, d))
        longest.set(parts[0]!.trip, parts.map(({ trip, days }) => `${trip}+${days}`).join(' '))
      const of = throughTripsOf(tt, 0 as ZoneIdx, d)
      const each = Array.from({ length: tt.counts.trips }, (_, trip) => of(trip as TripIdx).at(-1)).filter(c => c)
      const plain = plainChains(tt, d)
      for (const { length } of plain) lengths[length]!++
      const expected = plain.map(parts => parts.map(part => `${part.trip}+${part.day - d}`).join(' '))
      expect([...longest.values()].sort(), `seed ${seed}, day ${d - day}`).toEqual(expected.sort())
      expect(each.map(parts => parts!.map(({ trip, days }) => `${trip}+${days}`).join(' ')).sort()).toEqual(expected)
    }
  }
  // two, three and four trips at a time were among them
  for (const length of [2, 3, 4]) expect(lengths[length]).toBeGreaterThan(20)
})

const DATES = ['20260110', '20260111', '20260112']
const STOPS = [...'ABCDEFGHIJ']

/** Vehicles that go back and forth, wander, or run the same few ways again and again; some stop beside where they ended. */
function randomBlocks(r: Random): string {
  const rows: string[] = []
  const rules: string[] = []
  const blocks = r.between(1, 3)
  for (let block = 0; block < blocks; block++) {
    let at = r.pick([4, 9, 19]) * 60
    let way = wander(r, r.pick(STOPS))
    const trips = r.between(2, r.chance(0.2) ? 14 : 5)
    for (let i = 0; i < trips; i++) {
      const begin = at
      const calls = way.map((stop, c) => `${r.chance(0.1) ? '-' : ''}${stop} ${clock(begin + 10 * c)}`)
      at += 10 * (way.length - 1)
      const days = DATES.filter(() => r.chance(0.9))
      rows.push(
        `R${block}-${i} ${calls.join(' ')} [block=${block} id=t${block}-${i} days=${(days.length > 0 ? days : DATES).join()}]`,
      )
      at += r.pick([0, 5, 20, 60, 61])
      const end = way.at(-1)!
      way = r.chance(0.3) ? way.toReversed() : wander(r, r.chance(0.9) ? end : r.pick(STOPS))
      // a platform of the same station, or one beside it
      if (r.chance(0.2)) way[0] = `${way[0]![0]}${r.pick(['1', '2'])}`
    }
    for (const type of ['stay', 'leave'])
      if (r.chance(0.4)) {
        const [from, to] = [r.below(trips), r.below(trips)]
        if (from !== to) rules.push(`rule A→A ${type} from=t${block}-${from} to=t${block}-${to}`)
      }
  }
  const places = STOPS.flatMap((stop, i) => [
    `at ${stop} 51.${50 + i},7.4`,
    `at ${stop}1 51.${50 + i}08,7.4`,
    `at ${stop}2 51.${50 + i}3,7.4`,
  ])
  const drawn = rows.join('\n')
  const stations = STOPS.filter(stop => drawn.includes(`${stop} `) && drawn.includes(`${stop}2 `))
  return [drawn, ...rules, ...places, ...stations.map(stop => `station S${stop}: ${stop} ${stop}2`)].join('\n')
}

function wander(r: Random, from: string): string[] {
  const way = [from]
  for (let more = r.between(1, 3); more > 0; more--) way.push(r.pick(STOPS.filter(stop => stop[0] !== way.at(-1)![0])))
  return way
}

const clock = (minutes: number): string =>
  [Math.floor(minutes / 60), minutes % 60].map(n => `${n}`.padStart(2, '0')).join(':')
