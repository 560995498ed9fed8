// FeedMessage bytes → DecodedMessage, in one pass over the wire format. gtfs-realtime-bindings is the oracle in the tests, not the reader:
// it makes an object per stop time update and a Long per time, this makes none. All or nothing: a message that breaks off anywhere is
// refused as a whole. Unknown fields, extensions (NYCT's 1001) and enum numbers are passed over (A12).
//
// Field numbers are those of gtfs-realtime.proto; a case label is the field's tag, so a field of a wrong wire type counts as unknown.

import { crc32 } from 'node:zlib'
import { FreifahrtError } from '#engine/core/errors.ts'
import { clearMessage, createMessage, type DecodedMessage } from '#engine/live/message.ts'
import { readAlert } from './alert.ts'
import { readShape, readStop, readTripModifications } from './modifications.ts'
import { readTripUpdate } from './trip-update.ts'
import { readVehicle } from './vehicle.ts'
import type { DecodeOptions } from './wanted.ts'
import { Wire } from './wire.ts'

export const MAX_MESSAGE_BYTES = 64 << 20

const wire = new Wire()

/**
 * Decodes a FeedMessage into `into`, which is emptied first and left empty when this throws.
 * Throws FreifahrtError REALTIME_UNREADABLE: no FeedMessage, truncated, nested or counted beyond the limits.
 */
export function decodeMessage(bytes: Uint8Array, into = createMessage(), options: DecodeOptions = {}): DecodedMessage {
  try {
    clearMessage(into, bytes)
    if (bytes.length > MAX_MESSAGE_BYTES)
      throw new FreifahrtError(
        'REALTIME_UNREADABLE',
        'message',
        `${bytes.length} bytes, at most ${MAX_MESSAGE_BYTES} are read`,
      )
    into.checksum = crc32(bytes)
    wire.open(bytes)
    readFeedMessage(into, options)
    return into
  } catch (error) {
    clearMessage(into, new Uint8Array(0))
    throw error
  }
}

function readFeedMessage(m: DecodedMessage, options: DecodeOptions): void {
  const end = m.bytes.length
  let hasHeader = false
  while (wire.pos < end) {
    const tag = wire.tag()
    switch (tag) {
      case 0x0a:
        readHeader(m, wire.enter(end))
        hasHeader = true
        break
      case 0x12:
        readEntity(m, wire.enter(end), options)
        break
      default:
        wire.skip(tag, end)
    }
  }
  wire.leave(end)
  if (!hasHeader) wire.fail('no header (A1)')
}

function readHeader(m: DecodedMessage, end: number): void {
  while (wire.pos < end) {
    const tag = wire.tag()
    switch (tag) {
      case 0x0a:
        m.version = wire.text(end)
        break
      case 0x10:
        m.incrementality = wire.varint()
        break
      case 0x18:
        m.timestamp = wire.int64()
        break
      case 0x22:
        m.feedVersion = wire.text(end)
        break
      default:
        wire.skip(tag, end)
    }
  }
  wire.leave(end)
}

function readEntity(m: DecodedMessage, end: number, options: DecodeOptions): void {
  m.entities++
  wire.count()
  const begin = wire.pos
  const descriptors = m.descriptors.length
  const updates = m.updates.length
  const stops = m.stops.length
  const vehicles = m.vehicles.length
  const alerts = m.alerts.length
  const modified = m.modifiedTrips.length
  const modifications = m.modifications.length
  const shapes = m.shapes.length
  const realtimeStops = m.realtimeStops.length
  let idBegin = 0
  let idEnd = 0
  let deleted = false
  let payloads = 0
  while (wire.pos < end) {
    const tag = wire.tag()
    switch (tag) {
      case 0x0a:
        idEnd = wire.enter(end)
        idBegin = wire.pos
        wire.pos = idEnd
        break
      case 0x10:
        deleted = wire.varint() !== 0
        break
      case 0x1a:
        payloads++
        readTripUpdate(wire, m, wire.enter(end), options)
        break
      case 0x22:
        payloads++
        readVehicle(wire, m, wire.enter(end), options)
        break
      case 0x2a:
        payloads++
        readAlert(wire, m, wire.enter(end))
        break
      case 0x32:
        payloads++
        readShape(wire, m, wire.enter(end))
        break
      case 0x3a:
        payloads++
        readStop(wire, m, wire.enter(end))
        break
      case 0x42:
        payloads++
        readTripModifications(wire, m, wire.enter(end))
        break
      default:
        wire.skip(tag, end)
    }
  }
  wire.leave(end)

  if (deleted) {
    m.descriptors.length = descriptors
    m.updates.length = updates
    m.stops.length = stops
    m.vehicles.length = vehicles
    m.alerts.length = alerts
    m.modifiedTrips.length = modified
    m.modifications.length = modifications
    m.shapes.length = shapes
    m.realtimeStops.length = realtimeStops
    m.deletedEntities++
    return
  }
  if (m.alerts.length > alerts) m.alertsChecksum = crc32(m.bytes.subarray(begin, end), m.alertsChecksum)
  if (payloads === 0) m.emptyEntities++
  // the id may stand behind the payload
  for (let u = updates; u < m.updates.length; u++) {
    m.updates.columns.entityBegin[u] = idBegin
    m.updates.columns.entityEnd[u] = idEnd
  }
  for (let v = vehicles; v < m.vehicles.length; v++) m.vehicles[v]!.entityId = wire.textAt(idBegin, idEnd)
  for (let a = alerts; a < m.alerts.length; a++) m.alerts[a]!.entityId = wire.textAt(idBegin, idEnd)
  for (const entity of m.modifications.slice(modifications)) entity.entityId = wire.textAt(idBegin, idEnd)
}
