// What the realtime feeds say now: one row per run (a trip on a service day) of which some feed speaks, with every stop of it resolved
// to a time and to where that time comes from. Runs nobody speaks of are not here: for them the schedule is all there is, and says so.
// The rules cited (A1 … K10) are those of docs/rules.md.

import type { Column, LiveRunIdx, StopIdx, TripIdx } from '../core/ids.ts'
import type { ServiceDay } from '../core/time.ts'
import type { RunSigns } from './signs.ts'

/** Where a time comes from. A display never calls anything but `predicted`, `recorded` and `propagated` real time. */
export const Source = {
  schedule: 0, // no realtime for this stop (before the first update, D6)
  predicted: 1, // the feed states it for this stop
  propagated: 2, // follows from an earlier stop's delay (D4)
  noData: 3, // the feed says that it does not know (E6)
  recorded: 4, // it has happened: the stated time lies before the message's own time
  stale: 5, // was predicted, but the feed has been silent too long (K4)
} as const
export type Source = (typeof Source)[keyof typeof Source]

/** What happens to a run. */
export const RunState = {
  running: 0,
  cancelled: 1, // shown as cancelled, not routed (F2)
  deleted: 2, // neither shown nor routed (F3)
  added: 3, // NEW, ADDED or DUPLICATED: not in the timetable
  replaced: 4, // REPLACEMENT or on a detour: an extra trip, with the feed's stop list, that runs instead of `runOther`
  superseded: 5, // the timetable's run of which that is said, and a headway's run that one with realtime stands for: as if deleted
} as const
export type RunState = (typeof RunState)[keyof typeof RunState]

/** Is the run on boards and maps? */
export const isShown = (state: RunState): boolean => state !== RunState.deleted && state !== RunState.superseded
/** Can one ride it? */
export const isServed = (state: RunState): boolean =>
  state === RunState.running || state === RunState.added || state === RunState.replaced

// eventFlags:   drop_off_type 3 bits │ pickup_type 3 │ departure occupancy 4 │ own │ kept │ repaired │ skipped
export const SKIPPED = 1 // no boarding, no alighting (E2)
export const REPAIRED = 2 // clamped to keep times from running back (D10)
export const KEPT = 4 // the last word of a feed that then lost the run with most others (collapse.ts)
export const OWN = 8 // our own prediction from where the vehicle is (from-positions.ts)
/** How full the vehicle is expected to leave a stop (H6): the feed's number plus one, 0 when nobody says. */
export const DEPARTURE_OCCUPANCY_SHIFT = 4
const DEPARTURE_OCCUPANCY = 15 << DEPARTURE_OCCUPANCY_SHIFT
/** What the feed has stand for the timetable's pickup_type and drop_off_type (H4): the type plus one, 0 when nobody says. */
export const PICKUP_SHIFT = 8
export const DROP_OFF_SHIFT = 11
const TYPES = (7 << PICKUP_SHIFT) | (7 << DROP_OFF_SHIFT)
export const typeFlags = (type: number, shift: number): number => (type + 1) << shift
/** pickup_type or drop_off_type as it holds now, as GTFS numbers it. @param planned the timetable's */
export const typeNow = (flags: number, shift: number, planned: number): number =>
  ((flags >>> shift) & 7) === 0 ? planned : ((flags >>> shift) & 7) - 1
/** pickup_type, drop_off_type: not available. */
export const NOT_AVAILABLE = 1
/** May one board or alight there now? @param planned as the timetable has it */
export const isOpen = (flags: number, shift: number, planned: boolean): boolean =>
  (flags & SKIPPED) === 0 && (((flags >>> shift) & 7) === 0 ? planned : typeNow(flags, shift, 0) !== NOT_AVAILABLE)
/** Does the feed change anything about boarding and alighting? */
export const changesBoarding = (flags: number): boolean => (flags & (SKIPPED | TYPES)) !== 0
/** Flags without what is said of a time that no longer counts. */
export const withoutForecast = (flags: number): number => flags & ~DEPARTURE_OCCUPANCY

// eventUncertainty:   of the departure 16 bits │ of the arrival 16: seconds plus one, 0 when nobody says (D17)
export const ARRIVAL_UNCERTAINTY_SHIFT = 0
export const DEPARTURE_UNCERTAINTY_SHIFT = 16
const MAX_UNCERTAINTY = 0xfffe
export const uncertaintyBits = (seconds: number, shift: number): number =>
  seconds < 0 ? 0 : ((Math.min(seconds, MAX_UNCERTAINTY) + 1) << shift) >>> 0
/** Seconds, more than 18 hours being 18 hours; undefined when nobody says. */
export const uncertaintyOf = (bits: number, shift: number): number | undefined => {
  const said = (bits >>> shift) & 0xffff
  return said === 0 ? undefined : said - 1
}
/** OccupancyStatus as GTFS-Realtime numbers it, or -1. */
export const departureOccupancy = (flags: number): number =>
  ((flags & DEPARTURE_OCCUPANCY) >> DEPARTURE_OCCUPANCY_SHIFT) - 1

/** Runs sorted by (day, trip, shift), trips that only realtime knows (timetable/room.ts) among them; events of run r are [eventBegin[r], eventBegin[r + 1]), one per slot of the trip's pattern. */
export interface LiveRuns {
  readonly runs: number
  readonly runTrip: Column<LiveRunIdx, TripIdx>
  readonly runDay: Column<LiveRunIdx, ServiceDay>
  // seconds by which this run starts later than the trip's own start: not 0 only for runs of frequencies.txt
  readonly runShift: Column<LiveRunIdx>
  readonly runState: Column<LiveRunIdx, RunState>
  // of a superseded run the trip that runs instead, of a replaced one the trip that it stands for; NONE
  readonly runOther: Column<LiveRunIdx>
  // what the run's vehicle says of wheelchairs where that is not what the timetable says of the trip (I9): Access, 0 nothing
  readonly runWheelchair: Column<LiveRunIdx>
  // which realtime source (index into LiveState.sources)
  readonly runSource: Column<LiveRunIdx>
  readonly eventBegin: Column<LiveRunIdx>
  // seconds of the service day, both never decreasing along a run
  readonly eventArrival: Int32Array
  readonly eventDeparture: Int32Array
  readonly eventArrivalSource: Uint8Array
  readonly eventDepartureSource: Uint8Array
  readonly eventFlags: Uint32Array
  readonly eventUncertainty: Uint32Array
  // where the vehicle stops now: the scheduled stop unless another platform is assigned (H1)
  readonly eventStop: Column<number, StopIdx>
}

/** A text in several languages; `language` undefined = untagged. */
export interface Translated {
  readonly text: string
  readonly language?: string
}

export interface Period {
  /** Unix seconds; missing = open. */
  readonly start?: number
  readonly end?: number
}

/** One row of an alert's informed_entity, resolved; the fields given are ANDed (J4). */
export interface AlertSelector {
  readonly agency?: number
  readonly route?: number
  readonly routeType?: number
  readonly direction?: number
  readonly stop?: number
  readonly trip?: number
  /** In place of `trip`: the trip_id of a run that realtime added, whose number is another's in time, and its feed. */
  readonly added?: string
  readonly feed?: number
  readonly day?: number
  /** Of a trip of frequencies.txt the run that starts so many seconds later than the trip. */
  readonly shift?: number
}

export interface LiveAlert {
  /** `<tag>_<entity id>` */
  readonly id: string
  readonly source: number
  readonly communication: readonly Period[]
  readonly impact: readonly Period[]
  readonly selectors: readonly AlertSelector[]
  readonly cause: string
  readonly effect: string
  readonly severity: string
  /** In the producer's own words (J10). */
  readonly causeDetail?: readonly Translated[]
  readonly effectDetail?: readonly Translated[]
  readonly header: readonly Translated[]
  readonly description: readonly Translated[]
  readonly ttsHeader: readonly Translated[]
  readonly ttsDescription: readonly Translated[]
  readonly url: readonly Translated[]
  /** Pictures by language, `text` being their address (J15), and what they show in words. */
  readonly images?: readonly LiveImage[]
  readonly imageText?: readonly Translated[]
}

export interface LiveImage extends Translated {
  readonly mediaType: string
}

export interface LiveVehicle {
  /** The feed's entity or vehicle id: internal, never shown to riders (I8). */
  readonly id: string
  readonly source: number
  readonly label?: string
  readonly trip?: number
  readonly day?: number
  readonly shift?: number
  /** 1e-7 degrees. */
  readonly lat?: number
  readonly lon?: number
  readonly bearing?: number
  /** Metres per second. */
  readonly speed?: number
  /** Position in the trip's pattern. */
  readonly slot?: number
  readonly status?: 'INCOMING_AT' | 'STOPPED_AT' | 'IN_TRANSIT_TO'
  /** Unix seconds of the measurement, else of the message (I3). */
  readonly timestamp: number
  readonly occupancy?: string
  readonly occupancyPercentage?: number
  /** Of this very vehicle, whatever the timetable says of the trip (I9). */
  readonly wheelchair?: 'yes' | 'no'
  /** More than 200 m from where its trip goes (I5). */
  readonly offRoute?: true
  /** In the direction of travel. */
  readonly carriages?: readonly Carriage[]
}

export interface Carriage {
  readonly id?: string
  readonly label?: string
  readonly occupancy?: string
  readonly occupancyPercentage?: number
}

/** How a source is doing; the counts are of its newest message, `rejected` by reason (A17). */
export interface SourceStatus {
  readonly tag: string
  readonly url: string
  /** Unix seconds of the newest accepted header; 0 before the first message. */
  readonly timestamp: number
  /** Unix seconds at which it was received; of undated messages the last time that the same was received. */
  readonly receivedAt: number
  readonly entities: number
  readonly tripUpdates: number
  readonly matched: number
  readonly unmatched: number
  /** Entities of trips outside the imported area: neither matched nor an error. */
  readonly outsideArea: number
  readonly vehicles: number
  readonly alerts: number
  readonly rejected: Readonly<Record<string, number>>
  readonly warnings: Readonly<Record<string, number>>
  /** Why the newest message as a whole was not taken, if it was not: REALTIME_UNREADABLE, FETCH_FAILED, went_backwards, … */
  readonly refused?: string
  /** Messages applied / refused since the start. */
  readonly applied: number
  readonly refusedCount: number
  /** Times that it said the same again: since the start, and in a row. */
  readonly unchangedCount: number
  readonly unchangedStreak: number
  /** Messages in a row of whose trips the timetable knows less than half. */
  readonly poorMatches: number
}

/** From three such messages on it is likely another timetable (B18). */
export const isMismatch = ({ poorMatches }: Pick<SourceStatus, 'poorMatches'>): boolean => poorMatches >= 3

/** Does its newest message name a version of the timetable that is not ours (A16)? */
export const namesOtherVersion = ({ warnings }: Pick<SourceStatus, 'warnings'>): boolean =>
  (warnings.static_mismatch ?? 0) > 0

/** Everything the realtime sources say, at one moment. A new message makes a new state; nothing in it is ever changed. */
export interface LiveState {
  readonly runs: LiveRuns
  /** By run, each once. */
  readonly runSigns?: readonly RunSigns[]
  readonly alerts: readonly LiveAlert[]
  readonly vehicles: readonly LiveVehicle[]
  readonly sources: readonly SourceStatus[]
}

/** Nobody says anything. */
export const silence: LiveState = {
  runs: {
    runs: 0,
    runTrip: [],
    runDay: [],
    runShift: [],
    runState: [],
    runOther: [],
    runWheelchair: [],
    runSource: [],
    eventBegin: [0],
    eventArrival: new Int32Array(0),
    eventDeparture: new Int32Array(0),
    eventArrivalSource: new Uint8Array(0),
    eventDepartureSource: new Uint8Array(0),
    eventFlags: new Uint32Array(0),
    eventUncertainty: new Uint32Array(0),
    eventStop: [],
  },
  alerts: [],
  vehicles: [],
  sources: [],
}
