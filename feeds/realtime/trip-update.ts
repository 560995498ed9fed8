// TripUpdate and what it is made of, read into the message's columns.

import { NONE } from '#engine/core/ids.ts'
import {
  ARRIVAL_DELAY,
  ARRIVAL_TIME,
  ASSIGNED_STOP,
  addDescriptor,
  addStop,
  addUpdate,
  DEPARTURE,
  type DecodedMessage,
  DROP_OFF_TYPE,
  EMPTY_ARRIVAL,
  OCCUPANCY,
  PICKUP_TYPE,
  SCHEDULED_ARRIVAL,
  STOP_HEADSIGN,
  StopRelationship,
  TripRelationship,
} from '#engine/live/message.ts'
import type { DecodeOptions } from './decode.ts'
import { readModifiedTrip } from './modifications.ts'
import type { Wire } from './wire.ts'

/** Rows that one message may fill; a country's message is at half a million stop time updates. */
const MAX_ROWS = 2_000_000
/** pickup_type and drop_off_type: regular, none, phone, coordinate with driver. */
const MAX_BOARDING_TYPE = 3

/** Field 3 of an entity. Leaves no row behind when the trip is not wanted. */
export function readTripUpdate(wire: Wire, m: DecodedMessage, end: number, { wanted }: DecodeOptions): void {
  const firstDescriptor = m.descriptors.length
  const u = addUpdate(m.updates, m.stops.length)
  const c = m.updates.columns
  while (wire.pos < end) {
    const tag = wire.tag()
    switch (tag) {
      case 0x0a: {
        const d = readDescriptor(wire, m, wire.enter(end), c.descriptor[u]!)
        c.descriptor[u] = d
        // nearly always the first field: nothing of an unwanted trip has been read yet
        if (wanted && !isWanted(m, d, wanted)) {
          m.stops.length = c.stopsBegin[u]!
          m.updates.length = u
          m.descriptors.length = firstDescriptor
          m.outsideArea++
          wire.pos = end
          return
        }
        break
      }
      case 0x12:
        readStopTimeUpdate(wire, m, wire.enter(end))
        break
      case 0x1a:
        readVehicleId(wire, m, wire.enter(end), u)
        break
      case 0x20:
        c.timestamp[u] = wire.int64()
        break
      case 0x28:
        c.delay[u] = wire.int32()
        break
      case 0x32:
        readTripProperties(wire, m, wire.enter(end), u)
        break
      default:
        wire.skip(tag, end)
    }
  }
  wire.leave(end)
  c.stopsEnd[u] = m.stops.length
}

export function isWanted(m: DecodedMessage, d: number, wanted: NonNullable<DecodeOptions['wanted']>): boolean {
  const c = m.descriptors.columns
  const relationship = c.relationship[d]!
  if (relationship === TripRelationship.new || relationship === TripRelationship.added) return true
  const begin = c.tripIdBegin[d]!
  const end = c.tripIdEnd[d]!
  return begin === end || wanted(m.bytes, begin, end)
}

/** TripDescriptor, into row `into` or, when that is NONE, a new one; returns the row. */
export function readDescriptor(wire: Wire, m: DecodedMessage, end: number, into: number = NONE): number {
  const d = into === NONE ? addDescriptor(m.descriptors) : into
  if (d >= MAX_ROWS) wire.fail(`more than ${MAX_ROWS} trips`)
  const c = m.descriptors.columns
  while (wire.pos < end) {
    const tag = wire.tag()
    switch (tag) {
      case 0x0a:
        c.tripIdEnd[d] = wire.enter(end)
        c.tripIdBegin[d] = wire.pos
        wire.pos = c.tripIdEnd[d]!
        break
      case 0x12:
        c.startTimeEnd[d] = wire.enter(end)
        c.startTimeBegin[d] = wire.pos
        wire.pos = c.startTimeEnd[d]!
        break
      case 0x1a:
        c.startDateEnd[d] = wire.enter(end)
        c.startDateBegin[d] = wire.pos
        wire.pos = c.startDateEnd[d]!
        break
      case 0x20: {
        const value = wire.varint()
        // 4 was never given out
        if (value <= TripRelationship.new && value !== 4) c.relationship[d] = value
        break
      }
      case 0x2a:
        c.routeIdEnd[d] = wire.enter(end)
        c.routeIdBegin[d] = wire.pos
        wire.pos = c.routeIdEnd[d]!
        break
      case 0x30: {
        const value = wire.varint()
        if (value <= 1) c.direction[d] = value
        break
      }
      case 0x3a:
        c.modified[d] = m.modifiedTrips.push(readModifiedTrip(wire, wire.enter(end)))
        break
      default:
        wire.skip(tag, end)
    }
  }
  wire.leave(end)
  return d
}

function readStopTimeUpdate(wire: Wire, m: DecodedMessage, end: number): void {
  const s = addStop(m.stops)
  if (s >= MAX_ROWS) wire.fail(`more than ${MAX_ROWS} stop time updates`)
  const c = m.stops.columns
  let given = 0
  while (wire.pos < end) {
    const tag = wire.tag()
    switch (tag) {
      case 0x08:
        c.sequence[s] = wire.varint()
        break
      case 0x12:
        given |= readEvent(wire, wire.enter(end), c.arrivalTime, c.arrivalDelay, c.scheduledArrival, s)
        break
      case 0x1a:
        given |=
          readEvent(wire, wire.enter(end), c.departureTime, c.departureDelay, c.scheduledDeparture, s) << DEPARTURE
        break
      case 0x22:
        c.stopIdEnd[s] = wire.enter(end)
        c.stopIdBegin[s] = wire.pos
        wire.pos = c.stopIdEnd[s]!
        break
      case 0x28: {
        const value = wire.varint()
        if (value <= StopRelationship.unscheduled) c.relationship[s] = value
        break
      }
      case 0x32:
        given |= readStopTimeProperties(wire, m, wire.enter(end), s)
        break
      case 0x38:
        c.occupancy[s] = wire.varint()
        given |= OCCUPANCY
        break
      default:
        wire.skip(tag, end)
    }
  }
  wire.leave(end)
  c.given[s] = given
}

/** StopTimeEvent: sets what it states in these columns; tells which with the bits of an arrival. */
function readEvent(
  wire: Wire,
  end: number,
  times: Float64Array,
  delays: Int32Array,
  scheduled: Float64Array,
  s: number,
): number {
  let given = 0
  while (wire.pos < end) {
    const tag = wire.tag()
    switch (tag) {
      case 0x08:
        delays[s] = wire.int32()
        given |= ARRIVAL_DELAY
        break
      case 0x10:
        times[s] = wire.int64()
        given |= ARRIVAL_TIME
        break
      case 0x20:
        scheduled[s] = wire.int64()
        given |= SCHEDULED_ARRIVAL
        break
      default:
        wire.skip(tag, end)
    }
  }
  wire.leave(end)
  return given || EMPTY_ARRIVAL
}

function readStopTimeProperties(wire: Wire, m: DecodedMessage, end: number, s: number): number {
  const c = m.stops.columns
  let given = 0
  while (wire.pos < end) {
    const tag = wire.tag()
    switch (tag) {
      case 0x0a:
        c.assignedEnd[s] = wire.enter(end)
        c.assignedBegin[s] = wire.pos
        wire.pos = c.assignedEnd[s]!
        given |= ASSIGNED_STOP
        break
      case 0x12:
        c.headsignEnd[s] = wire.enter(end)
        c.headsignBegin[s] = wire.pos
        wire.pos = c.headsignEnd[s]!
        given |= STOP_HEADSIGN
        break
      case 0x18: {
        const value = wire.varint()
        if (value > MAX_BOARDING_TYPE) break
        c.pickupType[s] = value
        given |= PICKUP_TYPE
        break
      }
      case 0x20: {
        const value = wire.varint()
        if (value > MAX_BOARDING_TYPE) break
        c.dropOffType[s] = value
        given |= DROP_OFF_TYPE
        break
      }
      default:
        wire.skip(tag, end)
    }
  }
  wire.leave(end)
  return given
}

function readVehicleId(wire: Wire, m: DecodedMessage, end: number, u: number): void {
  const c = m.updates.columns
  while (wire.pos < end) {
    const tag = wire.tag()
    if (tag === 0x0a) {
      c.vehicleIdEnd[u] = wire.enter(end)
      c.vehicleIdBegin[u] = wire.pos
      wire.pos = c.vehicleIdEnd[u]!
    } else wire.skip(tag, end)
  }
  wire.leave(end)
}

function readTripProperties(wire: Wire, m: DecodedMessage, end: number, u: number): void {
  const c = m.updates.columns
  while (wire.pos < end) {
    const tag = wire.tag()
    switch (tag) {
      case 0x0a:
        c.newTripIdEnd[u] = wire.enter(end)
        c.newTripIdBegin[u] = wire.pos
        wire.pos = c.newTripIdEnd[u]!
        break
      case 0x12:
        c.newStartDateEnd[u] = wire.enter(end)
        c.newStartDateBegin[u] = wire.pos
        wire.pos = c.newStartDateEnd[u]!
        break
      case 0x1a:
        c.newStartTimeEnd[u] = wire.enter(end)
        c.newStartTimeBegin[u] = wire.pos
        wire.pos = c.newStartTimeEnd[u]!
        break
      case 0x22:
        c.newShapeEnd[u] = wire.enter(end)
        c.newShapeBegin[u] = wire.pos
        wire.pos = c.newShapeEnd[u]!
        break
      case 0x32:
        c.newShortNameEnd[u] = wire.enter(end)
        c.newShortNameBegin[u] = wire.pos
        wire.pos = c.newShortNameEnd[u]!
        break
      case 0x2a:
        c.newHeadsignEnd[u] = wire.enter(end)
        c.newHeadsignBegin[u] = wire.pos
        wire.pos = c.newHeadsignEnd[u]!
        break
      default:
        wire.skip(tag, end)
    }
  }
  wire.leave(end)
}
