// The timetable: what the feeds' schedules say, for all their service days, as columns in one SharedArrayBuffer. Read this first.
//
//   route ◀── pattern ──▶ stops with boarding flags          a pattern is a route's trips with one stop list and one set of flags
//               ▲
//             trip ──▶ profile (arrival, departure at each stop, seconds after the trip's first departure; shared by many trips)
//               │
//             service ──▶ day set (bit per service day)       a run is (trip, service day)
//
// Trips are sorted by (pattern, start), so the trips of a pattern are a range. What a search reads is not this but the horizon
// compiled from it. GTFS words throughout; the rules S1…S51 (docs/rules.md) are kept before anything arrives here.
//
// Every "range" column has one entry more than its table has rows: rows of i are [begin[i], begin[i + 1]).

import { createTable, openTable, type Table, type TableFormat } from '../core/columns.ts'
import type {
  AgencyIdx,
  Column,
  FeedIdx,
  PatternIdx,
  RouteIdx,
  ServiceIdx,
  StopIdx,
  TripIdx,
  ZoneIdx,
} from '../core/ids.ts'
import type { ServiceDay, UnixSeconds } from '../core/time.ts'

export interface TimetableCounts extends Readonly<Record<string, number>> {
  /** First service day of the day sets, days since 1970-01-01. */
  readonly firstDay: number
  /** Service days in the day sets. */
  readonly days: number
  readonly feeds: number
  readonly agencies: number
  readonly zones: number
  readonly stops: number
  readonly children: number
  readonly routes: number
  readonly patterns: number
  readonly patternSlots: number
  readonly trips: number
  readonly profileTimes: number
  readonly sequences: number
  readonly headsigns: number
  readonly services: number
  readonly frequencies: number
  readonly transfers: number
  readonly pathways: number
  readonly shapes: number
  readonly shapePoints: number
  readonly geometries: number
  readonly geometrySlots: number
  readonly translations: number
  readonly strings: number
  readonly stringBytes: number
  // room for what realtime adds (room.ts); all 0 in a file
  /** Trips that realtime may add, each with a pattern of its own, and how many stops one may have. */
  readonly roomTrips: number
  readonly roomSlots: number
  /** Texts of one such trip, bytes of them together, and points of its line on the map. */
  readonly roomTexts: number
  readonly roomTextBytes: number
  readonly roomPoints: number
  /** The last of the stops: those that realtime may add. */
  readonly roomStops: number
  /** Routes for runs that name none, one per feed. */
  readonly roomRoutes: number
}

/** Words of one day set. */
export const dayWords = (days: number): number => Math.ceil(days / 32)

// What the room of realtime takes of a column (room.ts): an added trip's pattern needs two entries of a range column, one text as well.
const roomPatterns = (c: TimetableCounts): number => 2 * c.roomTrips
const roomSlots = (c: TimetableCounts): number => c.roomTrips * c.roomSlots
const roomTexts = (c: TimetableCounts): number => c.roomTrips * c.roomTexts + c.roomStops * STOP_TEXTS
const roomTextBytes = (c: TimetableCounts): number => c.roomTrips * c.roomTextBytes + c.roomStops * STOP_TEXT_BYTES
/** Texts of a stop that realtime adds (id, name, platform code), and bytes of them together. */
export const STOP_TEXTS = 3
export const STOP_TEXT_BYTES = 384

/** Fields that may be translated (translations.ts), each once by row and once by text. */
export const TRANSLATION_GROUPS = 16

const specOf = (c: TimetableCounts) =>
  ({
    // ── feed → tag (prefix of public ids, no '_'), feed_info
    feedTag: [Uint32Array, c.feeds],
    feedVersion: [Uint32Array, c.feeds],
    feedPublisher: [Uint32Array, c.feeds],
    feedLang: [Uint32Array, c.feeds],
    feedDefaultLang: [Uint32Array, c.feeds], // default_lang: for riders whose language nobody knows
    feedZone: [Uint32Array, c.feeds],

    // ── agency
    agencyFeed: [Uint32Array, c.agencies],
    agencyId: [Uint32Array, c.agencies],
    agencyName: [Uint32Array, c.agencies],
    agencyUrl: [Uint32Array, c.agencies],
    agencyFareUrl: [Uint32Array, c.agencies],
    agencyZone: [Uint32Array, c.agencies],

    // ── time zone: name; zoneDayStart[zone * days + (day − firstDay)] = seconds from UTC midnight of the date to noon − 12 h local
    zoneName: [Uint32Array, c.zones],
    zoneDayStart: [Int32Array, c.zones * c.days],

    // ── stop: every row of stops.txt (platforms, stations, entrances); 1e-7 degrees
    stopLat: [Int32Array, c.stops],
    stopLon: [Int32Array, c.stops],
    stopFeed: [Uint32Array, c.stops],
    stopId: [Uint32Array, c.stops],
    stopName: [Uint32Array, c.stops],
    stopCode: [Uint32Array, c.stops],
    stopDesc: [Uint32Array, c.stops],
    stopPlatform: [Uint32Array, c.stops], // platform_code
    stopParent: [Uint32Array, c.stops], // StopIdx or NONE
    stopZone: [Uint32Array, c.stops], // for display only (S14)
    stopLocationType: [Uint8Array, c.stops], // 0 stop/platform, 1 station, 2 entrance, 3 node, 4 boarding area
    stopWheelchair: [Uint8Array, c.stops], // 0 unknown, 1 yes, 2 no; inherited from the parent (S41)
    stopHasPosition: [Uint8Array, c.stops], // 0: no usable coordinates, even from the parent (S39)
    stopAccess: [Uint8Array, c.stops], // stop_access: 0 not stated, 1 from the street, 2 only through its station (S43)
    stopLevel: [Int16Array, c.stops], // 0 not stated, else its floor in halves << 1 | 1 (S44); see levelOf in station/walk.ts
    childrenBegin: [Uint32Array, c.stops + 1], // range in children: what names this stop as its parent
    children: [Uint32Array, c.children],

    // ── route
    routeFeed: [Uint32Array, c.routes + c.roomRoutes],
    routeId: [Uint32Array, c.routes + c.roomRoutes],
    routeAgency: [Uint32Array, c.routes + c.roomRoutes],
    routeShortName: [Uint32Array, c.routes + c.roomRoutes],
    routeLongName: [Uint32Array, c.routes + c.roomRoutes],
    routeDesc: [Uint32Array, c.routes + c.roomRoutes],
    routeUrl: [Uint32Array, c.routes + c.roomRoutes],
    routeColor: [Uint32Array, c.routes + c.roomRoutes], // 0xRRGGBB or NONE
    routeTextColor: [Uint32Array, c.routes + c.roomRoutes],
    routeSortOrder: [Uint32Array, c.routes + c.roomRoutes],
    routeType: [Uint16Array, c.routes + c.roomRoutes], // basic or extended GTFS type

    // ── pattern → route, range of slots, range of trips (TripIdx)
    patternRoute: [Uint32Array, c.patterns + roomPatterns(c)],
    slotBegin: [Uint32Array, c.patterns + 1 + roomPatterns(c)],
    tripBegin: [Uint32Array, c.patterns + 1],
    // slot → stop << 2 | canAlight << 1 | canBoard: one word, so that the scan reads one cache line; see slot… below
    slots: [Uint32Array, c.patternSlots + roomSlots(c)],
    // slot → pickup_type | drop_off_type << 2 | continuous_pickup << 4 | continuous_drop_off << 6
    slotTypes: [Uint8Array, c.patternSlots + roomSlots(c)],

    // ── trip, sorted by (pattern, start)
    tripPattern: [Uint32Array, c.trips + c.roomTrips],
    tripService: [Uint32Array, c.trips + c.roomTrips],
    tripStart: [Int32Array, c.trips + c.roomTrips], // seconds of the service day: departure at the first stop
    tripProfile: [Uint32Array, c.trips + c.roomTrips], // → profileTimes; two per slot of the pattern
    tripSequences: [Uint32Array, c.trips + c.roomTrips], // → sequences; one per slot
    tripHeadsigns: [Uint32Array, c.trips + c.roomTrips], // → headsigns; one per slot; NONE when no stop has its own
    tripFeed: [Uint32Array, c.trips + c.roomTrips],
    tripId: [Uint32Array, c.trips + c.roomTrips],
    tripHeadsign: [Uint32Array, c.trips + c.roomTrips],
    tripShortName: [Uint32Array, c.trips + c.roomTrips],
    tripBlock: [Uint32Array, c.trips + c.roomTrips], // the text of block_id, NO_STRING when none; equal texts are one block only within a feed
    tripShape: [Uint32Array, c.trips + c.roomTrips], // ShapeIdx or NONE
    tripGeometry: [Uint32Array, c.trips + c.roomTrips], // → geometryBegin, or NONE
    tripDirection: [Uint8Array, c.trips + c.roomTrips], // 0, 1, 255 unknown
    tripAccess: [Uint8Array, c.trips + c.roomTrips], // wheelchair | bikes << 2 | cars << 4, each 0 unknown, 1 yes, 2 no
    // added trip (room.ts) → 1 when it stands for none of the timetable's: NEW, ADDED, DUPLICATED
    roomTripIsNew: [Uint8Array, c.roomTrips],
    tripFrequencyBegin: [Uint32Array, c.trips + 1 + c.roomTrips], // range in frequencies; a trip with any does not run by itself (S28)

    // ── profile: arr0 dep0 arr1 dep1 … seconds after the trip's first departure (dep0 = 0; arr0 may be below 0)
    profileTimes: [Int32Array, c.profileTimes + 2 * roomSlots(c)],
    // beside it, same index: bit 0 = interpolated or timepoint 0 ("about"), bit 1 = timepoint 1 stated in the feed
    profileFlags: [Uint8Array, c.profileTimes + 2 * roomSlots(c)],
    // stop_sequence lists, shared by the trips that number alike
    sequences: [Uint32Array, c.sequences + roomSlots(c)],
    // stop_headsign lists (StringIdx), shared
    headsigns: [Uint32Array, c.headsigns + roomSlots(c)],

    // ── service → day set: bit (day − firstDay) of dayWords(days) words
    serviceId: [Uint32Array, c.services],
    serviceFeed: [Uint32Array, c.services],
    serviceDays: [Uint32Array, c.services * dayWords(c.days)],

    // ── frequencies.txt
    frequencyStart: [Int32Array, c.frequencies],
    frequencyEnd: [Int32Array, c.frequencies],
    frequencyHeadway: [Int32Array, c.frequencies],
    frequencyExact: [Uint8Array, c.frequencies],

    // ── transfers.txt as it stands (indices or NONE); what it means for walking is in footpaths/
    transferFromStop: [Uint32Array, c.transfers],
    transferToStop: [Uint32Array, c.transfers],
    transferFromRoute: [Uint32Array, c.transfers],
    transferToRoute: [Uint32Array, c.transfers],
    transferFromTrip: [Uint32Array, c.transfers],
    transferToTrip: [Uint32Array, c.transfers],
    transferMinTime: [Int32Array, c.transfers], // seconds; −1 when not given
    transferType: [Uint8Array, c.transfers], // 0…5

    // ── pathways.txt as it stands: ways inside stations; what they mean is in station/ (S42)
    pathwayFrom: [Uint32Array, c.pathways],
    pathwayTo: [Uint32Array, c.pathways],
    pathwayId: [Uint32Array, c.pathways],
    pathwaySign: [Uint32Array, c.pathways], // signposted_as
    pathwayBackSign: [Uint32Array, c.pathways], // reversed_signposted_as
    pathwayMode: [Uint8Array, c.pathways], // 1 walkway, 2 stairs, 3 moving sidewalk, 4 escalator, 5 elevator, 6 fare gate, 7 exit gate
    pathwayTwoWay: [Uint8Array, c.pathways],
    // −1 where not given
    pathwaySeconds: [Int32Array, c.pathways],
    pathwayMillimetres: [Int32Array, c.pathways],
    pathwayWidthMm: [Int32Array, c.pathways],
    pathwayStairs: [Int32Array, c.pathways], // steps, up or (negative) down; 0 where not given
    pathwaySlope: [Int32Array, c.pathways], // steepest, in thousandths, up or (negative) down; UNKNOWN_SLOPE where not given

    // ── shape → range of points; 1e-7 degrees
    shapeId: [Uint32Array, c.shapes],
    shapeFeed: [Uint32Array, c.shapes],
    shapeBegin: [Uint32Array, c.shapes + 1],
    shapeLat: [Int32Array, c.shapePoints + c.roomTrips * c.roomPoints],
    shapeLon: [Int32Array, c.shapePoints + c.roomTrips * c.roomPoints],
    // ── geometry: where each stop of a pattern lies on a shape; geometry → begin in geometryPoints (one per slot of the pattern)
    geometryBegin: [Uint32Array, c.geometries + c.roomTrips],
    geometryPoints: [Uint32Array, c.geometrySlots + roomSlots(c)], // index into shapeLat/shapeLon, not decreasing

    // ── translations.txt (S45, translations.ts): group → range; within a group by (key, sub), first row first
    translationBegin: [Uint32Array, c.translations === 0 ? 0 : c.feeds * TRANSLATION_GROUPS + 1],
    translationKey: [Uint32Array, c.translations], // the row that it is said of (record_id), or its StringIdx (field_value)
    translationSub: [Uint32Array, c.translations], // stop_sequence of a stop_headsign, else 0
    translationLanguage: [Uint32Array, c.translations], // lower case
    translationText: [Uint32Array, c.translations],

    // ── texts
    stringBegin: [Uint32Array, c.strings + 1 + 2 * roomTexts(c)],
    stringBytes: [Uint8Array, c.stringBytes + roomTextBytes(c)],
  }) as const

export const timetableFormat: TableFormat<TimetableCounts, ReturnType<typeof specOf>> = {
  name: 'timetable',
  version: 5,
  countNames: [
    'firstDay',
    'days',
    'feeds',
    'agencies',
    'zones',
    'stops',
    'children',
    'routes',
    'patterns',
    'patternSlots',
    'trips',
    'profileTimes',
    'sequences',
    'headsigns',
    'services',
    'frequencies',
    'transfers',
    'pathways',
    'shapes',
    'shapePoints',
    'geometries',
    'geometrySlots',
    'translations',
    'strings',
    'stringBytes',
    'roomTrips',
    'roomSlots',
    'roomTexts',
    'roomTextBytes',
    'roomPoints',
    'roomStops',
    'roomRoutes',
  ],
  specOf,
}

/** The columns of a timetable while the builder fills them. */
export type TimetableColumns = Table<TimetableCounts, ReturnType<typeof specOf>>

/** The same columns, read-only and typed by what indexes them. Columns not listed here are read as they are. */
export interface Timetable
  extends Omit<
    TimetableColumns,
    | 'stopParent'
    | 'children'
    | 'routeAgency'
    | 'patternRoute'
    | 'tripPattern'
    | 'tripService'
    | 'stopFeed'
    | 'tripFeed'
    | 'routeFeed'
  > {
  readonly stopFeed: Column<StopIdx, FeedIdx>
  readonly stopParent: Column<StopIdx, StopIdx>
  readonly children: Column<number, StopIdx>
  readonly routeFeed: Column<RouteIdx, FeedIdx>
  readonly routeAgency: Column<RouteIdx, AgencyIdx>
  readonly patternRoute: Column<PatternIdx, RouteIdx>
  readonly tripFeed: Column<TripIdx, FeedIdx>
  readonly tripPattern: Column<TripIdx, PatternIdx>
  readonly tripService: Column<TripIdx, ServiceIdx>
}

export const createTimetable = (counts: TimetableCounts): TimetableColumns => createTable(timetableFormat, counts)
export const openTimetable = (buffer: SharedArrayBuffer): Timetable =>
  openTable(timetableFormat, buffer) as unknown as Timetable

// ── readers of packed words ───────────────────────────────────────────────────────────────────────────────────────────
//   slot word   31 … 2: stop   1: may alight   0: may board
export const CAN_BOARD = 1
export const CAN_ALIGHT = 2
export const slotWord = (stop: StopIdx, board: boolean, alight: boolean): number =>
  ((stop << 2) | (alight ? CAN_ALIGHT : 0) | (board ? CAN_BOARD : 0)) >>> 0
export const slotStop = (word: number): StopIdx => (word >>> 2) as StopIdx

/** Three values: nobody knows, yes, no (as GTFS numbers them). */
export const Access = { unknown: 0, yes: 1, no: 2 } as const
export type Access = (typeof Access)[keyof typeof Access]
export const tripWheelchair = (tt: Timetable, t: TripIdx): Access => (tt.tripAccess[t]! & 3) as Access
export const tripBikes = (tt: Timetable, t: TripIdx): Access => ((tt.tripAccess[t]! >> 2) & 3) as Access

// ── small look-ups every part needs ───────────────────────────────────────────────────────────────────────────────────
/** Does the service run on this service day? False outside the timetable's days. */
export function runsOn(tt: Timetable, service: ServiceIdx, day: ServiceDay): boolean {
  const d = day - tt.counts.firstDay
  if (d < 0 || d >= tt.counts.days) return false
  return ((tt.serviceDays[service * dayWords(tt.counts.days) + (d >>> 5)]! >>> (d & 31)) & 1) === 1
}

/** Noon − 12 h local of a service day. The day must be one of the timetable's. */
export function dayStart(tt: Timetable, zone: ZoneIdx, day: ServiceDay): UnixSeconds {
  return (day * 86_400 + tt.zoneDayStart[zone * tt.counts.days + (day - tt.counts.firstDay)]!) as UnixSeconds
}

/** The time zone that a trip's times are in: its route's agency's (S14, S15). */
export function zoneOfTrip(tt: Timetable, t: TripIdx): ZoneIdx {
  const agency = tt.routeAgency[tt.patternRoute[tt.tripPattern[t]]]
  return (agency < tt.counts.agencies ? tt.agencyZone[agency]! : tt.feedZone[tt.tripFeed[t]]!) as ZoneIdx
}

/** Of a pathway of which nobody says how steep it is. */
export const UNKNOWN_SLOPE = -0x8000_0000

/** The station of a platform, or the stop itself. */
export function rootStop(tt: Timetable, s: StopIdx): StopIdx {
  const parent = tt.stopParent[s]
  return parent < tt.counts.stops ? rootStop(tt, parent) : s
}

/** Slots (stops) of a pattern. */
export const patternLength = (tt: Timetable, p: PatternIdx): number => tt.slotBegin[p + 1]! - tt.slotBegin[p]!
