// Files of queries and answers that engines exchange to be compared:
//
//   queries   from_stop_id,to_stop_id,departure
//   answers   from_stop_id,to_stop_id,departure,arrival,transfers,n_journeys,journeys(dep|arr|transfers;),ms_median

import { readFileSync } from 'node:fs'
import { FreifahrtError } from '#engine/core/errors.ts'
import type { UnixSeconds } from '#engine/core/time.ts'
import type { Journey } from '#engine/transit/journey.ts'

export interface BenchQuery {
  /** The first three columns as they stand, for the answer's row. */
  readonly text: string
  readonly from: string
  readonly to: string
  readonly time: UnixSeconds
}

const QUERY_HEADER = 'from_stop_id,to_stop_id,departure'
export const ANSWER_HEADER = `${QUERY_HEADER},arrival,transfers,n_journeys,journeys(dep|arr|transfers;),ms_median`

/** Throws BAD_REQUEST naming the line. */
export function readQueries(path: string): BenchQuery[] {
  const [header, ...lines] = readFileSync(path, 'utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
  if (header !== QUERY_HEADER) throw new FreifahrtError('BAD_REQUEST', path, `the first line must be ${QUERY_HEADER}`)
  return lines.flatMap((line, i) => {
    if (line === '') return []
    const cells = [...line.matchAll(/(?:^|,)("(?:[^"]|"")*"|[^,]*)/g)].map(m => m[1]!)
    const [from, to, departure] = cells.map(unquoted)
    const ms = Date.parse(departure ?? '')
    if (cells.length < 3 || Number.isNaN(ms))
      throw new FreifahrtError('BAD_REQUEST', `${path}:${i + 2}`, `'${line}' is no query`)
    return [{ text: cells.slice(0, 3).join(','), from: from!, to: to!, time: (ms / 1000) as UnixSeconds }]
  })
}

const unquoted = (cell: string): string => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell)

const iso = (t: number): string => new Date(t * 1000).toISOString().replace('.000Z', 'Z')

/** One row; the arrival and transfers are those of the journey that is there first. */
export function answerRow(query: BenchQuery, journeys: readonly Journey[], msMedian: number): string {
  const sorted = [...journeys].sort(
    (a, b) => a.departure - b.departure || a.arrival - b.arrival || a.transfers - b.transfers,
  )
  const first = journeys.reduce<Journey | undefined>(
    (best, j) => (best && best.arrival <= j.arrival ? best : j),
    undefined,
  )
  const list = sorted.map(j => `${iso(j.departure)}|${iso(j.arrival)}|${j.transfers};`).join('')
  const earliest = first === undefined ? ',' : `${iso(first.arrival)},${first.transfers}`
  return `${query.text},${earliest},${journeys.length},${list},${msMedian.toFixed(4)}`
}
