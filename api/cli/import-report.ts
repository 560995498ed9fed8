// An import's report as text. The counts come from the loaders as they are; whatever reason they name is shown.

import type { ImportReport } from '#workers/import.ts'
import { bytes, grouped, table } from './output.ts'

type Feed = ImportReport['manifest']['feeds'][number]

export function reportText({ out, manifest, changed, seconds, cpuSeconds, peakRssBytes }: ImportReport): string {
  const { feeds, map, serviceDays, counts } = manifest
  const parts = [
    ...feeds.map(feedText),
    ...(map ? [`map  ${map.from}\n${countsText({ ...map.report, ...map.layers })}`] : []),
    `${out}: ${grouped(counts.stops ?? 0)} stops, ${grouped(counts.trips ?? 0)} trips, ${serviceDays.join('–')}${changed ? '' : ' (unchanged)'}`,
    `${seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} s of CPU, at most ${bytes(peakRssBytes)} of memory`,
  ]
  return parts.join('\n')
}

function feedText({ tag, from, report }: Feed): string {
  const { files, notices, droppedTrips } = report
  const rows = files.map(f => {
    const outside = f.outsideArea > 0 ? `, ${grouped(f.outsideArea)} of them outside the area` : ''
    return [f.file, f.rows, 'rows', f.rows - f.kept, `left out${outside}`]
  })
  const trouble = notices.map(({ severity, code, count, example }) => {
    const { file, line, detail } = example
    return [severity, code, count, `first at ${file}:${line}: ${detail}`]
  })
  const dropped = Object.entries(droppedTrips).map(([reason, n]) => ['error', `trips dropped: ${reason}`, n, ''])
  return [`feed ${tag}  ${from}`, table(rows), table([...trouble, ...dropped])].filter(text => text !== '').join('\n')
}

/** Every number of a report that is not zero, by its name; lists (one number for each way of moving) in one line. */
function countsText(report: object): string {
  const rows: [string, string][] = []
  const collect = (value: unknown, name: string): void => {
    const numbers = [value].flat()
    if (numbers.every(n => typeof n === 'number')) {
      if (numbers.some(n => n !== 0)) rows.push([name, numbers.map(n => grouped(Math.round(n))).join(' ')])
    } else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) collect(inner, name === '' ? key : `${name} ${key}`)
  }
  collect(report, '')
  return table(rows)
}
