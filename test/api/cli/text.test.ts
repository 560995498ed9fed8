import { describe, expect, test } from 'vitest'
import { itineraryText, reasonText } from '#api/cli/itinerary.ts'
import { parseInstant, parseTagged } from '#api/cli/options.ts'
import { bytes, explain, progressLine, table } from '#api/cli/output.ts'
import type { Itinerary } from '#api/contract/itinerary.ts'
import { FreifahrtError } from '#engine/core/errors.ts'

describe('what is typed', () => {
  test.each([
    ['feed.zip', { from: 'feed.zip' }],
    ['vrn=feed.zip', { tag: 'vrn', from: 'feed.zip' }],
    ['https://example.org/feed?key=1', { from: 'https://example.org/feed?key=1' }],
    ['de=https://example.org/feed?key=1', { tag: 'de', from: 'https://example.org/feed?key=1' }],
    ['gtfs.de=feed.zip', { tag: 'gtfs.de', from: 'feed.zip' }],
    ['./a=b/feed.zip', { from: './a=b/feed.zip' }],
  ])('%s', (text, expected) => expect(parseTagged(text)).toEqual(expected))

  test.each([
    ['2022-07-05T08:00', 1657000800],
    ['2022-07-05T08:00:00+02:00', 1657000800],
    ['2022-07-05T06:00:00Z', 1657000800],
    // an hour that does not exist (spring forward) is the hour after it
    ['2022-03-27T02:30', 1648344600],
  ])('time %s in Berlin', (text, expected) => expect(parseInstant(text, 'Europe/Berlin', '--time')).toBe(expected))

  test('no time', () => {
    expect(() => parseInstant('tomorrow', 'UTC', '--time')).toThrow(/BAD_REQUEST at --time: 'tomorrow' is no time/)
  })
})

describe('what is printed', () => {
  test('an error is one line with code, place and advice', () => {
    const text = explain(new FreifahrtError('FEED_UNREADABLE', 'a.zip', 'the end is missing'))
    expect(text).toBe(
      'freifahrt: FEED_UNREADABLE at a.zip: the end is missing — is it a whole GTFS zip? fetch it again',
    )
    expect(text).not.toContain('\n')
  })

  test('what the system refuses is one line, what nobody foresaw keeps its stack', () => {
    const refused = Object.assign(new Error('listen EADDRNOTAVAIL: address not available'), { syscall: 'listen' })
    expect(explain(refused)).toBe('freifahrt: listen EADDRNOTAVAIL: address not available')
    const missing = Object.assign(new Error('ENOENT: no such file or directory, open x.csv'), {
      code: 'ENOENT',
      path: 'x.csv',
    })
    expect(explain(missing)).toBe('freifahrt: FILE_MISSING at x.csv: no such file or folder')
    expect(explain(new Error('a bug'))).toContain('\n    at ')
  })

  test('sizes', () => {
    expect([0, 999, 1000, 15_300, 2_400_000, 7_000_000_000].map(bytes)).toEqual([
      '0 B',
      '999 B',
      '1.0 kB',
      '15 kB',
      '2.4 MB',
      '7.0 GB',
    ])
  })

  test('tables align numbers to the right', () => {
    expect(
      table([
        ['stops', 12],
        ['stop_times', 1_210_000],
      ]),
    ).toBe('  stops              12\n  stop_times  1,210,000')
  })

  test('progress is silent at first, then a line now and then', () => {
    const written: string[] = []
    const stream = { isTTY: false, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream
    progressLine(stream, 60_000).say('quiet')
    expect(written).toEqual([])
    const line = progressLine(stream, -1)
    line.say('one')
    line.say('too soon')
    line.end()
    expect(written).toEqual(['one\n'])
  })

  test.each([
    ['08:00:00', '08:20:00', 'on time'],
    ['08:00:45', '08:20:45', '+45 s'],
    ['07:59:10', '08:19:10', '−50 s'],
    ['08:01:30', '08:20:40', '+90 s'],
    ['08:02:20', '08:22:00', '+2 min'],
    ['08:03:00', '08:20:00', '+3 min, then on time'],
    ['08:00:00', '08:26:00', 'on time, then +6 min'],
  ])('08:00 → 08:20 running %s → %s is %s', (start, end, expected) => {
    const at = (clock: string): string => `2026-01-10T${clock}Z`
    const leg = {
      ...{ mode: 'BUS', tripId: 'x', displayName: '1', from: { name: 'A' }, to: { name: 'B' }, realTime: true },
      ...{
        startTime: at(start),
        endTime: at(end),
        scheduledStartTime: at('08:00:00'),
        scheduledEndTime: at('08:20:00'),
      },
    }
    const itinerary = { startTime: at(start), endTime: at(end), duration: 0, transfers: 0, legs: [leg] }
    const [, line] = itineraryText(itinerary as unknown as Itinerary, 'UTC').split('\n')
    expect(line!.split(/ {2,}/).at(-1)).toBe(expected)
  })

  test.each([
    [['WALK'], 'on foot', ['walk 90 m']],
    [['BIKE'], 'by bicycle', ['bicycle 90 m']],
    [['WALK', 'RENTAL', 'WALK'], 'by rental', ['walk 90 m', 'rental 90 m', 'walk 90 m']],
    [['CAR_PARKING', 'WALK'], 'by car', ['car 90 m', 'walk 90 m']],
    [['CAR_DROPOFF'], 'by car', ['car 90 m']],
  ])('legs along the streets say how: %s', (modes, how, expected) => {
    const [startTime, endTime] = ['2026-01-10T08:00:00Z', '2026-01-10T08:05:00Z']
    const times = { startTime, endTime, scheduledStartTime: startTime, scheduledEndTime: endTime }
    const legs = modes.map(mode => ({ mode, distance: 90, from: { name: 'A' }, to: { name: 'B' }, ...times }))
    const itinerary = { startTime, endTime, duration: 300, transfers: 0, legs }
    const [head, ...lines] = itineraryText(itinerary as unknown as Itinerary, 'UTC').split('\n')
    expect(head!.split(', ').at(-1)).toBe(how)
    expect(lines.map(line => line.trim().split(/ {2,}/)[2])).toEqual(expected)
  })

  test('who gets on where he got off walks nowhere', () => {
    const [startTime, endTime] = ['2026-01-10T08:00:00Z', '2026-01-10T08:02:00Z']
    const stop = { name: 'A', stopId: 'x_A' }
    const leg = { mode: 'WALK', distance: 0, from: stop, to: stop, startTime, endTime }
    const itinerary = { startTime, endTime, duration: 120, transfers: 0, legs: [leg] }
    expect(itineraryText(itinerary as unknown as Itinerary, 'UTC')).toContain('  08:00  08:02  change  A → A')
  })

  test('an itinerary reads top down', () => {
    const place = (name: string, track?: string) => ({ name, lat: 0, lon: 0, ...(track && { track }) })
    const geometry = { points: '', precision: 6, length: 0 }
    const leg = (mode: 'WALK' | 'SUBWAY', from: string, to: string, more: object) => ({
      mode,
      duration: 0,
      scheduled: true,
      legGeometry: geometry,
      startTime: from,
      endTime: to,
      scheduledStartTime: from,
      scheduledEndTime: to,
      realTime: false,
      ...more,
    })
    const itinerary = {
      duration: 1740,
      startTime: '2026-01-10T07:02:00Z',
      endTime: '2026-01-10T07:31:00Z',
      transfers: 0,
      id: '',
      legs: [
        leg('WALK', '2026-01-10T07:02:00Z', '2026-01-10T07:07:00Z', {
          distance: 380.4,
          from: place('Start'),
          to: place('Stadtgarten', 'Gleis 2'),
        }),
        leg('SUBWAY', '2026-01-10T07:09:00Z', '2026-01-10T07:31:00Z', {
          tripId: 'x',
          displayName: 'U41',
          headsign: 'Clarenberg',
          realTime: true,
          scheduledStartTime: '2026-01-10T07:07:00Z',
          scheduledEndTime: '2026-01-10T07:29:20Z',
          from: { ...place('Stadtgarten', 'Gleis 2'), scheduledTrack: 'Gleis 3' },
          to: place('Hörde'),
          occupancy: { status: 'FEW_SEATS_AVAILABLE', percentage: 41, measured: '2026-01-10T07:00:00Z' },
        }),
      ],
    } as unknown as Itinerary
    expect(itineraryText(itinerary, 'Europe/Berlin')).toBe(
      [
        '08:02 → 08:31   29 min, direct',
        '  08:02  08:07  walk 380 m              Start → Stadtgarten (Gleis 2)',
        '  08:09  08:31  U41 towards Clarenberg  Stadtgarten (Gleis 2, not Gleis 3) → Hörde  +2 min  few seats (41 % full)',
      ].join('\n'),
    )
  })
})

test('a reason names the elevators that stand in the way, where they are and until when', () => {
  const text = 'There would be a way, but elevators on it are out of order.'
  const elevators = [
    { id: 'x_L2', name: 'zu Gleis 2', station: 'Hauptbahnhof', outUntil: '2026-01-10T15:00:00Z' },
    { id: 'osm_1_2', name: '', station: 'Zoo' },
    { id: 'osm_3_4', name: '' },
  ]
  expect(reasonText({ code: 'ELEVATORS_OUT', text, elevators }, 'Europe/Berlin').split('\n')).toEqual([
    text,
    '  zu Gleis 2  Hauptbahnhof  out until 10 Jan 2026, 16:00',
    '  osm_1_2     Zoo           out, nobody says until when',
    '  osm_3_4                   out, nobody says until when',
  ])
  expect(reasonText({ code: 'MODES', text: 'None.' }, 'UTC')).toBe('None.')
})
