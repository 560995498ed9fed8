// What became of a feed: rows by file, and everything that was wrong with it counted by reason, with the first place of each (S11).

export interface FileReport {
  readonly file: string
  readonly rows: number
  /** Rows that are in the timetable. */
  readonly kept: number
  /** Rows of trips and stops outside the imported area. */
  readonly outsideArea: number
}

/** One reason. `error`: something was dropped or changed that riders may miss; `warning`: the feed is odd, nothing is lost. */
export interface Notice {
  readonly code: NoticeCode
  readonly severity: 'error' | 'warning'
  readonly count: number
  /** The first of them; line 0 where the rows were no longer at hand. */
  readonly example: { readonly file: string; readonly line: number; readonly detail: string }
}

export interface Attribution {
  readonly text: string
  readonly url?: string
  readonly license?: string
}

export interface FeedReport {
  readonly tag: string
  readonly source: string
  readonly files: readonly FileReport[]
  readonly notices: readonly Notice[]
  /** Trips in trips.txt that are not in the timetable although they are inside the area, by reason. */
  readonly droppedTrips: Readonly<Record<string, number>>
  readonly timezone: string
  readonly agencies: readonly { readonly id: string; readonly name: string; readonly url: string }[]
  readonly attributions: readonly Attribution[]
  readonly publisher: string
  readonly publisherUrl: string
  readonly version: string
  readonly lang: string
  readonly contact: string
  /** First and last service day, `20260110`. */
  readonly firstDay: string
  readonly lastDay: string
}

/** Every reason there is, by severity; the rule in brackets. */
const severities = {
  bad_color: 'warning', // ignored (S50)
  bad_coordinates: 'warning', // the stop is shown, but nobody can walk to it (S39)
  bad_date: 'error',
  bad_frequency: 'error', // row dropped (S30)
  bad_parent: 'warning', // link dropped (S9, S40)
  bad_pathway: 'error', // row dropped (S42)
  bad_sequence: 'error',
  bad_time: 'error', // row dropped (S7)
  bad_transfer: 'error', // row dropped
  bad_value: 'warning', // taken as empty
  calendar_clipped: 'warning', // days outside the timetable (S51)
  conflicting_date: 'warning', // both added and removed: the last row counts (S12)
  decreasing_time: 'error', // by a minute or less: set right; by more: trip dropped (S22)
  departure_before_arrival: 'warning', // set right (S21)
  duplicate_column: 'warning', // S6
  duplicate_id: 'error', // first one counts (S6)
  duplicate_sequence: 'error', // first one counts (S6)
  encoding_fallback: 'warning', // read as Windows-1252 (S2)
  extra_cells: 'warning', // S3
  flexible_stop_time: 'warning', // not for fixed routing (S48)
  implausible_pathway_lengths: 'warning', // no metres: taken as feet, or left out (S42)
  missing_agency: 'error', // first agency taken (S17)
  missing_end_time: 'error', // trip dropped (S20)
  missing_file: 'warning',
  missing_column: 'error', // of an optional file: the file is left out
  missing_id: 'error', // row dropped
  same_color: 'warning', // text colour computed (S50)
  stop_time_at_station: 'error', // moved to its only platform, or dropped (S38)
  stray_quote: 'warning', // a quote is opened and never closed, the line is whole without it (S4)
  trip_too_long: 'error', // more stops than a search can number: trip dropped
  trip_too_short: 'error', // less than two stops (S10)
  unclosed_quote: 'error', // row dropped (S4)
  unknown_agency: 'error', // first agency taken (S17)
  unknown_route: 'error', // trip dropped (S9)
  unknown_route_type: 'warning', // taken as bus (S50)
  unknown_service: 'error', // trip dropped (S9)
  unknown_shape: 'warning', // drawn as straight lines (S9)
  unknown_stop: 'error', // stop time dropped (S9)
  unknown_time_zone: 'error', // UTC or the first agency's taken
  unknown_trip: 'error', // row dropped (S9)
  unused_translation: 'warning', // of nothing the feed has (S45)
  zones_differ: 'error', // each route in its agency's zone (S15)
} as const satisfies Record<string, Notice['severity']>

export type NoticeCode = keyof typeof severities

interface Count {
  rows: number
  kept: number
  outsideArea: number
}

/** Counts while a feed is read. */
export class Report {
  private readonly files = new Map<string, Count>()
  private readonly notices = new Map<NoticeCode, { count: number; example: Notice['example'] }>()
  private readonly dropped = new Map<string, number>()

  /** The counters of a file, to be counted up. */
  file(file: string): Count {
    let count = this.files.get(file)
    if (!count) {
      count = { rows: 0, kept: 0, outsideArea: 0 }
      this.files.set(file, count)
    }
    return count
  }

  /** @param detail made only for the first of its kind */
  note(code: NoticeCode, file: string, line: number, detail: () => string): void {
    const known = this.notices.get(code)
    if (known) known.count++
    else this.notices.set(code, { count: 1, example: { file, line, detail: detail().slice(0, 300) } })
  }

  dropTrip(reason: NoticeCode): void {
    this.dropped.set(reason, (this.dropped.get(reason) ?? 0) + 1)
  }

  /** Files with rows; one that has only a header is as good as absent (S5). */
  fileReports(): FileReport[] {
    return Array.from(this.files, ([file, count]) => ({ file, ...count })).filter(({ rows }) => rows > 0)
  }

  noticeList(): Notice[] {
    return Array.from(this.notices, ([code, notice]) => ({ code, severity: severities[code], ...notice })).sort(
      (a, b) => a.severity.localeCompare(b.severity) || b.count - a.count,
    )
  }

  droppedTrips(): Record<string, number> {
    return Object.fromEntries(this.dropped)
  }
}
