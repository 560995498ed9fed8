// The decoder against the official bindings, which are another program reading the same bytes.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FreifahrtError } from '#engine/core/errors.ts'
import { createMessage } from '#engine/live/message.ts'
import { decodeMessage } from '#feeds/realtime/decode.ts'
import { dataFile } from '../../helpers/data.ts'
import { feedMessage, proto, raw, trip, vehicle } from '../../helpers/realtime.ts'
import { ofBindings, ofDecoded } from '../../helpers/realtime-oracle.ts'
import { tarEntries } from '../../helpers/tar.ts'

const fixtures = dataFile('gtfs-rt')
const kingston = dataFile('kingston/tripupdates.tar.gz')
const T = 1_768_050_000

function same(bytes: Uint8Array, name = 'message'): void {
  expect(ofDecoded(decodeMessage(bytes)), name).toEqual(ofBindings(proto.FeedMessage.decode(bytes)))
}

describe('equals the bindings', () => {
  const recorded = fixtures
    ? readdirSync(fixtures, { recursive: true, encoding: 'utf8' }).filter(file =>
        /\.pbf?$|nyct_multi_trips\/gtfs-[^.]*$|bullrunner-vehicle-positions$/.test(file),
      )
    : []

  test.skipIf(!fixtures)('on every recorded message of other projects', () => {
    const messages = recorded.filter(file => !file.endsWith('invalid.pb'))
    expect(messages.length).toBeGreaterThan(150)
    for (const file of messages) same(readFileSync(join(fixtures!, file)), file)
  })

  test.skipIf(!kingston)('on recordings of Kingston', () => {
    const messages = tarEntries(gunzipSync(readFileSync(kingston!))).filter(e => e.name.endsWith('.pb'))
    expect(messages.length).toBe(193)
    for (const { name, bytes } of messages.filter((_, i) => i % 12 === 0)) same(bytes, name)
  })

  test('on random messages, the presence of every field included (A11)', () => {
    fc.assert(fc.property(anyMessage, message => same(proto.FeedMessage.encode(message as never).finish())))
  })

  test('on numbers at their limits (A13)', () => {
    for (const time of ['0', '1', '-1', '34359738367', '34359738368', '9007199254740991', '9223372036854775807'])
      same(
        feedMessage(
          { timestamp: T },
          trip('T')
            .stop(1)
            .arrival({ time: time as never, delay: -2147483648 })
            .departure({ delay: 2147483647 }),
        ),
      )
  })
})

describe('refuses as a whole', () => {
  const good = feedMessage(
    { timestamp: T },
    trip('T1').stop(1).delay(60),
    vehicle('V', { position: { latitude: 1, longitude: 2 } }),
  )

  test('garbage, nothing, and no header (A1)', () => {
    for (const bytes of [new Uint8Array(0), Buffer.from('this is no protobuf'), good.subarray(16)])
      expect(unreadable(bytes)).toBe(true)
    if (fixtures) expect(unreadable(readFileSync(join(fixtures, 'transitland-lib/invalid.pb')))).toBe(true)
  })

  test('a truncated message, wherever it breaks off, except between two entities', () => {
    const headerEnd = 2 + good[1]!
    const firstEnd = headerEnd + 2 + good[headerEnd + 1]!
    for (let length = 0; length < good.length; length++)
      expect(unreadable(good.subarray(0, length)), `${length} bytes`).toBe(length !== headerEnd && length !== firstEnd)
  })

  test('and leaves nothing of it behind', () => {
    const m = createMessage()
    decodeMessage(good, m)
    expect(m.updates.length).toBe(1)
    expect(() => decodeMessage(good.subarray(0, good.length - 1), m)).toThrow(FreifahrtError)
    expect([m.entities, m.updates.length, m.stops.length, m.vehicles.length, m.timestamp]).toEqual([0, 0, 0, 0, 0])
  })

  test('groups nested without end', () => {
    const header = feedMessage({ timestamp: T })
    expect(unreadable(Buffer.concat([header, Buffer.alloc(40_000, 0x0b)]))).toBe(true)
    expect(unreadable(Buffer.concat([header, Buffer.from([0x0b, 0x14])]))).toBe(true) // ended by another
    expect(unreadable(Buffer.concat([header, Buffer.from([0x0b, 0x0b, 0x0c, 0x0c])]))).toBe(false)
  })

  test.each([
    ['stop time updates', () => nested(0x12, nested(0x1a, times(2_000_001, 0x12, 0)))],
    ['trip updates', () => nested(0x12, times(2_000_001, 0x1a, 0))],
    ['trips modified by detours', () => nested(0x12, nested(0x1a, nested(0x0a, times(2_000_001, 0x3a, 0))))],
    ['entities', () => times(2_000_001, 0x12, 0)],
    [
      'texts of alerts',
      () => times(190_000, ...nested(0x12, nested(0x2a, nested(0x52, Buffer.alloc(22, Uint8Array.of(0x0a, 0)))))),
    ],
  ])('more than any country has: %s', (_, entities) => {
    expect(unreadable(Buffer.concat([feedMessage({ timestamp: T }), entities()]))).toBe(true)
  })

  test('changed at random, it throws the one error or decodes; nothing else happens', () => {
    const bytes = Uint8Array.from(good)
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 4 }), changes => {
        const copy = bytes.slice()
        for (const [at, value] of changes) copy[at] = value
        unreadable(copy)
      }),
    )
  })
})

describe('passes over', () => {
  test('unknown fields of every wire type, and extensions (A12)', () => {
    const header = feedMessage({ timestamp: T })
    const unknown = Buffer.from([
      ...[0xa0, 0x06, 0x96, 0x01], // 100: varint
      ...[0xa1, 0x06, 1, 2, 3, 4, 5, 6, 7, 8], // 100: fixed64
      ...[0xca, 0x3e, 3, 1, 2, 3], // 1001 (NYCT): bytes
      ...[0xa3, 0x06, 0x08, 0x01, 0xa4, 0x06], // 100: a group
      ...[0xa5, 0x06, 1, 2, 3, 4], // 100: fixed32
    ])
    const update = Buffer.concat([proto.TripUpdate.encode({ trip: { tripId: 'T1' } }).finish(), unknown])
    const entity = Buffer.concat([Buffer.from([0x0a, 1, 0x31, 0x1a, update.length]), update, unknown])
    const m = decodeMessage(Buffer.concat([header, unknown, Buffer.from([0x12, entity.length]), entity]))
    expect(ofDecoded(m).updates).toMatchObject([{ id: '1', trip: { tripId: 'T1' } }])
  })

  test('what is beyond the end of a name, or of a text', () => {
    const long = 'ä'.repeat(12_000)
    const alert = {
      headerText: { translation: [{ text: long }] },
      descriptionText: { translation: [{ text: '😀'.repeat(9) }] },
    }
    const m = decodeMessage(feedMessage({ timestamp: T }, vehicle(long, {}), raw({ alert })))
    expect(m.vehicles[0]!.vehicleId).toBe(long.slice(0, 1000))
    expect(m.alerts[0]!.header[0]!.text).toBe(long.slice(0, 10_000))
    expect(m.alerts[0]!.description[0]!.text).toBe('😀'.repeat(9))
  })

  test('enum numbers that nobody has given out (A12)', () => {
    const m = decodeMessage(
      feedMessage(
        { timestamp: T },
        raw({
          tripUpdate: {
            trip: { tripId: 'T', scheduleRelationship: 99 as never },
            stopTimeUpdate: [{ stopSequence: 1, scheduleRelationship: 77 as never }],
          },
        }),
      ),
    )
    expect(ofDecoded(m).updates[0]).toMatchObject({ trip: { relationship: 0 }, stops: [{ relationship: 0 }] })
  })

  test('deleted entities (A7) and entities without payload (A9), counted', () => {
    const m = decodeMessage(
      feedMessage({ timestamp: T }, trip('T1').stop(1).delay(0).isDeleted(), raw({}), trip('T2').stop(1).delay(0)),
    )
    expect([m.entities, m.updates.length, m.stops.length, m.deletedEntities, m.emptyEntities]).toEqual([3, 1, 1, 1, 1])
  })

  test('each payload of an entity that has several is read (A9)', () => {
    const bytes = feedMessage(
      { timestamp: T },
      raw({ tripUpdate: { trip: { tripId: 'T1' } }, vehicle: { position: { latitude: 1, longitude: 1 } }, alert: {} }),
    )
    const m = decodeMessage(bytes)
    expect([m.updates.length, m.vehicles.length, m.alerts.length]).toEqual([1, 1, 1])
  })

  test('trips that are not wanted, before their updates are read', () => {
    const message = feedMessage(
      { timestamp: T },
      trip('mine').stop(1).delay(0),
      trip('theirs').stop(1).delay(0).stop(2).delay(0),
      trip('new').is('ADDED').stop(1).delay(0),
      vehicle('V1', { trip: { tripId: 'theirs' } }),
      vehicle('V2', { trip: { tripId: 'mine' } }),
    )
    const wanted = (bytes: Uint8Array, begin: number, end: number): boolean =>
      Buffer.from(bytes.subarray(begin, end)).toString() === 'mine'
    const m = decodeMessage(message, createMessage(), { wanted })
    expect(ofDecoded(m).updates.map(u => u.trip?.tripId)).toEqual(['mine', 'new'])
    expect(m.vehicles.map(v => v.vehicleId)).toEqual(['V2'])
    expect([m.stops.length, m.outsideArea, m.entities]).toEqual([2, 2, 5])
  })
})

function unreadable(bytes: Uint8Array): boolean {
  try {
    decodeMessage(bytes)
    return false
  } catch (error) {
    if (error instanceof FreifahrtError && error.code === 'REALTIME_UNREADABLE') return true
    throw error
  }
}

/** A field of these bytes. */
const nested = (tag: number, inside: Uint8Array): Buffer =>
  Buffer.concat([Uint8Array.of(tag), varint(inside.length), inside])

const times = (n: number, ...bytes: readonly number[]): Buffer => Buffer.alloc(n * bytes.length, Uint8Array.from(bytes))

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
  return Buffer.from([...bytes, rest])
}

// ── any message ───────────────────────────────────────────────────────────────────────────────────────────────────────

const some = <T extends object>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(fields, { requiredKeys: [] })
const text = fc.string({ unit: 'grapheme', maxLength: 12 })
const int32 = fc.integer({ min: -(2 ** 31) + 1 })
const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 2 })
const time = fc.integer({ min: 0, max: 2 ** 40 })
const float = fc.float({ noNaN: true })
const listOf = <T>(one: fc.Arbitrary<T>) => fc.array(one, { maxLength: 4 })

const anyTrip = some({
  tripId: text,
  routeId: text,
  directionId: fc.nat(1),
  startTime: text,
  startDate: text,
  scheduleRelationship: fc.constantFrom(0, 1, 2, 3, 5, 6, 7, 8),
  modifiedTrip: some({ modificationsId: text }),
})
const anyEvent = some({ time, delay: int32, uncertainty: int32, scheduledTime: time })
const anyStop = some({
  stopSequence: uint32,
  stopId: text,
  arrival: anyEvent,
  departure: anyEvent,
  scheduleRelationship: fc.nat(3),
  departureOccupancyStatus: fc.nat(8),
  stopTimeProperties: some({ assignedStopId: text, stopHeadsign: text, pickupType: fc.nat(3), dropOffType: fc.nat(3) }),
})
const anyUpdate = fc.record(
  {
    trip: anyTrip,
    vehicle: some({ id: text, label: text }),
    stopTimeUpdate: fc.array(anyStop, { maxLength: 8 }),
    timestamp: time,
    delay: int32,
    tripProperties: some({ tripId: text, startDate: text, startTime: text, tripHeadsign: text, shapeId: text }),
  },
  { requiredKeys: ['trip'] },
)
const anyVehicle = some({
  trip: anyTrip,
  vehicle: some({ id: text, label: text, licensePlate: text }),
  position: fc.record(
    { latitude: float, longitude: float, bearing: float, speed: float, odometer: fc.double({ noNaN: true }) },
    { requiredKeys: ['latitude', 'longitude'] },
  ),
  currentStopSequence: uint32,
  stopId: text,
  currentStatus: fc.nat(2),
  timestamp: time,
  congestionLevel: fc.nat(4),
  occupancyStatus: fc.nat(8),
  occupancyPercentage: uint32,
})
const anyTexts = fc.record({
  translation: listOf(fc.record({ text, language: text }, { requiredKeys: ['text'] })),
})
const anyPeriods = listOf(some({ start: time, end: time }))
const anyAlert = some({
  activePeriod: anyPeriods,
  communicationPeriod: anyPeriods,
  impactPeriod: anyPeriods,
  informedEntity: listOf(
    some({
      agencyId: text,
      routeId: text,
      routeType: fc.nat(1702),
      trip: anyTrip,
      stopId: text,
      directionId: fc.nat(1),
    }),
  ),
  cause: fc.integer({ min: 1, max: 13 }),
  effect: fc.integer({ min: 1, max: 11 }),
  severityLevel: fc.integer({ min: 1, max: 4 }),
  url: anyTexts,
  headerText: anyTexts,
  descriptionText: anyTexts,
  ttsHeaderText: anyTexts,
  ttsDescriptionText: anyTexts,
  image: some({
    localizedImage: listOf(
      fc.record({ url: text, mediaType: text, language: text }, { requiredKeys: ['url', 'mediaType'] }),
    ),
  }),
  imageAlternativeText: anyTexts,
  causeDetail: anyTexts,
  effectDetail: anyTexts,
})
const anyMessage = fc.record({
  header: fc.record(
    { gtfsRealtimeVersion: text, incrementality: fc.nat(1), timestamp: time, feedVersion: text },
    { requiredKeys: ['gtfsRealtimeVersion'] },
  ),
  entity: fc.array(
    fc.record(
      { id: text, isDeleted: fc.boolean(), tripUpdate: anyUpdate, vehicle: anyVehicle, alert: anyAlert },
      { requiredKeys: ['id'] },
    ),
    { maxLength: 6 },
  ),
})
