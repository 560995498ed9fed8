// Changes of who walks otherwise than those for whom there is a table: as good as with a table of all his own walks.

import { describe, expect, test } from 'vitest'
import { createGround } from '#engine/access/ground.ts'
import { walkLimits, walksBetweenStops, walksOfStated } from '#engine/access/walks.ts'
import { E7 } from '#engine/core/geo.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { changeBetween, type Footpaths } from '#engine/footpaths/footpaths.ts'
import { keepNeeded } from '#engine/footpaths/needed.ts'
import { mergeTransfers } from '#engine/footpaths/transfers.ts'
import { lookAt, plannerAt } from '#engine/plan/moment.ts'
import { createPlanner, plan } from '#engine/plan/plan.ts'
import { queryDefaults } from '#engine/plan/query.ts'
import { type ReachQuery, reachAll, reachTrades } from '#engine/plan/reach.ts'
import { buildStopLinks } from '#engine/street/links.ts'
import { Profile, withChanges } from '#engine/street/profile.ts'
import { createStreetSearch } from '#engine/street/search.ts'
import type { Journey } from '#engine/transit/journey.ts'
import { horizonOf } from '../helpers/horizon.ts'
import { type Random, random } from '../helpers/random.ts'
import { raw, say, storeOf } from '../helpers/realtime.ts'
import { type DrawnStreets, metresToPoint, streets } from '../helpers/streets.ts'
import { type Drawn, timetable } from '../helpers/timetable.ts'

const degrees = (east: number, north: number): string => {
  const { lat, lon } = metresToPoint(east, north)
  return `${lat / E7},${lon / E7}`
}

/** A city with its planner, all tables made as the import makes them. */
function cityOf({ graph }: DrawnStreets, { tt, day }: Drawn) {
  const laid = buildStopLinks(graph, tt)
  // as the import makes them: a file has no room for stops that only realtime knows
  const links = { ...laid, linksBegin: laid.linksBegin.subarray(0, tt.counts.stops - tt.counts.roomStops + 1) }
  const ground = createGround(tt, createStreetSearch(graph, links))
  const { far, near } = walkLimits(tt)
  const onFoot = walksOfStated(ground, { walker: Profile.foot, maxSeconds: far })
  /** As far as half an hour is at the usual pace. */
  const all = (walker: Profile, usual: Profile = walker, reverse = false): Footpaths => {
    const maxSeconds = Math.ceil((far * usual.speed) / walker.speed)
    return mergeTransfers(tt, walksBetweenStops(ground, { walker, maxSeconds, reverse }), onFoot)
  }
  const [foot, ...others] = [Profile.foot, Profile.wheelchair, Profile.walker, Profile.pram].map(walker =>
    keepNeeded(tt, all(walker), near),
  )
  const planner = createPlanner(tt, foot!, { graph, links }, ...others)
  const horizon = horizonOf(tt, foot!)
  const query = (from: number, to: number, walker: Profile) => ({
    ...queryDefaults,
    from: { kind: 'stop', stop: from as never } as const,
    to: { kind: 'stop', stop: to as never } as const,
    time: (day * 86_400 + 10 * 3600) as UnixSeconds,
    walker,
    minJourneys: 1,
    window: 3600,
  })
  return { tt, planner, horizon, query, all }
}

describe('drawn', () => {
  //   A ──L1── B          B ── 240 m along the street, with a kerb, or 600 m round it ── C          L2 from C at 10:15 and 10:30
  const s = streets(`
    at b 0,0  at k 120,0  at c 240,0  at d 0,180  at e 240,180
    node k barrier=kerb kerb=raised
    b-k-c highway=footway surface=asphalt smoothness=good incline=0% width=2
    b-d-e-c highway=footway surface=asphalt smoothness=good incline=0% width=2
    spot 120,181 amenity=bench`)
  const drawn = timetable(`
    L1  A 10:00  B 10:10
    L2  C 10:15  D 10:25
    L2  C 10:30  D 10:40
    L3  C 10:12  E 10:20
    at A ${degrees(-5000, 0)}
    at B ${degrees(0, 0)}
    at C ${degrees(240, 0)}
    at D ${degrees(5000, 0)}
    at E ${degrees(5000, 5000)}`)
  const { planner, horizon, query } = cityOf(s, drawn)
  const arrival = (walker: Profile, to = 'D'): string => {
    const found = plan(planner, horizon, query(drawn.stop('A'), drawn.stop(to), walker)).itineraries
    return found.map(j => new Date(j.arrival * 1000).toISOString().slice(11, 16)).join(' ')
  }
  const limited = (limits: Profile['limits'], speed = 1.2) => withChanges(Profile.foot, { speed, limits })

  test('the pace counts on changes: 240 m take 200 s, or at half the speed 400', () => {
    expect([arrival(Profile.foot), arrival(limited({}, 0.6))]).toEqual(['10:25', '10:40'])
    // 120 s are enough for 2 m/s
    expect([arrival(Profile.foot, 'E'), arrival(limited({}, 2.1), 'E')]).toEqual(['', '10:20'])
  })
  test('a kerb that is too high is gone round: 600 m, 500 s', () => {
    expect([arrival(limited({ maxKerb: 20 })), arrival(limited({ maxKerb: 3 }))]).toEqual(['10:25', '10:40'])
  })
  test('who cannot go either way does not change', () => {
    expect(arrival(limited({ minWidth: 3 }))).toBe('')
    expect(arrival(limited({ maxSlope: 5 }))).toBe('10:25')
  })
  test('a change longer than the way without a rest goes by way of a bench', () => {
    // 240 m straight on are too far; 600 m with a rest in the middle are 620 s
    expect([arrival(limited({ maxWithoutRest: 320 })), arrival(limited({ maxWithoutRest: 200 }))]).toEqual([
      '10:25',
      '',
    ])
    expect(arrival(limited({ maxWithoutRest: 320, maxKerb: 3 }))).toBe('10:40')
  })
  test('to and from a stop that only realtime knows his walks are the straight lines of everybody, unless they have to be certain', () => {
    const [lat, lon] = degrees(0, 150).split(',').map(Number)
    const stop = { stopId: 'new', stopName: { translation: [{ text: 'New' }] }, stopLat: lat, stopLon: lon }
    say(storeOf(drawn.tt), { timestamp: query(0, 0, Profile.foot).time }, raw({ id: 'new', stop }))
    const now = horizonOf(drawn.tt, planner.footpaths)
    const [added] = now.added!.stops
    const walks = (walker: Profile, from: number, to: number): number | undefined => {
      const asked = plannerAt(planner, now, query(0, 0, walker))
      return changeBetween((lookAt(asked, [from]) ?? asked).footpaths, from, to)
    }
    const b = drawn.stop('B')
    const there = walks(Profile.foot, b, added!)
    expect(there).toBeGreaterThan(100)
    for (const walker of [limited({ maxKerb: 3 }), limited({ maxKerb: 3, unknown: 'refuse' })])
      expect([walks(walker, b, added!), walks(walker, added!, b), walks(walker, b, drawn.stop('C'))]).toEqual(
        walker.limits.unknown === 'refuse' ? [undefined, undefined, 500] : [there, there, 500],
      )
  })
  test('one-to-all heeds them as well', () => {
    const seconds = (walker: Profile): number | undefined =>
      reachAll(planner, horizon, {
        ...query(drawn.stop('A'), drawn.stop('D'), walker),
        one: { kind: 'stop', stop: drawn.stop('A') },
        maxTravelTime: 7200,
      } as never).find(({ stop }) => stop === drawn.stop('D'))?.seconds
    expect([Profile.foot, limited({}, 0.6), limited({ maxKerb: 3 }), limited({ minWidth: 3 })].map(seconds)).toEqual([
      25 * 60,
      40 * 60,
      40 * 60,
      undefined,
    ])
  })
})

test('to the first stop and from the last one walks as far as the query allows, also from and to a stop', () => {
  //   A ──── 2700 m: 2250 s ──── B ──L1── C ──── 2700 m ──── D         farther than one walks to change
  const s = streets(`
    at a 0,0  at b 2700,0  at c 9000,0  at d 11700,0
    a-b highway=footway
    c-d highway=footway`)
  const drawn = timetable(`
    L1  B 10:40  C 10:50
    L2  A 05:00  Z 05:10
    L3  Z 05:20  D 05:30
    at A ${degrees(0, 0)}
    at B ${degrees(2700, 0)}
    at C ${degrees(9000, 0)}
    at D ${degrees(11_700, 0)}
    at Z ${degrees(30_000, 0)}`)
  const { planner, horizon, query } = cityOf(s, drawn)
  const times = (maxAccess: number, maxEgress: number, walker = Profile.foot): number[] =>
    plan(planner, horizon, {
      ...query(drawn.stop('A'), drawn.stop('D'), walker),
      maxAccess,
      maxEgress,
    }).itineraries.flatMap(({ legs }) => legs.map(({ departure, arrival }) => arrival - departure))
  expect(times(2300, 2300)).toEqual([2250, 600, 2250])
  expect([times(2200, 2300), times(2300, 2200)]).toEqual([[], []])
  expect(times(1200, 1200, withChanges(Profile.foot, { speed: 2.4 }))).toEqual([1125, 600, 1125])
})

const SIDE = 6

/** Streets of a town with stairs, kerbs, narrow and steep places; lines along them. */
function drawTown(r: Random, rules = false): [DrawnStreets, Drawn] {
  const [lines, calls]: [string[], string[]] = [[], []]
  const name = (x: number, y: number): string => `n${x}_${y}`
  for (let x = 0; x < SIDE; x++)
    for (let y = 0; y < SIDE; y++) {
      const [east, north] = [x * 250 + r.below(90), y * 250 + r.below(90)]
      lines.push(`at ${name(x, y)} ${east},${north}`)
      if (r.chance(0.2)) lines.push(`node ${name(x, y)} barrier=kerb kerb=${r.pick(['raised', 'lowered', 'flush'])}`)
      if (r.chance(0.2)) lines.push(`spot ${east},${north + 1} amenity=bench`)
      calls.push(`at s${x}_${y} ${degrees(east + r.below(20), north + r.below(20))}`)
    }
  const way = (): string => {
    const tags = [r.chance(0.15) ? 'highway=steps' : 'highway=footway', `incline=${r.pick([0, 2, 5, 9])}%`]
    return [...tags, `width=${r.pick([0.7, 1, 2])}`, r.pick(['lit=yes', 'lit=no', 'surface=asphalt'])].join(' ')
  }
  for (let x = 0; x < SIDE; x++)
    for (let y = 0; y < SIDE; y++) {
      if (x + 1 < SIDE && r.chance(0.8)) lines.push(`${name(x, y)}-${name(x + 1, y)} ${way()}`)
      if (y + 1 < SIDE && r.chance(0.8)) lines.push(`${name(x, y)}-${name(x, y + 1)} ${way()}`)
    }
  for (let i = 0; i < SIDE; i++)
    for (const from of [0, 8, 16, 24]) {
      const row = (stop: (k: number) => string): string =>
        Array.from({ length: SIDE }, (_, k) => `${stop(k)} 10:${String(from + 2 * k + 10).padStart(2, '0')}`).join(' ')
      calls.push(`H${i} ${row(k => `s${k}_${i}`)}`, `V${i} ${row(k => `s${i}_${k}`)}`)
    }
  const stop = (): string => `s${r.below(SIDE)}_${r.below(SIDE)}`
  for (let i = 0; rules && i < 12; i++) {
    const what = r.pick(['never', '0s', '90s', '9m'])
    calls.push(`rule ${stop()}→${stop()} ${what}${r.chance(0.5) ? ` from=H${r.below(SIDE)} to=V${r.below(SIDE)}` : ''}`)
  }
  return [streets(lines.join('\n')), timetable(calls.join('\n'))]
}

const travellers: readonly Profile[] = [
  withChanges(Profile.foot, { limits: { maxSlope: 4, maxKerb: 5 } }),
  withChanges(Profile.foot, { limits: { maxWithoutRest: 400 } }),
  withChanges(Profile.foot, { weights: { lit: 1 } }),
  withChanges(Profile.wheelchair, { limits: { maxSlope: 3, minWidth: 1.5, unknown: 'refuse' } }),
  withChanges(Profile.pram, { speed: 0.7, limits: { minWidth: 0.9 } }),
]
/** Whose pace says how far he walks. */
const usualOf = (walker: Profile): Profile =>
  ({ foot: Profile.foot, wheelchair: Profile.wheelchair, pram: Profile.pram })[walker.name as 'foot']!
const told = (journeys: readonly Journey[]) => journeys.map(j => [j.departure, j.arrival, j.transfers])

test.each([...Array.from({ length: 38 }, (_, seed) => seed), 1022, 1582])(
  'random town %i: as with all walks of his own',
  seed => {
    const r = random(seed)
    const { tt, planner, horizon, query, all } = cityOf(...drawTown(r))
    const walker = travellers[seed % travellers.length]!
    const whole = createPlanner(tt, all(walker, usualOf(walker)))
    for (let i = 0; i < 7; i++) {
      const q = query(r.below(tt.counts.stops), r.below(tt.counts.stops), walker)
      const found = plan(planner, horizon, q).itineraries
      expect(told(found)).toEqual(told(plan(whole, horizon, { ...q, walker: Profile.foot }).itineraries))
    }
    // few of them were made for it
    const { made } = plannerAt(planner, horizon, query(0, 0, walker)).own!
    expect(made.get(false)!.size).toBeLessThan(tt.counts.stops)
  },
)

test.each(Array.from({ length: 20 }, (_, seed) => seed))(
  'random town %i: every stop is reached as with all walks of his own, from both ends, with rules and slower changes',
  seed => {
    const r = random(3000 + seed)
    const { tt, planner, horizon, query, all } = cityOf(...drawTown(r, true))
    const walker = withChanges(travellers[seed % travellers.length]!, { speed: r.pick([0.5, 1, 1.5, 4]) })
    const [whole, mirrored] = [false, true].map(reverse => createPlanner(tt, all(walker, usualOf(walker), reverse)))
    for (let i = 0; i < 4; i++) {
      const q: ReachQuery = {
        ...query(0, 0, walker),
        one: { kind: 'stop', stop: r.below(tt.counts.stops - tt.counts.roomStops) as never },
        arriveBy: r.chance(0.5),
        maxTravelTime: r.pick([1200, 2400, 7200]),
        // no farther than the table knows
        maxAccess: 500,
        maxEgress: 500,
        maxTransfers: r.pick([0, 1, 7]),
        transferTimes: { min: r.pick([0, 300]), additional: r.pick([0, 60]), factor: r.pick([1, 1.5]) },
      }
      const at = q.arriveBy ? q.time + 3000 : q.time
      const asked = { ...q, time: at as UnixSeconds }
      const slowly = reachTrades(q.arriveBy ? mirrored! : whole!, horizon, { ...asked, walker: Profile.foot })
      expect(slowly.length).toBeGreaterThan(0)
      expect(reachTrades(planner, horizon, asked)).toEqual(slowly)
    }
  },
)

test('only stops that are reached have walks made for one-to-all', () => {
  const r = random(1)
  const { tt, planner, horizon, query } = cityOf(...drawTown(r))
  const fast = withChanges(Profile.foot, { speed: 10 })
  const one = { kind: 'stop', stop: 0 as never } as const
  const reached = reachTrades(planner, horizon, { ...query(0, 0, fast), one, maxAccess: 60, maxTravelTime: 960 })
  const ridden = reached.filter(({ trades }) => trades.some(({ rides }) => rides > 0))
  const { made } = plannerAt(planner, horizon, query(0, 0, fast)).own!
  expect(made.get(false)!.size).toBeLessThanOrEqual(ridden.length)
  expect(ridden.length).toBeLessThan(tt.counts.stops / 2)
})

test('the answer to a question is the same to the letter, whatever was asked before', () => {
  let found = 0
  for (let seed = 1; seed <= 12; seed++) {
    const r = random(9000 + seed)
    const city = cityOf(...drawTown(r, seed % 2 === 0))
    const stop = (): number => r.below(city.tt.counts.stops - city.tt.counts.roomStops)
    const questions = Array.from({ length: 24 }, () => {
      const q = {
        ...city.query(stop(), stop(), r.pick(travellers)),
        arriveBy: r.chance(0.4),
        minJourneys: r.pick([1, 4]),
      }
      return r.chance(0.2)
        ? () => reachTrades(city.planner, city.horizon, { ...q, one: q.from, maxTravelTime: 2400 })
        : () => plan(city.planner, city.horizon, q).itineraries
    })
    const inOrder = (order: readonly number[]): string[] => {
      city.planner.moments.planners.clear()
      const told: string[] = []
      for (const n of order) told[n] = JSON.stringify(questions[n]!())
      return told
    }
    const order = questions.map((_, n) => n)
    const first = inOrder(order)
    expect(inOrder(order.toReversed())).toEqual(first)
    found += first.filter(text => text !== '[]').length
  }
  expect(found).toBeGreaterThan(150)
})
