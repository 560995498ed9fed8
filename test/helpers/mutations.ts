// Messages as nobody should send them: bytes changed, cut off, doubled, nested, blown up. Seeded.

import type bindings from 'gtfs-realtime-bindings'
import type { random } from './random.ts'
import { proto } from './realtime.ts'

type Dice = ReturnType<typeof random>

/** One broken (or by luck still readable) message made from a good one. */
export function mutate(good: Uint8Array, dice: Dice): Uint8Array {
  switch (dice.below(8)) {
    case 0:
    case 1:
    case 2:
      return flipped(good, dice, 1 + dice.below(8))
    case 3:
      return new Uint8Array(good.subarray(0, dice.below(good.length)))
    case 4:
      return doubled(good, dice)
    case 5:
      return groups(dice.below(20_000))
    case 6:
      return Uint8Array.from({ length: dice.below(2000) }, () => dice.below(256))
    default:
      return absurd(good, dice)
  }
}

function flipped(good: Uint8Array, dice: Dice, times: number): Uint8Array {
  const bytes = new Uint8Array(good)
  for (let i = 0; i < times; i++) bytes[dice.below(bytes.length)] = dice.below(256)
  return bytes
}

/** A piece of the message put in once more somewhere else. */
function doubled(good: Uint8Array, dice: Dice): Uint8Array {
  const begin = dice.below(good.length)
  const piece = good.subarray(begin, begin + dice.below(5000))
  const at = dice.below(good.length)
  return Buffer.concat([good.subarray(0, at), piece, good.subarray(at)])
}

/** A group within a group within a group …: what overflowed the stack of protobufjs (CVE-2026-44289). */
const groups = (depth: number): Uint8Array => new Uint8Array(depth + 2).fill(0x0b)

/** Well-formed, and nonsense: numbers beyond all bounds, ids of a hundred kilobytes, dates that are none. */
function absurd(good: Uint8Array, dice: Dice): Uint8Array {
  const message = proto.FeedMessage.decode(good)
  const wild = [0, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 53, 1e15]
  for (let i = 0; i < 20 && message.entity.length > 0; i++) {
    const update = message.entity[dice.below(message.entity.length)]!.tripUpdate
    if (!update) continue
    const stops = update.stopTimeUpdate ?? []
    const stop = stops[dice.below(Math.max(1, stops.length))]
    const time = wild[dice.below(wild.length)]!
    if (stop) {
      stop.arrival = { time, delay: wild[dice.below(4)]! }
      stop.stopSequence = dice.below(4) === 0 ? 0xffff_ffff : dice.below(50)
      stop.scheduleRelationship = dice.below(6) as never
    }
    update.trip.scheduleRelationship = dice.below(10) as never
    if (dice.below(4) === 0) update.trip.startDate = ['99999999', '20260230', 'x', ''][dice.below(4)]!
    if (dice.below(10) === 0) update.trip.tripId = 'x'.repeat(dice.below(100_000))
    if (dice.below(4) === 0) update.tripProperties = { tripId: 'copy', startDate: '20260116', startTime: '10:00:00' }
  }
  const tripId = message.entity.find(({ tripUpdate }) => tripUpdate)?.tripUpdate?.trip.tripId ?? 'none'
  for (let i = dice.below(6); i > 0; i--) {
    const entity = dice.pick(nonsense)(dice, () => dice.pick(wild), tripId)
    // some are beyond what the official encoder writes
    if (proto.FeedEntity.verify(entity) === null) message.entity.push(proto.FeedEntity.create(entity))
  }
  return proto.FeedMessage.encode(message).finish()
}

type Nonsense = (dice: Dice, wild: () => number, tripId: string) => bindings.transit_realtime.IFeedEntity

/** Of the other kinds: places that are none, texts and lists without end, detours upon detours, lines of a megabyte. */
const nonsense: readonly Nonsense[] = [
  (dice, wild, tripId) => ({
    id: `v${dice.below(3)}`,
    vehicle: {
      trip: { tripId, scheduleRelationship: dice.below(9) },
      vehicle: { id: 'v', licensePlate: 'x'.repeat(dice.below(50_000)) },
      position: {
        latitude: wild(),
        longitude: dice.below(9) === 0 ? Number.NaN : wild(),
        bearing: wild(),
        speed: wild(),
      },
      timestamp: wild(),
      occupancyPercentage: dice.below(1000),
      multiCarriageDetails: Array.from({ length: dice.below(300) }, (_, i) => ({ id: 'c', carriageSequence: i % 7 })),
    },
  }),
  (dice, wild, tripId) => ({
    id: `a${dice.below(3)}`,
    alert: {
      activePeriod: Array.from({ length: dice.below(500) }, () => ({ start: wild(), end: wild() })),
      informedEntity: Array.from({ length: dice.below(500) }, () => ({
        trip: { tripId, startDate: 'x' },
        directionId: 7,
      })),
      headerText: { translation: [{ text: 'x'.repeat(dice.below(100_000)), language: 'x'.repeat(dice.below(100)) }] },
      url: { translation: [{ text: 'javascript:alert(1)' }] },
      effect: dice.below(20),
    },
  }),
  (dice, wild, tripId) => ({
    id: 'm',
    tripModifications: {
      selectedTrips: [{ tripIds: new Array(dice.below(400)).fill(tripId), shapeId: 'line' }],
      serviceDates: ['20260116', '99999999'],
      modifications: Array.from({ length: dice.below(400) }, () => ({
        startStopSelector: { stopSequence: dice.below(60) },
        endStopSelector: { stopSequence: dice.below(60) },
        propagatedModificationDelay: Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, wild())),
        replacementStops: Array.from({ length: dice.below(4) }, () => ({
          stopId: 'new',
          travelTimeToStop: dice.below(9),
        })),
      })),
    },
  }),
  dice => ({ id: 'line', shape: { shapeId: 'line', encodedPolyline: '_p~iF~ps|U'.repeat(dice.below(50_000)) } }),
  (dice, wild, tripId) => ({
    id: 'extra',
    tripUpdate: {
      trip: { tripId: `${tripId}${dice.below(3)}`, startDate: '20260116', scheduleRelationship: 8 },
      tripProperties: { shapeId: 'line', tripHeadsign: 'x'.repeat(dice.below(1000)) },
      stopTimeUpdate: Array.from({ length: dice.below(3000) }, (_, i) => ({
        stopId: 'new',
        stopSequence: i,
        arrival: { time: wild() },
      })),
    },
  }),
  (dice, wild) => ({
    id: 'new',
    stop: {
      stopId: 'new',
      stopName: { translation: [{ text: 'x'.repeat(dice.below(5000)) }] },
      stopLat: wild(),
      stopLon: wild(),
      parentStation: 'new',
    },
  }),
]

/** The same message, its entities in another order and some of them given twice. */
export function shuffled(bytes: Uint8Array, dice: Dice): Uint8Array {
  const { header, entity } = proto.FeedMessage.decode(bytes)
  for (let n = dice.below(20); n > 0; n--) entity.push(entity[dice.below(entity.length)]!)
  for (let i = entity.length - 1; i > 0; i--) {
    const j = dice.below(i + 1)
    ;[entity[i], entity[j]] = [entity[j]!, entity[i]!]
  }
  return proto.FeedMessage.encode({ header, entity }).finish()
}
