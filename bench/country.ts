// npm run bench -- --country 25    a synthetic country of up to so many million stop times (bench/country/), a tenth and a hundredth of it,
//                                   and real feeds beside it: import, memory, day compile, queries, and how each grows. Writes the
//                                   table into docs/benchmarks.md and the plot into docs/img/growth.svg.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FreifahrtError } from '#engine/core/errors.ts'
import { sha256Of } from '#feeds/download.ts'
import { dataFile } from '../test/helpers/data.ts'
import { writeCountry } from './country/feed.ts'
import { type Figures, measureFeed } from './country/measure.ts'
import { growthPlot } from './country/plot.ts'
import { digits, machine } from './harness.ts'

const SIZES = [0.25, 2.5, 25]
const QUERIES = 100
const DOCS = new URL('../docs/', import.meta.url)
const MARKS = ['<!-- country: begin -->', '<!-- country: end -->'] as const

/** @param millions largest size: 0.25, 2.5 or 25 */
export async function measureCountry(millions: number): Promise<void> {
  if (!SIZES.includes(millions)) throw new FreifahrtError('BAD_REQUEST', '--country', `one of ${SIZES.join(', ')}`)
  const dir = mkdtempSync(join(tmpdir(), 'freifahrt-country-'))
  const real: Figures[] = []
  const countries: Figures[] = []
  try {
    for (const [name, file] of [
      ['rnv', dataFile('rnv/rnv.zip')],
      ['Vilnius', dataFile('vilnius/gtfs.zip')],
    ] as const)
      if (file) real.push(told(measureFeed(name, file, await sha256Of(file), dir, QUERIES)))
    for (const size of SIZES.filter(s => s <= millions)) {
      const feed = join(dir, `${size}.zip`)
      const { city } = writeCountry(feed, size)
      const figures = measureFeed(`country ${size} M`, feed, await sha256Of(feed), dir, QUERIES, city)
      countries.push(told(figures))
    }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
  const text = [
    MARKS[0],
    `\`npm run bench -- --country ${millions}\` on ${machine()}`,
    '',
    ...table([...real, ...countries]),
    MARKS[1],
  ].join('\n')
  console.log(text)
  // only the whole of it is worth keeping
  if (millions !== SIZES.at(-1)) return
  writeFileSync(new URL('img/growth.svg', DOCS), growthPlot(countries))
  const file = new URL('benchmarks.md', DOCS)
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '# Benchmarks\n'
  const [begin, end] = MARKS.map(mark => before.indexOf(mark)) as [number, number]
  writeFileSync(
    file,
    begin < 0 ? `${before}\n${text}\n` : before.slice(0, begin) + text + before.slice(end + MARKS[1].length),
  )
}

function told(figures: Figures): Figures {
  console.log(table([figures]).join('\n'))
  return figures
}

const MB = 1e6

const LINES: readonly (readonly [string, (f: Figures) => string])[] = [
  ['stop times', f => digits(f.stopTimes)],
  ['trips', f => digits(f.trips)],
  ['stops', f => digits(f.stops)],
  ['events compiled for the busiest day', f => digits(f.dayEvents)],
  ['import, s of CPU', f => digits(f.importCpu)],
  ['import, most memory, MB', f => digits(f.importRss / MB)],
  ['import cut to one city, most memory, MB', f => (f.cutRss === undefined ? '' : digits(f.cutRss / MB))],
  ['network on disk, MB', f => digits(f.disk / MB)],
  ['open', f => digits(f.open)],
  ['look-up of ids and places', f => digits(f.lookup)],
  ['first search for a name', f => digits(f.names)],
  ['one service day compiled', f => digits(f.day)],
  ['ride times for lower bounds', f => digits(f.hops)],
  ['first query, its days compiled', f => digits(f.first)],
  ['within 50 km, earliest arrival: median / p99', f => `${digits(f.near.earliest)} / ${digits(f.near.earliest99)}`],
  ['within 50 km, 2-hour range: median / p99', f => `${digits(f.near.range)} / ${digits(f.near.range99)}`],
  ['anywhere, earliest arrival: median / p99', f => `${digits(f.far.earliest)} / ${digits(f.far.earliest99)}`],
  ['anywhere, 2-hour range: median / p99', f => `${digits(f.far.range)} / ${digits(f.far.range99)}`],
  ['feed, SHA-256', f => `\`${f.sha256.slice(0, 12)}\``],
]

/** Times without a unit are milliseconds of CPU. */
function table(columns: readonly Figures[]): string[] {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [
    row(['ms of CPU where nothing else is said', ...columns.map(f => f.name)]),
    row(['---', ...columns.map(() => '---:')]),
    ...LINES.map(([name, text]) => row([name, ...columns.map(text)])),
  ]
}
