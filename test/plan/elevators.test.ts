// An elevator out of order on the way of somebody in a wheelchair: known from an alert, closed for as long as that is in force.

import { describe, expect, test } from 'vitest'
import { answerQuestion } from '#api/questions.ts'
import { elevatorStates, listElevators, outagesWithin } from '#engine/access/elevators.ts'
import { createGround } from '#engine/access/ground.ts'
import { walksBetweenStops } from '#engine/access/walks.ts'
import { noConditions } from '#engine/conditions/conditions.ts'
import { textOf } from '#engine/core/strings.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import type { Footpaths } from '#engine/footpaths/footpaths.ts'
import { mergeTransfers } from '#engine/footpaths/transfers.ts'
import { type LiveAlert, type LiveState, silence } from '#engine/live/state.ts'
import { isochronesAround } from '#engine/plan/isochrone.ts'
import { createPlanner, plan } from '#engine/plan/plan.ts'
import { queryDefaults } from '#engine/plan/query.ts'
import { buildStopLinks } from '#engine/street/links.ts'
import { Profile } from '#engine/street/profile.ts'
import { horizonOf } from '../helpers/horizon.ts'
import { streets } from '../helpers/streets.ts'
import { timetable } from '../helpers/timetable.ts'
import { loadStation, stationFiles } from '../station/station.ts'

const at = (time: string): number => Date.parse(`2026-01-05T${time}+01:00`) / 1000

const { tt } = await loadStation()
const ground = createGround(tt, undefined)
const footpathsOf = (walker: Profile): Footpaths =>
  mergeTransfers(tt, walksBetweenStops(ground, { walker, maxSeconds: 600 }))
const foot = footpathsOf(Profile.foot)
const planner = createPlanner(tt, foot, undefined, footpathsOf(Profile.wheelchair))
const stop = (id: string): never => tt.stopId.findIndex(text => textOf(tt, text) === id) as never

const alert = (stopId: string, impact: LiveAlert['impact'] = [], effect = 'ACCESSIBILITY_ISSUE'): LiveAlert => ({
  id: 'x_1',
  source: 0,
  communication: [],
  impact,
  selectors: [{ stop: stop(stopId) }],
  cause: 'MAINTENANCE',
  effect,
  severity: 'WARNING',
  header: [{ text: 'Elevator out of order' }],
  description: [],
  ttsHeader: [],
  ttsDescription: [],
  url: [],
})

/** Where the rider boards for Y, and when. */
function onward(alerts: LiveAlert[], walker: Profile = Profile.wheelchair, by = planner): string {
  const live: LiveState = { ...silence, alerts }
  const result = plan(by, horizonOf(by.timetable, by.footpaths, live), {
    ...queryDefaults,
    vias: [],
    from: { kind: 'stop', stop: stop('Z') },
    to: { kind: 'stop', stop: stop('Y') },
    time: at('09:45:00') as UnixSeconds,
    window: 900,
    minJourneys: 1,
    walker,
  })
  const legs = result.itineraries[0]?.legs.filter(leg => leg.kind === 'ride') ?? []
  return legs
    .slice(1)
    .map(leg => textOf(tt, tt.stopId[leg.from]!))
    .join()
}

describe('an elevator out of order', () => {
  test('sends a wheelchair out to the bus, and lets it change inside again afterwards', () => {
    expect(onward([])).toBe('P2')
    expect(onward([alert('P2')])).toBe('X')
    expect(onward([])).toBe('P2')
  })
  test('with none of the station’s working there is no way on', () => {
    // the station itself means all its elevators
    expect(onward([alert('S')])).toBe('')
  })
  test('matters only while it is in force, at the time of the change', () => {
    expect(onward([alert('P2', [{ end: at('09:00:00') }])])).toBe('P2')
    expect(onward([alert('P2', [{ start: at('09:00:00'), end: at('12:00:00') }])])).toBe('X')
    // the way from P1 to P2 takes from 10:00:00 to 10:01:10
    expect(onward([alert('P2', [{ start: at('09:55:00'), end: at('12:00:00') }])])).toBe('X')
    expect(onward([alert('P2', [{ start: at('10:01:00'), end: at('12:00:00') }])])).toBe('X')
    expect(onward([alert('P2', [{ start: at('10:02:00'), end: at('12:00:00') }])])).toBe('P2')
    expect(onward([alert('P2', [{ end: at('09:50:00') }])])).toBe('P2')
    // and may wait until 10:03:50
    expect(onward([alert('P2', [{ end: at('10:03:00') }])])).toBe('P2')
    expect(onward([alert('P2', [{ end: at('10:04:00') }])])).toBe('X')
  })
  test('is no matter to who takes the stairs; another effect, or another place, closes nothing', () => {
    expect(onward([alert('S')], Profile.foot)).toBe('P2')
    expect(onward([alert('P2', [], 'DETOUR')])).toBe('P2')
    expect(onward([alert('X')])).toBe('P2')
  })
  test('stays out where its operator says so, whatever an alert says of other hours', () => {
    const elevators = listElevators(tt, undefined)
    const { id, lat, lon } = elevators[0]!
    const report = { id, name: id, lat, lon, state: 'out', out: [], source: 'facilities' } as const
    const tonight = [{ start: at('22:00:00'), end: at('23:00:00') }]
    const states = elevatorStates(tt, ground.insides, elevators, [alert('S', tonight)], [report])
    const out = (time: string): string[] => outagesWithin(states, at(time), at(time)).out.map(e => e.id)
    expect(out('09:00:00')).toEqual([id])
    expect(out('22:30:00')).toEqual(elevators.map(e => e.id))
  })
  test('of two reports near one elevator the worse counts, whichever comes first', () => {
    const elevators = listElevators(tt, undefined)
    const { id, lat, lon } = elevators[0]!
    const out = { id: 'x', name: 'x', lat, lon, state: 'out', out: [], source: 'facilities' } as const
    const reports = [out, { ...out, id: 'y', state: 'working' } as const]
    for (const order of [reports, reports.toReversed()]) {
      const states = elevatorStates(tt, ground.insides, elevators, [], order)
      expect(outagesWithin(states, at('09:00:00'), at('09:00:00')).out.map(e => e.id)).toEqual([id])
    }
  })
})

test('an elevator that breaks again and again is out from the first time to the last, at whatever time of the day', () => {
  const elevators = listElevators(tt, undefined)
  const from = at('08:00:00')
  /** Out for a second of every so many. */
  const flapping = (count: number, every: number) =>
    Array.from({ length: count }, (_, i) => ({ start: from + i * every, end: from + i * every + 1 }))
  const stateOf = (impact: LiveAlert['impact']) =>
    elevatorStates(tt, ground.insides, elevators, [alert('P2', impact)], []).find(({ source }) => source)!
  const periods = (impact: LiveAlert['impact']) => stateOf(impact).out.map(({ start, end }) => [start, end])
  expect(periods(flapping(10_000, 2))).toEqual([[from, from + 19_999]])
  expect(periods(flapping(24, 400))).toHaveLength(24)
  expect(periods(flapping(25, 400))).toEqual([[from, from + 9601]])
  // every night of a year
  expect(periods(flapping(365, 86_400))).toHaveLength(365)
  // backwards, twice, one over the other, touching, without an end
  const odd = [
    { start: 90 },
    { start: 9, end: 5 },
    { start: 20, end: 30 },
    { start: 10, end: 25 },
    { start: 30, end: 40 },
  ]
  expect(periods([...odd, ...odd])).toEqual([
    [10, 40],
    [90, undefined],
  ])
  // who says only nonsense has not said that it is out for good
  expect(stateOf([{ start: 9, end: 5 }])).toMatchObject({ state: 'unknown', out: [] })
  const out = (time: number): number => outagesWithin([stateOf(flapping(3, 600))], time, time).out.length
  expect([from - 1, from, from + 1, from + 600, from + 1201].map(out)).toEqual([0, 1, 0, 1, 0])
})

test('of two elevators with one id in the feed only the one that is out is closed', async () => {
  const pathways = stationFiles['pathways.txt']!.toString().replace('L1,', 'L,').replace('L2,', 'L,')
  const { tt } = await loadStation({ 'pathways.txt': pathways })
  const walks = (walker: Profile): Footpaths =>
    mergeTransfers(tt, walksBetweenStops(createGround(tt, undefined), { walker, maxSeconds: 600 }))
  const twins = createPlanner(tt, walks(Profile.foot), undefined, walks(Profile.wheelchair))
  expect(listElevators(tt, undefined).map(e => e.id.replace(/^.*_/, ''))).toEqual(['L', 'L-2'])
  // to the street by L1, to P2 by L2
  expect(onward([alert('P2')], Profile.wheelchair, twins)).toBe('X')
  expect(onward([alert('E')], Profile.wheelchair, twins)).toBe('P2')
})

test('one to many and the streets around a place are without what is out of order then', () => {
  //   a ── elevator ── b        300 m apart
  const s = streets(`
    at a 0,0  at e 150,0  at b 300,0
    node e highway=elevator
    a-e-b highway=footway`)
  const { tt } = timetable('L A 10:00 B 10:05')
  const links = buildStopLinks(s.graph, tt)
  const footpaths = mergeTransfers(tt, [])
  const { lat, lon } = s.at('e')
  const [now, end] = [at('09:00:00'), at('10:00:00')] as UnixSeconds[]
  const report = { id: 'e', source: 'fasta', name: 'e', lat, lon, state: 'out', out: [{ start: now, end }] } as const
  const horizon = { ...horizonOf(tt, footpaths), conditions: { ...noConditions, elevators: [report] } }
  const walking = createPlanner(tt, footpaths, { graph: s.graph, links })
  const many = { one: s.at('a'), many: [s.at('b')], profile: Profile.foot, arriveBy: false }
  const limits = { maxSeconds: 900, maxMatchingDistance: 20 }
  const seconds = (time: UnixSeconds) => {
    const query = { ...many, ...limits }
    return answerQuestion(walking, horizon, { kind: 'many', query, withDistance: false } as never, time)
  }
  const farthest = (time: UnixSeconds): number => {
    const one = { kind: 'coordinate', ...s.at('a') } as const
    const query = { ...queryDefaults, ...limits, one, time, arriveBy: false, rings: [900], transit: false }
    const traveller = { traveller: Profile.foot, walker: Profile.foot, maxTravelTime: 900 }
    const rings = isochronesAround(walking, horizon, { ...query, ...traveller } as never)
    return Math.max(...rings[0]!.polygons.flat(2).filter((_, i) => i % 2 === 0))
  }
  expect([seconds(now), seconds(end!)]).toEqual([[{}], [{ duration: expect.any(Number) }]])
  expect(farthest(now!)).toBeLessThan((lon + s.at('b').lon) / 2e7)
  expect(farthest(end!)).toBeGreaterThan(s.at('b').lon / 1e7)
})
