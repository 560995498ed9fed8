// An elevator that goes out of order, or works again, while somebody in a wheelchair is under way.
//
//   A ─── L 9:00 9:30 10:00, 10 min ───▶ B ──100 m── elevator ──100 m── G        and round about from B to G by R, 632 m
//
// G is 284 s from B over the elevator (222 s at 0.9 m/s, and what the elevator takes), round about 703 s.

import { describe, expect, test } from 'vitest'
import { planPage } from '#api/plan-page.ts'
import { answerQuestion } from '#api/questions.ts'
import { createGround } from '#engine/access/ground.ts'
import { walksBetweenStops } from '#engine/access/walks.ts'
import { noConditions } from '#engine/conditions/conditions.ts'
import { E7 } from '#engine/core/geo.ts'
import { textOf } from '#engine/core/strings.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { mergeTransfers } from '#engine/footpaths/transfers.ts'
import type { Period } from '#engine/live/state.ts'
import { onFoot } from '#engine/plan/approaches.ts'
import { reachManyByTransit } from '#engine/plan/intermodal.ts'
import { isochronesAround } from '#engine/plan/isochrone.ts'
import { reachManyAt } from '#engine/plan/many.ts'
import { wayAt } from '#engine/plan/moment.ts'
import { createPlanner, plan } from '#engine/plan/plan.ts'
import { type Query, queryDefaults } from '#engine/plan/query.ts'
import { reachAll } from '#engine/plan/reach.ts'
import { buildStopLinks } from '#engine/street/links.ts'
import { Profile } from '#engine/street/profile.ts'
import { createStreetSearch } from '#engine/street/search.ts'
import type { Journey, RideLeg } from '#engine/transit/journey.ts'
import { horizonOf } from '../helpers/horizon.ts'
import { allTold } from '../helpers/plan-objects.ts'
import { random } from '../helpers/random.ts'
import { streets } from '../helpers/streets.ts'
import { timetable } from '../helpers/timetable.ts'

const s = streets(`
  at a 0,0  at a2 20,0  at b 3000,0  at e 3100,0  at g 3200,0  at g2 3220,0  at r 3100,300  at x 2980,-60  at x2 2980,-90
  node e highway=elevator
  node x highway=elevator
  a-a2 highway=footway
  b-e-g-g2 highway=footway
  b-r-g highway=footway
  b-x-x2 highway=footway`)
const degrees = (place: string): string => `${s.at(place).lat / E7},${s.at(place).lon / E7}`
const drawn = timetable(`
  at A ${degrees('a')}
  at B ${degrees('b')}
  at G ${degrees('g')}
  at H 51.6,7.6
  L A 09:00 B 09:10
  L A 09:30 B 09:40
  L A 10:00 B 10:10
  M G 09:20 H 09:40
  M G 09:50 H 10:10
  N B 09:20 A 09:30
  N B 09:50 A 10:00`)
const { tt } = drawn
const links = buildStopLinks(s.graph, tt)
const ground = createGround(tt, createStreetSearch(s.graph, links))
const footpaths = mergeTransfers(tt, walksBetweenStops(ground, { walker: Profile.wheelchair, maxSeconds: 1800 }))
const planner = createPlanner(tt, footpaths, { graph: s.graph, links })
const at = (time: string): UnixSeconds => (Date.parse(`2026-01-10T${time.padEnd(8, ':00')}Z`) / 1000) as UnixSeconds

/** Everything as told of the elevator: out of order between these. */
const horizonWith = (...out: Period[]) => {
  const report = {
    id: 'e',
    source: 'fasta',
    name: 'e',
    ...s.at('e'),
    state: out.length > 0 ? 'out' : 'working',
    out,
  } as const
  return { ...horizonOf(tt, footpaths), conditions: { ...noConditions, elevators: [report] } }
}
const out = (start: string, end = '23:00'): Period => ({ start: at(start), end: at(end) })

const place = (name: string) => ({ kind: 'coordinate', ...s.at(name) }) as const
const query = (from: string, to: string, time: string, rest: Partial<Query> = {}): Query => ({
  ...queryDefaults,
  ...{ from: place(from), to: place(to), time: at(time), minJourneys: 1, maxDirect: 0, walker: Profile.wheelchair },
  ...rest,
})

const clock = (time: number): string => new Date(time * 1000).toISOString().slice(11, 19).replace(/:00$/, '')
const lineOf = ({ trip }: RideLeg): string => textOf(tt, tt.routeShortName[tt.patternRoute[tt.tripPattern[trip]]]!)
const text = ({ legs }: Journey): string =>
  legs
    .filter(leg => leg.departure < leg.arrival)
    .map(leg => `${leg.kind === 'walk' ? 'walk' : lineOf(leg)} ${clock(leg.departure)}–${clock(leg.arrival)}`)
    .join(', ')
const journeys = (q: Query, ...outages: Period[]): string[] =>
  plan(planner, horizonWith(...outages), q).itineraries.map(text)

describe('from B to G, come to by train', () => {
  const there = (...outages: Period[]) => journeys(query('a', 'g', '08:50'), ...outages)
  const [LIFT, ROUND] = ['L 09:00–09:10, walk 09:10–09:14:43', 'L 09:00–09:10, walk 09:10–09:21:43']
  test.each([
    ['works', [], LIFT],
    ['goes out of order before one is there', [out('09:05')], ROUND],
    ['goes out of order on the way', [out('09:14:42')], ROUND],
    ['goes out of order just behind', [out('09:14:43')], LIFT],
    ['is repaired in the train', [out('00:00', '09:10')], LIFT],
    ['is soon repaired', [out('00:00', '09:13')], 'L 09:00–09:10, walk 09:13–09:17:43'],
    ['is repaired when one has long gone round', [out('00:00', '09:19')], ROUND],
    ['works for too short a time', [out('00:00', '09:11'), out('09:15')], ROUND],
    ['works again for long enough', [out('00:00', '09:11'), out('09:15:43')], 'L 09:00–09:10, walk 09:11–09:15:43'],
  ])('the elevator %s', (_, outages, journey) => {
    expect(there(...outages)).toEqual([journey])
  })
})

test('from B to G, to be there by half past nine, one stays no longer than one has to', () => {
  const there = (...outages: Period[]) => journeys(query('a', 'g', '09:30', { arriveBy: true }), ...outages)
  expect(there()).toEqual(['L 09:00–09:10, walk 09:10–09:14:43'])
  expect(there(out('09:12'))).toEqual(['L 09:00–09:10, walk 09:10–09:21:43'])
  expect(there(out('00:00', '09:13'))).toEqual(['L 09:00–09:10, walk 09:13–09:17:43'])
})

test('on the way to the first stop one leaves before the elevator does, and waits there', () => {
  const back = (...outages: Period[]) => journeys(query('g', 'a', '09:00'), ...outages)
  expect(back()).toEqual(['walk 09:15:17–09:20, N 09:20–09:30'])
  expect(back(out('09:18'))).toEqual(['walk 09:13:17–09:18, N 09:20–09:30'])
  expect(back(out('09:00', '09:15:17'))).toEqual(['walk 09:15:17–09:20, N 09:20–09:30'])
  expect(back(out('09:00', '09:17'))).toEqual(['walk 09:08:17–09:20, N 09:20–09:30'])
  // too late for the way round: the next train
  expect(journeys(query('g', 'a', '09:10'), out('09:10', '09:17'))).toEqual(['walk 09:45:17–09:50, N 09:50–10:00'])
})

test('changing from B to G', () => {
  const far = { to: { kind: 'stop', stop: drawn.stop('H') }, walker: Profile.wheelchair } as const
  const on = (...outages: Period[]) => journeys(query('a', 'g', '08:50', far), ...outages)
  expect(on()).toEqual(['L 09:00–09:10, walk 09:10–09:14:43, M 09:20–09:40'])
  expect(on(out('09:12'))).toEqual(['L 09:00–09:10, walk 09:10–09:21:43, M 09:50–10:10'])
  expect(on(out('00:00', '09:15'))).toEqual(['L 09:00–09:10, walk 09:15–09:19:43, M 09:20–09:40'])
  // the next train is soon enough
  expect(on(out('00:00', '09:16'))).toEqual(['L 09:30–09:40, walk 09:40–09:44:43, M 09:50–10:10'])
  // by way of B, where nobody looks walk by walk: what is out at some time is left alone
  const by = { ...far, vias: [{ place: { kind: 'stop', stop: drawn.stop('B') }, stay: 0 }] } as const
  expect(journeys(query('a', 'g', '08:50', by), out('09:12'))).toEqual(on(out('09:12')))
})

test('one elevator that is out again and again: a later hour is as exact as the first', () => {
  // out for three minutes of every ten, from 8:00 to 23:00
  const often = Array.from({ length: 90 }, (_, i) => ({
    start: (at('08:00') + 600 * i) as UnixSeconds,
    end: (at('08:03') + 600 * i) as UnixSeconds,
  }))
  const one = journeys(query('a', 'g', '09:35', { window: 1800 }), ...often)
  expect(one).toEqual(['L 10:00–10:10, walk 10:13–10:17:43'])
  expect(journeys(query('a', 'g', '08:50', { window: 7200, minJourneys: 0 }), ...often.slice(0, 24)).at(-1)).toBe(
    one[0],
  )
})

test('with a place on the way a later train over what works then is told', () => {
  const far = { to: { kind: 'stop', stop: drawn.stop('H') }, window: 3600, minJourneys: 0 } as const
  const by = { ...far, vias: [{ place: { kind: 'stop', stop: drawn.stop('B') }, stay: 0 }] } as const
  expect(journeys(query('a', 'g', '08:50', by), { start: at('09:12'), end: at('09:13') })).toContain(
    'L 09:30–09:40, walk 09:40–09:44:43, M 09:50–10:10',
  )
})

test('by way of a place one goes over what works at that moment: what breaks behind one, or beside the way, is no matter', () => {
  const far = { to: { kind: 'stop', stop: drawn.stop('H') }, window: 3600, minJourneys: 0 } as const
  const by = { ...far, vias: [{ place: { kind: 'stop', stop: drawn.stop('B') }, stay: 0 }] } as const
  const first = 'L 09:00–09:10, walk 09:10–09:14:43, M 09:20–09:40'
  // while one already waits for the train
  expect(journeys(query('a', 'g', '08:50', by), out('09:15', '09:18'))).toContain(first)
  // for the next train, while another one beside the way is out for this one
  const at9 = horizonWith(out('09:41', '09:50'))
  const beside = {
    id: 'x',
    source: 'fasta',
    name: 'x',
    ...s.at('x'),
    state: 'out',
    out: [out('09:09', '09:16')],
  } as const
  const elevators = [...at9.conditions.elevators, beside]
  const found = plan(planner, { ...at9, conditions: { ...noConditions, elevators } }, query('a', 'g', '08:50', by))
  expect(found.itineraries.map(text)).toContain(first)
})

test('an elevator that breaks in the middle of the night keeps nobody from using it now', () => {
  expect(journeys(query('a', 'g', '08:50'), out('22:00'))).toEqual(['L 09:00–09:10, walk 09:10–09:14:43'])
})

describe('all on foot from B to G', () => {
  const walk = (arriveBy: boolean, time: string, ...outages: Period[]) =>
    plan(
      planner,
      horizonWith(...outages),
      query('b', 'g', time, { arriveBy, maxDirect: 1800, transit: false }),
    ).direct.map(text)
  test('one goes round where the elevator would break on the way, or waits where it is soon repaired', () => {
    expect(walk(false, '09:00')).toEqual(['walk 09:00–09:04:43'])
    expect(walk(false, '09:00', out('09:04'))).toEqual(['walk 09:00–09:11:43'])
    expect(walk(false, '09:00', out('00:00', '09:02'))).toEqual(['walk 09:02–09:06:43'])
    expect(walk(false, '09:00', out('00:00', '09:08'))).toEqual(['walk 09:00–09:11:43'])
    expect(walk(false, '09:00', out('09:10'))).toEqual(['walk 09:00–09:04:43'])
  })
  test('to be there in time one leaves as late as may be', () => {
    expect(walk(true, '09:30', out('09:28'))).toEqual(['walk 09:23:17–09:28'])
    expect(walk(true, '09:30', out('09:20'))).toEqual(['walk 09:18:17–09:30'])
    expect(walk(true, '09:30', out('00:00', '09:25:17'))).toEqual(['walk 09:25:17–09:30'])
  })
  test('however often the elevator changes, as if every second were tried', () => {
    const limits = { profile: Profile.wheelchair, maxSeconds: 1800, maxMatchingDistance: 20 }
    const [over, round] = [283, 703]
    const { below } = random(7)
    for (let n = 0; n < 60; n++) {
      const periods = Array.from({ length: below(9) }, () => {
        const start = at('08:30') + below(3600)
        return { start, end: start + 1 + below(400) }
      })
      const works = (from: number): boolean => periods.every(({ start, end }) => end <= from || start >= from + over)
      for (const arriveBy of [false, true]) {
        const waits = Array.from({ length: round - over }, (_, i) => i)
        const first = waits.find(wait => works(at('09:00') + (arriveBy ? -wait - over : wait)))
        const seconds = first === undefined ? round : over + first
        const [journey] = plan(
          planner,
          horizonWith(...periods),
          query('b', 'g', '09:00', { arriveBy, maxDirect: 1800, transit: false }),
        ).direct
        expect(arriveBy ? at('09:00') - journey!.departure : journey!.arrival - at('09:00')).toBe(seconds)
        const many = { one: s.at(arriveBy ? 'g' : 'b'), many: [s.at(arriveBy ? 'b' : 'g')], arriveBy, ...limits }
        const [way] = reachManyAt(planner, horizonWith(...periods), many, at('09:00'))
        expect(way!.seconds).toBe(first === 0 ? over : round)
      }
    }
  })
  test('a single way along the streets and one to many say the same of who does not wait', () => {
    const limits = { profile: Profile.wheelchair, maxSeconds: 1800, maxMatchingDistance: 20 }
    const ask = (question: object, ...outages: Period[]) =>
      answerQuestion(planner, horizonWith(...outages), question as never, at('09:00')) as never
    const ends = { from: s.at('b'), to: s.at('g'), options: limits, walker: Profile.wheelchair, time: at('09:00') }
    const many = { one: s.at('b'), many: [s.at('g')], arriveBy: false, ...limits }
    const both = (...outages: Period[]) => [
      (ask({ kind: 'street', ...ends }, ...outages) as { route: { duration: number } }).route.duration,
      ...(ask({ kind: 'many', query: many }, ...outages) as { duration?: number }[]).map(({ duration }) => duration),
    ]
    expect(both()).toEqual([283, 283])
    expect(both(out('09:04'))).toEqual([703, 703])
    expect(both(out('09:05'))).toEqual([283, 283])
    expect(both(out('00:00', '09:02'))).toEqual([703, 703])
  })
})

describe('from A to all', () => {
  const reach = { ...query('a', 'g', '08:50'), one: place('a'), maxTravelTime: 7200, maxAccess: 900 }
  const times = (...outages: Period[]) =>
    Object.fromEntries(
      reachAll(planner, horizonWith(...outages), reach).map(({ stop, seconds }) => [
        textOf(tt, tt.stopId[stop]!),
        clock(reach.time + seconds),
      ]),
    )
  const many = (...outages: Period[]) =>
    reachManyByTransit(planner, horizonWith(...outages), { ...reach, many: [place('g')], maxEgress: 900 })[0]!.map(
      ({ seconds }) => clock(reach.time + seconds),
    )
  test.each([
    ['works', [], '09:14:43', '09:40'],
    ['goes out of order on the way', [out('09:12')], '09:21:43', '10:10'],
    ['is repaired soon', [out('00:00', '09:15')], '09:19:43', '09:40'],
    ['works for long enough', [out('00:00', '09:11'), out('09:15:43')], '09:15:43', '09:40'],
  ])('while the elevator %s', (_, outages, g, h) => {
    expect(times(...outages)).toMatchObject({ B: '09:10', G: g, H: h })
    expect(many(...outages)).toEqual([g])
  })
  test('and from all to A', () => {
    const from = (...outages: Period[]) => {
      const q = { ...reach, time: at('09:30'), arriveBy: true }
      const found = reachAll(planner, horizonWith(...outages), q)
      return clock(q.time - found.find(({ stop }) => stop === drawn.stop('G'))!.seconds)
    }
    expect([from(), from(out('09:18')), from(out('09:00', '09:17'))]).toEqual(['09:15:17', '09:13:17', '09:08:17'])
  })
})

test('how far one gets is told over elevators that work as long as the largest ring lasts', () => {
  const farthest = (time: string, ...outages: Period[]): number => {
    const q = { ...query('b', 'g', time), one: place('b'), rings: [300], transit: false, traveller: Profile.wheelchair }
    const rings = isochronesAround(planner, horizonWith(...outages), { ...q, maxTravelTime: 300 })
    return Math.max(...rings[0]!.polygons.flat(2).filter((_, i) => i % 2 === 0)) * E7
  }
  const beyond = s.at([3180, 0]).lon
  expect(farthest('09:00')).toBeGreaterThan(beyond)
  expect(farthest('09:00', out('09:06'))).toBeGreaterThan(beyond)
  expect(farthest('09:00', out('09:04'))).toBeLessThan(beyond)
})

test('who is sent to wait for a repair, or to go before the elevator breaks, is told so', () => {
  const told = (q: Query, ...outages: Period[]): unknown => {
    const page = planPage(planner, horizonWith(...outages), q, allTold, q.time)
    const { itineraries, direct } = JSON.parse(new TextDecoder().decode(page))
    return (itineraries[0] ?? direct[0]).legs.flatMap((leg: { elevators?: object[] }) => leg.elevators ?? [])
  }
  const known = { id: expect.stringMatching('^osm_'), name: 'e', station: expect.any(String), source: 'fasta' }
  const until = (time: string) => [{ ...known, outUntil: `2026-01-10T${time}:00Z` }]
  expect(told(query('a', 'g', '08:50'), out('00:00', '09:13'))).toEqual(until('09:13'))
  expect(told(query('g', 'a', '09:00'), out('09:18'))).toEqual([{ ...known, outFrom: '2026-01-10T09:18:00Z' }])
  const onFoot = query('b', 'g', '09:00', { maxDirect: 1800, transit: false })
  expect(told(onFoot, out('00:00', '09:02'))).toEqual(until('09:02'))
  // repaired before, broken later, or gone round
  for (const outages of [[], [out('00:00', '09:05')], [out('09:20')], [out('09:00', '10:00')]])
    expect(told(query('a', 'g', '08:50'), ...outages)).toEqual([])
})

test('walks are drawn as they are made, and other runs told by what works then', () => {
  const style = { ...allTold, extra: { ...allTold.extra, numLegAlternatives: 1 } }
  const q = query('a', 'g', '08:50', { window: 3600, minJourneys: 0 })
  const { itineraries } = JSON.parse(
    new TextDecoder().decode(planPage(planner, horizonWith(out('09:20')), q, style, q.time)),
  )
  const walks = itineraries.map(
    ({ legs }: { legs: { distance: number; startTime: string }[] }) => legs.at(-1)!.distance,
  )
  expect(walks.map(Math.round)).toEqual([200, 632])
  const other = itineraries[0].legs
    .flatMap((leg: { alternatives?: { duration: number }[][] }) => leg.alternatives ?? [])
    .map((legs: { duration: number }[]) => legs.at(-1)!.duration)
  expect(other).toEqual([703])
})

// b ── e ── g is 1,200 m, 310 s with the elevator; round by r 1,697 m, 354 s
describe('by bicycle all the way', () => {
  const s2 = streets(`
    at b 0,0  at e 600,0  at g 1200,0  at r 600,600
    node e highway=elevator
    b-e-g highway=cycleway
    b-r-g highway=cycleway`)
  const links2 = buildStopLinks(s2.graph, tt)
  const rider = createPlanner(tt, footpaths, { graph: s2.graph, links: links2 })
  const end = (name: string) => ({ kind: 'coordinate', ...s2.at(name) }) as const
  const approaches = { ...onFoot, direct: ['BIKE'] } as const
  const ride = (arriveBy: boolean, time: string, ...outages: Period[]): string => {
    const horizon = horizonWith(...outages)
    const elevators = horizon.conditions.elevators.map(report => ({ ...report, ...s2.at('e') }))
    const q = {
      ...query('b', 'g', time),
      from: end('b'),
      to: end('g'),
      arriveBy,
      approaches,
      maxDirect: 1800,
      transit: false,
    }
    const [way] = plan(rider, { ...horizon, conditions: { ...noConditions, elevators } }, q).direct
    return `${clock(way!.departure)}–${clock(way!.arrival)}`
  }
  const [LIFT, ROUND] = ['09:00–09:05:10', '09:00–09:05:54']
  test.each([
    ['works', [], LIFT],
    ['is out of order', [out('00:00')], ROUND],
    ['goes out of order on the way', [out('09:05:09')], ROUND],
    ['goes out of order just behind', [out('09:05:10')], LIFT],
    ['is soon repaired', [out('00:00', '09:00:30')], '09:00:30–09:05:40'],
    ['is repaired when one has long gone round', [out('00:00', '09:01')], ROUND],
  ])('the elevator %s', (_, outages, journey) => {
    expect(ride(false, '09:00', ...outages)).toBe(journey)
  })
  test('to be there in time one leaves as late as may be', () => {
    expect(ride(true, '09:10', out('09:09:30'))).toBe('09:04:20–09:09:30')
    expect(ride(true, '09:10', out('09:08'))).toBe('09:04:06–09:10')
  })
})

test('who is quicker where his favourite way is closed is looked for on no more than two grounds', () => {
  const closed = { ...ground }
  let looked = 0
  const find = (on: typeof ground) => {
    if (++looked > 9) throw new Error('looked for again and again')
    return { seconds: on === closed ? 251 : 310 }
  }
  const found = wayAt((_, end) => (end > 300 ? closed : ground), 0, false, find)
  expect([found.way, found.ground === closed]).toEqual([{ seconds: 251 }, true])
})
