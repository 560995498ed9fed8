// What a message adds to the timetable itself: TripModifications, and the stops and lines that these and added trips use. Seldom more than
// a few, so they become objects.

import type {
  ModificationEntity,
  ModifiedTripEntity,
  ReplacementStopEntity,
  SelectedTripsEntity,
  StopSelectorEntity,
} from '#engine/live/entities.ts'
import type { DecodedMessage } from '#engine/live/message.ts'
import type { Wire } from './wire.ts'

/** Bytes of an encoded polyline: some 20,000 points. */
const MAX_POLYLINE = 200_000

/** TripDescriptor.modified_trip. */
export function readModifiedTrip(wire: Wire, end: number): ModifiedTripEntity {
  const found = { modificationsId: '', affectedTripId: '', startTime: '', startDate: '' }
  while (wire.pos < end) {
    const tag = wire.tag()
    if (tag === 0x0a) found.modificationsId = wire.text(end)
    else if (tag === 0x12) found.affectedTripId = wire.text(end)
    else if (tag === 0x1a) found.startTime = wire.text(end)
    else if (tag === 0x22) found.startDate = wire.text(end)
    else wire.skip(tag, end)
  }
  wire.leave(end)
  return found
}

/** Field 8 of an entity. */
export function readTripModifications(wire: Wire, m: DecodedMessage, end: number): void {
  const selected: SelectedTripsEntity[] = []
  const startTimes: string[] = []
  const serviceDates: string[] = []
  const modifications: ModificationEntity[] = []
  while (wire.pos < end) {
    const tag = wire.tag()
    if (tag === 0x0a) wire.add(selected, readSelectedTrips(wire, wire.enter(end)))
    else if (tag === 0x12) wire.add(startTimes, wire.text(end))
    else if (tag === 0x1a) wire.add(serviceDates, wire.text(end))
    else if (tag === 0x22) wire.add(modifications, readModification(wire, wire.enter(end)))
    else wire.skip(tag, end)
  }
  wire.leave(end)
  wire.add(m.modifications, { entityId: '', selected, startTimes, serviceDates, modifications })
}

function readSelectedTrips(wire: Wire, end: number): SelectedTripsEntity {
  const tripIds: string[] = []
  let shapeId = ''
  while (wire.pos < end) {
    const tag = wire.tag()
    if (tag === 0x0a) wire.add(tripIds, wire.text(end))
    else if (tag === 0x12) shapeId = wire.text(end)
    else wire.skip(tag, end)
  }
  wire.leave(end)
  return { tripIds, shapeId }
}

function readModification(wire: Wire, end: number): ModificationEntity {
  let first: StopSelectorEntity | undefined
  let last: StopSelectorEntity | undefined
  let delay = 0
  const stops: ReplacementStopEntity[] = []
  while (wire.pos < end) {
    const tag = wire.tag()
    if (tag === 0x0a) first = readStopSelector(wire, wire.enter(end))
    else if (tag === 0x12) last = readStopSelector(wire, wire.enter(end))
    else if (tag === 0x18) delay = wire.int32()
    else if (tag === 0x22) wire.add(stops, readReplacementStop(wire, wire.enter(end)))
    else wire.skip(tag, end)
  }
  wire.leave(end)
  return { first, last, delay, stops }
}

function readStopSelector(wire: Wire, end: number): StopSelectorEntity {
  let sequence: number | undefined
  let stopId = ''
  while (wire.pos < end) {
    const tag = wire.tag()
    if (tag === 0x08) sequence = wire.varint()
    else if (tag === 0x12) stopId = wire.text(end)
    else wire.skip(tag, end)
  }
  wire.leave(end)
  return { sequence, stopId }
}

function readReplacementStop(wire: Wire, end: number): ReplacementStopEntity {
  let stopId = ''
  let travelTime: number | undefined
  while (wire.pos < end) {
    const tag = wire.tag()
    if (tag === 0x08) travelTime = wire.int32()
    else if (tag === 0x12) stopId = wire.text(end)
    else wire.skip(tag, end)
  }
  wire.leave(end)
  return { stopId, travelTime }
}

/** Field 6 of an entity. */
export function readShape(wire: Wire, m: DecodedMessage, end: number): void {
  let shapeId = ''
  let polyline = ''
  while (wire.pos < end) {
    const tag = wire.tag()
    if (tag === 0x0a) shapeId = wire.text(end)
    else if (tag === 0x12) polyline = wire.text(end, MAX_POLYLINE)
    else wire.skip(tag, end)
  }
  wire.leave(end)
  wire.add(m.shapes, { shapeId, polyline })
}

/** Field 7 of an entity; of its texts the first translation. */
export function readStop(wire: Wire, m: DecodedMessage, end: number): void {
  const stop = {
    stopId: '',
    name: '',
    lat: undefined as number | undefined,
    lon: undefined as number | undefined,
    parentStation: '',
    platformCode: '',
    wheelchair: 0,
  }
  while (wire.pos < end) {
    const tag = wire.tag()
    if (tag === 0x0a) stop.stopId = wire.text(end)
    else if (tag === 0x1a) stop.name ||= readFirstText(wire, wire.enter(end))
    else if (tag === 0x35) stop.lat = wire.float()
    else if (tag === 0x3d) stop.lon = wire.float()
    else if (tag === 0x5a) stop.parentStation = wire.text(end)
    else if (tag === 0x68) stop.wheelchair = wire.varint()
    else if (tag === 0x7a) stop.platformCode ||= readFirstText(wire, wire.enter(end))
    else wire.skip(tag, end)
  }
  wire.leave(end)
  wire.add(m.realtimeStops, stop)
}

/** TranslatedString → its first text. */
function readFirstText(wire: Wire, end: number): string {
  let first = ''
  while (wire.pos < end) {
    const tag = wire.tag()
    if (tag !== 0x0a) {
      wire.skip(tag, end)
      continue
    }
    const inner = wire.enter(end)
    while (wire.pos < inner) {
      const field = wire.tag()
      if (field === 0x0a) {
        const text = wire.text(inner)
        first ||= text
      } else wire.skip(field, inner)
    }
    wire.leave(inner)
  }
  wire.leave(end)
  return first
}
