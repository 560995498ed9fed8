// Rows of the feeds → the timetable. Rows come table by table as they are read; trips come in any order, each with its stop times.
// `finish` numbers the patterns by route, sorts the trips by (pattern, start) and copies everything into one buffer of fixed length.
// What rows mean and which are fit to be used is decided before (feeds/gtfs); a wrong index here is a bug and throws.

import { GrowColumn } from '../core/columns.ts'
import { verify } from '../core/errors.ts'
import {
  type AgencyIdx,
  type FeedIdx,
  NO_STRING,
  NONE,
  type RouteIdx,
  type ServiceIdx,
  type ShapeIdx,
  type StopIdx,
  type StringIdx,
  type ZoneIdx,
} from '../core/ids.ts'
import { StringPool } from '../core/strings.ts'
import type { ServiceDay } from '../core/time.ts'
import type {
  AgencyFields,
  FeedFields,
  FrequencyFields,
  PathwayFields,
  RouteFields,
  StopFields,
  TransferFields,
  TranslationFields,
  TripFields,
  TripRow,
} from './fields.ts'
import { finishTimetable, type ZoneDayStarts } from './finish.ts'
import { type Calls, LONGEST_TRIP, PatternPool } from './patterns.ts'
import type { Timetable } from './timetable.ts'
import { translationGroup } from './translations.ts'

/** The service days a timetable covers. */
export interface DayRange {
  readonly first: ServiceDay
  readonly days: number
}

// The rows so far, for finish.ts
type Grow = GrowColumn<Uint32Array> | GrowColumn<Int32Array>
type Rows<K extends string> = Readonly<Record<K, Grow>>

/** A table of growing columns named like the timetable's; signed ones are named in the second list. */
function rowsOf<K extends string>(unsigned: readonly K[], signed: readonly K[] = []): Rows<K> {
  const rows: Partial<Record<K, Grow>> = {}
  for (const name of unsigned) rows[name] = new GrowColumn(Uint32Array, 64)
  for (const name of signed) rows[name] = new GrowColumn(Int32Array, 64)
  return rows as Rows<K>
}

function addRow<K extends string>(rows: Rows<K>, row: Readonly<Record<K, number>>): number {
  let index = 0
  for (const name in rows) index = rows[name].push(row[name])
  return index
}

export class TimetableBuilder {
  readonly strings = new StringPool()
  readonly feeds = rowsOf(['feedTag', 'feedVersion', 'feedPublisher', 'feedLang', 'feedDefaultLang', 'feedZone'])
  readonly agencies = rowsOf(['agencyFeed', 'agencyId', 'agencyName', 'agencyUrl', 'agencyFareUrl', 'agencyZone'])
  readonly zones = new Map<string, ZoneIdx>()
  readonly stops = rowsOf(
    [
      'stopFeed',
      'stopId',
      'stopName',
      'stopCode',
      'stopDesc',
      'stopPlatform',
      'stopParent',
      'stopZone',
      'stopLocationType',
      'stopWheelchair',
      'stopHasPosition',
      'stopAccess',
    ],
    ['stopLat', 'stopLon', 'stopLevel'],
  )
  readonly routes = rowsOf([
    'routeFeed',
    'routeId',
    'routeAgency',
    'routeShortName',
    'routeLongName',
    'routeDesc',
    'routeUrl',
    'routeColor',
    'routeTextColor',
    'routeSortOrder',
    'routeType',
  ])
  readonly services = rowsOf(['serviceId', 'serviceFeed'])
  readonly activeService = new GrowColumn(Uint32Array)
  readonly activeDay = new GrowColumn(Int32Array)
  readonly shapes = rowsOf(['shapeId', 'shapeFeed', 'shapeBegin'])
  readonly shapeLat = new GrowColumn(Int32Array)
  readonly shapeLon = new GrowColumn(Int32Array)
  readonly patterns = new PatternPool()
  readonly trips = rowsOf(
    [
      'tripFeed',
      'tripId',
      'tripService',
      'tripHeadsign',
      'tripShortName',
      'tripBlock',
      'tripShape',
      'tripDirection',
      'tripAccess',
      'tripPattern',
      'tripProfile',
      'tripSequences',
      'tripHeadsigns',
    ],
    ['tripStart'],
  )
  readonly frequencies = rowsOf([
    'frequencyTrip',
    'frequencyStart',
    'frequencyEnd',
    'frequencyHeadway',
    'frequencyExact',
  ])
  readonly transfers = rowsOf(
    [
      'transferFromStop',
      'transferToStop',
      'transferFromRoute',
      'transferToRoute',
      'transferFromTrip',
      'transferToTrip',
      'transferType',
    ],
    ['transferMinTime'],
  )
  readonly pathways = rowsOf(
    ['pathwayFrom', 'pathwayTo', 'pathwayId', 'pathwaySign', 'pathwayBackSign', 'pathwayMode', 'pathwayTwoWay'],
    ['pathwaySeconds', 'pathwayMillimetres', 'pathwayWidthMm', 'pathwayStairs', 'pathwaySlope'],
  )

  readonly translations = rowsOf(['group', 'key', 'sub', 'language', 'text'])

  text(text: string): StringIdx {
    return this.strings.intern(text)
  }

  /** The zone of this name, IANA as in agency_timezone. */
  zone(name: string): ZoneIdx {
    let zone = this.zones.get(name)
    if (zone === undefined) {
      zone = this.zones.size as ZoneIdx
      this.zones.set(name, zone)
    }
    return zone
  }

  addFeed(f: FeedFields): FeedIdx {
    return addRow(this.feeds, {
      feedTag: f.tag,
      feedVersion: f.version ?? NO_STRING,
      feedPublisher: f.publisher ?? NO_STRING,
      feedLang: f.lang ?? NO_STRING,
      feedDefaultLang: f.defaultLang ?? NO_STRING,
      feedZone: f.zone,
    }) as FeedIdx
  }

  addAgency(a: AgencyFields): AgencyIdx {
    return addRow(this.agencies, {
      agencyFeed: a.feed,
      agencyId: a.id,
      agencyName: a.name,
      agencyUrl: a.url ?? NO_STRING,
      agencyFareUrl: a.fareUrl ?? NO_STRING,
      agencyZone: a.zone,
    }) as AgencyIdx
  }

  addStop(s: StopFields): StopIdx {
    return addRow(this.stops, {
      stopFeed: s.feed,
      stopId: s.id,
      stopName: s.name,
      stopCode: s.code ?? NO_STRING,
      stopDesc: s.desc ?? NO_STRING,
      stopPlatform: s.platform ?? NO_STRING,
      stopParent: NONE,
      stopZone: s.zone,
      stopLocationType: s.locationType ?? 0,
      stopWheelchair: s.wheelchair ?? 0,
      stopAccess: s.access ?? 0,
      stopLevel: s.level ?? 0,
      stopHasPosition: s.lat === undefined || s.lon === undefined ? 0 : 1,
      stopLat: s.lat ?? 0,
      stopLon: s.lon ?? 0,
    }) as StopIdx
  }

  /** Puts a platform into its station; parents may be added after their children, so this is told at the end. */
  setParent(stop: StopIdx, parent: StopIdx): void {
    this.stops.stopParent.data[stop] = parent
  }

  addRoute(r: RouteFields): RouteIdx {
    return addRow(this.routes, {
      routeFeed: r.feed,
      routeId: r.id,
      routeAgency: r.agency,
      routeShortName: r.shortName ?? NO_STRING,
      routeLongName: r.longName ?? NO_STRING,
      routeDesc: r.desc ?? NO_STRING,
      routeUrl: r.url ?? NO_STRING,
      routeColor: r.color ?? NONE,
      routeTextColor: r.textColor ?? NONE,
      routeSortOrder: r.sortOrder ?? NONE,
      routeType: r.type,
    }) as RouteIdx
  }

  addService(feed: FeedIdx, id: StringIdx): ServiceIdx {
    return addRow(this.services, { serviceId: id, serviceFeed: feed }) as ServiceIdx
  }

  /** The service runs on this day; days may come in any order and twice. */
  addServiceDay(service: ServiceIdx, day: ServiceDay): void {
    this.activeService.push(service)
    this.activeDay.push(day)
  }

  /** From the first to the last day on which anything runs; undefined when nothing ever does. */
  serviceRange(): DayRange | undefined {
    if (this.activeDay.length === 0) return undefined
    let first = Number.POSITIVE_INFINITY
    let last = Number.NEGATIVE_INFINITY
    for (const day of this.activeDay.view()) {
      if (day < first) first = day
      if (day > last) last = day
    }
    return { first: first as ServiceDay, days: last - first + 1 }
  }

  /** Points in travel order, 1e-7 degrees. */
  addShape(feed: FeedIdx, id: StringIdx, lat: ArrayLike<number>, lon: ArrayLike<number>): ShapeIdx {
    const at = this.shapeLat.reserve(lat.length)
    this.shapeLon.reserve(lat.length)
    this.shapeLat.data.set(lat, at)
    this.shapeLon.data.set(lon, at)
    return addRow(this.shapes, { shapeId: id, shapeFeed: feed, shapeBegin: at }) as ShapeIdx
  }

  /** A trip with two to LONGEST_TRIP calls, times not decreasing; `calls` is copied. */
  addTrip(t: TripFields, calls: Calls): TripRow {
    verify(calls.length >= 2 && calls.length <= LONGEST_TRIP, () => `trip with ${calls.length} calls`)
    const lists = this.patterns.add(t.route, calls)
    return addRow(this.trips, {
      tripFeed: t.feed,
      tripId: t.id,
      tripService: t.service,
      tripHeadsign: t.headsign ?? NO_STRING,
      tripShortName: t.shortName ?? NO_STRING,
      tripBlock: t.block ?? NO_STRING,
      tripShape: t.shape ?? NONE,
      tripDirection: t.direction ?? 255,
      tripAccess: t.access ?? 0,
      tripPattern: lists.pattern,
      tripProfile: lists.profile,
      tripSequences: lists.sequence,
      tripHeadsigns: lists.headsigns,
      tripStart: calls.departure[0]!,
    }) as TripRow
  }

  addFrequency(trip: TripRow, f: FrequencyFields): void {
    addRow(this.frequencies, {
      frequencyTrip: trip,
      frequencyStart: f.start,
      frequencyEnd: f.end,
      frequencyHeadway: f.headway,
      frequencyExact: f.exact ? 1 : 0,
    })
  }

  addTransfer(t: TransferFields): void {
    addRow(this.transfers, {
      transferFromStop: t.fromStop,
      transferToStop: t.toStop,
      transferFromRoute: t.fromRoute ?? NONE,
      transferToRoute: t.toRoute ?? NONE,
      transferFromTrip: t.fromTrip ?? NONE,
      transferToTrip: t.toTrip ?? NONE,
      transferType: t.type,
      transferMinTime: t.minTime,
    })
  }

  addPathway(p: PathwayFields): void {
    addRow(this.pathways, {
      pathwayFrom: p.from,
      pathwayTo: p.to,
      pathwayId: p.id,
      pathwaySign: p.sign,
      pathwayBackSign: p.backSign,
      pathwayMode: p.mode,
      pathwayTwoWay: p.twoWay ? 1 : 0,
      pathwaySeconds: p.seconds,
      pathwayMillimetres: p.millimetres,
      pathwayWidthMm: p.widthMm,
      pathwayStairs: p.stairs,
      pathwaySlope: p.slope,
    })
  }

  addTranslation(t: TranslationFields): void {
    addRow(this.translations, {
      group: translationGroup(t.feed, t.field, t.byRecord),
      key: t.key,
      sub: t.sub,
      language: t.language,
      text: t.text,
    })
  }

  /** The timetable for the service days of `range`; days outside are left out. The builder is spent afterwards. */
  finish(range: DayRange, zoneDayStarts: ZoneDayStarts): Timetable {
    return finishTimetable(this, range, zoneDayStarts)
  }
}
