// Changes of who walks otherwise than those for whom there is a table: as good as with a table of all his own walks.

import { describe, expect, test } from 'vitest'
import { createGround } from '#engine/access/ground.ts'
import { walkLimits, walksBetweenStops } from '#engine/access/walks.ts'
import { E7 } from '#engine/core/geo.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { changeBetween, type Footpaths } from '#engine/footpaths/footpaths.ts'
import { keepNeeded } from '#engine/footpaths/needed.ts'
import { mergeTransfers } from '#engine/footpaths/transfers.ts'
import { plannerAt, plannerForAll } from '#engine/plan/moment.ts'
import { createPlanner, type Planner, plan } from '#engine/plan/plan.ts'
import { queryDefaults } from '#engine/plan/query.ts'
import { reachAll } from '#engine/plan/reach.ts'
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
  const all = (walker: Profile): Footpaths => mergeTransfers(tt, walksBetweenStops(ground, { walker, maxSeconds: far }))
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
    const walks = (walker: Profile, from: number, to: number): number | undefined =>
      changeBetween(plannerForAll(planner, now, query(0, 0, walker)).footpaths, from, to)
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

const SIDE = 6

/** Streets of a town with stairs, kerbs, narrow and steep places; lines along them. */
function drawTown(r: Random): [DrawnStreets, Drawn] {
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
  return [streets(lines.join('\n')), timetable(calls.join('\n'))]
}

const travellers: readonly Profile[] = [
  withChanges(Profile.foot, { limits: { maxSlope: 4, maxKerb: 5 } }),
  withChanges(Profile.foot, { limits: { maxWithoutRest: 400 } }),
  withChanges(Profile.foot, { weights: { lit: 1 } }),
  withChanges(Profile.wheelchair, { limits: { maxSlope: 3, minWidth: 1.5, unknown: 'refuse' } }),
  withChanges(Profile.pram, { speed: 0.7, limits: { minWidth: 0.9 } }),
]
const told = (journeys: readonly Journey[]) => journeys.map(j => [j.departure, j.arrival, j.transfers])

test.each([...Array.from({ length: 38 }, (_, seed) => seed), 1022, 1582])(
  'random town %i: as with all walks of his own',
  seed => {
    const r = random(seed)
    const { tt, planner, horizon, query, all } = cityOf(...drawTown(r))
    const walker = travellers[seed % travellers.length]!
    const whole: Planner = { ...planner, moments: { ...planner.moments, planners: new Map() } }
    const ask = query(r.below(tt.counts.stops), r.below(tt.counts.stops), walker)
    const known = plannerForAll(whole, horizon, ask).footpaths
    const own = all(walker)
    for (let from = 0; from < tt.counts.stops; from++)
      for (let to = 0; to < tt.counts.stops; to++)
        expect(changeBetween(known, from, to)).toBe(changeBetween(own, from, to))
    for (let i = 0; i < 6; i++) {
      const q = query(r.below(tt.counts.stops), r.below(tt.counts.stops), walker)
      const found = plan(planner, horizon, q).itineraries
      expect(told(found)).toEqual(told(plan(whole, horizon, q).itineraries))
    }
    const looked = plannerAt(planner, horizon, ask).own!.looked.size
    expect(looked).toBeLessThan(tt.counts.stops)
  },
)
