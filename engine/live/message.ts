// A GTFS-Realtime message as columns: what feeds/realtime/decode fills and apply.ts reads. One message object is used again and again, so
// that tens of thousands of stop time updates cost no garbage; texts are byte ranges of the message itself and are compared as bytes.
//
//   descriptors   one row per TripDescriptor, wherever it stood (trip update, vehicle, alert)
//   updates       one row per TripUpdate → its descriptor, its range of stops
//   stops         one row per StopTimeUpdate
// All else in a message is few: plain objects (entities.ts).

import { NONE } from '../core/ids.ts'
import type {
  AlertEntity,
  ModifiedTripEntity,
  ShapeEntity,
  StopEntity,
  TripModificationsEntity,
  VehicleEntity,
} from './entities.ts'

type Columns = Readonly<Record<string, unknown>>

/** Columns that grow together; rows at or above `length` are of an older message. */
export interface Rows<C extends Columns> {
  length: number
  capacity: number
  readonly columns: { -readonly [K in keyof C]: C[K] }
}

function rows<C extends Columns>(columns: C, capacity: number): Rows<C> {
  return { length: 0, capacity, columns }
}

/** Makes room for one more row, whose content the caller sets entirely, and returns its number. */
function addRow<C extends Columns>(table: Rows<C>): number {
  if (table.length === table.capacity) grow(table as unknown as Rows<Record<string, Uint8Array>>)
  return table.length++
}

function grow(table: Rows<Record<string, Uint8Array>>): void {
  table.capacity *= 2
  for (const [name, old] of Object.entries(table.columns)) {
    const wider = new (old.constructor as Uint8ArrayConstructor)(table.capacity)
    wider.set(old)
    table.columns[name] = wider
  }
}

/** TripDescriptor.ScheduleRelationship as GTFS-Realtime numbers it. */
export const TripRelationship = {
  scheduled: 0,
  added: 1,
  unscheduled: 2,
  cancelled: 3,
  replacement: 5,
  duplicated: 6,
  deleted: 7,
  new: 8,
} as const
/** StopTimeUpdate.ScheduleRelationship. */
export const StopRelationship = { scheduled: 0, skipped: 1, noData: 2, unscheduled: 3 } as const

// stops.given: what the update states (a value of 0 is not "absent", A11); the columns of what it does not state hold anything
export const ARRIVAL_TIME = 1
export const ARRIVAL_DELAY = 2
/** From an arrival's bit to the departure's. */
export const DEPARTURE = 2
export const DEPARTURE_TIME = ARRIVAL_TIME << DEPARTURE
export const DEPARTURE_DELAY = ARRIVAL_DELAY << DEPARTURE
export const ASSIGNED_STOP = 16
export const PICKUP_TYPE = 32
export const DROP_OFF_TYPE = 64
export const STOP_HEADSIGN = 128
export const SCHEDULED_ARRIVAL = 256
export const OCCUPANCY = 2048
export const ARRIVAL_UNCERTAINTY = 8192
/** An arrival that states nothing, a contradiction in itself. */
export const EMPTY_ARRIVAL = 4096
export const EMPTY_DEPARTURE = EMPTY_ARRIVAL << DEPARTURE
export const NO_VALUE = 255
/** Of an incrementality that the header does not have. */
export const NOT_SAID = -1
/** Column value of a unix time that is no usable number. */
export const NO_TIME = 0

const descriptorRows = (n: number) =>
  rows(
    {
      // byte ranges; begin = end: not given
      tripIdBegin: new Uint32Array(n),
      tripIdEnd: new Uint32Array(n),
      routeIdBegin: new Uint32Array(n),
      routeIdEnd: new Uint32Array(n),
      startTimeBegin: new Uint32Array(n),
      startTimeEnd: new Uint32Array(n),
      startDateBegin: new Uint32Array(n),
      startDateEnd: new Uint32Array(n),
      direction: new Uint8Array(n), // NO_VALUE: not given
      relationship: new Uint8Array(n), // TripRelationship; scheduled when not given
      modified: new Uint32Array(n), // row of modifiedTrips + 1, 0: names its trip itself (B16)
    },
    n,
  )

const updateRows = (n: number) =>
  rows(
    {
      entityBegin: new Uint32Array(n), // byte range of the entity's id
      entityEnd: new Uint32Array(n),
      descriptor: new Uint32Array(n), // NONE: the update names no trip
      stopsBegin: new Uint32Array(n),
      stopsEnd: new Uint32Array(n),
      timestamp: new Float64Array(n), // unix seconds or NO_TIME
      delay: new Int32Array(n), // seconds; NO_DELAY when not given
      vehicleIdBegin: new Uint32Array(n),
      vehicleIdEnd: new Uint32Array(n),
      // trip_properties
      newTripIdBegin: new Uint32Array(n),
      newTripIdEnd: new Uint32Array(n),
      newStartDateBegin: new Uint32Array(n),
      newStartDateEnd: new Uint32Array(n),
      newStartTimeBegin: new Uint32Array(n),
      newStartTimeEnd: new Uint32Array(n),
      newHeadsignBegin: new Uint32Array(n),
      newHeadsignEnd: new Uint32Array(n),
      newShortNameBegin: new Uint32Array(n),
      newShortNameEnd: new Uint32Array(n),
      newShapeBegin: new Uint32Array(n),
      newShapeEnd: new Uint32Array(n),
    },
    n,
  )
/** updates.delay when the update states none. */
export const NO_DELAY = -0x8000_0000

const stopRows = (n: number) =>
  rows(
    {
      sequence: new Uint32Array(n), // NONE: not given
      stopIdBegin: new Uint32Array(n),
      stopIdEnd: new Uint32Array(n),
      assignedBegin: new Uint32Array(n), // stop_time_properties.assigned_stop_id
      assignedEnd: new Uint32Array(n),
      arrivalTime: new Float64Array(n), // unix seconds
      departureTime: new Float64Array(n),
      arrivalDelay: new Int32Array(n),
      departureDelay: new Int32Array(n),
      arrivalUncertainty: new Int32Array(n), // seconds
      departureUncertainty: new Int32Array(n),
      // of runs that the timetable does not have (D18)
      scheduledArrival: new Float64Array(n),
      scheduledDeparture: new Float64Array(n),
      headsignBegin: new Uint32Array(n), // stop_time_properties.stop_headsign
      headsignEnd: new Uint32Array(n),
      occupancy: new Uint8Array(n), // departure_occupancy_status
      given: new Uint16Array(n),
      relationship: new Uint8Array(n), // StopRelationship; scheduled when not given
      pickupType: new Uint8Array(n), // as GTFS numbers them
      dropOffType: new Uint8Array(n),
    },
    n,
  )

export type DescriptorRows = ReturnType<typeof descriptorRows>
export type UpdateRows = ReturnType<typeof updateRows>
export type StopRows = ReturnType<typeof stopRows>

export interface DecodedMessage {
  /** The message itself; byte ranges point into it. Not kept beyond one apply. */
  bytes: Uint8Array
  /** Of all bytes, and of the entities with alerts alone: equal values, nothing new. */
  checksum: number
  alertsChecksum: number
  version: string
  /** 0 FULL_DATASET, 1 DIFFERENTIAL; NOT_SAID, which means a full dataset (A3). */
  incrementality: number
  /** Unix seconds as the header has it; NO_TIME when it has none. */
  timestamp: number
  feedVersion: string
  entities: number
  /** Dropped while decoding: is_deleted (A7), no payload (A9). */
  deletedEntities: number
  emptyEntities: number
  /** Skipped unread, because the reader said that the trip is not one of its own. */
  outsideArea: number
  readonly descriptors: DescriptorRows
  readonly updates: UpdateRows
  readonly stops: StopRows
  vehicles: VehicleEntity[]
  alerts: AlertEntity[]
  modifiedTrips: ModifiedTripEntity[]
  modifications: TripModificationsEntity[]
  shapes: ShapeEntity[]
  realtimeStops: StopEntity[]
}

/** Room for a message that grows with the largest one; filled again by each `decode`. */
export const createMessage = (): DecodedMessage => ({
  bytes: new Uint8Array(0),
  checksum: 0,
  alertsChecksum: 0,
  version: '',
  incrementality: NOT_SAID,
  timestamp: NO_TIME,
  feedVersion: '',
  entities: 0,
  deletedEntities: 0,
  emptyEntities: 0,
  outsideArea: 0,
  descriptors: descriptorRows(256),
  updates: updateRows(256),
  stops: stopRows(4096),
  vehicles: [],
  alerts: [],
  modifiedTrips: [],
  modifications: [],
  shapes: [],
  realtimeStops: [],
})

/** Empties the message for the next one; the memory stays. */
export function clearMessage(m: DecodedMessage, bytes: Uint8Array): void {
  m.bytes = bytes
  m.checksum = m.alertsChecksum = 0
  m.version = m.feedVersion = ''
  m.incrementality = NOT_SAID
  m.timestamp = NO_TIME
  m.entities = m.deletedEntities = m.emptyEntities = m.outsideArea = 0
  m.descriptors.length = m.updates.length = m.stops.length = 0
  m.vehicles = []
  m.alerts = []
  m.modifiedTrips = []
  m.modifications = []
  m.shapes = []
  m.realtimeStops = []
}

/** A row in which nothing is said. @returns its number */
export function addDescriptor(table: DescriptorRows): number {
  const row = addRow(table)
  const c = table.columns
  c.tripIdBegin[row] = c.tripIdEnd[row] = 0
  c.routeIdBegin[row] = c.routeIdEnd[row] = 0
  c.startTimeBegin[row] = c.startTimeEnd[row] = 0
  c.startDateBegin[row] = c.startDateEnd[row] = 0
  c.direction[row] = NO_VALUE
  c.relationship[row] = TripRelationship.scheduled
  c.modified[row] = 0
  return row
}

/** A row in which nothing is said. @param stops row at which its stops will begin @returns its number */
export function addUpdate(table: UpdateRows, stops: number): number {
  const row = addRow(table)
  const c = table.columns
  c.entityBegin[row] = c.entityEnd[row] = 0
  c.descriptor[row] = NONE
  c.stopsBegin[row] = c.stopsEnd[row] = stops
  c.timestamp[row] = NO_TIME
  c.delay[row] = NO_DELAY
  c.vehicleIdBegin[row] = c.vehicleIdEnd[row] = 0
  c.newTripIdBegin[row] = c.newTripIdEnd[row] = 0
  c.newStartDateBegin[row] = c.newStartDateEnd[row] = 0
  c.newStartTimeBegin[row] = c.newStartTimeEnd[row] = 0
  c.newHeadsignBegin[row] = c.newHeadsignEnd[row] = 0
  c.newShortNameBegin[row] = c.newShortNameEnd[row] = 0
  c.newShapeBegin[row] = c.newShapeEnd[row] = 0
  return row
}

/** A row that states nothing: columns that `given` does not name keep what stood there. @returns its number */
export function addStop(table: StopRows): number {
  const row = addRow(table)
  const c = table.columns
  c.sequence[row] = NONE
  c.stopIdBegin[row] = c.stopIdEnd[row] = 0
  c.given[row] = 0
  c.relationship[row] = StopRelationship.scheduled
  return row
}

const utf8 = new TextDecoder()

/** The text of a byte range of the message. */
export const messageText = (m: DecodedMessage, begin: number, end: number): string =>
  begin === end ? '' : utf8.decode(m.bytes.subarray(begin, end))
