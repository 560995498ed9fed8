// Stops beyond the rim of the map: the feed of a region with the map of its city. Of them no street says how to change, so straight lines do.

import { expect, test } from 'vitest'
import { createGround } from '#engine/access/ground.ts'
import { ownWalker, ownWalks } from '#engine/access/own-walks.ts'
import { walkLimits, walksBetweenStops } from '#engine/access/walks.ts'
import { textOf } from '#engine/core/strings.ts'
import type { Walk } from '#engine/footpaths/footpaths.ts'
import { mergeTransfers } from '#engine/footpaths/transfers.ts'
import { stopsAround } from '#engine/plan/access.ts'
import { buildStopLinks } from '#engine/street/links.ts'
import { Profile, withChanges } from '#engine/street/profile.ts'
import { createStreetSearch } from '#engine/street/search.ts'
import { load } from '../helpers/gtfs.ts'
import { streets } from '../helpers/streets.ts'

//   a ─────── b street │ of the map              M1 and M2 are at its ends, 200 m apart; R is 70 m beyond M2's reach;
//   M1        M2     R │      S1 ── 69 m ── S2   S1 and S2 are one station 7 km away, N is 208 m from S1
const s = streets(`
  at a 0,0 at b 200,0
  a-b highway=residential`)
const degrees = (east: number): string => {
  const [a, b] = [s.at('a'), s.at('b')]
  return `${a.lat / 1e7},${(a.lon + ((b.lon - a.lon) * east) / 200) / 1e7}`
}
const { tt } = await load({
  'stops.txt': `stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station
M1,In the city,${degrees(0)},0,
M2,At its rim,${degrees(200)},0,
R,Beyond,${degrees(520)},0,
S,Station,51.5,7.500,1,
S1,Platform 1,51.5,7.500,0,S
S2,Platform 2,51.5,7.501,0,S
N,Near,51.5,7.503,0,
`,
  'stop_times.txt': `trip_id,arrival_time,departure_time,stop_id,stop_sequence
t1,10:00:00,10:00:00,M1,1
t1,10:05:00,10:05:00,M2,2
t1,10:06:00,10:06:00,R,3
t1,10:20:00,10:20:00,S1,4
t2,10:30:00,10:30:00,S2,1
t2,10:40:00,10:40:00,N,2
`,
})
const ground = createGround(tt, createStreetSearch(s.graph, buildStopLinks(s.graph, tt)))
const idOf = (stop: number): string => textOf(tt, tt.stopId[stop]!)
const told = (walks: Iterable<Walk>): string[] =>
  [...new Set([...walks].map(({ from, to, seconds }) => `${idOf(from)}→${idOf(to)} ${seconds}`))].sort()
const between = (walker: Profile, more = {}): string[] =>
  told(walksBetweenStops(ground, { walker, maxSeconds: walkLimits(tt).far, ...more }))

// 1.2 m/s, and 1.3 m of way for each of a straight line where there is no street
const all = ['M1→M2 167', 'M2→M1 167', 'M2→R 347', 'N→S1 225', 'N→S2 150', 'R→M2 347', 'S1→N 225', 'S1→S2 75']
const onFoot = [...all, 'S2→N 150', 'S2→S1 75']

test('one changes beyond the map as without one; streets lead where they are known', () => {
  expect(between(Profile.foot)).toEqual(onFoot)
})

test('who refuses what nobody knows does not', () => {
  const strict = { ...Profile.wheelchair, limits: { ...Profile.wheelchair.limits, unknown: 'refuse' as const } }
  expect(between(strict).filter(walk => !walk.includes('M1'))).toEqual([])
  expect(between(Profile.wheelchair).map(walk => walk.split(' ')[0])).toEqual(onFoot.map(walk => walk.split(' ')[0]))
})

test('from some stops, and to them', () => {
  const [r, s1] = ['R', 'S1'].map(id => tt.stopId.findIndex(text => textOf(tt, text) === id))
  expect(between(Profile.foot, { of: [r, s1] })).toEqual(['R→M2 347', 'S1→N 225', 'S1→S2 75'])
  expect(between(Profile.foot, { of: [r, s1], reverse: true })).toEqual(['M2→R 347', 'N→S1 225', 'S2→S1 75'])
})

test('at one’s own pace as well', () => {
  const usual = mergeTransfers(tt, walksBetweenStops(ground, { walker: Profile.foot, maxSeconds: walkLimits(tt).far }))
  const s1 = tt.stopId.findIndex(text => textOf(tt, text) === 'S1')
  const own = ownWalker(tt, withChanges(Profile.foot, { speed: 2.4 }), Profile.foot)
  const { stops, seconds } = ownWalks(ground, usual, own, [s1], false).get(s1)!
  expect([...stops].map((stop, i) => `${idOf(stop)} ${seconds[i]}`)).toEqual(['S2 60', 'N 113'])
})

test('from a point beyond the map to the stops there, from one on it along its streets alone', () => {
  const footpaths = mergeTransfers(tt, [])
  const around = (lat: number, lon: number, profile = Profile.foot): string[] => {
    const options = { maxSeconds: 900, profile, maxMatchingDistance: 250, reverse: false }
    const { stops, seconds } = stopsAround(
      { timetable: tt, footpaths, ground },
      { kind: 'coordinate', lat, lon },
      options,
    )
    return Array.from(stops, (stop, i) => `${idOf(stop)} ${seconds[i]}`).sort()
  }
  // 69 m from N, 277 m from S1
  expect(around(51.5e7, 7.504e7)).toEqual(['N 75', 'S1 300', 'S2 225'])
  expect(around(s.at('b').lat, s.at('b').lon)).toEqual(['M1 167', 'M2 0'])
  expect(around(51.5e7, 7.504e7, { ...Profile.foot, limits: { unknown: 'refuse' } })).toEqual([])
})
