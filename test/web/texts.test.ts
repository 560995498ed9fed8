// The small pure parts of the page: times in the city's zone, colours, names, lines on the map, legs that run late.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Place } from '#api/contract/common.ts'
import type { Leg } from '#api/contract/itinerary.ts'
import type { ReasonCode } from '#engine/plan/reasons.ts'
import type { LimitName } from '#engine/street/costs.ts'
import { indexOfCall, withRun, withWalk, withWays } from '../../web/planner/journey/retime.ts'
import { badgeColors } from '../../web/shared/colors.ts'
import { decodePolyline } from '../../web/shared/map/polyline.ts'
import { shortener } from '../../web/shared/short-names.ts'
import { distance, duration, minutesBetween, seconds, timesIn } from '../../web/shared/times.ts'
import { texts as de, type Texts } from '../../web/texts/de.ts'
import { texts as en } from '../../web/texts/en.ts'

const languages = readdirSync(join(import.meta.dirname, '../../web/texts'))
  .filter(file => file.endsWith('.ts'))
  .map(file => file.replace('.ts', ''))

describe('times in Dortmund, wherever the device is', () => {
  const times = timesIn('Europe/Berlin', 'de')
  const at = (text: string) => Date.parse(text) / 1000

  test.each([
    ['2026-11-23T08:05', '2026-11-23T07:05:00Z'],
    ['2026-07-01T23:59', '2026-07-01T21:59:00Z'],
    ['2026-03-29T01:59', '2026-03-29T00:59:00Z'],
    ['2026-03-29T03:00', '2026-03-29T01:00:00Z'], // a minute later
    ['2026-03-29T02:30', '2026-03-29T01:30:00Z'], // does not exist: 03:30
    ['2026-10-25T02:30', '2026-10-25T00:30:00Z'], // is twice: the first
    ['2026-10-25T03:00', '2026-10-25T02:00:00Z'],
  ])('%s is %s', (local, instant) => {
    expect(times.instant(local)).toBe(at(instant))
  })

  test('and back', () => {
    expect(times.local(at('2026-11-23T07:05:59Z'))).toBe('2026-11-23T08:05')
    expect(times.clock(at('2026-11-23T23:05:00Z'))).toBe('00:05')
    expect(times.sameDay(at('2026-11-22T23:30:00Z'), at('2026-11-23T22:30:00Z'))).toBe(true)
    expect(times.sameDay(at('2026-11-22T22:30:00Z'), at('2026-11-23T07:00:00Z'))).toBe(false)
    expect(times.instant('')).toBeUndefined()
  })

  test('a delay is the difference of the times on display', () => {
    expect(minutesBetween(at('2026-11-23T08:00:50Z'), at('2026-11-23T08:01:10Z'))).toBe(1)
    expect(minutesBetween(at('2026-11-23T08:00:00Z'), at('2026-11-23T08:00:59Z'))).toBe(0)
    expect(minutesBetween(at('2026-11-23T08:00:00Z'), at('2026-11-23T07:58:30Z'))).toBe(-2)
  })

  test('durations and distances are round', () => {
    expect([20, 100, 3599, 3600, 3900].map(s => duration(en, s))).toEqual([
      '1 min',
      '2 min',
      '1 h 0 min',
      '1 h 0 min',
      '1 h 5 min',
    ])
    expect([4, 96, 994, 1000, 1250].map(m => distance(de, m))).toEqual(['0 m', '100 m', '990 m', '1,0 km', '1,3 km'])
    expect(distance(en, 1250)).toBe('1.3 km')
  })
})

test('a badge can be read: its text colour is kept only with a contrast of 4.5', () => {
  expect(badgeColors('00568F', 'FFFFFF')).toEqual({ background: '#00568F', color: '#FFFFFF' })
  expect(badgeColors('FFD700', 'FFFFFF')?.color).toBe('#000000')
  expect(badgeColors('102030', undefined)?.color).toBe('#FFFFFF')
  expect(badgeColors('red;x:url(y)', undefined)).toBeUndefined()
  expect(badgeColors(undefined, 'FFFFFF')).toBeUndefined()
})

test('a polyline: the example of its specification, and one cut off', () => {
  const line = decodePolyline('_p~iF~ps|U_ulLnnqC_mqNvxq`@', 5).map(position =>
    position.map(n => Math.round(n * 1e5) / 1e5),
  )
  expect(line).toEqual([
    [-120.2, 38.5],
    [-120.95, 40.7],
    [-126.453, 43.252],
  ])
  expect(decodePolyline('', 6)).toEqual([])
  expect(decodePolyline('_p~iF~ps', 5).length).toBe(1)
})

test('the name of the city is left out where everybody knows it', () => {
  const stops = Array.from({ length: 12 }, (_, i) => `Dortmund Straße ${i}`)
  const short = shortener([...stops, 'Hagen Hbf', 'Dortmund Hbf'])
  expect(short('Dortmund Stadtgarten')).toBe('Stadtgarten')
  expect(short('Dortmund Hbf')).toBe('Dortmund Hbf')
  expect(short('Hagen Hbf')).toBe('Hagen Hbf')
  expect(short('Dortmund Nord/Klinikum')).toBe('Nord/\u200bKlinikum')
  expect(shortener(['Dortmund A-Straße', 'Dortmund B-Straße'])('Dortmund A-Straße')).toBe('Dortmund A-Straße')
})

describe.each(languages)('the words in %s', code => {
  test('are all there, and each says something', async () => {
    const { texts } = (await import(`../../web/texts/${code}.ts`)) as { texts: Texts }
    expect(shapeOf(texts)).toEqual(shapeOf(de))
    for (const [name, word] of wordsOf(texts)) {
      const said = typeof word === 'function' ? (word as (...values: number[]) => string)(7, 7, 7, 7, 7, 7) : word
      expect(typeof said === 'string' && said.trim().length > 0, `${code}: ${name}`).toBe(true)
      expect(said, `${code}: ${name}`).not.toMatch(/undefined|NaN|\[object/)
    }
  })

  test('are told apart from German, and its direction is that of its script', async () => {
    const { texts } = (await import(`../../web/texts/${code}.ts`)) as { texts: Texts }
    expect(texts.direction).toBe(['ar', 'fa', 'he', 'ur'].includes(code) ? 'rtl' : 'ltr')
    if (code === 'de') return
    const german = new Map(wordsOf(de))
    const same = wordsOf(texts).filter(
      ([name, word]) => typeof word === 'string' && word.length > 4 && word === german.get(name),
    )
    // a few words are the same in two languages, a forgotten page of them is not
    expect(same.length, same.join('; ')).toBeLessThan(4)
  })
})

test('plurals: 1, 2, 5 and 21 as Ukrainian counts, 1, 2, 3 and 11 as Arabic does', async () => {
  const { texts: uk } = await import('../../web/texts/uk.ts')
  const { texts: ar } = await import('../../web/texts/ar.ts')
  expect([1, 2, 5, 21].map(uk.transfers)).toEqual(['1 пересадка', '2 пересадки', '5 пересадок', '21 пересадка'])
  expect([1, 2, 3, 11].map(ar.alerts)).toEqual(['تنبيه واحد', 'تنبيهان', '3 تنبيهات', '11 تنبيهًا'])
})

type Word = string | ((...rest: never[]) => string)

/** Each text with its path; functions are texts with gaps. */
function wordsOf(texts: object, path = ''): [string, Word][] {
  return Object.entries(texts).flatMap(([name, value]): [string, Word][] =>
    typeof value === 'object' ? wordsOf(value, `${path}${name}.`) : [[path + name, value as Word]],
  )
}

const shapeOf = (texts: Texts): string[] => wordsOf(texts).map(([name, word]) => `${name} ${typeof word}`)

describe('a journey kept up to date', () => {
  const time = (minute: number) => `2026-11-23T08:${String(minute).padStart(2, '0')}:00Z`
  const call = (name: string, planned: number, late: number): Place => ({
    name,
    lat: 51.5,
    lon: 7.4,
    arrival: time(planned + late),
    scheduledArrival: time(planned),
    departure: time(planned + late),
    scheduledDeparture: time(planned),
  })
  const leg = (calls: Place[], more: Partial<Leg> = {}): Leg => ({
    mode: 'SUBWAY',
    from: calls[0]!,
    to: calls.at(-1)!,
    intermediateStops: calls.slice(1, -1),
    duration: 600,
    startTime: calls[0]!.departure!,
    endTime: calls.at(-1)!.arrival!,
    scheduledStartTime: calls[0]!.scheduledDeparture!,
    scheduledEndTime: calls.at(-1)!.scheduledArrival!,
    realTime: false,
    scheduled: true,
    legGeometry: { points: '', precision: 6, length: 0 },
    tripId: 'x',
    ...more,
  })

  test('a ride is the part of its run that is ridden, at the times of now', () => {
    const ride = leg([call('B', 10, 0), call('C', 15, 0), call('D', 20, 0)])
    const run = leg([call('A', 5, 1), call('B', 10, 2), call('C', 15, 3), call('D', 20, 4), call('E', 25, 5)], {
      realTime: true,
    })
    const now = withRun(ride, run)
    expect([now.from.name, ...now.intermediateStops!.map(stop => stop.name), now.to.name]).toEqual(['B', 'C', 'D'])
    expect([now.startTime, now.endTime, now.realTime]).toEqual([time(12), time(24), true])
    expect(now.from.arrival).toBeUndefined()
    expect(withRun(ride, leg([call('X', 30, 0), call('Y', 40, 0)]))).toBe(ride)
  })

  test('of stops planned for the same minute, as feeds without seconds have them, the ride keeps its own, also at another platform', () => {
    const at = (station: string, platform: string, minute: number): Place => ({
      ...call(station, minute, 0),
      stopId: `${station}${platform}`,
      parentId: station,
    })
    const ride = leg([at('B', '1', 10), at('D', '1', 12)])
    const run = leg([at('A', '1', 10), at('B', '2', 10), at('C', '1', 12), at('D', '1', 12), at('E', '1', 12)])
    const now = withRun(ride, run)
    expect([now.from.stopId, ...now.intermediateStops!.map(stop => stop.stopId), now.to.stopId]).toEqual([
      'B2',
      'C1',
      'D1',
    ])
    // a loop line that comes by again
    const loop = [at('A', '1', 10), at('B', '1', 15), at('A', '1', 20), at('C', '1', 25)]
    const meant = { stopId: 'A1', time: seconds(time(20)) }
    expect(indexOfCall(loop, 'scheduledDeparture', meant)).toBe(2)
  })

  test('walks keep their length and move with the rides', () => {
    const ride = leg([call('B', 12, 0), call('C', 24, 0)])
    const walk = leg([call('x', 0, 0), call('y', 4, 0)], { duration: 240, tripId: undefined })
    expect(withWalk(walk, undefined, ride)).toMatchObject({ startTime: '2026-11-23T08:08:00Z', endTime: time(12) })
    expect(withWalk(walk, ride, undefined)).toMatchObject({ startTime: time(24), endTime: '2026-11-23T08:28:00Z' })
    expect(withWalk(walk, undefined, undefined)).toBe(walk)
    // five minutes at a place on the way
    const stay = 300
    const minutes = ({ startTime, endTime }: Leg) => [startTime, endTime].map(time => time.slice(14, 16))
    expect(minutes(withWalk({ ...walk, stay }, ride, undefined))).toEqual(['29', '33'])
    expect(minutes(withWalk(walk, undefined, { ...ride, stay }))).toEqual(['03', '07'])
  })

  test('a rented bicycle on either side of a late ride moves with it, its walks too', () => {
    const way = (mode: Leg['mode'], seconds: number) =>
      leg([call('x', 0, 0), call('y', 0, 0)], { mode, duration: seconds, tripId: undefined })
    const ride = leg([call('B', 12, 5), call('C', 24, 6)])
    const ways = [way('WALK', 60), way('RENTAL', 300), way('WALK', 120)]
    const clock = ({ startTime, endTime }: Leg) => [startTime, endTime].map(time => time.slice(14, 19))
    expect(withWays([...ways, ride, ...ways]).map(clock)).toEqual([
      ['09:00', '10:00'],
      ['10:00', '15:00'],
      ['15:00', '17:00'],
      ['17:00', '30:00'],
      ['30:00', '31:00'],
      ['31:00', '36:00'],
      ['36:00', '38:00'],
    ])
    expect(withWays(ways)).toEqual(ways)
  })
})

test.each(languages)('%s: why nothing was found is told for every reason that the server knows', async code => {
  const { texts } = (await import(`../../web/texts/${code}.ts`)) as { texts: Texts }
  const told: Readonly<Record<ReasonCode, string>> = texts.reasons
  expect([told.VIA, told.REALTIME].every(text => text.length > 0)).toBe(true)
})

test.each(languages)('%s: what stands in the way is named for every limit that the server knows', async code => {
  const { texts } = (await import(`../../web/texts/${code}.ts`)) as { texts: Texts }
  const told: Readonly<Record<LimitName, string>> = texts.ways.obstacles
  expect(Object.values(told).every(text => text.length > 0)).toBe(true)
})
