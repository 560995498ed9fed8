// Real feeds: all load, and what we read is what other readers read (csv-parse cell by cell, node-gtfs table by table).

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parse } from 'csv-parse/sync'
import { closeDb, importGtfs, openDb } from 'gtfs'
import { describe, expect, test } from 'vitest'
import { textOf } from '#engine/core/strings.ts'
import { formatTime } from '#engine/core/time.ts'
import { dayWords, slotStop, type Timetable } from '#engine/timetable/timetable.ts'
import { parseArea } from '#feeds/area.ts'
import { CsvReader } from '#feeds/gtfs/csv.ts'
import { loadGtfs } from '#feeds/gtfs/load.ts'
import type { FeedReport } from '#feeds/gtfs/report.ts'
import { openSource } from '#feeds/gtfs/source.ts'
import { dataFile } from '../../helpers/data.ts'

const loadFile = async (path: string): Promise<{ tt: Timetable; report: FeedReport }> => {
  const { timetable, reports } = await loadGtfs([{ tag: 'x', source: await openSource(path) }])
  return { tt: timetable, report: reports[0]! }
}

/** What holds for every timetable, however dirty the feed was. */
function assertTimetable(tt: Timetable): void {
  const { counts } = tt
  for (let p = 0; p < counts.patterns; p++) {
    const length = tt.slotBegin[p + 1]! - tt.slotBegin[p]!
    expect(length).toBeGreaterThanOrEqual(2)
    for (let t = tt.tripBegin[p]!; t < tt.tripBegin[p + 1]!; t++) {
      if (tt.tripPattern[t as never] !== p) throw new Error(`trip ${t} is not of pattern ${p}`)
      if (t > tt.tripBegin[p]! && tt.tripStart[t]! < tt.tripStart[t - 1]!) throw new Error(`trip ${t} is not in order`)
      const at = tt.tripProfile[t]!
      if (tt.profileTimes[at + 1] !== 0) throw new Error(`trip ${t} does not depart at its start`)
      for (let i = 1; i < 2 * length; i++)
        if (tt.profileTimes[at + i]! < tt.profileTimes[at + i - 1]!) throw new Error(`trip ${t} runs back in time`)
    }
  }
  expect(tt.tripBegin[counts.patterns]).toBe(counts.trips)
  for (const word of tt.slots) if (slotStop(word) >= counts.stops) throw new Error(`no stop ${slotStop(word)}`)
  expect(tt.serviceDays.length).toBe(counts.services * dayWords(counts.days))
  for (let g = 0; g < counts.geometries; g++) {
    const end = g + 1 < counts.geometries ? tt.geometryBegin[g + 1]! : counts.geometrySlots
    for (let i = tt.geometryBegin[g]! + 1; i < end; i++)
      if (tt.geometryPoints[i]! < tt.geometryPoints[i - 1]!) throw new Error(`geometry ${g} runs back`)
  }
}

// lines of stop_times.txt and trips.txt (counted with grep), and what cannot be used of them
describe.each<[string, number, number, Record<string, number>]>([
  ['heidelberg/vrn_gtfs_cut.zip', 46_269, 1480, {}],
  ['rnv/rnv.zip', 424_266, 20_636, {}],
  ['tokyo/tokyo_rail_mt3d.gtfs.zip', 1_208_522, 92_923, {}],
  ['vilnius/gtfs.zip', 445_217, 23_398, {}],
  ['wmata/wmata.zip', 352_668, 16_514, {}],
  ['newport/newport-20230613_gtfs.zip', 7_765, 176, {}],
  ['newport/newport-20230613_gtfs-FULL.zip', 43_199, 1343, {}],
  ['oaxaca/gtfs.zip', 16_546, 154, {}],
  ['kingston/gtfs.zip', 176_768, 7113, {}],
  ['dortmund/db-longdistance-2026.zip', 55_645, 5379, {}],
  ['gtfs-rt/onebusaway/nyct_added_trips/MTASBWY/cut.zip', 229_324, 8258, {}],
  ['gtfs-rt/onebusaway/nyct_multi_trips/MTASBWY/cut.zip', 143_616, 5164, { trip_too_short: 2 }],
  ['gtfs-rt/onebusaway/st_duplicated_trips/40/st.zip', 13_314, 734, {}],
  ['gtfs-rt/transitland-lib/bart-rt.zip', 32_185, 2641, {}],
  ['gtfs-rt/transitland-lib/hart.zip', 438_421, 13_217, {}],
  ['gtfs-rt/transitland-lib/ct.zip', 3498, 176, {}],
  ['gtfs-rt/validator/testagency.zip', 80, 33, { decreasing_time: 1 }],
  ['gtfs-rt/validator/testagency2.zip', 80, 33, { decreasing_time: 1 }],
  ['gtfs-rt/validator/bullrunner-gtfs.zip', 473, 15, {}],
  ['gtfs-rt/validator/bullrunner-gtfs-no-shapes.zip', 473, 15, {}],
  ['gtfs-rt/validator/bullrunner-gtfs-timepoints-only-legacy-exact-times-1.zip', 473, 15, {}],
])('%s', (file, stopTimes, trips, dropped) => {
  const path = dataFile(file)
  test.skipIf(!path)('loads', async () => {
    const { tt, report } = await loadFile(path!)
    assertTimetable(tt)
    expect(report.files.find(f => f.file === 'stop_times.txt')!.rows).toBe(stopTimes)
    expect(report.files.find(f => f.file === 'trips.txt')!.rows).toBe(trips)
    expect(report.droppedTrips).toEqual(dropped)
    expect(tt.counts.trips).toBe(trips - Object.values(dropped).reduce((a, b) => a + b, 0))
  })
})

const heidelberg = dataFile('heidelberg/vrn_gtfs_cut.zip')
test.skipIf(!heidelberg)('every cell of every file is what csv-parse reads', async () => {
  const source = await openSource(heidelberg!)
  for (const file of source.files.keys()) {
    const text = Buffer.concat(await Array.fromAsync(source.read(file))).toString()
    const expected = parse(text, { bom: true, skip_empty_lines: true, trim: true }) as string[][]
    const rows: string[][] = []
    const reader = new CsvReader(file, expected[0]!, {
      onHeader: names => expect(names).toEqual(expected[0]),
      onRow: row => rows.push(expected[0]!.map((_, i) => row.text(i))),
      onTrouble: trouble => expect.unreachable(`${file}: ${trouble}`),
    })
    for await (const chunk of source.read(file)) reader.push(chunk)
    reader.finish()
    expect(rows.length).toBe(expected.length - 1)
    const different = rows.findIndex((row, i) => row.some((cell, column) => cell !== expected[i + 1]![column]))
    expect([file, different]).toEqual([file, -1])
  }
  await source.close()
})

const caltrain = dataFile('gtfs-rt/transitland-lib/ct.zip')
test.skipIf(!caltrain)('every trip and stop time is what node-gtfs reads', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'freifahrt-gtfs-'))
  const sqlitePath = join(folder, 'ct.sqlite')
  try {
    const db = openDb({ sqlitePath })
    await importGtfs({ agencies: [{ path: caltrain! }], db, logLevel: 'silent', ignoreErrors: true })
    closeDb(db)
    const sqlite = new DatabaseSync(sqlitePath)
    const { tt } = await loadFile(caltrain!)
    for (const [table, count] of [
      ['stops', tt.counts.stops],
      ['routes', tt.counts.routes],
      ['trips', tt.counts.trips],
      ['shapes', tt.counts.shapePoints],
      ['transfers', tt.counts.transfers],
    ] as const)
      expect([table, sqlite.prepare(`select count(*) as n from ${table}`).get()!.n]).toEqual([table, count])

    const theirs = sqlite
      .prepare(
        'select t.trip_id, t.route_id, s.stop_id, s.stop_sequence, s.arrival_time, s.departure_time from stop_times s join trips t using (trip_id)',
      )
      .all()
      .map(row => Object.values(row).join(' '))
    const ours: string[] = []
    for (let t = 0; t < tt.counts.trips; t++) {
      const p = tt.tripPattern[t as never]
      const [id, route] = [textOf(tt, tt.tripId[t]!), textOf(tt, tt.routeId[tt.patternRoute[p]]!)]
      for (let i = 0; tt.slotBegin[p]! + i < tt.slotBegin[p + 1]!; i++) {
        const stop = textOf(tt, tt.stopId[slotStop(tt.slots[tt.slotBegin[p]! + i]!)]!)
        const times = [0, 1].map(k => formatTime(tt.tripStart[t]! + tt.profileTimes[tt.tripProfile[t]! + 2 * i + k]!))
        ours.push([id, route, stop, tt.sequences[tt.tripSequences[t]! + i], ...times].join(' '))
      }
    }
    expect(ours.sort()).toEqual(theirs.sort())
    sqlite.close()
  } finally {
    rmSync(folder, { recursive: true })
  }
})

const longDistance = dataFile('dortmund/db-longdistance-2026.zip')
test.skipIf(!longDistance)(
  'Germany’s long-distance trains, cut to Dortmund: those that call at Dortmund Hbf, whole',
  async () => {
    const dortmund = { area: parseArea('7.30,51.41,7.64,51.60') }
    const { timetable: tt, reports } = await loadGtfs(
      [{ tag: 'de', source: await openSource(longDistance!) }],
      dortmund,
    )
    const { tt: all } = await loadFile(longDistance!)
    const callsInside = (t: Timetable, trip: number): boolean => {
      const p = t.tripPattern[trip as never]
      const words = t.slots.slice(t.slotBegin[p], t.slotBegin[p + 1])
      return words.some(word => textOf(t, t.stopName[slotStop(word)]!) === 'Dortmund Hbf')
    }
    const wanted = Array.from({ length: all.counts.trips }, (_, t) => t).filter(t => callsInside(all, t))
    const ids = (t: Timetable, trips: readonly number[]): string[] =>
      trips.map(trip => textOf(t, t.tripId[trip]!)).sort()
    expect(
      ids(
        tt,
        Array.from({ length: tt.counts.trips }, (_, t) => t),
      ),
    ).toEqual(ids(all, wanted))
    expect(tt.counts.stringBytes).toBeLessThan(all.counts.stringBytes / 2)
    expect(reports[0]!.notices).toEqual([])
    assertTimetable(tt)
  },
)

const bad = dataFile('gtfs-rt/validator/badgtfs.zip')
test.skipIf(!bad)('a zip without a feed is refused with what is missing', async () => {
  await expect(loadFile(bad!)).rejects.toMatchObject({ code: 'FEED_MISSING_FILE', where: 'badgtfs.zip/agency.txt' })
})
