import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toE7 } from '#engine/core/geo.ts'
import type { StopIdx } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import { parseDate } from '#engine/core/time.ts'
import { buildStopLinks } from '#engine/street/links.ts'
import { streetPath } from '#engine/street/path.ts'
import { Profile, withChanges } from '#engine/street/profile.ts'
import { createStreetSearch, type StreetSearch } from '#engine/street/search.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'
import { buildCity, metresApart, type Platform } from '#feeds/demo/city.ts'
import { roll } from '#feeds/demo/random.ts'
import { STREET_NAMES, streetName } from '#feeds/demo/street-names.ts'
import { buildStreets } from '#feeds/demo/streets.ts'
import { writeDemoCity } from '#feeds/demo/write.ts'
import { loadGtfs } from '#feeds/gtfs/load.ts'
import { openSource } from '#feeds/gtfs/source.ts'
import { loadOsm, type OsmReport } from '#feeds/osm/load.ts'

const dir = mkdtempSync(join(tmpdir(), 'freifahrt-city-'))
const city = buildCity()
const walk = { profile: withChanges(Profile.foot, { speed: 1.33 }), maxSeconds: 3 * 3600, maxMatchingDistance: 600 }
let report: OsmReport
let search: StreetSearch
let stops: Map<string, StopIdx>

beforeAll(async () => {
  const { gtfs, osm } = await writeDemoCity(dir, { from: parseDate('20260110')!, days: 7, seed: 5 })
  const { timetable } = await loadGtfs([{ tag: 'demo', source: await openSource(gtfs) }])
  const map = await loadOsm(osm)
  report = map.report
  search = createStreetSearch(map.graph, buildStopLinks(map.graph, timetable))
  stops = stopsById(timetable)
})
afterAll(() => rmSync(dir, { recursive: true }))

function stopsById(tt: Timetable): Map<string, StopIdx> {
  return new Map(Array.from({ length: tt.counts.stops }, (_, s) => [textOf(tt, tt.stopId[s]!), s as StopIdx]))
}

test('the map is read without a loss, and is one piece on foot', () => {
  expect(Object.values(report.dropped).every(n => n === 0)).toBe(true)
  expect(report.streets).toBe(report.ways)
  expect(report.islands.parts[0]).toBe(0)
})

test('one walks from each station to its neighbours on the line, and not by great detours', () => {
  for (const { line, direction, platforms } of city.patterns) {
    if (direction === 1 || line.track === 'S') continue
    for (let i = 1; i < platforms.length; i++) {
      const [a, b] = [platforms[i - 1]!, platforms[i]!]
      const way = streetPath(search, end(a), end(b), walk)
      const metres = metresApart(a, b)
      const between = `${a.station.name} – ${b.station.name}: ${Math.round(metres)} m`
      expect(way, between).toBeDefined()
      expect(way!.metres, between).toBeGreaterThan(0.95 * metres - 5)
      expect(way!.metres, between).toBeLessThan(1.7 * metres + 450)
    }
  }
})

const end = (platform: Platform): { stop: StopIdx } => ({ stop: stops.get(platform.id)! })

test('from one platform of a station to another it is a matter of minutes', () => {
  for (const { name, platforms } of city.stations) {
    for (const platform of platforms.slice(1)) {
      const way = streetPath(search, end(platforms[0]!), end(platform), walk)
      expect(way?.seconds, `${name} ${platforms[0]!.code} → ${platform.code}`).toBeLessThan(330)
    }
  }
})

test('inside a station nobody is told to turn round, but at the end of stairs', () => {
  let walks = 0
  for (const { name, platforms } of city.stations) {
    for (const [from, to] of platforms
      .slice(1)
      .flatMap(p => [[platforms[0]!, p] as const, [p, platforms[0]!] as const])) {
      for (const profile of [walk.profile, Profile.wheelchair]) {
        const way = streetPath(search, end(from), end(to), { ...walk, profile })
        if (!way) continue
        walks++
        for (const [i, { relativeDirection, metres }] of way.steps.entries()) {
          if (!relativeDirection.startsWith('UTURN')) continue
          const turn = `${name} ${from.code} → ${to.code}`
          expect([turn, way.steps[i - 1]!.relativeDirection]).toEqual([turn, 'STAIRS'])
          expect(metres, turn).toBeGreaterThanOrEqual(10)
        }
      }
    }
  }
  expect(walks).toBeGreaterThan(500)
})

test('any two addresses are joined, and the way has names', () => {
  for (let k = 0; k < 20; k++) {
    const address = (i: number): { lat: number; lon: number } => ({
      lat: toE7(51.46 + 0.12 * roll(k, i)),
      lon: toE7(7.34 + 0.28 * roll(k, i + 1)),
    })
    const way = streetPath(search, address(0), address(2), { ...walk, maxSeconds: 10 * 3600 })
    expect(way, `addresses ${k}`).toBeDefined()
    expect(way!.steps.some(step => step.streetName !== '')).toBe(true)
  }
})

test('the same seed draws the same streets, another one others', () => {
  const [once, again, other] = [5, 5, 6].map(seed => JSON.stringify(buildStreets(city, seed)))
  expect(once === again).toBe(true)
  expect(once === other).toBe(false)
})

test('no two streets have one name', () => {
  const names = new Set(Array.from({ length: STREET_NAMES }, (_, n) => streetName(12_345, n)))
  expect(names.size).toBe(STREET_NAMES)
})
