// GTFS feeds → one timetable and a report for each feed. The order in which a feed's files are read follows from one wish: what lies
// outside the area must never cost memory.
//
//   stops (places) ─▶ [stop_times: which trips call inside] ─▶ trips ─▶ stop_times ─▶ stops (names), routes, services, shapes in use
//                                                                                        │
//   frequencies, transfers ◀── trips cleaned one by one (calls.ts) into the builder ◀────┘

import { FreifahrtError } from '#engine/core/errors.ts'
import { type FeedIdx, NO_SHAPE, NONE, type StringIdx } from '#engine/core/ids.ts'
import { formatDate, type ServiceDay } from '#engine/core/time.ts'
import { type DayRange, TimetableBuilder } from '#engine/timetable/builder.ts'
import type { TripRow } from '#engine/timetable/fields.ts'
import type { Timetable } from '#engine/timetable/timetable.ts'
import type { Area } from '#feeds/area.ts'
import { zoneDayStarts } from '#feeds/zones.ts'
import { addServices, clipRange } from './calendar.ts'
import { createCallReader } from './calls.ts'
import { groupRows } from './group.ts'
import { readAttributions, readFeedInfo } from './info.ts'
import { addFrequencies, addTransfers, type FeedRows } from './links.ts'
import { addPathways, readLevels } from './pathways.ts'
import { type FeedReport, type NoticeCode, Report } from './report.ts'
import { addAgencies, addRoutes, readAgencies } from './routes.ts'
import { addShapes } from './shapes.ts'
import type { GtfsSource } from './source.ts'
import { readStopTimes, type StopTimes } from './stop-times.ts'
import { addStops, keepStations, readStopPlaces, stopsInside } from './stops.ts'
import { AGENCY, type FeedInput, type GtfsProgress, ROUTES, requireTable, STOP_TIMES, STOPS, TRIPS } from './tables.ts'
import { addTranslations } from './translations.ts'
import { distinct, type FeedTrips, readTrips, selectTrips } from './trips.ts'

export interface LoadOptions {
  /** Keep only trips that call inside, with all their stops. */
  readonly area?: Area | undefined
  /** Cuts calendars of more than two years to the days around this one. */
  readonly today?: ServiceDay | undefined
  readonly onProgress?: ((progress: GtfsProgress) => void) | undefined
}

export interface TaggedSource {
  /** Prefix of the feed's public ids; has no '_'. */
  readonly tag: string
  readonly source: GtfsSource
}

/** Throws FEED_… errors when a feed cannot be used at all; what is wrong with single rows is in the reports. Closes the sources. */
export async function loadGtfs(
  sources: readonly TaggedSource[],
  options: LoadOptions = {},
): Promise<{ timetable: Timetable; reports: FeedReport[] }> {
  const builder = new TimetableBuilder()
  const reports: FeedReport[] = []
  try {
    for (const { tag, source } of sources) {
      const clash = tag === '' || tag.includes('_') || reports.some(report => report.tag === tag)
      if (clash)
        throw new FreifahrtError(
          'BAD_REQUEST',
          source.name,
          `'${tag}' cannot be its tag: needed is one of its own without '_'`,
        )
      reports.push(
        await loadFeed(
          { tag, source, report: new Report(), cut: options.area !== undefined, onProgress: options.onProgress },
          builder,
          options,
        ),
      )
    }
  } finally {
    for (const { source } of sources) await source.close()
  }
  const range = builder.serviceRange()
  if (!range)
    throw new FreifahrtError(
      'FEED_EMPTY',
      sources.map(({ source }) => source.name).join(', '),
      'no trip runs on any day',
    )
  return { timetable: builder.finish(clipRange(range, options.today), zoneDayStarts), reports }
}

async function loadFeed(feed: FeedInput, builder: TimetableBuilder, options: LoadOptions): Promise<FeedReport> {
  for (const table of [AGENCY, STOPS, ROUTES, TRIPS, STOP_TIMES]) requireTable(feed, table)
  const { defaultLang, ...info } = await readFeedInfo(feed)
  const agencyRows = await readAgencies(feed)
  const timezone = agencyRows[0]?.zone
  if (timezone === undefined) throw new FreifahrtError('FEED_EMPTY', `${feed.source.name}/${AGENCY.file}`, 'no agency')
  const zone = builder.zone(timezone)
  const feedIdx = builder.addFeed({
    tag: builder.text(feed.tag),
    zone,
    version: builder.text(info.version),
    publisher: builder.text(info.publisher),
    lang: builder.text(info.lang),
    defaultLang: builder.text(defaultLang),
  })

  const stops = await readStopPlaces(feed, builder)
  const keepStop = stopsInside(stops, options.area)
  const trips = await readTrips(feed, builder, options.area && (await selectTrips(feed, stops, keepStop)))
  const stopTimes = await readStopTimes(feed, trips.ids, stops.ids, builder.strings)
  mustHave(feed, stops.ids.count - 1, 'no stop')
  mustHave(feed, trips.ids.count - 1, feed.cut ? 'no trip calls inside the area' : 'no trip')
  mustHave(feed, stopTimes.trip.length, 'no usable stop time')
  for (const stop of stopTimes.stop) keepStop[stop] = 1
  keepStations(stops, keepStop)

  const used = (column: FeedTrips['route']) => (feed.cut ? distinct(column) : undefined)
  const stopIndex = await addStops(feed, builder, feedIdx, zone, stops, keepStop, await readLevels(feed))
  const agencies = addAgencies(builder, feedIdx, agencyRows)
  const routes = await addRoutes(feed, builder, feedIdx, agencies, used(trips.route))
  const calendar = await addServices(feed, builder, feedIdx, used(trips.service), options.today)
  const shapes = await addShapes(feed, builder, feedIdx, distinct(trips.shape))
  const tripRow = addTrips(
    feed,
    builder,
    feedIdx,
    { stops, stopIndex, routes, trips },
    stopTimes,
    calendar.services,
    shapes,
  )
  mustHave(feed, feed.report.file(TRIPS.file).kept, 'not one trip is usable')

  const rows: FeedRows = { stops, stopIndex, routes, trips, tripRow }
  await addFrequencies(feed, builder, rows)
  await addTransfers(feed, builder, rows)
  await addPathways(feed, builder, rows)
  await addTranslations(feed, builder, feedIdx, { ...rows, agencies }, info.lang)
  return {
    tag: feed.tag,
    source: feed.source.name,
    files: feed.report.fileReports(),
    notices: feed.report.noticeList(),
    droppedTrips: feed.report.droppedTrips(),
    timezone,
    agencies: agencyRows.map(({ id, name, url }) => ({ id, name, url })),
    attributions: await readAttributions(feed),
    ...info,
    ...dates(calendar.window),
  }
}

function mustHave(feed: FeedInput, rows: number, otherwise: string): void {
  if (rows === 0) throw new FreifahrtError('FEED_EMPTY', feed.source.name, otherwise)
}

const dates = (window: DayRange | undefined) => ({
  firstDay: window ? formatDate(window.first) : '',
  lastDay: window ? formatDate((window.first + window.days - 1) as ServiceDay) : '',
})

/** Cleans the trips one by one and adds what is left; gives number of the id → TripRow or NONE. */
function addTrips(
  feed: FeedInput,
  builder: TimetableBuilder,
  feedIdx: FeedIdx,
  { stops, stopIndex, routes, trips }: Omit<FeedRows, 'tripRow'>,
  stopTimes: StopTimes,
  services: Awaited<ReturnType<typeof addServices>>['services'],
  shapes: Awaited<ReturnType<typeof addShapes>>,
): Uint32Array {
  const { report } = feed
  const tripRow = new Uint32Array(trips.ids.count).fill(NONE)
  const { begin, order } = groupRows(stopTimes.trip, trips.ids.count, stopTimes.sequence)
  const reader = createCallReader(stopTimes, stops, stopIndex, report, row => trips.ids.textOf(stopTimes.trip[row]!))
  for (let t = 1; t < trips.ids.count; t++) {
    const drop = (reason: NoticeCode): void => {
      report.note(reason, TRIPS.file, trips.line.data[t]!, () => `trip ${trips.ids.textOf(t)}`)
      report.dropTrip(reason)
    }
    const route = routes.byId.get(trips.route.data[t]! as StringIdx)
    const service = services.get(trips.service.data[t]! as StringIdx)
    if (route === undefined) drop('unknown_route')
    else if (service === undefined) drop('unknown_service')
    else {
      const problem = reader.read(order, begin[t]!, begin[t + 1]!, routes.continuous.get(route)!)
      if (problem) {
        drop(problem)
        continue
      }
      const shapeText = trips.shape.data[t]! as StringIdx
      const shape = shapes.get(shapeText)
      if (shapeText !== 0 && shape === undefined)
        report.note(
          'unknown_shape',
          TRIPS.file,
          trips.line.data[t]!,
          () => `shape ${builder.strings.textOf(shapeText)}`,
        )
      tripRow[t] = builder.addTrip(
        {
          feed: feedIdx,
          id: builder.strings.internBytes(trips.ids.bytes.data, trips.ids.begin.data[t]!, trips.ids.begin.data[t + 1]!),
          route,
          service,
          headsign: trips.headsign.data[t]! as StringIdx,
          shortName: trips.shortName.data[t]! as StringIdx,
          block: trips.block.data[t]! as StringIdx,
          shape: shape ?? NO_SHAPE,
          direction: trips.direction.data[t]!,
          access: trips.access.data[t]!,
        },
        reader.calls,
      ) as TripRow
      report.file(TRIPS.file).kept++
      report.file(STOP_TIMES.file).kept += reader.calls.length
    }
  }
  return tripRow
}
