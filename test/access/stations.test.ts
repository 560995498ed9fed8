// One sense of the way between two places, whoever asks: a station with pathways is entered and left by them alone, by walks all the way, single
// ways, one-to-many, isochrones and vehicles, and an elevator out of order is missing in all of them.

import { describe, expect, test } from 'vitest'
import { answerQuestion } from '#api/questions.ts'
import { listElevators } from '#engine/access/elevators.ts'
import { createGround } from '#engine/access/ground.ts'
import { walkLimits, walksBetweenStops } from '#engine/access/walks.ts'
import { noConditions } from '#engine/conditions/conditions.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { mergeTransfers } from '#engine/footpaths/transfers.ts'
import { onFoot } from '#engine/plan/approaches.ts'
import { streetEnd } from '#engine/plan/direct.ts'
import { isochronesAround } from '#engine/plan/isochrone.ts'
import { createPlanner, plan } from '#engine/plan/plan.ts'
import { type QueryPlace, queryDefaults } from '#engine/plan/query.ts'
import { reachAll } from '#engine/plan/reach.ts'
import { buildStopLinks } from '#engine/street/links.ts'
import { Profile, withChanges } from '#engine/street/profile.ts'
import { createStreetSearch } from '#engine/street/search.ts'
import { horizonOf } from '../helpers/horizon.ts'
import { allTold, planObjects } from '../helpers/plan-objects.ts'
import { streets } from '../helpers/streets.ts'
import { loadStation, stationFiles } from '../station/station.ts'

//   far ──── a ──── e ──── x ──── b ──── z          a street of 200 m pieces; the station's entrance E at e, the bus stop X at x
//                   ║
//                   E ══ stairs 30 s, elevator 60 s ══ M ══ gate ══ C ══ 20 s ══ P1        P2: stairs 25 s, elevator 50 s; P3: no way
const s = streets(`
  at far -600,0 at a -200,0 at e 0,0 at x 200,0 at b 400,0 at z 900,0
  far-a-e-x-b-z highway=residential`)
const at = (name: string) => s.at(name)
const degrees = (name: string): string => `${at(name).lat / 1e7},${at(name).lon / 1e7}`
const { tt } = await loadStation({
  'stops.txt': String(stationFiles['stops.txt'])
    .replace(/51\.5000,7\.4000,2/, `${degrees('e')},2`)
    .replace(/51\.5005,7\.4000/, degrees('x'))
    .replaceAll(/51\.500\d,7\.400\d/g, degrees('e')),
})
const links = buildStopLinks(s.graph, tt)
const ground = createGround(tt, createStreetSearch(s.graph, links))
const tables = [Profile.foot, Profile.wheelchair].map(walker =>
  mergeTransfers(tt, walksBetweenStops(ground, { walker, maxSeconds: walkLimits(tt).far })),
)
const planner = createPlanner(tt, tables[0]!, { graph: s.graph, links }, tables[1]!)
const stop = (id: string): StopIdx => tt.stopId.findIndex(text => textOf(tt, text) === id) as StopIdx
const time = (Date.parse('2026-01-05T09:40:00+01:00') / 1000) as UnixSeconds
const reports = listElevators(tt, s.graph).map(({ id, lat, lon }) => {
  return { ...{ id, lat, lon, name: id, source: 'x' }, state: 'out' as const, out: [] }
})
const horizon = (broken: boolean) => ({
  ...horizonOf(tt, tables[0]!),
  conditions: { ...noConditions, elevators: broken ? reports : [] },
})
const placeOf = (name: string): QueryPlace =>
  /^[A-Z]/.test(name) ? { kind: 'stop', stop: stop(name) } : { kind: 'coordinate', ...at(name) }
const [FOOT, CHAIR] = [withChanges(Profile.foot, { speed: 1 }), withChanges(Profile.wheelchair, { speed: 1 })]
const limits = { maxSeconds: 1800, maxMatchingDistance: 100 }

const direct = (from: string, to: string, walker: Profile, broken: boolean): number | undefined => {
  const q = { ...queryDefaults, from: placeOf(from), to: placeOf(to), time, walker, transit: false }
  const [found] = plan(planner, horizon(broken), { ...q, maxMatchingDistance: limits.maxMatchingDistance }).direct
  return found && found.arrival - found.departure
}
type Route = { duration: number; steps: { pathway?: string }[] }
const street = (from: string, to: string, profile: Profile, broken: boolean, walker = profile) => {
  const ends = { from: streetEnd(tt, placeOf(from)), to: streetEnd(tt, placeOf(to)) }
  const question = { kind: 'street', ...ends, options: { ...limits, profile }, walker, time }
  return answerQuestion(planner, horizon(broken), question as never, time) as { route?: Route; blocking: object[] }
}
const many = (from: string, to: readonly string[], profile: Profile, broken: boolean, arriveBy: boolean) => {
  const [one, all] = [placeOf(from), to.map(placeOf)]
  const query = { ...queryDefaults, one, many: all, time, arriveBy, walker: profile, maxTravelTime: 1800, ...limits }
  const asked = { kind: 'intermodal', query, direct: { profile, maxSeconds: 1800, withDistance: true } }
  return (answerQuestion(planner, horizon(broken), asked as never, time) as { street_durations: object[] })
    .street_durations as { duration?: number; distance?: number }[]
}

const places = ['far', 'a', 'e', 'z', 'X', 'P1', 'P2', 'P3']

describe('plan, street and one-to-many agree', () => {
  test.each([
    ['on foot', FOOT, false],
    ['on foot, all elevators out', FOOT, true],
    ['in a wheelchair', CHAIR, false],
    ['in a wheelchair, all elevators out', CHAIR, true],
  ] as const)('%s', (_, who, broken) => {
    for (const from of places) {
      const told = places.map(to => street(from, to, who, broken).route?.duration)
      expect([from, ...places.map(to => direct(from, to, who, broken))]).toEqual([from, ...told])
      // the reserve flood is rounded by itself
      for (const arriveBy of [false, true]) {
        const back = arriveBy ? places.map(to => street(to, from, who, broken).route?.duration) : told
        const ways = many(from, places, who, broken, arriveBy)
        for (const [i, { duration = Number.NaN }] of ways.entries())
          expect([
            from,
            places[i],
            Math.abs(duration - (back[i] ?? Number.NaN)) <= 1 || Number.isNaN(duration),
          ]).toEqual([from, places[i], true])
        expect(ways.map(way => way.duration !== undefined)).toEqual(back.map(seconds => seconds !== undefined))
      }
    }
  })

  test('worked out by hand: stairs and gate, elevators and gate, or not at all', () => {
    // 2.5 floors of 5 m down. a ── 200 m ── E: 200 s; stairs 30 · 1.2, gate 2 · 1.2, walkway 20 · 1.2 for who goes 1 m/s; elevators go as fast for all
    expect(direct('a', 'P1', FOOT, false)).toBe(Math.ceil(200 + 36 + 2.4 + 24))
    expect(direct('a', 'P1', CHAIR, false)).toBe(Math.ceil(200 + 60 + 2.4 + 24))
    expect(direct('a', 'P1', CHAIR, true)).toBeUndefined()
    expect(direct('P1', 'P2', CHAIR, false)).toBe(Math.ceil(24 + 50))
    expect(direct('a', 'P3', FOOT, false)).toBeUndefined()
    expect(many('a', ['P1'], FOOT, false, false)).toEqual([{ duration: 263, distance: 212.5 }])
  })

  test('what blocks a wheelchair is told by its pathway: elevators out of order that there would be a way over', () => {
    const told = (limit: string, ...pathways: string[]) =>
      pathways.map(pathway => expect.objectContaining({ pathway, limit, passable: 'NO' }))
    expect(street('P2', 'a', CHAIR, true)).toEqual({
      blocking: told('elevator', 'L1', 'L2'),
      reasons: [expect.objectContaining({ code: 'ELEVATORS_OUT' })],
    })
  })
})

/** How far east and west a ring goes, metres from the entrance. */
function spread(from: string, walker: Profile, broken: boolean, arriveBy = false, transit = false, ring = 300) {
  const common = { ...queryDefaults, one: placeOf(from), time, arriveBy, rings: [ring], transit, ...limits }
  const asked = { ...common, walker, traveller: walker, maxTravelTime: ring }
  const [found] = isochronesAround(planner, horizon(broken), asked as never)
  const lons = found?.polygons.flat(2).filter((_, i) => i % 2 === 0) ?? []
  const metres = ((at('b').lon - at('e').lon) / 1e7) * (1 / 400)
  return lons.length === 0 ? undefined : Math.round((Math.max(...lons) - at('e').lon / 1e7) / metres)
}

describe('isochrones leave a station by its doors', () => {
  // from the street one gets 300 m in 300 s, 60 m of it off the street at most; a grid of 25 m
  test.each([
    [false, false],
    [true, false],
  ])('arrive by: %s, with transit: %s', (arriveBy, transit) => {
    const there = (from: string, who: Profile, broken: boolean) => spread(from, who, broken, arriveBy, transit)
    const street = there('e', FOOT, false)!
    expect(Math.abs(street - 300)).toBeLessThan(60)
    expect(Math.abs(street - there('P1', FOOT, false)! - 62)).toBeLessThan(26)
    expect(Math.abs(street - there('P2', CHAIR, false)! - 112)).toBeLessThan(26)
    expect(there('P2', CHAIR, true)).toBeUndefined()
    expect(there('P3', FOOT, false)).toBeUndefined()
    expect(there('P2', CHAIR, false)).toBe(there('P2', CHAIR, false))
  })

  test('with transit to a platform: only who gets out of the station gets on along the street', () => {
    // Z ~10:00~ P1: 1,200 s after 9:40
    const there = (broken: boolean) => spread('Z', CHAIR, broken, false, true, 1500)
    expect(Math.abs(there(false)! - (300 - 86))).toBeLessThan(60)
    expect(there(true)).toBeUndefined()
    const stops = (broken: boolean) =>
      reachAll(planner, horizon(broken), {
        ...{ ...queryDefaults, one: placeOf('Z'), time, walker: CHAIR, maxTravelTime: 3000, ...limits },
      }).map(r => textOf(tt, tt.stopId[r.stop]!))
    expect([stops(false).includes('X'), stops(true).includes('X')]).toEqual([true, false])
  })
})

describe('vehicles', () => {
  const approaches = (mode: 'BIKE' | 'CAR' | 'CAR_DROPOFF') => ({ ...onFoot, direct: [mode] })
  const legs = (from: string, to: string, mode: 'BIKE' | 'CAR', walker: Profile, broken: boolean) => {
    const query = {
      ...{ ...queryDefaults, from: placeOf(from), to: placeOf(to), time, walker, transit: false },
      approaches: approaches(mode),
    }
    return planObjects(planner, horizon(broken), query, allTold, time).direct.map(({ legs }) =>
      legs.map(({ mode, duration, steps, to }) => [
        ...[mode, duration, to.name],
        ...steps!.flatMap(({ pathway }) => (pathway ? [pathway] : [])),
      ]),
    )
  }
  test.each(['BIKE', 'CAR'] as const)('%s: walked to the door of the station, then ridden; and back', mode => {
    const [[[walk, ride] = []] = [], [[away, back] = []] = []] = [
      legs('P1', 'z', mode, FOOT, false),
      legs('z', 'P1', mode, FOOT, false),
    ]
    expect(walk).toEqual(['WALK', 63, 'Entrance', 'WALKWAY', 'EXIT_GATE', 'STAIRS'])
    expect(back).toEqual(['WALK', 63, 'Station', 'STAIRS', 'FARE_GATE', 'WALKWAY'])
    expect([ride![0], away![0]]).toEqual([mode, mode])
    const told = street('P1', 'z', mode === 'BIKE' ? Profile.bike : Profile.car, false, FOOT)
    expect(told.route!.duration).toBe((walk![1] as number) + (ride![1] as number))
    expect(legs('P2', 'z', mode, CHAIR, true)).toEqual([])
    expect(legs('P2', 'z', mode, CHAIR, false)[0]?.[0]).toEqual([
      'WALK',
      113,
      'Entrance',
      'ELEVATOR',
      'EXIT_GATE',
      'ELEVATOR',
    ])
  })
  test('to the stops from a platform, and from a stop into a sealed station: the walk inside is told by its pathways', () => {
    const found = (from: string, to: string, broken = false, walker = FOOT) => {
      const query = {
        ...{ ...queryDefaults, from: placeOf(from), to: placeOf(to), time, walker, minJourneys: 1 },
        approaches: { ...onFoot, access: ['BIKE'] as const, direct: [], egress: ['WALK'] as const },
      }
      return planObjects(planner, horizon(broken), query, allTold, time).itineraries.map(({ legs }) =>
        legs.flatMap(({ mode, steps }) => [mode, ...(steps ?? []).flatMap(({ pathway }) => pathway ?? [])]),
      )
    }
    expect(found('far', 'Y')).toContainEqual(['BIKE', 'WALK', 'STAIRS', 'FARE_GATE', 'STAIRS', 'SUBWAY'])
    const out = ['WALK', 'WALKWAY', 'EXIT_GATE', 'STAIRS', 'BIKE']
    expect(found('P1', 'Y')).toEqual([[...out, 'WALK', 'STAIRS', 'FARE_GATE', 'STAIRS', 'SUBWAY']])
    expect(found('far', 'Y', true, CHAIR)).toEqual([['BIKE', 'WALK', 'BUS']])
  })
})
