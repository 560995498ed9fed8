// TripUpdate and what it is made of, read into the message's columns.

import { NONE } from '#engine/core/ids.ts'
import { addDescriptor, addUpdate, type DecodedMessage, TripRelationship } from '#engine/live/message.ts'
import { readModifiedTrip } from './modifications.ts'
import { readStopTimeUpdate } from './stop-time-update.ts'
import { type DecodeOptions, isWanted } from './wanted.ts'
import { MAX_ROWS, type Wire } from './wire.ts'

/** Field 3 of an entity. Leaves no row behind when the trip is not wanted. */
export function readTripUpdate(wire: Wire, m: DecodedMessage, end: number, { wanted }: DecodeOptions): void {
  const firstDescriptor = m.descriptors.length
  const u = addUpdate(m.updates, m.stops.length)
  if (u >= MAX_ROWS) wire.fail(`more than ${MAX_ROWS} trip updates`)
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

/** TripDescriptor, into row `into` or, when that is NONE, a new one; returns the row. */
export function readDescriptor(wire: Wire, m: DecodedMessage, end: number, into: number): number {
  const d = into === NONE ? addDescriptor(m.descriptors) : into
  if (d >= MAX_ROWS) wire.fail(`more than ${MAX_ROWS} trips`)
  const c = m.descriptors.columns
  while (wire.pos < end) {
    const tag = wire.tag()
    switch (tag) {
      case 0x0a:
        wire.range(end, c.tripIdBegin, c.tripIdEnd, d)
        break
      case 0x12:
        wire.range(end, c.startTimeBegin, c.startTimeEnd, d)
        break
      case 0x1a:
        wire.range(end, c.startDateBegin, c.startDateEnd, d)
        break
      case 0x20: {
        const value = wire.varint()
        // 4 was never given out
        if (value <= TripRelationship.new && value !== 4) c.relationship[d] = value
        break
      }
      case 0x2a:
        wire.range(end, c.routeIdBegin, c.routeIdEnd, d)
        break
      case 0x30: {
        const value = wire.varint()
        if (value <= 1) c.direction[d] = value
        break
      }
      case 0x3a:
        wire.add(m.modifiedTrips, readModifiedTrip(wire, wire.enter(end)))
        c.modified[d] = m.modifiedTrips.length
        break
      default:
        wire.skip(tag, end)
    }
  }
  wire.leave(end)
  return d
}

function readVehicleId(wire: Wire, m: DecodedMessage, end: number, u: number): void {
  const c = m.updates.columns
  while (wire.pos < end) {
    const tag = wire.tag()
    if (tag === 0x0a) {
      wire.range(end, c.vehicleIdBegin, c.vehicleIdEnd, u)
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
        wire.range(end, c.newTripIdBegin, c.newTripIdEnd, u)
        break
      case 0x12:
        wire.range(end, c.newStartDateBegin, c.newStartDateEnd, u)
        break
      case 0x1a:
        wire.range(end, c.newStartTimeBegin, c.newStartTimeEnd, u)
        break
      case 0x22:
        wire.range(end, c.newShapeBegin, c.newShapeEnd, u)
        break
      case 0x32:
        wire.range(end, c.newShortNameBegin, c.newShortNameEnd, u)
        break
      case 0x2a:
        wire.range(end, c.newHeadsignBegin, c.newHeadsignEnd, u)
        break
      default:
        wire.skip(tag, end)
    }
  }
  wire.leave(end)
}
