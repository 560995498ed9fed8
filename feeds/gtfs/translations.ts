// translations.txt (S45): what the feed calls its stops, routes, agencies and headsigns in other languages. A row speaks of one record or of
// every record of its feed with that text.

import { type AgencyIdx, type FeedIdx, NONE, type StringIdx } from '#engine/core/ids.ts'
import type { TimetableBuilder } from '#engine/timetable/builder.ts'
import { TRANSLATED, type TranslatedField } from '#engine/timetable/translations.ts'
import { type FeedRows, routeOf, stopOf, tripOf } from './links.ts'
import type { Row } from './row.ts'
import { type FeedInput, readTable, TRANSLATIONS } from './tables.ts'

interface TranslatedRows extends FeedRows {
  readonly agencies: ReadonlyMap<string, AgencyIdx>
}

const known = new Set<string>(TRANSLATED)

/** @param lang the feed's own language: rows in it say what is there already */
export async function addTranslations(
  feed: FeedInput,
  builder: TimetableBuilder,
  feedIdx: FeedIdx,
  rows: TranslatedRows,
  lang: string,
): Promise<void> {
  const { at } = TRANSLATIONS
  const count = feed.report.file(TRANSLATIONS.file)
  const own = lang.toLowerCase()
  await readTable(feed, TRANSLATIONS, row => {
    const field = `${row.text(at.table_name)}.${row.text(at.field_name)}`
    const language = row.text(at.language).toLowerCase()
    if (!known.has(field) || language === '' || language === own || row.isEmpty(at.translation)) return
    const byRecord = !row.isEmpty(at.record_id)
    const key = byRecord
      ? recordOf(builder, rows, row, field as TranslatedField)
      : builder.strings.findBytes(row.bytes, row.begin[at.field_value]!, row.end[at.field_value]!)
    if (key === undefined || key === NONE || (!byRecord && key === 0)) {
      if (feed.cut || key === NONE) count.outsideArea++
      else
        feed.report.note(
          'unused_translation',
          TRANSLATIONS.file,
          row.line,
          () => `${field} '${row.text(byRecord ? at.record_id : at.field_value)}'`,
        )
      return
    }
    builder.addTranslation({
      feed: feedIdx,
      field: field as TranslatedField,
      byRecord,
      key,
      sub: byRecord && field === 'stop_times.stop_headsign' ? Math.max(0, row.int(at.record_sub_id)) : 0,
      language: builder.text(language),
      text: textAt(builder, row, at.translation),
    })
    count.kept++
  })
}

const textAt = (builder: TimetableBuilder, row: Row, column: number): StringIdx =>
  builder.strings.internBytes(row.bytes, row.begin[column]!, row.end[column]!)

/** As the references in links.ts: a row, NONE or undefined. */
function recordOf(
  builder: TimetableBuilder,
  rows: TranslatedRows,
  row: Row,
  field: TranslatedField,
): number | undefined {
  const column = TRANSLATIONS.at.record_id
  if (field === 'agency.agency_name') return rows.agencies.get(row.text(column))
  if (field.startsWith('stops.')) return stopOf(rows, row, column)
  return field.startsWith('routes.') ? routeOf(builder, rows, row, column) : tripOf(rows, row, column)
}
