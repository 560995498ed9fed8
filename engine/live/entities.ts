// Vehicles, alerts, and the stops, lines and detours that a message brings along: few enough for plain objects, filled field by field. Left
// out: what no rule here reads (translations of a stop's name).

/** A VehiclePosition; fields not given are undefined (A11: 0 is a value). */
export interface VehicleEntity {
  entityId: string
  descriptor: number
  vehicleId: string | undefined
  label: string | undefined
  lat: number | undefined
  lon: number | undefined
  bearing: number | undefined
  speed: number | undefined
  stopSequence: number | undefined
  /** Byte range of stop_id. */
  stopIdBegin: number
  stopIdEnd: number
  status: number | undefined
  timestamp: number | undefined
  occupancy: number | undefined
  occupancyPercentage: number | undefined
  /** VehicleDescriptor.wheelchair_accessible as GTFS-Realtime numbers it: 1 unknown, 2 yes, 3 no. */
  wheelchair: number | undefined
  carriages: CarriageEntity[] | undefined
}

export interface CarriageEntity {
  readonly id: string | undefined
  readonly label: string | undefined
  readonly occupancy: number | undefined
  readonly occupancyPercentage: number | undefined
  readonly sequence: number | undefined
}

export interface AlertPeriod {
  readonly start: number | undefined
  readonly end: number | undefined
}

/** An EntitySelector; ids are byte ranges, empty = not given. */
export interface SelectorEntity {
  agencyIdBegin: number
  agencyIdEnd: number
  routeIdBegin: number
  routeIdEnd: number
  stopIdBegin: number
  stopIdEnd: number
  routeType: number | undefined
  direction: number | undefined
  /** Row of descriptors, or NONE. */
  descriptor: number
}

export interface TranslationEntity {
  readonly text: string
  readonly language: string | undefined
}

export interface AlertEntity {
  entityId: string
  active: AlertPeriod[]
  communication: AlertPeriod[]
  impact: AlertPeriod[]
  selectors: SelectorEntity[]
  cause: number | undefined
  effect: number | undefined
  severity: number | undefined
  header: TranslationEntity[]
  description: TranslationEntity[]
  ttsHeader: TranslationEntity[]
  ttsDescription: TranslationEntity[]
  url: TranslationEntity[]
  images: ImageEntity[]
  imageText: TranslationEntity[]
  causeDetail: TranslationEntity[]
  effectDetail: TranslationEntity[]
}

/** One language's picture: `text` is its address. */
export interface ImageEntity extends TranslationEntity {
  readonly mediaType: string
}

/** TripDescriptor.modified_trip: a trip as a TripModifications entity makes it. */
export interface ModifiedTripEntity {
  readonly modificationsId: string
  readonly affectedTripId: string
  readonly startTime: string
  readonly startDate: string
}

export interface StopSelectorEntity {
  readonly sequence: number | undefined
  readonly stopId: string
}

export interface ReplacementStopEntity {
  readonly stopId: string
  /** Seconds from the reference stop. */
  readonly travelTime: number | undefined
}

/** One span of a detour; without `last` nothing is replaced (H12). */
export interface ModificationEntity {
  readonly first: StopSelectorEntity | undefined
  readonly last: StopSelectorEntity | undefined
  readonly delay: number
  readonly stops: readonly ReplacementStopEntity[]
}

export interface SelectedTripsEntity {
  readonly tripIds: readonly string[]
  readonly shapeId: string
}

/** Field 8 of an entity: a detour of some trips on some days (H10–H18). */
export interface TripModificationsEntity {
  entityId: string
  readonly selected: readonly SelectedTripsEntity[]
  readonly startTimes: readonly string[]
  readonly serviceDates: readonly string[]
  readonly modifications: readonly ModificationEntity[]
}

/** Field 6: a line on the map (H8). */
export interface ShapeEntity {
  readonly shapeId: string
  readonly polyline: string
}

/** Field 7: a stop that the timetable does not have (H9). */
export interface StopEntity {
  readonly stopId: string
  readonly name: string
  readonly lat: number | undefined
  readonly lon: number | undefined
  readonly parentStation: string
  readonly platformCode: string
  readonly wheelchair: number
}
