// Ways inside stations: levels.txt and pathways.txt (S42, S44). What cannot be walked is dropped and counted; what the ways mean is in
// engine/station.

import type { StopIdx } from '#engine/core/ids.ts'
import type { TimetableBuilder } from '#engine/timetable/builder.ts'
import { UNKNOWN_SLOPE } from '#engine/timetable/timetable.ts'
import { ABSENT, type FeedRows, stopOf } from './links.ts'
import { checkPathwayLengths } from './pathway-lengths.ts'
import type { Row } from './row.ts'
import { type FeedInput, LEVELS, PATHWAYS, readTable } from './tables.ts'

/** level_id → as in the timetable's column stopLevel. */
export async function readLevels(feed: FeedInput): Promise<Map<string, number>> {
  const { at } = LEVELS
  const levels = new Map<string, number>()
  const count = feed.report.file(LEVELS.file)
  await readTable(feed, LEVELS, row => {
    const floor = number(row, at.level_index)
    if (floor === undefined || Math.abs(floor) > 1000)
      return feed.report.note('bad_value', LEVELS.file, row.line, () => `level_index '${row.text(at.level_index)}'`)
    levels.set(row.text(at.level_id), (Math.round(floor * 2) << 1) | 1)
    count.kept++
  })
  return levels
}

const [STAIRS, FARE_GATE, EXIT_GATE] = [2, 6, 7]
/** Lengths beyond it are slips of the unit. Metres. */
const LONGEST = 20_000
/** Likewise of slopes (1 is 45°) and of steps. */
const [STEEPEST, MOST_STAIRS] = [10, 10_000]

/** pathways.txt and the floors that levels.txt gives its stops (S42). */
export async function addPathways(feed: FeedInput, builder: TimetableBuilder, rows: FeedRows): Promise<void> {
  const { at } = PATHWAYS
  const count = feed.report.file(PATHWAYS.file)
  const first = builder.pathways.pathwayMode.length
  const text = (row: Row, column: number) =>
    builder.strings.internBytes(row.bytes, row.begin[column]!, row.end[column]!)
  await readTable(feed, PATHWAYS, row => {
    const [from, to] = [stopOf(rows, row, at.from_stop_id), stopOf(rows, row, at.to_stop_id)]
    const mode = row.choice(at.pathway_mode, EXIT_GATE, 0)
    if (from === undefined || to === undefined || from === ABSENT || to === ABSENT || from === to || mode === 0) {
      if (feed.cut && (from === undefined || to === undefined)) count.outsideArea++
      else
        feed.report.note(
          'bad_pathway',
          PATHWAYS.file,
          row.line,
          () =>
            `from '${row.text(at.from_stop_id)}' to '${row.text(at.to_stop_id)}', mode '${row.text(at.pathway_mode)}'`,
        )
      return
    }
    // NONE: a stop outside the imported area
    if (Math.max(from, to) >= builder.stops.stopId.length) {
      count.outsideArea++
      return
    }
    const metres = number(row, at.length)
    const width = number(row, at.min_width)
    const slope = number(row, at.max_slope)
    const stairs = mode === STAIRS ? Math.round(number(row, at.stair_count) ?? 0) : 0
    builder.addPathway({
      from: from as StopIdx,
      to: to as StopIdx,
      id: text(row, at.pathway_id),
      sign: text(row, at.signposted_as),
      backSign: text(row, at.reversed_signposted_as),
      mode,
      // an exit gate is one-way whatever the row says; a fare gate that says nothing as well
      twoWay: mode !== EXIT_GATE && row.choice(at.is_bidirectional, 1, mode === FARE_GATE ? 0 : 1) === 1,
      seconds: Math.max(-1, row.int(at.traversal_time)),
      millimetres: metres !== undefined && metres >= 0 && metres <= LONGEST ? Math.round(metres * 1000) : -1,
      widthMm: width !== undefined && width > 0 && width <= LONGEST ? Math.round(width * 1000) : -1,
      stairs: Math.abs(stairs) <= MOST_STAIRS ? stairs : 0,
      slope: slope !== undefined && Math.abs(slope) <= STEEPEST ? Math.round(slope * 1000) : UNKNOWN_SLOPE,
    })
    count.kept++
  })
  checkPathwayLengths(builder, first, feed.report)
}

/** Of a decimal cell; undefined when it is empty or none. */
function number(row: Row, column: number): number | undefined {
  if (row.isEmpty(column)) return undefined
  const value = Number(row.text(column))
  return Number.isFinite(value) ? value : undefined
}
