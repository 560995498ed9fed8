// calendar.txt and calendar_dates.txt → the days on which each service runs (S12), within a window of days (S51): a feed's own first to
// last day, however old, unless its calendars pretend to know more than two years.

import { GrowColumn } from '#engine/core/columns.ts'
import { FreifahrtError } from '#engine/core/errors.ts'
import type { FeedIdx, ServiceIdx, StringIdx } from '#engine/core/ids.ts'
import { formatDate, parseDate, type ServiceDay } from '#engine/core/time.ts'
import type { DayRange, TimetableBuilder } from '#engine/timetable/builder.ts'
import { groupRows } from './group.ts'
import type { Row } from './row.ts'
import { CALENDAR, CALENDAR_DATES, type FeedInput, hasTable, readTable } from './tables.ts'

/** Service days a timetable covers at most. */
const MOST_DAYS = 800
/** Days kept before `now` when the window has to be cut. */
const DAYS_BACK = 7

interface Week {
  readonly service: number
  /** Bit 0 = Monday … bit 6 = Sunday. */
  readonly weekdays: number
  readonly first: number
  readonly last: number
}

interface Calendars {
  /** Text of service_id → its number. */
  readonly numberOf: Map<StringIdx, number>
  readonly weeks: Week[]
  // exceptions, in the order of the file
  readonly service: GrowColumn<Uint32Array>
  readonly day: GrowColumn<Int32Array>
  readonly added: GrowColumn<Uint8Array>
}

/**
 * @param used texts of the service_ids to keep; all when absent
 * @param today for a calendar that has to be cut: the days around it are kept
 * Throws FEED_MISSING_FILE when a feed has neither file.
 */
export async function addServices(
  feed: FeedInput,
  builder: TimetableBuilder,
  feedIdx: FeedIdx,
  used: ReadonlySet<StringIdx> | undefined,
  today: ServiceDay | undefined,
): Promise<{ services: Map<StringIdx, ServiceIdx>; window: DayRange | undefined }> {
  if (!hasTable(feed, CALENDAR) && !hasTable(feed, CALENDAR_DATES))
    throw new FreifahrtError('FEED_MISSING_FILE', feed.source.name, 'neither calendar.txt nor calendar_dates.txt')
  const calendars = await readCalendars(feed, builder, used)
  const whole = rangeOf(calendars)
  const window = whole && clipRange(whole, today)
  if (whole && window && window.days < whole.days)
    feed.report.note(
      'calendar_clipped',
      CALENDAR.file,
      0,
      () => `${formatDate(whole.first)} and ${whole.days} days: ${window.days} are kept`,
    )
  const services = new Map<StringIdx, ServiceIdx>()
  for (const text of calendars.numberOf.keys()) services.set(text, builder.addService(feedIdx, text))
  if (window) addDays(feed, builder, calendars, [...services.values()], window)
  return { services, window }
}

async function readCalendars(
  feed: FeedInput,
  builder: TimetableBuilder,
  used: ReadonlySet<StringIdx> | undefined,
): Promise<Calendars> {
  const { report } = feed
  const calendars: Calendars = {
    numberOf: new Map(),
    weeks: [],
    service: new GrowColumn(Uint32Array),
    day: new GrowColumn(Int32Array),
    added: new GrowColumn(Uint8Array),
  }
  const numberOf = (text: StringIdx): number => {
    const known = calendars.numberOf.get(text)
    if (known !== undefined) return known
    calendars.numberOf.set(text, calendars.numberOf.size)
    return calendars.numberOf.size - 1
  }
  /** Text of the service_id, undefined when nobody uses it. */
  const serviceText = (row: Row, column: number): StringIdx | undefined => {
    const [bytes, begin, end] = [row.bytes, row.begin[column]!, row.end[column]!]
    if (!used) return builder.strings.internBytes(bytes, begin, end)
    const text = builder.strings.findBytes(bytes, begin, end)
    return text !== undefined && used.has(text) ? text : undefined
  }
  await readTable(feed, CALENDAR, row => {
    const { at } = CALENDAR
    const text = serviceText(row, at.service_id)
    if (text === undefined) return void report.file(CALENDAR.file).outsideArea++
    const [first, last] = [parseDate(row.text(at.start_date)), parseDate(row.text(at.end_date))]
    if (first === undefined || last === undefined || last < first)
      return report.note(
        'bad_date',
        CALENDAR.file,
        row.line,
        () => `from '${row.text(at.start_date)}' to '${row.text(at.end_date)}'`,
      )
    let weekdays = 0
    for (let d = 0; d < 7; d++) if (row.int(at.monday + d) === 1) weekdays |= 1 << d
    calendars.weeks.push({ service: numberOf(text), weekdays, first, last })
    report.file(CALENDAR.file).kept++
  })
  const dates = new Map<string, ServiceDay | undefined>()
  await readTable(feed, CALENDAR_DATES, row => {
    const { at } = CALENDAR_DATES
    const text = serviceText(row, at.service_id)
    if (text === undefined) return void report.file(CALENDAR_DATES.file).outsideArea++
    const date = row.text(at.date)
    if (!dates.has(date)) dates.set(date, parseDate(date))
    const day = dates.get(date)
    const type = row.int(at.exception_type)
    if (day === undefined || (type !== 1 && type !== 2))
      return report.note(
        'bad_date',
        CALENDAR_DATES.file,
        row.line,
        () => `'${date}', type '${row.text(at.exception_type)}'`,
      )
    calendars.service.push(numberOf(text))
    calendars.day.push(day)
    calendars.added.push(type === 1 ? 1 : 0)
    report.file(CALENDAR_DATES.file).kept++
  })
  return calendars
}

function rangeOf(calendars: Calendars): DayRange | undefined {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  const include = (from: number, to: number): void => {
    first = Math.min(first, from)
    last = Math.max(last, to)
  }
  for (const week of calendars.weeks) if (week.weekdays !== 0) include(week.first, week.last)
  for (let i = 0; i < calendars.day.length; i++)
    if (calendars.added.data[i] === 1) include(calendars.day.data[i]!, calendars.day.data[i]!)
  return first > last ? undefined : { first: first as ServiceDay, days: last - first + 1 }
}

/** At most MOST_DAYS: those from a week before today on if today is among them, else those nearest to it. */
export function clipRange(range: DayRange, today: ServiceDay | undefined): DayRange {
  if (range.days <= MOST_DAYS) return range
  const latest = range.first + range.days - MOST_DAYS
  const first = Math.min(latest, Math.max(range.first, (today ?? 0) - DAYS_BACK))
  return { first: first as ServiceDay, days: MOST_DAYS }
}

function addDays(
  feed: FeedInput,
  builder: TimetableBuilder,
  calendars: Calendars,
  services: readonly ServiceIdx[],
  window: DayRange,
): void {
  const weeksOf = Map.groupBy(calendars.weeks, week => week.service)
  const exceptionsOf = groupRows(calendars.service.view(), services.length)
  // per day of the window: runs it, and which exception said so (1 added, 2 removed)
  const runs = new Uint8Array(window.days)
  const said = new Uint8Array(window.days)
  services.forEach((service, number) => {
    runs.fill(0)
    said.fill(0)
    for (const { weekdays, first, last } of weeksOf.get(number) ?? []) {
      const end = Math.min(last - window.first, window.days - 1)
      // 1970-01-01, day 0, was a Thursday: bit 3
      for (let d = Math.max(0, first - window.first); d <= end; d++)
        if ((weekdays >> ((window.first + d + 3) % 7)) & 1) runs[d] = 1
    }
    for (let i = exceptionsOf.begin[number]!; i < exceptionsOf.begin[number + 1]!; i++) {
      const row = exceptionsOf.order[i]!
      const d = calendars.day.data[row]! - window.first
      if (d < 0 || d >= window.days) continue
      const kind = calendars.added.data[row] === 1 ? 1 : 2
      if (said[d] !== 0 && said[d] !== kind)
        feed.report.note(
          'conflicting_date',
          CALENDAR_DATES.file,
          0,
          () => `${formatDate((window.first + d) as ServiceDay)} both added and removed`,
        )
      said[d] = kind
      runs[d] = kind === 1 ? 1 : 0
    }
    for (let d = 0; d < window.days; d++) if (runs[d]) builder.addServiceDay(service, (window.first + d) as ServiceDay)
  })
}
