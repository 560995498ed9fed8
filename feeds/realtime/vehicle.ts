// VehiclePosition: a few thousand a message at most, so they become objects.

import { NONE } from '#engine/core/ids.ts'
import type { CarriageEntity, VehicleEntity } from '#engine/live/entities.ts'
import type { DecodedMessage } from '#engine/live/message.ts'
import { readDescriptor } from './trip-update.ts'
import { type DecodeOptions, isWanted } from './wanted.ts'
import type { Wire } from './wire.ts'

/** Field 4 of an entity. Leaves nothing behind when the vehicle's trip is not wanted. */
export function readVehicle(wire: Wire, m: DecodedMessage, end: number, { wanted }: DecodeOptions): void {
  const vehicle: VehicleEntity = {
    entityId: '',
    descriptor: NONE,
    vehicleId: undefined,
    label: undefined,
    lat: undefined,
    lon: undefined,
    bearing: undefined,
    speed: undefined,
    stopSequence: undefined,
    stopIdBegin: 0,
    stopIdEnd: 0,
    status: undefined,
    timestamp: undefined,
    occupancy: undefined,
    occupancyPercentage: undefined,
    wheelchair: undefined,
    carriages: undefined,
  }
  while (wire.pos < end) {
    const tag = wire.tag()
    switch (tag) {
      case 0x0a:
        vehicle.descriptor = readDescriptor(wire, m, wire.enter(end), vehicle.descriptor)
        break
      case 0x12:
        readPosition(wire, wire.enter(end), vehicle)
        break
      case 0x18:
        vehicle.stopSequence = wire.varint()
        break
      case 0x20:
        vehicle.status = wire.varint()
        break
      case 0x28:
        vehicle.timestamp = wire.int64()
        break
      case 0x3a:
        vehicle.stopIdEnd = wire.enter(end)
        vehicle.stopIdBegin = wire.pos
        wire.pos = vehicle.stopIdEnd
        break
      case 0x42:
        readVehicleDescriptor(wire, wire.enter(end), vehicle)
        break
      case 0x48:
        vehicle.occupancy = wire.varint()
        break
      case 0x50:
        vehicle.occupancyPercentage = wire.varint()
        break
      case 0x5a:
        vehicle.carriages ??= []
        wire.add(vehicle.carriages, readCarriage(wire, wire.enter(end)))
        break
      default:
        wire.skip(tag, end)
    }
  }
  wire.leave(end)
  if (wanted && vehicle.descriptor !== NONE && !isWanted(m, vehicle.descriptor, wanted)) {
    m.descriptors.length = vehicle.descriptor
    m.outsideArea++
    return
  }
  wire.add(m.vehicles, vehicle)
}

function readPosition(wire: Wire, end: number, vehicle: VehicleEntity): void {
  while (wire.pos < end) {
    const tag = wire.tag()
    switch (tag) {
      case 0x0d:
        vehicle.lat = wire.float()
        break
      case 0x15:
        vehicle.lon = wire.float()
        break
      case 0x1d:
        vehicle.bearing = wire.float()
        break
      case 0x2d:
        vehicle.speed = wire.float()
        break
      default:
        wire.skip(tag, end)
    }
  }
  wire.leave(end)
}

function readVehicleDescriptor(wire: Wire, end: number, vehicle: VehicleEntity): void {
  while (wire.pos < end) {
    const tag = wire.tag()
    switch (tag) {
      case 0x0a:
        vehicle.vehicleId = wire.text(end)
        break
      case 0x12:
        vehicle.label = wire.text(end)
        break
      case 0x20:
        vehicle.wheelchair = wire.varint()
        break
      default:
        wire.skip(tag, end)
    }
  }
  wire.leave(end)
}

function readCarriage(wire: Wire, end: number): CarriageEntity {
  const carriage: { -readonly [K in keyof CarriageEntity]: CarriageEntity[K] } = {
    id: undefined,
    label: undefined,
    occupancy: undefined,
    occupancyPercentage: undefined,
    sequence: undefined,
  }
  while (wire.pos < end) {
    const tag = wire.tag()
    switch (tag) {
      case 0x0a:
        carriage.id = wire.text(end)
        break
      case 0x12:
        carriage.label = wire.text(end)
        break
      case 0x18:
        carriage.occupancy = wire.varint()
        break
      case 0x20:
        carriage.occupancyPercentage = wire.int32()
        break
      case 0x28:
        carriage.sequence = wire.varint()
        break
      default:
        wire.skip(tag, end)
    }
  }
  wire.leave(end)
  return carriage
}
