import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { PatternIdx, ServiceIdx, StopIdx } from '#engine/core/ids.ts'
import { textOf } from '#engine/core/strings.ts'
import { parseDate, type ServiceDay } from '#engine/core/time.ts'
import { dayStart, rootStop, runsOn, slotStop, type Timetable, zoneOfTrip } from '#engine/timetable/timetable.ts'
import { buildCity, metresApart } from '#feeds/demo/city.ts'
import { demoGtfs } from '#feeds/demo/gtfs.ts'
import { buildTrips } from '#feeds/demo/schedule.ts'
import { zipFiles } from '#feeds/demo/zip.ts'
import { loadGtfs } from '#feeds/gtfs/load.ts'
import { sourceOf } from '#feeds/gtfs/source.ts'
import { dataFile } from '../../helpers/data.ts'

const city = buildCity()
const trips = buildTrips(city)
// a fortnight with New Year's Day, a holiday on a weekday
const dates = { from: parseDate('20251224')!, days: 14 }
const loaded = loadGtfs([{ tag: 'demo', source: sourceOf(demoGtfs(dates, city, trips)) }])

describe('the facts', () => {
  test('stations have ids and names of their own, and each is called at', () => {
    expect(new Set(city.stations.map(s => s.id)).size).toBe(city.stations.length)
    expect(new Set(city.stations.map(s => s.name)).size).toBe(city.stations.length)
    expect(city.stations.filter(s => s.platforms.length === 0)).toEqual([])
  })

  test('no two neighbours of a line stand in the wrong order: changing places would make it longer', () => {
    for (const { line, direction, platforms } of city.patterns) {
      const stations = platforms.map(p => p.station)
      for (let i = 1; i + 2 < stations.length; i++) {
        const [a, b, c, d] = stations.slice(i - 1, i + 3) as [never, never, never, never]
        const [asItIs, swapped] = [metresApart(a, b) + metresApart(c, d), metresApart(a, c) + metresApart(b, d)]
        expect(swapped, `${line.name}/${direction} at ${stations[i]!.name}`).toBeGreaterThan(asItIs * 0.99)
      }
    }
  })

  const index = dataFile('dortmund/vrr-dortmund-index.json')
  test.skipIf(!index)(
    'every station is where the transport association has it, and served by the line that calls there',
    () => {
      interface Index {
        stations: { id: string; name: string; lat: number; lon: number }[]
        routesByStationId: Record<string, { line: string }[]>
      }
      const { stations, routesByStationId } = JSON.parse(readFileSync(index!, 'utf8')) as Index
      const known = new Map(stations.map(s => [s.id, s]))
      for (const station of city.stations) {
        expect(metresApart(station, known.get(station.id)!), station.name).toBeLessThan(1)
      }
      const publicName = (line: string): string => (/^S[245]$/.test(line) ? `de:nrw.de:${line.toLowerCase()}` : line)
      for (const { line, platforms } of city.patterns) {
        for (const { station } of platforms) {
          const lines = routesByStationId[station.id]!.map(r => r.line)
          expect(lines, `${line.name} at ${station.name}`).toContain(publicName(line.name))
        }
      }
    },
  )

  test('white text on every line colour has a contrast of 4.5 (WCAG AA)', () => {
    const linear = (byte: number): number =>
      byte / 255 <= 0.04045 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4
    for (const { name, colour } of city.lines) {
      const [r, g, b] = [0, 2, 4].map(i => linear(Number.parseInt(colour.slice(i, i + 2), 16))) as [
        number,
        number,
        number,
      ]
      const contrast = 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05)
      expect(contrast, name).toBeGreaterThanOrEqual(4.5)
    }
  })
})

describe('the timetable', () => {
  test('vehicles travel at 15 to 60 km/h between stops and wait at them', () => {
    for (const { line, platforms, arrivals, departures } of city.patterns) {
      for (let i = 1; i < platforms.length; i++) {
        const kmh =
          (metresApart(platforms[i - 1]!.station, platforms[i]!.station) / (arrivals[i]! - departures[i - 1]!)) * 3.6
        expect(kmh, `${line.name} to ${platforms[i]!.station.name}`).toBeGreaterThan(15)
        expect(kmh, `${line.name} to ${platforms[i]!.station.name}`).toBeLessThan(60)
        if (i < platforms.length - 1) expect(departures[i]! - arrivals[i]!).toBeGreaterThanOrEqual(18)
      }
    }
  })

  test('a block is one vehicle: its trips follow each other, from where the last one ended, with time to turn round', () => {
    const blocks = Map.groupBy(trips, trip => trip.block)
    for (const [block, chain] of blocks) {
      for (let i = 1; i < chain.length; i++) {
        const [before, after] = [chain[i - 1]!, chain[i]!]
        const pause = after.start - (before.start + before.pattern.arrivals.at(-1)!)
        expect(before.pattern.platforms.at(-1)!.station, block).toBe(after.pattern.platforms[0]!.station)
        expect(pause, block).toBeGreaterThanOrEqual(180)
        expect(before.layover).toBe(pause)
      }
    }
  })

  test('the same dates make the same bytes; other dates the same trips', () => {
    const zipped = (): Buffer => Buffer.from(zipFiles(demoGtfs(dates, city, trips)))
    expect(zipped().equals(zipped())).toBe(true)
    const stopTimes = (from: ServiceDay): Uint8Array => demoGtfs({ from, days: 3 }).get('stop_times.txt')!
    expect(Buffer.from(stopTimes((dates.from + 90) as ServiceDay)).equals(stopTimes(dates.from))).toBe(true)
  })
})

describe('the feed', () => {
  test('passes the loader without a single notice, nothing dropped', async () => {
    const { reports } = await loaded
    expect(reports[0]!.notices).toEqual([])
    expect(reports[0]!.droppedTrips).toEqual({})
    for (const file of reports[0]!.files) expect(file.kept, file.file).toBe(file.rows)
    const { timetable: tt } = await loaded
    expect(tt.counts.trips).toBe(trips.length)
    expect(tt.counts.patterns).toBe(city.patterns.length)
    expect(tt.counts.transfers).toBeGreaterThan(0)
  })

  test("a Thursday that is New Year's Day runs like a Sunday", async () => {
    const { timetable: tt } = await loaded
    const day = parseDate('20260101')!
    const running: string[] = []
    for (let s = 0; s < tt.counts.services; s++) {
      if (runsOn(tt, s as ServiceIdx, day)) running.push(textOf(tt, tt.serviceId[s]!))
    }
    expect(running).toEqual(['sunday'])
  })

  test('at every hour of every day something leaves from the Stadtgarten or the main station', async () => {
    const { timetable: tt } = await loaded
    const hours = departureHours(tt, new Set(['de:05913:526', 'de:05913:131']))
    const first = dayStart(tt, zoneOfTrip(tt, 0 as never), dates.from) / 3600
    const silent = Array.from({ length: dates.days * 24 }, (_, h) => first + h).filter(hour => !hours.has(hour))
    expect(silent).toEqual([])
  })
})

/** The hours (Unix time / 3600) in which a run departs from one of the stations. */
function departureHours(tt: Timetable, stations: ReadonlySet<string>): Set<number> {
  const isThere = (stop: StopIdx): boolean => stations.has(textOf(tt, tt.stopId[rootStop(tt, stop)]!))
  const hours = new Set<number>()
  for (let p = 0; p < tt.counts.patterns; p++) {
    const begin = tt.slotBegin[p]!
    // the last stop has no departure
    for (let slot = begin; slot < tt.slotBegin[(p + 1) as PatternIdx]! - 1; slot++) {
      if (!isThere(slotStop(tt.slots[slot]!))) continue
      for (let t = tt.tripBegin[p]!; t < tt.tripBegin[p + 1]!; t++) {
        const departure = tt.tripStart[t]! + tt.profileTimes[tt.tripProfile[t]! + 2 * (slot - begin) + 1]!
        for (let d = 0; d < tt.counts.days; d++) {
          const day = (tt.counts.firstDay + d) as ServiceDay
          if (runsOn(tt, tt.tripService[t as never], day)) {
            hours.add(Math.floor((dayStart(tt, zoneOfTrip(tt, t as never), day) + departure) / 3600))
          }
        }
      }
    }
  }
  return hours
}
