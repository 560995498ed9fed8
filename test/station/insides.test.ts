import { describe, expect, test } from 'vitest'
import { createGround, insideOf } from '#engine/access/ground.ts'
import { walksBetweenStops } from '#engine/access/walks.ts'
import { textOf } from '#engine/core/strings.ts'
import { mergeTransfers } from '#engine/footpaths/transfers.ts'
import { stopsAround } from '#engine/plan/access.ts'
import { levelOf, reachInside } from '#engine/station/walk.ts'
import { Profile } from '#engine/street/profile.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'
import { notices } from '../helpers/gtfs.ts'
import { loadStation } from './station.ts'

const idOf = (tt: Timetable, stop: number): string => textOf(tt, tt.stopId[stop]!)
const stopOf = (tt: Timetable, id: string): number => tt.stopId.findIndex((_, s) => idOf(tt, s) === id)
const pathwayOf = (tt: Timetable, id: string): number => tt.pathwayId.findIndex(text => textOf(tt, text) === id)

function inside(tt: Timetable, from: string, who: 'foot' | 'wheelchair', closed: string[] = [], reverse = false) {
  const { insides } = createGround(tt, undefined)
  const out = new Set(closed.map(id => pathwayOf(tt, id)))
  const seconds = reachInside(tt, insides, stopOf(tt, from), insideOf(Profile[who]), out, 600, reverse)
  return Object.fromEntries([...seconds].map(([stop, s]) => [idOf(tt, stop), Math.round(s)]))
}

const walks = (tt: Timetable, who: 'foot' | 'wheelchair'): string[] => {
  const found = mergeTransfers(
    tt,
    walksBetweenStops(createGround(tt, undefined), { walker: Profile[who], maxSeconds: 600 }),
  )
  const lines: string[] = []
  for (let s = 0; s < tt.counts.stops; s++)
    for (let i = found.outBegin[s]!; i < found.outBegin[s + 1]!; i++)
      lines.push(`${idOf(tt, s)}→${idOf(tt, found.outTo[i]!)} ${found.outSeconds[i]}`)
  return lines.sort()
}

describe('pathways.txt (S42)', () => {
  test('is read; a row to nowhere or of an unknown kind is dropped and counted', async () => {
    const { tt, report } = await loadStation()
    expect(tt.counts.pathways).toBe(7)
    expect(notices(report).bad_pathway).toBe(2)
    expect(report.files.find(f => f.file === 'pathways.txt')).toMatchObject({ rows: 9, kept: 7 })
  })

  test('levels may be halves and below ground; a stop without one has none (S44)', async () => {
    const { tt } = await loadStation()
    expect(['E', 'M', 'P1', 'X'].map(id => levelOf(tt, stopOf(tt, id)))).toEqual([0, -1, -2.5, undefined])
  })

  test('on foot the stairs, in a wheelchair the elevators, the stated times scaled to the pace', async () => {
    const { tt } = await loadStation()
    expect(inside(tt, 'E', 'foot')).toEqual({ E: 0, M: 30, C: 32, P1: 52, P2: 57 })
    // 0.9 m/s instead of 1.2: walks and gates take a third longer, elevators do not
    expect(inside(tt, 'E', 'wheelchair')).toEqual({ E: 0, M: 60, C: 63, P1: 89, P2: 113 })
  })

  test('without one of the elevators there is no step-free way, with it again there is the same', async () => {
    const { tt } = await loadStation()
    const before = inside(tt, 'E', 'wheelchair')
    expect(inside(tt, 'E', 'wheelchair', ['L2'])).not.toHaveProperty('P2')
    expect(inside(tt, 'E', 'wheelchair', ['L1'])).toEqual({ E: 0 })
    expect(inside(tt, 'E', 'wheelchair')).toEqual(before)
    expect(inside(tt, 'E', 'foot', ['L1', 'L2'])).toEqual(inside(tt, 'E', 'foot'))
  })

  test('gates are one-way: in by the fare gate, out by the exit gate, whatever its row says', async () => {
    const { tt } = await loadStation()
    expect(inside(tt, 'E', 'foot', ['in'])).toEqual({ E: 0, M: 30 })
    expect(inside(tt, 'E', 'foot', ['out'])).toEqual(inside(tt, 'E', 'foot'))
    expect(inside(tt, 'P1', 'foot', ['out'])).not.toHaveProperty('E')
    expect(inside(tt, 'P1', 'foot', ['in'])).toEqual(inside(tt, 'P1', 'foot'))
    // backwards from E: who comes to E leaves by the exit gate
    expect(inside(tt, 'E', 'foot', [], true)).toEqual({ E: 0, M: 30, C: 32, P1: 52, P2: 57 })
  })

  test('changes go through the station and out of its entrances; what no pathway touches has none', async () => {
    const { tt } = await loadStation()
    // P1–P2: 20 + 25 s, but no change is shorter than a minute. X is 56 m north of E: 56 × 1.3 / 1.2 = 61 s, 52 and 57 s more inside
    expect(walks(tt, 'foot')).toEqual(['P1→P2 60', 'P1→X 113', 'P2→P1 60', 'P2→X 118', 'X→P1 113', 'X→P2 118'])
  })

  test('a platform is reached from the street through an entrance only', async () => {
    const { tt } = await loadStation()
    const ground = createGround(tt, undefined)
    const footpaths = mergeTransfers(tt, [])
    const place = { kind: 'coordinate', lat: 515000000, lon: 74000000 } as const
    const options = { maxSeconds: 900, profile: Profile.foot, maxMatchingDistance: 250, reverse: false }
    const { stops, seconds } = stopsAround({ timetable: tt, footpaths, ground }, place, options)
    const found = Object.fromEntries(Array.from(stops, (s, i) => [idOf(tt, s), seconds[i]!]))
    expect(found).toEqual({ P1: 52, P2: 57, X: 61 })
  })

  test('stop_access 1 opens a platform to the street (S43); without entrances all are open', async () => {
    const open = await loadStation({ 'stops.txt': stationStops })
    expect(walks(open.tt, 'foot')).toContain('P3→X 62')
    const { tt } = await loadStation({ 'pathways.txt': 'from_stop_id,to_stop_id,pathway_mode\nP1,P2,1\n' })
    const { insides } = createGround(tt, undefined)
    expect(['P1', 'P2', 'P3'].map(id => insides.onStreet[stopOf(tt, id)])).toEqual([1, 1, 1])
    // and yet P3 is not walked to from P1: the pathways are the whole inside
    expect(walks(tt, 'foot').filter(w => w.startsWith('P1→P'))).toEqual(['P1→P2 60'])
  })
})

const stationStops = `stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station,stop_access
S,Station,51.5000,7.4000,1,,
E,Entrance,51.5000,7.4000,2,S,
M,,51.5000,7.4002,3,S,
C,,51.5000,7.4003,3,S,
P1,Station,51.5001,7.4003,0,S,0
P2,Station,51.5001,7.4004,0,S,
P3,Station,51.5001,7.4005,0,S,1
X,Bus,51.5005,7.4000,0,,
Y,Far,51.6000,7.5000,0,,
Z,Farther,51.7000,7.5000,0,,
`
