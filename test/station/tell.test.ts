// Ways through stations as steps, and walks that end inside one.

import { beforeAll, describe, expect, test } from 'vitest'
import { writePassage } from '#api/render/passage.ts'
import { createGround, insideOf } from '#engine/access/ground.ts'
import { judgePieces, passage } from '#engine/access/passage.ts'
import { METRES_PER_DEGREE } from '#engine/core/geo.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import { buildFootpaths } from '#engine/footpaths/footpaths.ts'
import { createPlanner } from '#engine/plan/plan.ts'
import { queryDefaults } from '#engine/plan/query.ts'
import { type InsideStep, tellInside } from '#engine/station/tell.ts'
import { pathwaySeconds, reachInside, wayInside } from '#engine/station/walk.ts'
import { buildStopLinks } from '#engine/street/links.ts'
import { Profile, withChanges } from '#engine/street/profile.ts'
import { createStreetSearch } from '#engine/street/search.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'
import { loadGtfs } from '#feeds/gtfs/load.ts'
import { openSource } from '#feeds/gtfs/source.ts'
import { dataFile } from '../helpers/data.ts'
import { horizonOf } from '../helpers/horizon.ts'
import { allTold, planObjects } from '../helpers/plan-objects.ts'
import { streets } from '../helpers/streets.ts'
import { loadStation } from './station.ts'

const stopOf = (tt: Timetable, id: string): StopIdx => tt.stopId.findIndex(text => textOf(tt, text) === id) as StopIdx
const none: ReadonlySet<number> = new Set()

const line = (tt: Timetable, s: InsideStep): string =>
  [
    s.kind,
    s.sign && `"${s.sign}"`,
    `${Math.round(s.seconds)} s`,
    `${s.fromLevel} → ${s.toLevel}`,
    s.leads ?? '',
    s.stairs || '',
    s.entrance === undefined ? '' : `at ${textOf(tt, tt.stopName[s.entrance]!)}`,
  ]
    .filter(part => part !== '')
    .join(', ')

function told(tt: Timetable, from: string, to: string, who: Profile = Profile.foot): string[] | undefined {
  const { insides } = createGround(tt, undefined)
  const inside = insideOf(who)
  const way = wayInside(tt, insides, stopOf(tt, from), stopOf(tt, to), inside, none)
  return way && tellInside(tt, way, inside).map(step => line(tt, step))
}

describe('a way through a station', () => {
  test('is told by its stairs, gates and elevators, with floors and signs', async () => {
    const { tt } = await loadStation({
      'pathways.txt': `pathway_id,from_stop_id,to_stop_id,pathway_mode,is_bidirectional,traversal_time,stair_count,signposted_as,reversed_signposted_as
st1,E,M,2,1,30,-40,U-Bahn,Ausgang
L1,E,M,5,1,60,,,
in,M,C,6,0,2,,,
out,C,M,7,1,2,,,
w1,C,P1,1,1,20,,Gleis 1,
w2,P1,P2,1,1,5,,,
`,
    })
    expect(told(tt, 'E', 'P2')).toEqual([
      'stairs, "U-Bahn", 30 s, 0 → -1, down, 40',
      'fare_gate, 2 s, -1 → -1',
      'walkway, "Gleis 1", 25 s, -1 → -2.5',
    ])
    expect(told(tt, 'P1', 'E')).toEqual([
      'walkway, 20 s, -2.5 → -1',
      'exit_gate, 2 s, -1 → -1',
      'stairs, "Ausgang", 30 s, -1 → 0, up, 40, at Entrance',
    ])
    expect(told(tt, 'P1', 'E', Profile.wheelchair)?.at(-1)).toBe('elevator, 60 s, -1 → 0, at Entrance')
    expect(told(tt, 'E', 'P3')).toBeUndefined()
    expect(told(tt, 'E', 'E')).toEqual([])
  })

  test('from a place on the street to a platform: to the entrance, then inside; and back', async () => {
    const { tt } = await loadStation()
    const ground = createGround(tt, undefined)
    const travel = { profile: Profile.foot, maxSeconds: 900, maxMatchingDistance: 250 }
    const [place, p1, p2, x] = [
      { lat: 515000000, lon: 73990000 },
      ...['P1', 'P2', 'X'].map(id => ({ stop: stopOf(tt, id) })),
    ]
    const names = (way: ReturnType<typeof passage>) => [
      way?.before.map(({ to }) => textOf(tt, tt.stopId[to]!)).join(' '),
      way?.outside?.map(end => ('stop' in end ? textOf(tt, tt.stopId[end.stop]!) : 'place')).join('–'),
      way?.after.map(({ to }) => textOf(tt, tt.stopId[to]!)).join(' '),
    ]
    expect(names(passage(ground, place!, p1!, travel))).toEqual(['', 'place–E', 'M C P1'])
    expect(names(passage(ground, p1!, place!, travel))).toEqual(['C M E', 'E–place', ''])
    expect(names(passage(ground, p2!, x!, travel))).toEqual(['C M E', 'E–X', ''])
    expect(names(passage(ground, p1!, p2!, travel))).toEqual(['C P2', undefined, ''])
    // nothing of a station in it
    expect(names(passage(ground, place!, x!, travel))).toEqual(['', 'place–X', ''])
    expect(passage({ ...ground, closed: new Set([0, 1]) }, place!, p1!, travel)).toBeUndefined()
  })

  //   ═══ platform ═══   5 m north of E, on no way to anywhere
  //          E
  //   a ─────┴────── b    2 m south of it
  test('along the streets to the entrance, never over a platform; the step that ends there names it', async () => {
    const { tt } = await loadStation()
    const east = -0.06 * METRES_PER_DEGREE * Math.cos((51.5 * Math.PI) / 180)
    const { graph, at } = streets(`
      at a ${east - 100},-2 at b ${east + 100},-2 at c ${east - 50},5 at d ${east + 50},5
      a-b highway=footway
      c-d railway=platform`)
    const ground = createGround(tt, createStreetSearch(graph, buildStopLinks(graph, tt)))
    const travel = { profile: Profile.foot, maxSeconds: 900, maxMatchingDistance: 250 }
    const way = passage(ground, at('a'), { stop: stopOf(tt, 'P1') }, travel)!
    const { steps } = writePassage(ground, way, travel, 6)!
    expect(steps!.map(step => step.pathway ?? step.entrance)).toEqual([
      { name: 'Entrance', main: false },
      'STAIRS',
      'FARE_GATE',
      'WALKWAY',
    ])
  })

  test('an entrance without pathways is a goal like others, and the last step names it', async () => {
    const { tt } = await loadStation({ 'pathways.txt': 'pathway_id,from_stop_id,to_stop_id,pathway_mode\n' })
    const east = -0.06 * METRES_PER_DEGREE * Math.cos((51.5 * Math.PI) / 180)
    const { graph, at } = streets(`
      at a ${east - 100},-2 at b ${east + 100},-2
      a-b highway=footway`)
    const footpaths = buildFootpaths(tt.counts.stops, [], new Int32Array(tt.counts.stops))
    const planner = createPlanner(tt, footpaths, { graph, links: buildStopLinks(graph, tt) })
    const time = Date.parse('2026-01-05T08:45:00Z') / 1000
    const lastSteps = (to: string) =>
      planObjects(
        planner,
        horizonOf(tt, footpaths),
        {
          ...queryDefaults,
          from: { kind: 'coordinate', ...at('a') },
          to: { kind: 'stop', stop: stopOf(tt, to) },
          time: time as UnixSeconds,
        },
        allTold,
        time as UnixSeconds,
      ).direct.map(({ legs }) => legs.at(-1)!.steps!.at(-1)!.entrance)
    expect(lastSteps('E')).toEqual([{ name: 'Entrance', main: false }])
    expect(lastSteps('P1')).toEqual([undefined])
  })

  test('a slope that nobody states is neither kept nor broken; one beyond all measure is not stated', async () => {
    const { tt } = await loadStation({
      'pathways.txt': `pathway_id,from_stop_id,to_stop_id,pathway_mode,is_bidirectional,traversal_time,max_slope
a,E,M,1,1,5,
b,M,C,1,1,5,0.05
c,C,P1,1,1,5,-0.09
d,E,C,1,1,50,4294968
e,E,P1,5,1,90,
`,
    })
    const { insides } = createGround(tt, undefined)
    const walker = withChanges(Profile.foot, { limits: { maxSlope: 6 } })
    const way = (limits: object, to: string) =>
      wayInside(tt, insides, stopOf(tt, 'E'), stopOf(tt, to), insideOf(withChanges(walker, { limits })), none)
    const verdict = (to: string) =>
      judgePieces(tt, way({}, to) ?? [], insideOf(walker)).map(o => `${o.limit} ${o.passable}`)
    expect(verdict('C')).toEqual(['slope unknown'])
    // steeper than allowed by the walkway; the elevator has no slope
    expect(verdict('P1')).toEqual([])
    expect(way({}, 'P1')?.length).toBe(1)
    expect(way({ unknown: 'refuse' }, 'C')).toBeUndefined()
    expect(way({ unknown: 'refuse' }, 'P1')?.length).toBe(1)
    expect(way({ maxSlope: 9 }, 'P1')?.length).toBe(3)
  })
})

const feed = dataFile('wmata/wmata.zip')

describe.skipIf(!feed)('Metrorail, every entrance to every platform', () => {
  let tt: Timetable
  beforeAll(async () => {
    tt = (await loadGtfs([{ tag: 'wmata', source: await openSource(feed!) }])).timetable
  })

  test('steps chain by floors, last as long as the search says, and end at the entrance', () => {
    const { insides } = createGround(tt, undefined)
    let [ways, signs, stairs, lifts] = [0, 0, 0, 0]
    for (const profile of [Profile.foot, Profile.wheelchair]) {
      const inside = insideOf(profile)
      for (let s = 0; s < tt.counts.stops; s++) {
        if (tt.stopLocationType[s] !== 2 || insides.onStreet[s] === 0) continue
        for (const [platform, seconds] of reachInside(tt, insides, s, inside, none, 3600, true)) {
          if (tt.stopLocationType[platform] !== 0) continue
          const way = wayInside(tt, insides, platform, s, inside, none)!
          const took = way.reduce((sum, { pathway }) => sum + pathwaySeconds(tt, pathway, inside), 0)
          expect(took).toBeCloseTo(seconds, 3)
          const steps = tellInside(tt, way, inside)
          expect(steps.at(-1)!.entrance).toBe(s)
          expect(steps.reduce((sum, step) => sum + step.seconds, 0)).toBeCloseTo(seconds, 3)
          for (const [i, step] of steps.entries()) {
            if (i > 0) expect(step.fromLevel).toBe(steps[i - 1]!.toLevel)
            if (step.sign) signs++
            if (step.kind === 'elevator') lifts++
            if (step.leads) stairs++
          }
          if (profile === Profile.wheelchair)
            expect(steps.every(({ kind }) => !/stairs|escalator/.test(kind))).toBe(true)
          ways++
        }
      }
    }
    expect(ways).toBeGreaterThan(400)
    expect(Math.min(signs, stairs, lifts)).toBeGreaterThan(100)
  })
})
