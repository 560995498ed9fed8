// shapes.txt: points in any order → lines, only those that trips use.

import { GrowColumn } from '#engine/core/columns.ts'
import type { FeedIdx, ShapeIdx, StringIdx } from '#engine/core/ids.ts'
import type { TimetableBuilder } from '#engine/timetable/builder.ts'
import { groupRows } from './group.ts'
import { type FeedInput, readTable, SHAPES } from './tables.ts'

/** @param used texts of the shape_ids to read */
export async function addShapes(
  feed: FeedInput,
  builder: TimetableBuilder,
  feedIdx: FeedIdx,
  used: ReadonlySet<StringIdx>,
): Promise<Map<StringIdx, ShapeIdx>> {
  const { at } = SHAPES
  const count = feed.report.file(SHAPES.file)
  const numberOf = new Map(Array.from(used, (text, number) => [text, number]))
  const shape = new GrowColumn(Uint32Array)
  const sequence = new GrowColumn(Uint32Array)
  const lat = new GrowColumn(Int32Array)
  const lon = new GrowColumn(Int32Array)
  await readTable(feed, SHAPES, row => {
    const text = builder.strings.findBytes(row.bytes, row.begin[at.shape_id]!, row.end[at.shape_id]!)
    const number = text === undefined ? undefined : numberOf.get(text)
    if (number === undefined) {
      if (feed.cut) count.outsideArea++
      return
    }
    const [y, x, order] = [row.e7(at.shape_pt_lat), row.e7(at.shape_pt_lon), row.int(at.shape_pt_sequence)]
    if (!(Math.abs(y) <= 90e7 && Math.abs(x) <= 180e7) || order < 0)
      return feed.report.note(
        'bad_coordinates',
        SHAPES.file,
        row.line,
        () => `shape ${row.text(at.shape_id)}, point ${row.text(at.shape_pt_sequence)}`,
      )
    shape.push(number)
    sequence.push(order)
    lat.push(y)
    lon.push(x)
    count.kept++
  })
  const points = groupRows(shape.view(), used.size, sequence.view())
  const shapes = new Map<StringIdx, ShapeIdx>()
  for (const [text, number] of numberOf) {
    const [begin, end] = [points.begin[number]!, points.begin[number + 1]!]
    if (end - begin < 2) continue
    const rows = points.order.subarray(begin, end)
    shapes.set(
      text,
      builder.addShape(
        feedIdx,
        text,
        rows.map(row => lat.data[row]!),
        rows.map(row => lon.data[row]!),
      ),
    )
  }
  return shapes
}
