// A feed whose pathways cannot be as long in metres as it says (S42).

import { expect, test } from 'vitest'
import { pathwayMetres, pathwaySeconds } from '#engine/station/walk.ts'
import { loadGtfs } from '#feeds/gtfs/load.ts'
import { openSource } from '#feeds/gtfs/source.ts'
import { dataFile } from '../../helpers/data.ts'
import { random } from '../../helpers/random.ts'
import { loadStation, stationFiles } from '../../station/station.ts'

interface Way {
  /** Metres between its ends, over the ground. */
  readonly straight: number
  readonly length: number
  readonly seconds?: number
  readonly mode?: number
}

/** A station with these ways, each from a node of its own to another. */
const stationOf = (ways: readonly Way[]) => {
  const degrees = (metres: number) => (metres / 111_195).toFixed(7)
  const stops = ways.flatMap(({ straight }, i) => [
    `a${i},,51.5,7.4,3,S,hall`,
    `b${i},,${(51.5 + Number(degrees(straight))).toFixed(7)},7.4,3,S,hall`,
  ])
  const rows = ways.map(
    ({ length, seconds = '', mode = 1 }, i) => `w${i},a${i},b${i},${mode},1,${seconds},${length.toFixed(2)}`,
  )
  return loadStation({
    'stops.txt': `${stationFiles['stops.txt']}${stops.join('\n')}\n`,
    'pathways.txt': `pathway_id,from_stop_id,to_stop_id,pathway_mode,is_bidirectional,traversal_time,length\n${rows.join('\n')}\n`,
  })
}
const told = ({ report }: Awaited<ReturnType<typeof loadStation>>) =>
  report.notices
    .filter(({ code }) => code === 'implausible_pathway_lengths')
    .map(({ severity, count, example }) => [severity, count, example.file, example.detail])

/** As a station is: corridors that wind, times at a walking pace, stairs, an elevator that says its height. */
const real = (seed: number, many = 60): Way[] => {
  const r = random(seed)
  return Array.from({ length: many }, (_, i) => {
    const straight = r.between(6, 120)
    const length = straight * (1 + r.between(0, 90) / 100)
    return { straight, length, seconds: Math.max(1, Math.round(length / (r.between(9, 15) / 10))), mode: 1 + (i % 4) }
  })
}

test.each([1, 2, 3, 4, 5])('metres are what they are, however the corridors wind (%i)', async seed => {
  const ways = real(seed)
  const loaded = await stationOf(ways)
  expect(told(loaded)).toEqual([])
  expect(ways.map((_, p) => pathwayMetres(loaded.tt, p))).toEqual(ways.map(({ length }) => expect.closeTo(length, 1)))
})

test.each([1, 2, 3])('feet are taken as feet, and that is told once (%i)', async seed => {
  const ways = real(seed)
  const loaded = await stationOf(ways.map(way => ({ ...way, length: way.length / 0.3048 })))
  expect(told(loaded)).toEqual([
    [
      'warning',
      1,
      'pathways.txt',
      expect.stringMatching(
        /^length is in metres; as metres, 60 lengths are in the middle 4\.\d times the straight line: taken as feet/,
      ),
    ],
  ])
  ways.forEach(({ length, seconds }, p) => {
    expect(pathwayMetres(loaded.tt, p)).toBeCloseTo(length, 1)
    const walk = { speed: 1.2, stairs: true, escalators: true, elevators: true, maxSlope: 9e9, minWidthMm: 0 }
    expect(pathwaySeconds(loaded.tt, p, walk)).toBe(seconds)
  })
})

test.each<[string, (way: Way) => Way]>([
  ['centimetres', way => ({ ...way, length: way.length * 100 })],
  ['kilometres', way => ({ ...way, length: way.length / 1000 })],
  ['no unit at all: one length for all', way => ({ ...way, length: 500 })],
  [
    'three times too long here, right there',
    way => ({ ...way, length: way.length * (way.straight % 3 === 0 ? 1 : 4) }),
  ],
])('%s: they are left out, and the straight line counts', async (_, change) => {
  const ways = real(7)
  const loaded = await stationOf(ways.map(change))
  expect(told(loaded)).toEqual([
    ['warning', 1, 'pathways.txt', expect.stringContaining('left out, straight lines count instead')],
  ])
  expect(ways.map((_, p) => pathwayMetres(loaded.tt, p))).toEqual(
    ways.map(({ straight }) => expect.closeTo(straight, 0)),
  )
})

test('a few pathways say nothing of a feed', async () => {
  const ways = real(3, 19).map(way => ({ ...way, length: way.length * 3.28 }))
  expect(told(await stationOf(ways))).toEqual([])
})

const wmata = dataFile('wmata/wmata.zip')
test.skipIf(!wmata)('Metrorail, whose lengths are in feet', { timeout: 60_000 }, async () => {
  const { timetable, reports } = await loadGtfs([{ tag: 'wmata', source: await openSource(wmata!) }])
  expect(told({ report: reports[0]! } as Awaited<ReturnType<typeof loadStation>>)).toEqual([
    [
      'warning',
      1,
      'pathways.txt',
      'length is in metres; as metres, 2963 lengths are in the middle 3.5 times the straight line, 4.6 m/s on walkways: taken as feet. The publisher should convert them',
    ],
  ])
  const paces = Array.from(timetable.pathwaySeconds, (seconds, p) => pathwayMetres(timetable, p) / seconds)
  const walkways = paces.filter((pace, p) => timetable.pathwayMode[p] === 1 && Number.isFinite(pace)).sort()
  expect(walkways[walkways.length >> 1]).toBeCloseTo(1.4, 1)
})
