import fc from 'fast-check'
import { Type } from 'typebox'
import { expect, test } from 'vitest'
import {
  boxOf,
  capped,
  choice,
  inOrder,
  integer,
  list,
  number,
  optional,
  or,
  place,
  placesIn,
  point,
  readParameters,
  size,
  text,
  time,
} from '#api/plugins/parameters.ts'

const schema = Type.Object({
  from: place(),
  time: optional(time()),
  n: or(integer(0, 10), 5),
  size: optional(size(0, 10)),
  speed: optional(number(0.5, 3)),
  flag: or(Type.Boolean(), false),
  modes: or(list(choice('BUS', 'TRAM'), 3), ['BUS']),
  near: optional(point()),
  far: or(capped(0, 250), 250),
  stays: or(inOrder(integer(0, 60), 2), []),
  text: optional(text(5)),
})
const read = (query: Record<string, unknown>) => readParameters(schema as never, { from: 'x_1', ...query })

test.each([
  [{}, { from: { kind: 'stop', id: 'x_1' }, n: 5, flag: false, modes: ['BUS'] }],
  [{ from: '51.5,7.4' }, { from: { kind: 'coordinate', lat: 51.5, lon: 7.4 } }],
  [{ from: '51.5,7.4,0' }, { from: { kind: 'coordinate', lat: 51.5, lon: 7.4, level: 0 } }],
  [{ from: 'de-DELFI_de:05913:1' }, { from: { kind: 'stop', id: 'de-DELFI_de:05913:1' } }],
  [{ from: '__proto__' }, { from: { kind: 'stop', id: '__proto__' } }],
  [{ time: '2026-01-10T08:00:00Z' }, { time: 1768032000 }],
  [{ time: '2026-01-10T08:00:00.999Z' }, { time: 1768032000 }],
  [{ time: '2026-01-10T09:00:00+01:00' }, { time: 1768032000 }],
  [{ time: '2026-01-10T09:00:00 01:00' }, { time: 1768032000 }], // the plus sign was not escaped
  [{ time: '2026-01-10T08:00Z' }, { time: 1768032000 }],
  [{ n: '0' }, { n: 0 }],
  [{ n: '' }, { n: 5 }],
  [{ n: ['3', '3'] }, { n: 3 }],
  [{ speed: '1.5' }, { speed: 1.5 }],
  [{ flag: 'true' }, { flag: true }],
  [{ modes: 'BUS,TRAM' }, { modes: ['BUS', 'TRAM'] }],
  [{ modes: ['BUS', 'TRAM'] }, { modes: ['BUS', 'TRAM'] }],
  [{ modes: ['BUS,TRAM', 'BUS'] }, { modes: ['BUS', 'TRAM', 'BUS'] }],
  [{ modes: '' }, { modes: [] }],
  [{ near: '51.5, 7.4' }, { near: { lat: 51.5, lon: 7.4 } }],
  [{ text: '' }, { text: '' }],
  [{ far: '251' }, { far: 250 }],
  [{ far: '1e300' }, { far: 250 }],
  [{ stays: '' }, { stays: [] }],
  [{ stays: '5,0' }, { stays: [5, 0] }],
  [{ unknown: 'x' }, {}],
])('%j is read as %j', (query, expected) => {
  expect(read(query)).toMatchObject(expected)
})

test.each([
  [{ from: undefined }, 'from', 'is required'],
  [{ from: '' }, 'from', 'is empty'],
  [{ from: '91,7' }, 'from', 'latitude 91 is not within -90 … 90'],
  [{ from: '51,181' }, 'from', 'longitude 181 is not within -180 … 180'],
  [{ time: 'tomorrow' }, 'time', "'tomorrow' is no time"],
  [{ time: '2026-13-10T08:00:00Z' }, 'time', 'is no time'],
  [{ time: '2026-02-30T08:00:00Z' }, 'time', 'is no time'],
  [{ time: '2026-01-10T08:00:00' }, 'time', 'is no time'],
  [{ n: '-1' }, 'n', '-1 is not within 0 … 10'],
  [{ n: '1.5' }, 'n', "'1.5' is not a whole number"],
  [{ n: 'NaN' }, 'n', "'NaN' is not a whole number within 0 … 10"],
  [{ n: '0x7' }, 'n', "'0x7' is not a whole number within 0 … 10"],
  [{ n: ['3', '4'] }, 'n', 'is given 2 times, with different values'],
  [{ speed: 'Infinity' }, 'speed', 'is not a number'],
  [{ speed: '9' }, 'speed', '9 is not within 0.5 … 3'],
  [{ flag: 'yes' }, 'flag', "'yes' is neither true nor false"],
  [{ modes: 'BUS,SHIP' }, 'modes', "'SHIP' is none of BUS, TRAM"],
  [{ near: '51.5' }, 'near', 'is no latitude,longitude'],
  [{ n: '11' }, 'n', '11 is not within 0 … 10'],
  [{ far: '-1' }, 'far', '-1 is not within 0 … 250'],
  [{ stays: ',5' }, 'stays', 'value 1 of 2 is empty'],
  [{ stays: ['5', ''] }, 'stays', 'value 2 of 2 is empty'],
  [{ text: 'sixsix' }, 'text', '6 characters, at most 5 are allowed'],
])('%j is refused: %s %s', (query, name, detail) => {
  expect(() => read(query)).toThrow(expect.objectContaining({ code: 'BAD_REQUEST', where: name }))
  expect(() => read(query)).toThrow(detail)
})

test.each([
  [{ size: '11' }, 'size', '11 is not within 0 … 10'],
  [{ modes: 'BUS,BUS,BUS,BUS' }, 'modes', '4 values, at most 3 are allowed'],
])('%j is too much: %s %s', (query, name, detail) => {
  expect(() => read(query)).toThrow(expect.objectContaining({ code: 'TOO_LARGE', where: name }))
  expect(() => read(query)).toThrow(detail)
})

test('whatever comes, it is read or refused', () => {
  const anything = fc.dictionary(
    fc.constantFrom(...Object.keys(schema.properties)),
    fc.oneof(fc.string(), fc.array(fc.string(), { minLength: 1 })),
  )
  fc.assert(
    fc.property(anything, query => {
      try {
        read(query)
      } catch (error) {
        expect(error).toMatchObject({ code: expect.stringMatching(/^(BAD_REQUEST|TOO_LARGE)$/) })
      }
    }),
  )
})

test.each([
  ['51.5;7.4', 'x_1', '51.6;7.5'],
  ['51.5,7.4', 'x_1', '51.6,7.5'],
  ['51.5', '7.4', 'x_1', '51.6', '7.5'],
])('places in a list: %s %s %s', (...values) => {
  expect(placesIn(values)).toEqual(['51.5,7.4', 'x_1', '51.6,7.5'])
})

test('a list of places, behind commas or as repeated keys', () => {
  const many = Type.Object({ many: inOrder(text(50), 4), points: or(inOrder(point(), 4), []) }) as never
  const read = (query: object) => readParameters(many, query as Record<string, unknown>)
  const places = (given: unknown) => placesIn(read({ many: given }).many as string[])
  expect(places(['51.5,7.4,1', 'x_1'])).toEqual(['51.5,7.4,1', 'x_1'])
  expect(places('51.5,7.4')).toEqual(['51.5,7.4'])
  expect(places('51.5;7.4,x_1')).toEqual(['51.5,7.4', 'x_1'])
  expect(read({ many: 'x', points: ['51.5,7.4', '51.6;7.5'] }).points).toEqual([
    { lat: 51.5, lon: 7.4 },
    { lat: 51.6, lon: 7.5 },
  ])
})

test('a box may be given by any two opposite corners', () => {
  const corners = [51, 52].flatMap(lat => [7, 8].map(lon => ({ lat, lon })))
  for (const [a, b] of [
    [0, 3],
    [3, 0],
    [1, 2],
    [2, 1],
  ])
    expect(boxOf(corners[a!]!, corners[b!]!)).toEqual({ south: 51e7, west: 7e7, north: 52e7, east: 8e7 })
})

// whoever went back over them would be at it for hours
test('a body of digits with a slip at its end is refused at once', () => {
  expect(() => read({ n: `${'1'.repeat(5_000_000)}x` })).toThrow('is not a whole number')
})
