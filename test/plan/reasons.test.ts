// Why nothing was found: each reason in a small world of its own.

import { expect, test } from 'vitest'
import type { UnixSeconds } from '#engine/core/time.ts'
import { RunState } from '#engine/live/state.ts'
import { onFoot, type StreetMode } from '#engine/plan/approaches.ts'
import { createPlanner, plan } from '#engine/plan/plan.ts'
import { type Query, queryDefaults } from '#engine/plan/query.ts'
import { buildStopLinks } from '#engine/street/links.ts'
import { Profile, withChanges } from '#engine/street/profile.ts'
import { type ChangedRun, horizonOf, liveState, plannedRun } from '../helpers/horizon.ts'
import { metresToPoint, streets } from '../helpers/streets.ts'
import { timetable } from '../helpers/timetable.ts'

const drawn = timetable(`
  S1   A 10:00   B 10:30                     [wheelchair=2 bikes=2]
  U2   B 10:34   C 10:50                     [wheelchair=1 bikes=1]
  U3   A 18:00   D 21:30
  X4   E 10:00   F 10:10
  at A 51.50,7.46
  at B 51.51,7.46
  at C 51.52,7.46
  at D 51.53,7.46
  at E 51.54,7.46
  at F 51.55,7.46`)
const { stop, route, tt, day } = drawn
const planner = createPlanner(tt, drawn.footpaths)
const horizon = horizonOf(tt, drawn.footpaths)
const only = (...names: string[]): Uint8Array => {
  const allowed = new Uint8Array(tt.counts.routes)
  for (const name of names) allowed[route(name)] = 1
  return allowed
}

const reasons = (from: string, to: string, q: Partial<Query> = {}, asked = planner, known = horizon): string[] =>
  plan(asked, known, {
    ...queryDefaults,
    from: { kind: 'stop', stop: stop(from) },
    to: { kind: 'stop', stop: stop(to) },
    time: (day * 86_400 + 9 * 3600) as UnixSeconds,
    ...q,
  }).reasons.map(({ code }) => code)

const via = (name: string, stay = 0) => ({ place: { kind: 'stop', stop: stop(name) } as const, stay })
const fixed = { window: 1800, minJourneys: 0 }
const moment = { window: 0, minJourneys: 0 }

test.each<[string, string, string, Partial<Query>, string[]]>([
  ['nothing is missing', 'A', 'C', {}, []],
  ['transit was not asked for: A to B is 1.1 km', 'A', 'B', { transit: false }, []],
  ['that is more than ten minutes', 'A', 'B', { transit: false, maxDirect: 600 }, ['DIRECT_TIME']],
  ['nor is anything else', 'A', 'B', { transit: false, approaches: { ...onFoot, direct: [] } }, ['NO_DIRECT']],
  ['direct ways have no places on their way', 'A', 'B', { transit: false, vias: [via('C')] }, ['VIA']],
  ['no line goes there', 'A', 'F', {}, ['NO_CONNECTION']],
  ['later, but not now', 'A', 'C', fixed, ['NOTHING_IN_WINDOW']],
  ['one change is needed', 'A', 'C', { maxTransfers: 0 }, ['MAX_TRANSFERS']],
  ['50 minutes are needed', 'A', 'C', { maxTravelTime: 2400 }, ['MAX_TRAVEL_TIME']],
  ['at this moment: 110 minutes from now', 'A', 'C', { ...moment, maxTravelTime: 6600 }, []],
  ['at this moment: less than that', 'A', 'C', { ...moment, maxTravelTime: 6000 }, ['NOTHING_IN_WINDOW']],
  ['at this moment: less than the way takes', 'A', 'C', { ...moment, maxTravelTime: 2400 }, ['MAX_TRAVEL_TIME']],
  ['only one of the two lines', 'A', 'C', { allowedRoutes: only('U2') }, ['MODES']],
  ['S1 takes no wheelchairs', 'A', 'C', { wheelchair: 'yes-or-unknown' }, ['WHEELCHAIR']],
  ['S1 takes no bicycles', 'A', 'B', { bikes: 'yes' }, ['BIKES']],
  ['four minutes to change', 'A', 'C', { transferTimes: { min: 600, additional: 0, factor: 1 } }, ['TRANSFER_TIMES']],
  ['never at both, in this order', 'A', 'C', { vias: [via('C'), via('A')] }, ['VIA']],
  ['no line leads by there', 'A', 'C', { vias: [via('E')] }, ['VIA']],
  ['the stay is too long for the only change', 'A', 'C', { vias: [via('B', 600)] }, ['VIA']],
  ['each wish alone is too much', 'A', 'C', { bikes: 'yes', wheelchair: 'yes-or-unknown' }, ['WHEELCHAIR', 'BIKES']],
  [
    'arrive by: the same',
    'A',
    'C',
    { arriveBy: true, maxTransfers: 0, ...fixed, time: (day * 86_400 + 39_600) as UnixSeconds },
    ['MAX_TRANSFERS'],
  ],
  ['arrive by, too early', 'A', 'C', { arriveBy: true, ...fixed }, ['NO_CONNECTION']],
])('%s', (_why, from, to, q, expected) => {
  expect(reasons(from, to, q)).toEqual(expected)
})

test('what the timetable has and is not there today', () => {
  const cancelled = plannedRun(tt, drawn.trip('S1'), day)
  const late = plannedRun(tt, drawn.trip('S1'), day)
  late.calls[1]!.arrival += 600
  const now = (...runs: ChangedRun[]) => horizonOf(tt, drawn.footpaths, liveState(runs))
  const gone = now({ ...cancelled, state: RunState.cancelled })
  expect(reasons('A', 'C', {}, planner, gone)).toEqual(['REALTIME'])
  expect(reasons('A', 'C', {}, planner, now(late))).toEqual(['REALTIME'])
  expect(reasons('A', 'C', { realtime: false }, planner, gone)).toEqual([])
  // who would not have had it without realtime is not told of it
  expect(reasons('A', 'F', {}, planner, gone)).toEqual(['NO_CONNECTION'])
  expect(reasons('A', 'B', { bikes: 'yes' }, planner, gone)).toEqual(['BIKES', 'REALTIME'])
})

const middle = { kind: 'coordinate', lat: 515_000_000, lon: 74_600_000 } as const
const elsewhere = { kind: 'coordinate', lat: 480_000_000, lon: 110_000_000 } as const

test('a place far from every stop, at either end', () => {
  expect(reasons('A', 'C', { from: elsewhere })).toEqual(['FROM_NO_STOP'])
  expect(reasons('A', 'C', { from: elsewhere, to: elsewhere })).toEqual(['FROM_NO_STOP', 'TO_NO_STOP'])
})

test('with a map, far from every street is told from far from every stop', () => {
  const { graph } = streets(`
    at a 0,0  at b 100,0
    a-b highway=residential`)
  const mapped = createPlanner(tt, drawn.footpaths, { graph, links: buildStopLinks(graph, tt) })
  const south = { ...middle, lat: middle.lat - 300_000 } // 3.3 km from the stops that no street is near as well
  expect(reasons('A', 'C', { to: south }, mapped)).toEqual(['TO_NO_STREET'])
  expect(reasons('A', 'C', { to: middle }, mapped)).not.toEqual(['TO_NO_STREET'])
})

test('a place on the way that is far from every street, or from those one may use, is told apart', () => {
  const { graph } = streets(`
    at a 0,0  at b 100,0
    a-b highway=residential`)
  const mapped = createPlanner(tt, drawn.footpaths, { graph, links: buildStopLinks(graph, tt) })
  const q = {
    ...queryDefaults,
    from: { kind: 'stop', stop: stop('A') },
    to: { kind: 'stop', stop: stop('C') },
  } as const
  const why = (place: typeof middle | typeof elsewhere, unknown: 'allow' | 'refuse') =>
    plan(mapped, horizon, {
      ...q,
      time: (day * 86_400 + 9 * 3600) as UnixSeconds,
      vias: [via('B'), { place, stay: 0 }],
      walker: withChanges(Profile.wheelchair, { limits: { unknown } }),
    }).reasons.map(reason => [reason.code, reason.via])
  expect(why(elsewhere, 'allow')).toEqual([['VIA_NO_STREET', 2]])
  expect(why(middle, 'refuse')).toEqual([['VIA_LIMITS', 2]])
  expect(why(middle, 'allow').flat()).not.toContain(2)
})

test('a street that is there, and not known to be as one needs it', () => {
  const { graph } = streets(`
    at a 0,0  at b 100,0
    a-b highway=residential`)
  const mapped = createPlanner(tt, drawn.footpaths, { graph, links: buildStopLinks(graph, tt) })
  const walker = (unknown: 'allow' | 'refuse') => withChanges(Profile.wheelchair, { limits: { unknown } })
  const asked = (unknown: 'allow' | 'refuse') => reasons('A', 'C', { to: middle, walker: walker(unknown) }, mapped)
  expect(asked('refuse')).toEqual(['TO_LIMITS'])
  expect(asked('allow')).not.toContain('TO_LIMITS')
})

//  start ──1 km── stairs ──1 km── end
test('without transit: off the streets, longer than allowed, or not as it was asked for', () => {
  const { graph } = streets(`
    at a 0,0  at p 1000,0  at q 1010,0  at z 2000,0
    a-p highway=footway
    p-q highway=steps
    q-z highway=footway`)
  const mapped = createPlanner(tt, drawn.footpaths, { graph, links: buildStopLinks(graph, tt) })
  const at = (east: number) => ({ kind: 'coordinate', ...metresToPoint(east, 0) }) as const
  const q = { from: at(0), to: at(2000), transit: false }
  expect(reasons('A', 'B', q, mapped)).toEqual([])
  expect(reasons('A', 'B', { ...q, maxDirect: 900 }, mapped)).toEqual(['DIRECT_TIME'])
  expect(reasons('A', 'B', { ...q, walker: Profile.wheelchair }, mapped)).toEqual(['DIRECT_LIMITS'])
  expect(reasons('A', 'B', { ...q, from: elsewhere, to: elsewhere }, mapped)).toEqual([
    'FROM_NO_STREET',
    'TO_NO_STREET',
  ])
  const empty = { battery: { chargeWh: 10, reserveWh: 0, charging: false } }
  const level = { ...q, to: at(900), walker: withChanges(Profile.electricWheelchair, empty) }
  expect(reasons('A', 'B', level, mapped)).toEqual(['BATTERY'])
})

//  start ──1 km── P ~S1~ Q ──1 km── end                40 Wh a kilometre: enough for either way by itself
test('a battery that lasts for each way alone, not for both', () => {
  const { graph } = streets(`
    at a 0,0  at p 1000,0  at q 3000,0  at z 4000,0
    a-p highway=footway
    q-z highway=footway`)
  const at = (east: number) => metresToPoint(east, 0)
  const degrees = (east: number) => `${at(east).lat / 1e7},${at(east).lon / 1e7}`
  const line = timetable(`
    S1   P 10:00   Q 10:10                     [wheelchair=1]
    at P ${degrees(1000)}
    at Q ${degrees(3000)}`)
  const mapped = createPlanner(line.tt, line.footpaths, { graph, links: buildStopLinks(graph, line.tt) })
  const why = (chargeWh: number) =>
    plan(mapped, horizonOf(line.tt, line.footpaths), {
      ...queryDefaults,
      from: { kind: 'coordinate', ...at(0) },
      to: { kind: 'coordinate', ...at(4000) },
      time: (line.day * 86_400 + 9 * 3600) as UnixSeconds,
      walker: withChanges(Profile.electricWheelchair, { battery: { chargeWh, reserveWh: 0, charging: false } }),
    }).reasons.map(({ code }) => code)
  expect(why(85)).toEqual([])
  expect(why(61)).toEqual(['BATTERY'])
})

test('a sentence for each', () => {
  const q = {
    ...queryDefaults,
    from: { kind: 'stop', stop: stop('A') },
    to: { kind: 'stop', stop: stop('F') },
  } as const
  const [reason] = plan(planner, horizon, { ...q, time: (day * 86_400) as UnixSeconds }).reasons
  expect(reason!.text).toMatch(/^No vehicle leads .*\.$/)
})

//  start ──3 km── P ~S1~ Q ── end
test('by bicycle, car and what is for rent: what was reached counts, and what lacks is said', () => {
  const { graph } = streets(`
    at a 0,0  at p 3000,0  at q 9000,0  at z 9300,0
    a-p highway=residential
    q-z highway=residential`)
  const at = (east: number) => metresToPoint(east, 0)
  const degrees = (east: number) => `${at(east).lat / 1e7},${at(east).lon / 1e7}`
  const line = timetable(`
    S1   P 10:00   Q 10:10
    at P ${degrees(3000)}
    at Q ${degrees(9000)}`)
  const mapped = createPlanner(line.tt, line.footpaths, { graph, links: buildStopLinks(graph, line.tt) })
  const why = (access: readonly StreetMode[], more: Partial<Query> = {}) =>
    plan(mapped, horizonOf(line.tt, line.footpaths), {
      ...queryDefaults,
      from: { kind: 'coordinate', ...at(0) },
      to: { kind: 'coordinate', ...at(9300) },
      time: (line.day * 86_400 + 9 * 3600) as UnixSeconds,
      approaches: { ...onFoot, access },
      ...more,
    }).reasons.map(({ code }) => code)
  expect(why(['WALK'])).toEqual(['FROM_NO_STOP'])
  expect(why(['WALK', 'BIKE'])).toEqual([])
  // reached by bicycle, so it is something else that stands in the way
  expect(why(['WALK', 'BIKE'], { wheelchair: 'yes', wheelchairStops: 'yes' })).not.toContain('FROM_NO_STOP')
  expect(why(['BIKE'], { bikes: 'yes' })).toEqual(['BIKES'])
  expect(why(['BIKE'], { bikeParking: 'rack' })).toEqual(['FROM_NO_STOP', 'FROM_NO_PARKING'])
  expect(why(['WALK', 'CAR_PARKING'])).toEqual(['FROM_NO_STOP', 'FROM_NO_PARKING'])
  expect(why(['WALK', 'RENTAL'])).toEqual(['FROM_NO_STOP', 'FROM_NO_RENTAL'])
})
