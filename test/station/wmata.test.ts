// Washington's Metrorail: 2,963 real pathways.

import { beforeAll, describe, expect, test } from 'vitest'
import { createGround, insideOf } from '#engine/access/ground.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import { reachInside } from '#engine/station/walk.ts'
import { Profile } from '#engine/street/profile.ts'
import { rootStop, type Timetable } from '#engine/timetable/timetable.ts'
import { loadGtfs } from '#feeds/gtfs/load.ts'
import type { FeedReport } from '#feeds/gtfs/report.ts'
import { openSource } from '#feeds/gtfs/source.ts'
import { dataFile } from '../helpers/data.ts'
import { notices } from '../helpers/gtfs.ts'

const feed = dataFile('wmata/wmata.zip')
const ELEVATOR = 5

describe.skipIf(!feed)('Metrorail', () => {
  let tt: Timetable
  let report: FeedReport
  beforeAll(async () => {
    const { timetable, reports } = await loadGtfs([{ tag: 'wmata', source: await openSource(feed!) }])
    tt = timetable
    report = reports[0]!
  })

  /** Platforms with pathways that are reached from some entrance of their station. */
  function reached(profile: Profile, closed: ReadonlySet<number> = new Set()): Set<number> {
    const { insides } = createGround(tt, undefined)
    const found = new Set<number>()
    for (let s = 0; s < tt.counts.stops; s++) {
      if (tt.stopLocationType[s] !== 2 || insides.onStreet[s] === 0) continue
      const seconds = reachInside(tt, insides, s, insideOf(profile), closed, 3600, false)
      for (const stop of seconds.keys()) {
        if (tt.stopLocationType[stop] !== 0) continue
        found.add(stop)
        expect(rootStop(tt, stop as StopIdx), textOf(tt, tt.stopId[stop]!)).toBe(rootStop(tt, s as StopIdx))
      }
    }
    return found
  }

  test('every pathway is read or dropped with a reason', () => {
    const bad = notices(report).bad_pathway ?? 0
    expect(tt.counts.pathways + bad).toBe(2963)
    expect(tt.pathwayMode.filter(mode => mode === ELEVATOR).length).toBe(212)
  })

  test('all platforms are reached on foot; without steps nearly as many, and none without elevators that needs one', () => {
    const { insides } = createGround(tt, undefined)
    const sealed = [...insides.sealed.keys()].filter(s => insides.sealed[s] === 1)
    const [foot, rolling] = [reached(Profile.foot), reached(Profile.wheelchair)]
    expect(sealed.length).toBeGreaterThan(100)
    expect(sealed.filter(s => !foot.has(s)).map(s => textOf(tt, tt.stopId[s]!))).toEqual([])
    expect([...rolling].every(s => foot.has(s))).toBe(true)
    const elevators = new Set([...tt.pathwayMode.keys()].filter(p => tt.pathwayMode[p] === ELEVATOR))
    const without = reached(Profile.wheelchair, elevators)
    expect(without.size).toBeLessThan(rolling.size)
    // 125 rows of stops.txt are platforms, and every station of the Metrorail has elevators
    expect([foot.size, rolling.size, without.size]).toEqual([125, 125, 0])
  })
})
