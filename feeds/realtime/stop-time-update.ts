// StopTimeUpdate → a row of the message's columns. Nearly all of a message is this, written in few shapes: the first two readers look at the
// bytes themselves for fields of one length byte, one byte of value or a time; whatever is written otherwise goes the general way, field by
// field.

import {
  ARRIVAL_DELAY,
  ARRIVAL_TIME,
  ARRIVAL_UNCERTAINTY,
  ASSIGNED_STOP,
  addStop,
  DEPARTURE,
  type DecodedMessage,
  DROP_OFF_TYPE,
  EMPTY_ARRIVAL,
  NO_VALUE,
  OCCUPANCY,
  PICKUP_TYPE,
  SCHEDULED_ARRIVAL,
  STOP_HEADSIGN,
  StopRelationship,
} from '#engine/live/message.ts'
import { MAX_ROWS, type Wire } from './wire.ts'

/** pickup_type and drop_off_type: regular, none, phone, coordinate with driver. */
const MAX_BOARDING_TYPE = 3

/** Field 2 of a TripUpdate. */
export function readStopTimeUpdate(wire: Wire, m: DecodedMessage, end: number): void {
  const s = addStop(m.stops)
  if (s >= MAX_ROWS) wire.fail(`more than ${MAX_ROWS} stop time updates`)
  const c = m.stops.columns
  const { bytes } = wire
  let given = 0
  let pos = wire.pos
  while (pos < end) {
    const tag = bytes[pos]!
    const next = bytes[pos + 1]!
    const stop = pos + 2 + next
    if (next >= 0x80 || stop > end) {
      wire.pos = pos
      given |= readStopTimeField(wire, m, end, s)
      pos = wire.pos
    } else if (tag === 0x08) {
      c.sequence[s] = next
      pos += 2
    } else if (tag === 0x12) {
      wire.pos = pos + 2
      given |= readEvent(wire, stop, c.arrivalTime, c.arrivalDelay, c.scheduledArrival, c.arrivalUncertainty, s)
      pos = stop
    } else if (tag === 0x1a) {
      wire.pos = pos + 2
      given |=
        readEvent(wire, stop, c.departureTime, c.departureDelay, c.scheduledDeparture, c.departureUncertainty, s) <<
        DEPARTURE
      pos = stop
    } else if (tag === 0x22) {
      c.stopIdBegin[s] = pos + 2
      c.stopIdEnd[s] = pos = stop
    } else {
      wire.pos = pos
      given |= readStopTimeField(wire, m, end, s)
      pos = wire.pos
    }
  }
  wire.pos = pos
  wire.leave(end)
  c.given[s] = given
}

/** One field of a StopTimeUpdate; tells what it states. */
function readStopTimeField(wire: Wire, m: DecodedMessage, end: number, s: number): number {
  const c = m.stops.columns
  const tag = wire.tag()
  switch (tag) {
    case 0x08:
      c.sequence[s] = wire.varint()
      return 0
    case 0x12:
      return readEvent(
        wire,
        wire.enter(end),
        c.arrivalTime,
        c.arrivalDelay,
        c.scheduledArrival,
        c.arrivalUncertainty,
        s,
      )
    case 0x1a:
      return (
        readEvent(
          wire,
          wire.enter(end),
          c.departureTime,
          c.departureDelay,
          c.scheduledDeparture,
          c.departureUncertainty,
          s,
        ) << DEPARTURE
      )
    case 0x22:
      wire.range(end, c.stopIdBegin, c.stopIdEnd, s)
      return 0
    case 0x28: {
      const value = wire.varint()
      if (value <= StopRelationship.unscheduled) c.relationship[s] = value
      return 0
    }
    case 0x32:
      return readStopTimeProperties(wire, m, wire.enter(end), s)
    case 0x38:
      c.occupancy[s] = Math.min(wire.varint(), NO_VALUE)
      return OCCUPANCY
    default:
      wire.skip(tag, end)
      return 0
  }
}

/** StopTimeEvent: sets what it states in these columns; tells which with the bits of an arrival. */
function readEvent(
  wire: Wire,
  end: number,
  times: Float64Array,
  delays: Int32Array,
  scheduled: Float64Array,
  uncertainties: Int32Array,
  s: number,
): number {
  const { bytes } = wire
  let given = 0
  let pos = wire.pos
  while (pos < end) {
    const tag = bytes[pos]!
    if (tag === 0x10) {
      const time = wire.fiveBytes(pos + 1)
      if (time !== 0) {
        times[s] = time
        given |= ARRIVAL_TIME
        pos += 6
        continue
      }
    } else if (tag === 0x08 && bytes[pos + 1]! < 0x80) {
      delays[s] = bytes[pos + 1]!
      given |= ARRIVAL_DELAY
      pos += 2
      continue
    }
    wire.pos = pos
    given |= readEventField(wire, end, times, delays, scheduled, uncertainties, s)
    pos = wire.pos
  }
  wire.pos = pos
  wire.leave(end)
  return given || EMPTY_ARRIVAL
}

function readEventField(
  wire: Wire,
  end: number,
  times: Float64Array,
  delays: Int32Array,
  scheduled: Float64Array,
  uncertainties: Int32Array,
  s: number,
): number {
  const tag = wire.tag()
  switch (tag) {
    case 0x08:
      delays[s] = wire.int32()
      return ARRIVAL_DELAY
    case 0x10:
      times[s] = wire.int64()
      return ARRIVAL_TIME
    case 0x18:
      uncertainties[s] = wire.int32()
      return ARRIVAL_UNCERTAINTY
    case 0x20:
      scheduled[s] = wire.int64()
      return SCHEDULED_ARRIVAL
    default:
      wire.skip(tag, end)
      return 0
  }
}

function readStopTimeProperties(wire: Wire, m: DecodedMessage, end: number, s: number): number {
  const c = m.stops.columns
  let given = 0
  while (wire.pos < end) {
    const tag = wire.tag()
    switch (tag) {
      case 0x0a:
        wire.range(end, c.assignedBegin, c.assignedEnd, s)
        given |= ASSIGNED_STOP
        break
      case 0x12:
        wire.range(end, c.headsignBegin, c.headsignEnd, s)
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
